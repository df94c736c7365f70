package faults_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"duenotice/internal/authority"
	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// between stands between the worker and Temporal and sees each step come and go, by the
// names of activities: it has the server's certificate towards the worker, and the
// worker's towards the server. Nothing in the worker knows of it.
type between struct {
	address string

	mu sync.Mutex
	// of remembers which activity a task is of, by its token.
	of map[string]string
	// begun and ended are how often each activity was delivered and reported.
	begun, ended map[string]int
	// before is asked when an activity is delivered, after when its result is reported;
	// false loses the task, or the result, on the way.
	before, after func(activity string, n int) bool
	// twice says of which activity the next task is delivered a second time.
	twice map[string]bool
	again []queued
}

// queued is a task of a queue.
type queued struct {
	queue string
	task  *workflowservice.PollActivityTaskQueueResponse
}

func standBetween(t *testing.T, server testkit.TemporalServer) *between {
	t.Helper()
	b := &between{of: map[string]string{}, begun: map[string]int{}, ended: map[string]int{}, twice: map[string]bool{}}
	as, err := server.Certificates.TLS(authority.Worker)
	require.NoError(t, err)
	upstream, err := grpc.NewClient(server.Address, grpc.WithTransportCredentials(credentials.NewTLS(as)))
	require.NoError(t, err)
	t.Cleanup(func() { _ = upstream.Close() })
	service, err := proxy.NewWorkflowServiceProxyServer(proxy.WorkflowServiceProxyOptions{Client: workflowservice.NewWorkflowServiceClient(upstream)})
	require.NoError(t, err)

	ours, err := tls.LoadX509KeyPair(server.Certificates.Cert(authority.System), server.Certificates.Key(authority.System))
	require.NoError(t, err)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b.address = l.Addr().String()
	known := x509.NewCertPool()
	require.True(t, known.AppendCertsFromPEM([]byte(officetest.ReadFile(t, server.Certificates.CA()))))
	// The worker does not serve where a stranger would be let in.
	s := grpc.NewServer(grpc.UnaryInterceptor(b.see), grpc.Creds(credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{ours}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: known,
	})))
	workflowservice.RegisterWorkflowServiceServer(s, service)
	go func() { _ = s.Serve(l) }() // ends with Stop
	t.Cleanup(s.Stop)
	return b
}

// errLost is what a caller hears of what was lost on the way.
var errLost = status.Error(codes.Unavailable, "lost on the way")

// see is called around each call of the worker.
func (b *between) see(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	switch in := request.(type) {
	case *workflowservice.PollActivityTaskQueueRequest:
		if task := b.second(in.GetTaskQueue().GetName()); task != nil {
			return task, nil
		}
		answer, err := handle(ctx, request)
		if task, ok := answer.(*workflowservice.PollActivityTaskQueueResponse); err == nil && ok && len(task.GetTaskToken()) > 0 {
			if !b.delivered(task, in.GetTaskQueue().GetName()) {
				return nil, errLost
			}
		}
		return answer, err
	case *workflowservice.RespondWorkflowTaskCompletedRequest:
		answer, err := handle(ctx, request)
		if done, ok := answer.(*workflowservice.RespondWorkflowTaskCompletedResponse); err == nil && ok {
			// Steps that the worker asked to have at once, without a call for them.
			done.ActivityTasks = slices.DeleteFunc(done.GetActivityTasks(), func(task *workflowservice.PollActivityTaskQueueResponse) bool {
				return !b.delivered(task, "")
			})
		}
		return answer, err
	case *workflowservice.RespondActivityTaskCompletedRequest:
		if !b.reported(in.GetTaskToken()) {
			return nil, errLost
		}
	}
	return handle(ctx, request)
}

// second is a task that is to be delivered once more.
func (b *between) second(queue string) *workflowservice.PollActivityTaskQueueResponse {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.again, func(q queued) bool { return q.queue == queue })
	if i < 0 {
		return nil
	}
	task := b.again[i].task
	b.again = slices.Delete(b.again, i, i+1)
	return task
}

func (b *between) delivered(task *workflowservice.PollActivityTaskQueueResponse, queue string) (arrives bool) {
	name := task.GetActivityType().GetName()
	b.mu.Lock()
	b.of[string(task.GetTaskToken())] = name
	b.begun[name]++
	n, before := b.begun[name], b.before
	if b.twice[name] && queue != "" { // what the worker asked to have at once is called for by nobody
		delete(b.twice, name)
		b.again = append(b.again, queued{queue, task})
	}
	b.mu.Unlock()
	return before == nil || before(name, n)
}

func (b *between) reported(token []byte) (arrives bool) {
	b.mu.Lock()
	name := b.of[string(token)]
	b.ended[name]++
	n, after := b.ended[name], b.after
	b.mu.Unlock()
	return after == nil || after(name, n)
}
