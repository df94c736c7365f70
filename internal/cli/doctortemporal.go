package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

func (e *examination) temporal(ctx context.Context, config app.Config) {
	c, err := dialTemporal(ctx, config)
	if err != nil {
		e.bad("Temporal", err, e.seeThat(config, "TEMPORAL_ADDRESS", "temporal_address"))
		return
	}
	defer c.Close()
	namespace := firstSet(config.TemporalNamespace, e.p.Getenv("TEMPORAL_NAMESPACE"), client.DefaultNamespace)
	if _, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: namespace}); err != nil {
		e.bad("Temporal", fmt.Errorf("namespace %s: %w", namespace, err), "create it, or name another: see docs/deployment.md")
		return
	}
	e.good("Temporal", "reachable, namespace "+namespace)
	e.certificates(config)
	e.searchAttributes(ctx, c, namespace)
	polled, err := app.Polled(ctx, c, config.Queue(), e.p.Now())
	switch {
	case err != nil:
		e.bad("queue", err, "")
	case !polled:
		e.bad("queue", errors.New("none takes work from the queue "+config.Queue()), e.p.command(starter(config))+", or start the program worker")
	default:
		e.good("queue", config.Queue()+" is worked on")
	}
	e.earlierPaths(ctx, c)
}

// earlierPaths says how many runs still go by the course from before a release.
func (e *examination) earlierPaths(ctx context.Context, c client.Client) {
	left, err := app.OnEarlierPaths(ctx, c)
	if err != nil {
		e.bad("earlier course", err, "")
		return
	}
	for _, change := range workflows.AllChanges() {
		if n := left[change]; n > 0 {
			e.good("earlier course", fmt.Sprintf("%s from before the change %q, until they end or go on as a new run", count(n, "workflow goes on by the course", "workflows go on by the course"), change))
		}
	}
}

// certificates says how long those are good by which Temporal knows who comes.
func (e *examination) certificates(config app.Config) {
	if config.Certificates == "" {
		return // they are in Temporal's own variables, or it asks for a key
	}
	until, err := config.Certificates.Until()
	switch {
	case err != nil:
		e.bad("certificates", err, "make them again: "+e.p.command(starter(config)))
	case authority.Renews(until, e.p.Now()):
		e.note("certificates", "good until "+until.In(config.Zone).Format(time.DateOnly), "renew them: "+e.p.command(starter(config))+"; without it nothing goes on after that day")
	default:
		e.good("certificates", "each role has its own, good until "+until.In(config.Zone).Format(time.DateOnly))
	}
}

func (e *examination) searchAttributes(ctx context.Context, c client.Client, namespace string) {
	there, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		e.bad("search attributes", err, "")
		return
	}
	var missing []string
	for _, attribute := range temporalx.SearchAttributes() {
		name, kind, _ := strings.Cut(attribute, "=")
		found, ok := there.GetCustomAttributes()[name]
		want, err := enumspb.IndexedValueTypeFromString(kind)
		if !ok || err != nil || found != want {
			missing = append(missing, attribute)
		}
	}
	if len(missing) > 0 {
		e.bad("search attributes", errors.New("missing: "+strings.Join(missing, " ")),
			"temporal operator search-attribute create, one for each, or start the stack: "+e.p.command("up"))
		return
	}
	e.good("search attributes", "all there")
}
