package codec

import (
	"errors"

	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/logging"
)

// failures is the failure converter. It keeps out of a failure what the database
// quoted of a row: encryption alone would not do, because a failure is kept as long as
// the workflow's history, and shown to everyone who may decode it. And it believes a
// failure's text only where that is ours and of this workflow.
type failures struct {
	converter.FailureConverter
	data sealing
}

func newFailures(data sealing) failures {
	data.failing = true
	return failures{temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter: data, EncodeCommonAttributes: true,
	}), data}
}

// WithSerializationContext is the converter for a workflow's or an activity's failures.
func (f failures) WithSerializationContext(sc converter.SerializationContext) converter.FailureConverter {
	return newFailures(f.data.in(sc))
}

// errTypeRefusal is the type of the failure of an activity whose input was refused.
const errTypeRefusal = "payload refused"

// ErrorToFailure encrypts what an error says.
func (f failures) ErrorToFailure(err error) *failurepb.Failure {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		// Trying again would refuse it again.
		err = temporal.NewNonRetryableApplicationError(refusal.Error(), errTypeRefusal, nil)
	}
	if err != nil {
		if text := logging.WithoutRows(err); text != err.Error() {
			err = errors.New(text)
		}
	}
	return f.FailureConverter.ErrorToFailure(err)
}

// untold stands for the text of a failure that is not believed.
const untold = "a failure came through Temporal whose text this program did not write for it"

// FailureToError decrypts a failure. What a step is said to have failed with reaches
// people, and decides whether it was refused: a text in clear, or of another workflow,
// and the kind and details that come with it, are left out.
func (f failures) FailureToError(failure *failurepb.Failure) error {
	if failure == nil {
		return nil
	}
	failure = proto.CloneOf(failure)
	for part := failure; part != nil; part = part.GetCause() {
		info := part.GetApplicationFailureInfo()
		if info == nil {
			continue // the server's own: a timeout, a termination, which step it was
		}
		if _, err := f.data.open(f.data.wants(), part.GetEncodedAttributes()); err != nil {
			part.Message, part.StackTrace, part.EncodedAttributes = untold, "", nil
			info.Type, info.Details = errTypeRefusal, nil
		}
	}
	return f.FailureConverter.FailureToError(failure)
}
