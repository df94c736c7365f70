package postgres

import "context"

type runKey struct{}

// WithRun says on whose behalf something is done: the Temporal workflow and run that
// asked for it, "practice:ID:KEY/RUN". The ledger keeps it with what was done.
func WithRun(ctx context.Context, run string) context.Context {
	return context.WithValue(ctx, runKey{}, run)
}

// RunOf is what WithRun said, "" where a person's command does it.
func RunOf(ctx context.Context) string {
	run, _ := ctx.Value(runKey{}).(string)
	return run
}
