package viewer

import (
	"encoding/json"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"

	"duenotice/internal/codec"
)

// shown is what the page shows of a payload.
type shown struct {
	BelongsTo string          `json:"belongs to"`
	Content   json.RawMessage `json:"content"`
}

// withPlace is an opened payload that says, where the page shows it, to what it
// belongs: nobody else could see of a payload that was moved that it does not belong
// where it is. The page is given no context, so what it says stands in the payload,
// authenticated. Labels and failures are left as they are, because the page reads
// them; theirs is in the metadata only, and so is that of anything but JSON.
func withPlace(p *commonpb.Payload) *commonpb.Payload {
	place := codec.PlaceOf(p)
	switch place.Purpose {
	case "", codec.Own, codec.Failure:
		return p
	}
	content := p.GetData()
	switch string(p.GetMetadata()[converter.MetadataEncoding]) {
	case converter.MetadataEncodingJSON:
	case converter.MetadataEncodingNil:
		content = []byte("null")
	default:
		return p
	}
	data, err := json.Marshal(shown{place.String(), content})
	if err != nil {
		return p // it says it is JSON and is not
	}
	p.Metadata[converter.MetadataEncoding], p.Data = []byte(converter.MetadataEncodingJSON), data
	return p
}
