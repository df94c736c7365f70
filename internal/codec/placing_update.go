package codec

import (
	"reflect"

	"go.temporal.io/sdk/workflow"
)

// SetUpdateHandler registers, instead of the handler and its validator, two that take
// their arguments unopened. The SDK decodes an update's arguments before anybody is
// told its name and identity; these know both.
func (o *placingCalls) SetUpdateHandler(ctx workflow.Context, name string, handler any, options workflow.UpdateHandlerOptions) error {
	of := reflect.TypeOf(handler)
	if of == nil || of.Kind() != reflect.Func {
		return o.Next.SetUpdateHandler(ctx, name, handler, options) // which says what is wrong
	}
	u := update{data: o.data, name: name}
	validator := options.Validator
	if validator == nil {
		validator = u.anything(of)
	}
	if of := reflect.TypeOf(validator); of.Kind() == reflect.Func {
		options.Validator = u.unopened(validator, true)
	}
	return o.Next.SetUpdateHandler(ctx, name, u.unopened(handler, false), options)
}

type update struct {
	data sealing
	name string
}

var (
	contextType = reflect.TypeFor[workflow.Context]()
	sealedType  = reflect.TypeFor[sealed]()
	errorType   = reflect.TypeFor[error]()
)

// arguments are the types of a handler's arguments but for the context.
func arguments(of reflect.Type) (types []reflect.Type, withContext bool) {
	for n := range of.NumIn() {
		if n == 0 && of.In(n).Implements(contextType) {
			withContext = true
			continue
		}
		types = append(types, of.In(n))
	}
	return types, withContext
}

// anything is a validator that refuses nothing by itself.
func (update) anything(handler reflect.Type) any {
	types, _ := arguments(handler)
	of := reflect.FuncOf(types, []reflect.Type{errorType}, false)
	return reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.Zero(errorType)}
	}).Interface()
}

// unopened is f with its arguments opened only when it is called. What is refused is
// f's error. quiet says so also of an unknown key, where a workflow task cannot be
// tried again because it was not accepted yet.
func (u update) unopened(f any, quiet bool) any {
	of := reflect.TypeOf(f)
	types, withContext := arguments(of)
	in := []reflect.Type{contextType}
	for range types {
		in = append(in, sealedType)
	}
	out := make([]reflect.Type, of.NumOut())
	for n := range out {
		out[n] = of.Out(n)
	}
	return reflect.MakeFunc(reflect.FuncOf(in, out, false), func(args []reflect.Value) []reflect.Value {
		ctx, _ := args[0].Interface().(workflow.Context)
		opened := []reflect.Value{}
		if withContext {
			opened = append(opened, args[0])
		}
		data := u.data.inside(ctx)
		data.blocks = data.blocks && !quiet
		place := data.at(UpdateInput, u.name, workflow.GetCurrentUpdateInfo(ctx).ID)
		for n, t := range types {
			given, _ := args[n+1].Interface().(sealed)
			value := reflect.New(t)
			if err := data.take(wanted{Place: place}, given.payload, value.Interface()); err != nil {
				return failed(out, err)
			}
			opened = append(opened, value.Elem())
		}
		return reflect.ValueOf(f).Call(opened)
	}).Interface()
}

// failed are results that end in an error.
func failed(types []reflect.Type, err error) []reflect.Value {
	out := make([]reflect.Value, len(types))
	for n, t := range types {
		out[n] = reflect.Zero(t)
	}
	if len(out) > 0 {
		out[len(out)-1] = reflect.ValueOf(&err).Elem()
	}
	return out
}
