package main

import (
	"slices"
	"strings"
	"testing"

	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/api/adminservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// services are all that the front end registers, beside reflection, which has
// nothing but streams.
var services = []*grpc.ServiceDesc{
	&workflowservice.WorkflowService_ServiceDesc, &operatorservice.OperatorService_ServiceDesc,
	&adminservice.AdminService_ServiceDesc, &grpc_health_v1.Health_ServiceDesc,
}

func TestEveryMethodOfTheServerIsDecided(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	for _, service := range services {
		for _, method := range service.Methods {
			there["/"+service.ServiceName+"/"+method.MethodName] = true
		}
		for _, stream := range service.Streams {
			there["/"+service.ServiceName+"/"+stream.StreamName] = true
		}
	}
	if len(there) < 150 {
		t.Fatalf("only %d methods were found to look at", len(there))
	}
	for method := range there {
		if _, decided := allowed[method]; !decided {
			t.Errorf("nobody decided who may call %s", method)
		}
	}
	for method := range allowed {
		if !there[method] {
			t.Errorf("the server has no method %s", method)
		}
	}
	tables := 0
	for _, table := range []map[string][]role{looking, acting, working, operating, unused, setup, administration, health} {
		tables += len(table)
	}
	if tables != len(allowed) {
		t.Errorf("a method stands in two tables: %d lines for %d methods", tables, len(allowed))
	}
}

func TestWhatNobodyDecidedIsRefused(t *testing.T) {
	t.Parallel()
	for _, r := range append(slices.Clone(roles), "", "someone") {
		if r != system && may(r, workflowService+"InventedTomorrow") {
			t.Errorf("%q may call a method that is not in the tables", r)
		}
	}
	for method := range allowed {
		for _, r := range []role{"", "someone", "Worker", "worker ", "operator\x00"} {
			if may(r, method) {
				t.Errorf("%q may call %s", r, method)
			}
		}
	}
}

// What each role must never be able to do, whatever is added to the tables.
func TestRolesKeepToTheirOwn(t *testing.T) {
	t.Parallel()
	for method, who := range allowed {
		name := method[strings.LastIndex(method, "/")+1:]
		reads := false
		for _, beginning := range []string{"Get", "Describe", "List", "Count", "Scan", "Query", "Check"} {
			reads = reads || strings.HasPrefix(name, beginning)
		}
		if slices.Contains(who, viewer) && !reads {
			t.Errorf("the viewer may call %s, which does not only look", method)
		}
		polls := strings.HasPrefix(name, "Respond") || (strings.HasPrefix(name, "Poll") && strings.HasSuffix(name, "TaskQueue"))
		if polls && slices.ContainsFunc(who, func(r role) bool { return r != worker }) {
			t.Errorf("%v may call %s, which is the worker's", who, method)
		}
		for _, beginning := range []string{"Terminate", "RequestCancel", "Reset", "Delete"} {
			if strings.HasPrefix(name, beginning) && name != "ResetStickyTaskQueue" && slices.ContainsFunc(who, func(r role) bool { return r != operator }) {
				t.Errorf("%v may call %s, which ends what others run", who, method)
			}
		}
		if strings.HasPrefix(method, adminService) && len(who) > 0 {
			t.Errorf("%v may call %s", who, method)
		}
	}
}
