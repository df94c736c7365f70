package stack_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"duenotice/internal/authority"
	"duenotice/internal/stack"
)

const (
	victim    = "incident:EX-2026-03"
	mailQueue = "duenotice-mail"
)

// house is a stack with a workflow that a hostile neighbour is after.
type house struct {
	*stack.Info
	t *testing.T
}

func newHouse(t *testing.T) house {
	t.Helper()
	o, _ := options(t, stateDir(t))
	o.WorkerArgs, o.Ready = nil, nil
	h := house{Info: up(t, o), t: t}
	_, err := dialAs(t, h.Info, authority.Worker).ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: victim, TaskQueue: "duenotice"}, "Incident")
	require.NoError(t, err)
	return h
}

// unharmed finds the workflow as it was, no other beside it, and nobody at the queues.
func (h house) unharmed() {
	h.t.Helper()
	owner := dialAs(h.t, h.Info, authority.Operator)
	found, err := owner.DescribeWorkflowExecution(h.t.Context(), victim, "")
	require.NoError(h.t, err)
	require.Equal(h.t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, found.GetWorkflowExecutionInfo().GetStatus())
	require.Equal(h.t, int64(2), found.GetWorkflowExecutionInfo().GetHistoryLength(), "started, and a task that waits")
	_, err = owner.DescribeWorkflowExecution(h.t.Context(), "neighbour", "")
	require.ErrorAs(h.t, err, new(*serviceerror.NotFound))
	for _, queue := range []string{"duenotice", mailQueue} {
		for _, kind := range []enumspb.TaskQueueType{enumspb.TASK_QUEUE_TYPE_WORKFLOW, enumspb.TASK_QUEUE_TYPE_ACTIVITY} {
			described, err := owner.DescribeTaskQueue(h.t.Context(), queue, kind)
			require.NoError(h.t, err)
			require.Empty(h.t, described.GetPollers(), queue)
		}
	}
}

// connect opens a connection as a neighbour would; nil speaks without TLS.
func connect(t *testing.T, address string, as *tls.Config) *grpc.ClientConn {
	t.Helper()
	transport := insecure.NewCredentials()
	if as != nil {
		transport = credentials.NewTLS(as)
	}
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(transport))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// tries are what the neighbour wants: to start, steer, end, and take work.
func tries(conn *grpc.ClientConn) map[string]func(context.Context) error {
	const namespace = "default"
	temporal, setup := workflowservice.NewWorkflowServiceClient(conn), operatorservice.NewOperatorServiceClient(conn)
	execution := &commonpb.WorkflowExecution{WorkflowId: victim}
	queue := func(name string) *taskqueuepb.TaskQueue {
		return &taskqueuepb.TaskQueue{Name: name, Kind: enumspb.TASK_QUEUE_KIND_NORMAL}
	}
	kind := &commonpb.WorkflowType{Name: "Incident"}
	return map[string]func(context.Context) error{
		"start": func(ctx context.Context) error {
			_, err := temporal.StartWorkflowExecution(ctx, &workflowservice.StartWorkflowExecutionRequest{
				Namespace: namespace, WorkflowId: "neighbour", WorkflowType: kind, TaskQueue: queue("duenotice"), RequestId: "one",
			})
			return err
		},
		"have the server's own workflows end all of them": func(ctx context.Context) error {
			_, err := temporal.StartWorkflowExecution(ctx, &workflowservice.StartWorkflowExecutionRequest{
				Namespace: namespace, WorkflowId: "batch", WorkflowType: &commonpb.WorkflowType{Name: "temporal-sys-batch-workflow"}, TaskQueue: queue("temporal-sys-per-ns-tq"), RequestId: "four",
			})
			return err
		},
		"start in the server's own namespace": func(ctx context.Context) error {
			_, err := temporal.StartWorkflowExecution(ctx, &workflowservice.StartWorkflowExecutionRequest{
				Namespace: "temporal-system", WorkflowId: "inside", WorkflowType: kind, TaskQueue: queue("default-worker-tq"), RequestId: "five",
			})
			return err
		},
		"signal": func(ctx context.Context) error {
			_, err := temporal.SignalWorkflowExecution(ctx, &workflowservice.SignalWorkflowExecutionRequest{
				Namespace: namespace, WorkflowExecution: execution, SignalName: "facts_changed",
			})
			return err
		},
		"terminate": func(ctx context.Context) error {
			_, err := temporal.TerminateWorkflowExecution(ctx, &workflowservice.TerminateWorkflowExecutionRequest{Namespace: namespace, WorkflowExecution: execution})
			return err
		},
		"cancel": func(ctx context.Context) error {
			_, err := temporal.RequestCancelWorkflowExecution(ctx, &workflowservice.RequestCancelWorkflowExecutionRequest{Namespace: namespace, WorkflowExecution: execution})
			return err
		},
		"reset": func(ctx context.Context) error {
			_, err := temporal.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
				Namespace: namespace, WorkflowExecution: execution, WorkflowTaskFinishEventId: 2, RequestId: "two",
			})
			return err
		},
		"delete": func(ctx context.Context) error {
			_, err := temporal.DeleteWorkflowExecution(ctx, &workflowservice.DeleteWorkflowExecutionRequest{Namespace: namespace, WorkflowExecution: execution})
			return err
		},
		"end all of them": func(ctx context.Context) error {
			_, err := temporal.StartBatchOperation(ctx, &workflowservice.StartBatchOperationRequest{
				Namespace: namespace, JobId: "three", Reason: "none", VisibilityQuery: "WorkflowType = 'Incident'",
			})
			return err
		},
		"take workflow tasks": func(ctx context.Context) error {
			_, err := temporal.PollWorkflowTaskQueue(ctx, &workflowservice.PollWorkflowTaskQueueRequest{Namespace: namespace, TaskQueue: queue("duenotice"), Identity: "n"})
			return err
		},
		"take e-mail": func(ctx context.Context) error {
			_, err := temporal.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: namespace, TaskQueue: queue(mailQueue), Identity: "n"})
			return err
		},
		"answer an activity": func(ctx context.Context) error {
			_, err := temporal.RespondActivityTaskCompletedById(ctx, &workflowservice.RespondActivityTaskCompletedByIdRequest{
				Namespace: namespace, WorkflowId: victim, ActivityId: "5",
			})
			return err
		},
		"make a namespace": func(ctx context.Context) error {
			_, err := temporal.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{Namespace: "neighbour"})
			return err
		},
		"delete the namespace": func(ctx context.Context) error {
			_, err := setup.DeleteNamespace(ctx, &operatorservice.DeleteNamespaceRequest{Namespace: namespace})
			return err
		},
		"rebuild a workflow": func(ctx context.Context) error {
			return conn.Invoke(ctx, "/temporal.server.api.adminservice.v1.AdminService/RebuildMutableState", &commonpb.WorkflowExecution{}, &commonpb.WorkflowExecution{})
		},
		"stream what happens": func(ctx context.Context) error {
			return firstOfStream(ctx, conn, "/temporal.server.api.adminservice.v1.AdminService/StreamWorkflowReplicationMessages")
		},
		"ask what there is": func(ctx context.Context) error {
			return firstOfStream(ctx, conn, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
		},
	}
}

func firstOfStream(ctx context.Context, conn *grpc.ClientConn, method string) error {
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return err
	}
	return stream.RecvMsg(&commonpb.WorkflowExecution{})
}

// refused has every try but those allowed fail with one of these codes.
func refused(t *testing.T, who string, conn *grpc.ClientConn, allowed []string, expected ...codes.Code) {
	t.Helper()
	may := map[string]bool{}
	for _, name := range allowed {
		may[name] = true
	}
	for name, try := range tries(conn) {
		if may[name] {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		require.Contains(t, expected, status.Code(try(ctx)), "%s tries to %s", who, name)
		cancel()
	}
}

// Another account of the machine reaches every port, and has no certificate of ours.
func TestANeighbourWithoutCertificateDoesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ours, err := h.Certificates.TLS(authority.Worker)
	require.NoError(t, err)
	bare := ours.Clone()
	bare.GetClientCertificate = nil
	selfMade := authority.Folder(t.TempDir())
	_, err = selfMade.Ensure([]string{"127.0.0.1"}, time.Now())
	require.NoError(t, err)

	others := map[string]*tls.Config{"without TLS": nil, "without a certificate": bare}
	for _, role := range authority.Roles() {
		forged, err := selfMade.TLS(role)
		require.NoError(t, err)
		forged.RootCAs = ours.RootCAs
		others["with a self-made certificate of the role "+string(role)] = forged
	}
	for _, port := range h.listening("temporal") {
		for who, as := range others {
			refused(t, fmt.Sprintf("who comes %s to port %d", who, port), connect(t, "127.0.0.1:"+strconv.Itoa(port), as), nil, codes.Unavailable)
		}
	}
	h.unharmed()
}

// What one role is given is of no use for another one's work.
func TestACertificateIsGoodForItsRoleAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	may := map[authority.Role][]string{
		authority.Viewer: nil, authority.Command: {"start"},
		// Its tries that are left change nothing here: it polls where there is work.
		authority.Worker:   {"start", "signal", "take workflow tasks", "take e-mail"},
		authority.Operator: {"terminate", "cancel", "make a namespace"},
	}
	for role, allowed := range may {
		as, err := h.Certificates.TLS(role)
		require.NoError(t, err)
		refused(t, "the role "+string(role), connect(t, h.TemporalAddress, as), allowed, codes.PermissionDenied)
		// The doors behind the front end have no authoriser.
		for _, port := range h.listening("temporal") {
			if at := "127.0.0.1:" + strconv.Itoa(port); at != h.TemporalAddress {
				refused(t, "the role "+string(role)+" at "+at, connect(t, at, as), nil, codes.Unavailable, codes.Unimplemented, codes.Unknown)
			}
		}
	}
	h.unharmed()
	_, err := dialAs(t, h.Info, authority.Viewer).ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{})
	require.NoError(t, err, "the viewer looks")
}

// A web page sends what needs no permission of its own: text/plain and forms, to
// any port, under any host name.
func TestAWebPageDoesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	unknown := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	paths := []string{
		"/", "/namespaces/default/workflows/" + victim + "/terminate", "/api/v1/namespaces/default/workflows/" + victim + "/terminate",
		"/api/v1/namespaces/default/workflows", "/temporal.api.workflowservice.v1.WorkflowService/TerminateWorkflowExecution", "/metrics",
	}
	ports := append(h.listening("temporal"), h.listening("postgres")...)
	require.Len(t, ports, 5)
	for _, port := range ports {
		for _, scheme := range []string{"http", "https"} {
			for _, path := range paths {
				for _, host := range []string{"", "localhost", "attacker.example.org"} {
					for _, method := range []string{http.MethodGet, http.MethodPost} {
						request, err := http.NewRequestWithContext(t.Context(), method, fmt.Sprintf("%s://127.0.0.1:%d%s", scheme, port, path),
							bytes.NewBufferString(`{"reason":"a page","workflowExecution":{"workflowId":"`+victim+`"}}`))
						require.NoError(t, err)
						request.Host = host
						request.Header.Set("Content-Type", "text/plain")
						request.Header.Set("Origin", "https://attacker.example.org")
						answer, err := unknown.Do(request)
						if err != nil {
							continue // no TLS without a certificate, and no HTTP at all
						}
						text, _ := io.ReadAll(answer.Body) // what came of it
						require.NoError(t, answer.Body.Close())
						require.Equal(t, http.StatusBadRequest, answer.StatusCode, "%s %s: %s", method, request.URL, text)
						require.Equal(t, "Client sent an HTTP request to an HTTPS server.\n", string(text))
					}
				}
			}
		}
	}
	h.unharmed()
}

// Whoever can read a key has its role: another account cannot.
func TestAnotherAccountReadsNoKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secrets := []string{h.Certificates.CA(), filepath.Join(h.Dir, "stack.json"), filepath.Join(h.Dir, "temporal", "engine.json"), filepath.Join(h.Dir, "temporal", "temporal.db")}
	for _, role := range authority.Roles() {
		secrets = append(secrets, h.Certificates.Key(role))
	}
	if os.Geteuid() != 0 {
		// There is no second account to be; then what the system goes by has to say it.
		for _, path := range secrets[1:4] {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Zero(t, info.Mode().Perm()&0o077, path)
		}
		info, err := os.Stat(string(h.Certificates))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
		return
	}
	nobody, err := user.Lookup("nobody")
	require.NoError(t, err)
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	require.NoError(t, err)
	as := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	read := func(path string) error {
		cmd := exec.CommandContext(t.Context(), "cat", path)
		cmd.Dir, cmd.SysProcAttr = "/", as
		return cmd.Run()
	}
	require.NoError(t, read("/etc/passwd"), "the account can read what is open to all")
	for _, path := range secrets {
		require.FileExists(t, path)
		require.Error(t, read(path), path)
	}
}

// listening are the ports on which a member of the stack listens.
func (h house) listening(member string) (ports []int) {
	h.t.Helper()
	conns, err := gopsnet.ConnectionsPidWithContext(h.t.Context(), "inet", int32(stack.RecordedPID(h.t, h.Dir, member)))
	require.NoError(h.t, err)
	for _, c := range conns {
		if c.Status == "LISTEN" {
			ports = append(ports, int(c.Laddr.Port))
		}
	}
	require.NotEmpty(h.t, ports)
	return ports
}
