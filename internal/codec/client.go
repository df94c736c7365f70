package codec

import (
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/logging"
)

// Apply makes a client encrypt everything that the SDK lets it: payloads, and
// the message and stack trace of every failure. A memo must not be used at all:
// where a codec fails, the SDK writes a memo in clear without a word.
func (c *Codec) Apply(o *client.Options) { apply(o, c) }

// ApplyToWorker is Apply for a client that a worker is made of. A payload that
// cannot be decoded, because the worker was started with the wrong key file,
// stops the workflow task and not the workflow: as an error it would become the
// result of the activity it came from and end a practice's months of waiting.
// The task is tried again until a worker with the right keys takes it.
//
// What panics in an activity or a workflow comes to Temporal and the log without
// its text, which could name somebody.
func (c *Codec) ApplyToWorker(o *client.Options) {
	apply(o, blocking{c})
	o.Interceptors = append(o.Interceptors, &unquoting{})
}

func apply(o *client.Options, codec converter.PayloadCodec) {
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), codec)
	o.DataConverter = data
	o.FailureConverter = rowless{temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter: data, EncodeCommonAttributes: true,
	})}
}

// blocking panics where decoding fails: the SDK's own way to say that a workflow
// task, or an activity, shall be tried again.
type blocking struct{ *Codec }

func (b blocking) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened, err := b.Codec.Decode(payloads)
	if err != nil {
		panic(logging.Plain(fmt.Sprintf("%v. Start the worker with the key file that this namespace's workflows were started with, and keep every key in it that is still in use", err)))
	}
	return opened, nil
}
