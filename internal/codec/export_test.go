package codec

import (
	"go.temporal.io/sdk/converter"
)

// In is the converter of one place, as the SDK and the interceptors together make it.
func (c *Codec) In(p Place, of string) (converter.DataConverter, func(value any) any) {
	s := sealing{codec: c, parent: converter.GetDefaultDataConverter(), base: Place{Namespace: p.Namespace, Workflow: p.Workflow}}
	return s, func(value any) any { return placed{p.Purpose, p.Name, of, value} }
}

// Opening decodes into value what has to be for the place.
func Opening(p Place, value any) any { return &opening{p, value} }
