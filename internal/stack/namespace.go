package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"duenotice/internal/authority"
)

// retention is how long Temporal keeps a workflow after its end. The server's own
// default is a day; an officer looks at a closed incident later than
// that. The evidence itself is in PostgreSQL and kept for years.
const retention = 90 * 24 * time.Hour

// namespaceSetup brings a namespace of a private server into the state we need.
// What the engine is told of search attributes works only for a new namespace: one
// made by an older version of this program lacks the newer ones.
type namespaceSetup struct {
	client     client.Client
	namespace  string
	attributes map[string]enumspb.IndexedValueType
}

// MakeNamespace makes a namespace with these search attributes ("Name=Type") on a
// Temporal server of these certificates, and returns once it can be used. One that
// exists is completed.
func MakeNamespace(ctx context.Context, address string, certificates authority.Folder, namespace string, attributes []string) error {
	setup, err := newNamespaceSetup(address, certificates, namespace, attributes)
	if err != nil {
		return err
	}
	defer setup.close()
	_, err = setup.client.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("making Temporal's namespace %s: %w", namespace, err)
	}
	return poll(ctx, setup.attempt)
}

func newNamespaceSetup(address string, certificates authority.Folder, namespace string, attributes []string) (*namespaceSetup, error) {
	s := &namespaceSetup{namespace: namespace}
	var err error
	if s.attributes, err = parseAttributes(attributes); err != nil {
		return nil, err
	}
	as, err := certificates.TLS(authority.Operator)
	if err != nil {
		return nil, err
	}
	s.client, err = client.NewLazyClient(client.Options{
		HostPort: address, Namespace: namespace, ConnectionOptions: client.ConnectionOptions{TLS: as},
		Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	return s, err
}

// parseAttributes reads search attributes, each as "Name=Type".
func parseAttributes(texts []string) (map[string]enumspb.IndexedValueType, error) {
	attributes := make(map[string]enumspb.IndexedValueType, len(texts))
	for _, a := range texts {
		name, kind, found := strings.Cut(a, "=")
		value, err := enumspb.IndexedValueTypeFromString(kind)
		if !found || name == "" || err != nil {
			return nil, fmt.Errorf("search attribute %q is not of the form Name=Type with one of Temporal's types", a)
		}
		attributes[name] = value
	}
	return attributes, nil
}

func (s *namespaceSetup) close() { s.client.Close() }

// attempt does what is missing and reports whether nothing is. A server that is
// still starting is no error.
func (s *namespaceSetup) attempt(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := s.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return false, nil
	}
	return notYet(errors.Join(s.keepLonger(ctx), s.addAttributes(ctx)))
}

func (s *namespaceSetup) keepLonger(ctx context.Context) error {
	got, err := s.client.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: s.namespace})
	if err != nil || got.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == retention {
		return err
	}
	_, err = s.client.WorkflowService().UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: s.namespace,
		Config:    &namespacepb.NamespaceConfig{WorkflowExecutionRetentionTtl: durationpb.New(retention)},
	})
	return err
}

func (s *namespaceSetup) addAttributes(ctx context.Context) error {
	if len(s.attributes) == 0 {
		return nil
	}
	got, err := s.client.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: s.namespace})
	if err != nil {
		return err
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range s.attributes {
		has, ok := got.GetCustomAttributes()[name]
		switch {
		case !ok:
			missing[name] = kind
		case has != kind:
			return fmt.Errorf("search attribute %s is a %s in this Temporal, and %s is needed: "+
				"it was made by another program or version; start with an empty state folder", name, has, kind)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = s.client.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: s.namespace, SearchAttributes: missing,
	})
	return err
}

// notYet sorts the errors of a server that is coming up from those that stay.
func notYet(err error) (bool, error) {
	if err == nil {
		return true, nil
	}
	var (
		unavailable *serviceerror.Unavailable
		deadline    *serviceerror.DeadlineExceeded
		notFound    *serviceerror.NamespaceNotFound
	)
	if errors.As(err, &unavailable) || errors.As(err, &deadline) || errors.As(err, &notFound) || errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return false, fmt.Errorf("setting up Temporal: %w", err)
}
