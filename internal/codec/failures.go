package codec

import (
	"errors"

	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/converter"

	"duenotice/internal/logging"
)

// rowless is a failure converter that keeps out of a failure what the database
// quoted of a row. Encryption alone would not do: a failure is kept as long as
// the workflow's history, and shown to everyone who may decode it.
type rowless struct{ converter.FailureConverter }

func (c rowless) ErrorToFailure(err error) *failurepb.Failure {
	if err != nil {
		if text := logging.WithoutRows(err); text != err.Error() {
			err = errors.New(text)
		}
	}
	return c.FailureConverter.ErrorToFailure(err)
}
