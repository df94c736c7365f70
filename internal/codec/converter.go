package codec

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/logging"
)

// sealing is the data converter: it seals each value for its place, and opens each
// payload only where it belongs. The SDK says namespace, workflow and activity by
// WithSerializationContext; what is not known from that comes from the interceptors,
// by a placed value or by the slot in a workflow's context.
type sealing struct {
	codec  *Codec
	parent converter.DataConverter
	// blocks: a payload of an unknown key panics.
	blocks bool
	// base has the namespace and the workflow, and activity the activity's type where
	// there is one.
	base     Place
	activity string
	// failing: it is for what failures hold.
	failing bool
	// flow and act are where it is used, if in a workflow or in an activity.
	flow workflow.Context
	act  context.Context //nolint:containedctx // the SDK gives a converter its context in this way
}

var (
	_ converter.DataConverterWithSerializationContext = sealing{}
	_ converter.ContextAware                          = sealing{}
)

// placed is a value of which an interceptor knows what it is for.
type placed struct {
	purpose  Purpose
	name, of string
	value    any
}

// sealed takes a payload unopened: whoever decodes into it opens it, because the
// converter cannot know the whole place there.
type sealed struct{ payload *commonpb.Payload }

// opening is where a payload is decoded to by who knows what it has to be for. Its
// namespace and workflow are the converter's. Without a purpose it is what the
// converter wants anyway, and without a value nothing is decoded but all is checked.
type opening struct {
	as    Place
	value any
}

// slot is in a workflow's context what its payloads are for.
type slot struct{ encode, decode Place }

type slotKey struct{}

// WithSerializationContext is the converter for a workflow's or an activity's payloads.
func (s sealing) WithSerializationContext(sc converter.SerializationContext) converter.DataConverter {
	return s.in(sc)
}

func (s sealing) in(sc converter.SerializationContext) sealing {
	switch sc := sc.(type) {
	case converter.WorkflowSerializationContext:
		s.base, s.activity = Place{Namespace: sc.Namespace, Workflow: sc.WorkflowID}, ""
	case converter.ActivitySerializationContext:
		s.base, s.activity = Place{Namespace: sc.Namespace, Workflow: sc.WorkflowID}, sc.ActivityType
	}
	return s
}

// WithWorkflowContext is the converter inside a workflow.
func (s sealing) WithWorkflowContext(ctx converter.WorkflowContext) converter.DataConverter {
	s.flow, s.act = ctx, nil
	return s
}

// WithContext is the converter inside an activity or a program.
func (s sealing) WithContext(ctx context.Context) converter.DataConverter {
	s.flow, s.act = nil, nil
	if activity.IsActivity(ctx) {
		s.act = ctx
	}
	return s
}

// at is a place of the converter's workflow.
func (s sealing) at(purpose Purpose, name, of string) Place {
	return Place{Namespace: s.base.Namespace, Workflow: s.base.Workflow, Purpose: purpose, Name: name, Of: of}
}

// makes is the place that a value without one of its own is sealed for.
func (s sealing) makes() Place {
	if s.failing {
		return s.at(Failure, s.activity, "")
	}
	if slot, ok := s.slot(); ok && slot.encode.Purpose != "" {
		return s.at(slot.encode.Purpose, slot.encode.Name, slot.encode.Of)
	}
	return s.at(Own, "", "")
}

// wants is what a payload has to be that is decoded here.
func (s sealing) wants() wanted {
	slot, ok := s.slot()
	switch {
	case s.failing:
		// An activity's failure is passed on by its workflow as it is.
		return wanted{s.at(Failure, s.activity, ""), []Purpose{Failure, Heartbeat, Own}}
	case ok && slot.decode.Purpose != "":
		return wanted{Place: s.at(slot.decode.Purpose, slot.decode.Name, slot.decode.Of)}
	case s.flow != nil:
		return wanted{Place: s.at(WorkflowInput, workflow.GetInfo(s.flow).WorkflowType.Name, "")}
	case s.act != nil:
		return wanted{Place: s.at(ActivityInput, s.activity, activityOf(s.act))}
	}
	return wanted{s.at(Own, "", ""), []Purpose{WorkflowResult}}
}

func (s sealing) slot() (slot, bool) {
	if s.flow == nil {
		return slot{}, false
	}
	found, ok := s.flow.Value(slotKey{}).(slot)
	return found, ok
}

// activityOf is the ID of the activity that runs in ctx. A local one has none that
// its workflow knows.
func activityOf(ctx context.Context) string {
	info := activity.GetInfo(ctx)
	if info.IsLocalActivity {
		return ""
	}
	return info.ActivityID
}

// ToPayload seals a value.
func (s sealing) ToPayload(value any) (*commonpb.Payload, error) {
	place := s.makes()
	if v, ok := value.(placed); ok {
		place, value = s.at(v.purpose, v.name, v.of), v.value
	}
	plain, err := s.parent.ToPayload(value)
	if err != nil {
		return nil, err
	}
	return s.codec.Seal(place, plain)
}

// ToPayloads seals values.
func (s sealing) ToPayloads(values ...any) (*commonpb.Payloads, error) {
	if len(values) == 0 {
		return nil, nil //nolint:nilnil // as the SDK's own converter: no values are no payloads
	}
	out := &commonpb.Payloads{}
	for i, value := range values {
		p, err := s.ToPayload(value)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
		out.Payloads = append(out.Payloads, p)
	}
	return out, nil
}

// FromPayload opens a payload that belongs here. The error is a *Refusal when it
// does not.
func (s sealing) FromPayload(p *commonpb.Payload, value any) error {
	switch value := value.(type) {
	case *sealed:
		value.payload = p
		return nil
	case *opening:
		want := s.wants()
		if value.as.Purpose != "" {
			want = wanted{Place: s.at(value.as.Purpose, value.as.Name, value.as.Of)}
		}
		return s.take(want, p, value.value)
	default:
		return s.take(s.wants(), p, value)
	}
}

// FromPayloads opens as many payloads as there are values, and refuses when there
// are less: what is missing would else be taken for a zero value.
func (s sealing) FromPayloads(payloads *commonpb.Payloads, values ...any) error {
	for i, value := range values {
		var p *commonpb.Payload
		if i < len(payloads.GetPayloads()) {
			p = payloads.GetPayloads()[i]
		}
		if err := s.FromPayload(p, value); err != nil {
			return err
		}
	}
	return nil
}

// take opens a payload where it is wanted, and decodes it unless value is nil.
func (s sealing) take(want wanted, p *commonpb.Payload, value any) error {
	opened, err := s.open(want, p)
	if err != nil {
		return err
	}
	if value == nil {
		return nil
	}
	return s.parent.FromPayload(opened, value)
}

func (s sealing) open(want wanted, p *commonpb.Payload) (*commonpb.Payload, error) {
	opened, made, err := (*commonpb.Payload)(nil), Place{}, ErrMissing
	if p != nil {
		opened, made, err = s.codec.Open(p)
	}
	if err == nil && want.matches(made) {
		return opened, nil
	}
	refusal := &Refusal{Used: want.Place, Made: made, Reason: err, Replayed: s.act == nil}
	if err == nil {
		refusal.Reason = ErrMoved
	}
	if s.flow != nil {
		refusal.At = workflow.Now(s.flow)
	}
	if s.blocks && isUnknownKey(err) {
		panic(logging.Plain(fmt.Sprintf("%v. Start the worker with the key file that this namespace's workflows were started with, and keep every key in it that is still in use", err)))
	}
	if s.codec.note != nil {
		s.codec.note(refusal)
	}
	return nil, refusal
}

// ToString shows what a payload holds, or why it is refused.
func (s sealing) ToString(p *commonpb.Payload) string {
	opened, err := s.open(s.wants(), p)
	if err != nil {
		return err.Error()
	}
	return s.parent.ToString(opened)
}

// ToStrings is ToString of each.
func (s sealing) ToStrings(payloads *commonpb.Payloads) []string {
	if payloads == nil {
		return nil
	}
	out := make([]string, len(payloads.GetPayloads()))
	for i, p := range payloads.GetPayloads() {
		out[i] = s.ToString(p)
	}
	return out
}
