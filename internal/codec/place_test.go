package codec_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/codec"
)

// purposes are all there are.
var purposes = []codec.Purpose{
	codec.WorkflowInput, codec.WorkflowResult, codec.ActivityInput, codec.ActivityResult, codec.Heartbeat, codec.Signal,
	codec.UpdateInput, codec.UpdateResult, codec.QueryInput, codec.QueryResult, codec.SideEffect, codec.Failure, codec.Own,
}

// somewhere is a place that is often nearly the same as another: names that begin or
// end alike, fields whose texts could run together, fields that are empty.
func somewhere(r *rand.Rand) codec.Place {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	return codec.Place{
		Namespace: pick("default", "default2", ""), Workflow: pick("practice:EX:P1", "practice:EX:P", "practice:EX:P1-2026", "1", ""),
		Purpose: purposes[r.IntN(len(purposes))], Name: pick("Close", "ClosePractice", "1", "", "practice:EX:P1"), Of: pick("", "1", "11", "Close"),
	}
}

// TestAPayloadOpensInItsPlaceOnly over pairs of places, and says both.
func TestAPayloadOpensInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	var refused []*codec.Refusal
	c := newCodec(t, "k1").Telling(func(r *codec.Refusal) { refused = append(refused, r) })
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	same, moved := 0, 0
	for range 20000 {
		from, to := somewhere(r), somewhere(r)
		if r.IntN(4) == 0 {
			to = from
		}
		made, place := c.In(from, from.Of)
		sealed, err := made.ToPayloads(place(word))
		require.NoError(t, err)
		require.Equal(t, from, codec.PlaceOf(sealed.GetPayloads()[0]))
		used, _ := c.In(to, to.Of)
		var read string
		refused = nil
		err = used.FromPayloads(sealed, codec.Opening(to, &read))
		if from == to {
			same++
			require.NoError(t, err, "seed %d: %+v", seed, to)
			require.Equal(t, word, read)
			require.Empty(t, refused)
			continue
		}
		moved++
		require.ErrorIs(t, err, codec.ErrMoved, "seed %d: from %+v to %+v", seed, from, to)
		require.Empty(t, read)
		require.Len(t, refused, 1)
		require.Equal(t, from, refused[0].Made)
		require.Equal(t, to, refused[0].Used)
		require.NotContains(t, err.Error(), word)
	}
	require.Positive(t, same)
	require.Positive(t, moved)
}

// TestAPlaceCannotBeWrittenOver: it is authenticated with what it belongs to.
func TestAPlaceCannotBeWrittenOver(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	r := rand.New(rand.NewPCG(rand.Uint64(), 2))
	for range 2000 {
		from, to := somewhere(r), somewhere(r)
		if from == to {
			continue
		}
		p, err := c.Seal(from, payload(t, word))
		require.NoError(t, err)
		other, err := c.Seal(to, payload(t, word))
		require.NoError(t, err)
		p.Metadata = other.GetMetadata()
		_, _, err = c.Open(p)
		require.ErrorIs(t, err, codec.ErrForged)
	}
}

func TestWhatAScheduleStartsWithIsForWhatItStarts(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	made := codec.Place{Namespace: "default", Workflow: "year-end-log", Purpose: codec.WorkflowInput, Name: "YearEndLog"}
	conv, place := c.In(made, "schedule")
	sealed, err := conv.ToPayloads(place(word))
	require.NoError(t, err)
	for id, good := range map[string]bool{
		"year-end-log-2027-01-02T14:00:00Z": true, "year-end-log": false, "year-end-log-": false, "year-end-log-2027": false,
		"practice:EX:P1": false, "practice:EX:P1-2027-01-02T14:00:00Z": false, "2027-01-02T14:00:00Z": false,
	} {
		used := made
		used.Workflow = id
		conv, _ := c.In(used, "")
		var read string
		err := conv.FromPayloads(sealed, codec.Opening(used, &read))
		require.Equal(t, good, err == nil, "%s: %v", id, err)
		used.Name = "Practice"
		require.ErrorIs(t, conv.FromPayloads(sealed, codec.Opening(used, &read)), codec.ErrMoved)
	}
}

// TestWhatIsLookedAtSaysWhereItBelongs, and is sealed again for the same place.
func TestWhatIsLookedAtSaysWhereItBelongs(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	r := rand.New(rand.NewPCG(rand.Uint64(), 3))
	for range 100 {
		place := somewhere(r)
		p, err := c.Seal(place, payload(t, word))
		require.NoError(t, err)
		opened, err := c.Viewer().Decode([]*commonpb.Payload{p})
		require.NoError(t, err)
		require.Equal(t, place, codec.PlaceOf(opened[0]))
		again, err := c.Encode(opened)
		require.NoError(t, err)
		plain, was, err := c.Open(again[0])
		require.NoError(t, err)
		require.Equal(t, place, was)
		require.True(t, proto.Equal(payload(t, word), plain), "its own metadata is as it was")
	}
}

// TestWhatIsMissingIsNoZeroValue: an answer without a payload would else be one.
func TestWhatIsMissingIsNoZeroValue(t *testing.T) {
	t.Parallel()
	place := codec.Place{Namespace: "default", Workflow: "w", Purpose: codec.ActivityResult, Name: "a", Of: "1"}
	conv, placed := newCodec(t, "k1").In(place, "1")
	one, err := conv.ToPayloads(placed(word))
	require.NoError(t, err)
	for name, given := range map[string]*commonpb.Payloads{"none": nil, "empty": {}, "too few": one} {
		var first, second string
		err := conv.FromPayloads(given, codec.Opening(place, &first), codec.Opening(place, &second))
		require.ErrorIs(t, err, codec.ErrMissing, name)
	}
}

// FuzzAPlaceIsReadAsItWasWritten: whatever bytes are in it, and no two places are one.
func FuzzAPlaceIsReadAsItWasWritten(f *testing.F) {
	c := newCodec(f, "k1")
	f.Add("default", "practice:EX:P1", "activity result", "SendNotice", "1-x", "default", "practice:EX:P2", "activity result", "SendNotice", "1-x")
	f.Add("", "", "", "", "", "a", "", "", "", "")
	f.Fuzz(func(t *testing.T, ns, wf, purpose, name, of, ns2, wf2, purpose2, name2, of2 string) {
		place := codec.Place{Namespace: ns, Workflow: wf, Purpose: codec.Purpose(purpose), Name: name, Of: of}
		other := codec.Place{Namespace: ns2, Workflow: wf2, Purpose: codec.Purpose(purpose2), Name: name2, Of: of2}
		p, err := c.Seal(place, payload(t, word))
		require.NoError(t, err)
		_, was, err := c.Open(p)
		require.NoError(t, err)
		require.Equal(t, place, was)
		q, err := c.Seal(other, payload(t, word))
		require.NoError(t, err)
		q.Data = p.GetData()
		_, _, err = c.Open(q)
		require.Equal(t, place == other, err == nil, "%+v %+v", place, other)
	})
}
