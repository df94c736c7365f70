package codec

import (
	"errors"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
)

// Apply makes a client encrypt everything that the SDK lets it: payloads, and
// the message and stack trace of every failure. A memo must not be used at all:
// where a codec fails, the SDK writes a memo in clear without a word.
func (c *Codec) Apply(o *client.Options) { c.apply(o, false) }

// ApplyToWorker is Apply for a client that a worker is made of. A payload whose key is
// not known, because the worker was started with the wrong key file, stops the
// workflow task and not the workflow: as an error it would become the result of the
// activity it came from, in a history that another worker with the right keys reads
// otherwise. The task is tried again until a worker with the right keys takes it.
// Whatever else is refused is refused by every worker alike, and so is an error.
//
// What panics in an activity or a workflow comes to Temporal and the log without
// its text, which could name somebody.
func (c *Codec) ApplyToWorker(o *client.Options) {
	c.apply(o, true)
	// The first is the outermost, and so sees also what panics in the second.
	o.Interceptors = append([]interceptor.ClientInterceptor{&unquoting{}}, o.Interceptors...)
}

func (c *Codec) apply(o *client.Options, blocks bool) {
	data := sealing{codec: c, parent: converter.GetDefaultDataConverter(), blocks: blocks}
	o.DataConverter = data
	o.FailureConverter = newFailures(data)
	o.Interceptors = append(o.Interceptors, &placing{data: data})
}

func isUnknownKey(err error) bool { return errors.Is(err, ErrUnknownKey) }
