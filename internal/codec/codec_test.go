package codec_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/codec"
	"duenotice/internal/keyring"
)

// ring has keys of these names, each with bytes that follow from its seed.
func ring(t testing.TB, keys ...string) *keyring.Ring {
	t.Helper()
	var text bytes.Buffer
	for _, name := range keys {
		secret := bytes.Repeat([]byte(name+"!"), keyring.KeySize)[:keyring.KeySize]
		text.WriteString(name + " " + base64.StdEncoding.EncodeToString(secret) + "\n")
	}
	r, err := keyring.Parse(text.Bytes())
	require.NoError(t, err)
	return r
}

func newCodec(t testing.TB, keys ...string) *codec.Codec {
	t.Helper()
	c, err := codec.New(ring(t, keys...))
	require.NoError(t, err)
	return c
}

func payload(t testing.TB, v any) *commonpb.Payload {
	t.Helper()
	p, err := converter.GetDefaultDataConverter().ToPayload(v)
	require.NoError(t, err)
	return p
}

func seal(t testing.TB, c *codec.Codec, p *commonpb.Payload) *commonpb.Payload {
	t.Helper()
	sealed, err := c.Encode([]*commonpb.Payload{p})
	require.NoError(t, err)
	require.Len(t, sealed, 1)
	return sealed[0]
}

const word = "Quillonbury"

func TestNothingOfAPayloadIsSeen(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	in := payload(t, map[string]string{"practice": word})
	sealed := seal(t, c, in)
	require.NotContains(t, sealed.String(), word)
	require.NotContains(t, sealed.String(), "json", "the kind of content is content too")
	require.Equal(t, "k1", string(sealed.GetMetadata()[codec.KeyField]))
	require.NotEqual(t, sealed.GetData(), seal(t, c, in).GetData(), "equal contents look different")
	opened, err := c.Decode([]*commonpb.Payload{sealed})
	require.NoError(t, err)
	require.True(t, proto.Equal(in, opened[0]))
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before, after := newCodec(t, "k1"), newCodec(t, "k2", "k1")
	in := payload(t, word)
	old := seal(t, before, in)
	opened, err := after.Decode([]*commonpb.Payload{old, seal(t, after, in)})
	require.NoError(t, err)
	require.True(t, proto.Equal(in, opened[0]))
	require.True(t, proto.Equal(in, opened[1]))
	require.Equal(t, "k2", string(seal(t, after, in).GetMetadata()[codec.KeyField]), "the newest encrypts")
	_, err = before.Decode([]*commonpb.Payload{seal(t, after, in)})
	require.ErrorIs(t, err, codec.ErrUnknownKey)
	_, err = newCodec(t, "k2").Decode([]*commonpb.Payload{old})
	require.ErrorIs(t, err, codec.ErrUnknownKey, "an old key that was taken out")
}

func TestAPayloadInClearIsRefused(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	in := payload(t, word)
	for _, open := range []*commonpb.Payload{in, {}, {Data: []byte(word)}, payload(t, nil)} {
		_, err := c.Decode([]*commonpb.Payload{seal(t, c, in), open})
		require.ErrorIs(t, err, codec.ErrNotEncrypted)
		require.NotContains(t, err.Error(), word)
		shown, err := c.Viewer().Decode([]*commonpb.Payload{seal(t, c, in), open})
		require.NoError(t, err)
		require.True(t, proto.Equal(open, shown[1]))
		require.True(t, proto.Equal(in, shown[0]))
	}
}

// Every bit of a payload is flipped, each of its fields taken away, moved or added to.
func TestAChangedPayloadIsRefused(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1", "k2")
	sealed := seal(t, c, payload(t, word))
	refused := func(p *commonpb.Payload) {
		t.Helper()
		for _, codec := range []*codec.Codec{c, c.Viewer()} {
			opened, err := codec.Decode([]*commonpb.Payload{p})
			if err == nil {
				require.NotContains(t, opened[0].String(), word)
				require.True(t, proto.Equal(p, opened[0]), "a viewer passes on what is not encrypted, and nothing else")
			}
		}
		_, err := c.Decode([]*commonpb.Payload{p})
		require.Error(t, err)
	}
	changed := func(change func(p *commonpb.Payload)) *commonpb.Payload {
		p := proto.CloneOf(sealed)
		change(p)
		return p
	}
	for i := range sealed.GetData() {
		for bit := range 8 {
			refused(changed(func(p *commonpb.Payload) { p.Data[i] ^= 1 << bit }))
		}
		refused(changed(func(p *commonpb.Payload) { p.Data = p.Data[:i] }))
	}
	refused(changed(func(p *commonpb.Payload) { p.Data = append(p.Data, 0) }))
	refused(changed(func(p *commonpb.Payload) { p.Data = nil }))
	for name := range sealed.GetMetadata() {
		refused(changed(func(p *commonpb.Payload) { delete(p.Metadata, name) }))
		refused(changed(func(p *commonpb.Payload) { p.Metadata[name] = append(p.Metadata[name], 'x') }))
	}
	refused(changed(func(p *commonpb.Payload) { p.Metadata[codec.KeyField] = []byte("k2") }))
	refused(changed(func(p *commonpb.Payload) { p.Metadata["messageType"] = []byte("x") }))
}

func TestEachKeyOfANameIsItsOwn(t *testing.T) {
	t.Parallel()
	sealed := seal(t, newCodec(t, "k1"), payload(t, word))
	r, err := keyring.Parse([]byte("k1 " + base64.StdEncoding.EncodeToString([]byte("another thirty-two bytes as key!"))))
	require.NoError(t, err)
	other, err := codec.New(r)
	require.NoError(t, err)
	_, err = other.Decode([]*commonpb.Payload{sealed})
	require.ErrorIs(t, err, codec.ErrForged)
}

func FuzzDecode(f *testing.F) {
	c := newCodec(f, "k1")
	sealed, err := proto.Marshal(seal(f, c, payload(f, word)))
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := &commonpb.Payload{}
		if proto.Unmarshal(raw, p) != nil {
			return
		}
		opened, err := c.Decode([]*commonpb.Payload{p})
		if err != nil {
			return
		}
		// Only the one that was really sealed opens; protobuf may spell it otherwise.
		require.Equal(t, `"`+word+`"`, string(opened[0].GetData()))
	})
}

func BenchmarkEncodeDecode(b *testing.B) {
	c := newCodec(b, "k1")
	in := []*commonpb.Payload{payload(b, bytes.Repeat([]byte("x"), 1024))}
	for b.Loop() {
		sealed, err := c.Encode(in)
		require.NoError(b, err)
		_, err = c.Decode(sealed)
		require.NoError(b, err)
	}
}

func TestAFailureQuotesNoRow(t *testing.T) {
	t.Parallel()
	options := client.Options{}
	newCodec(t, "k1").Apply(&options)
	quoting := fmt.Errorf("practice P1: %w", &pgconn.PgError{Code: "22007", Message: "invalid date: Quillonbury", Detail: "Quillonbury"})
	failure := options.FailureConverter.ErrorToFailure(quoting)
	back := options.FailureConverter.FailureToError(failure)
	require.ErrorContains(t, back, "practice P1: the database's error 22007")
	require.NotContains(t, back.Error(), "Quillonbury")
	login := options.FailureConverter.ErrorToFailure(&pgconn.PgError{Code: "28P01", Message: "password authentication failed"})
	require.ErrorContains(t, options.FailureConverter.FailureToError(login), "password authentication failed", "of use to whoever mends it")
	require.Nil(t, options.FailureConverter.ErrorToFailure(nil))
}

// TestAKeyThatCameLaterIsFound: a worker goes on where another program already
// encrypts with a key that was put into the key file after the worker's start.
func TestAKeyThatCameLaterIsFound(t *testing.T) {
	t.Parallel()
	inFile := ring(t, "k1")
	var unreadable error
	running, err := codec.NewReading(func() (*keyring.Ring, error) { return inFile, unreadable })
	require.NoError(t, err)
	in := payload(t, word)
	old := seal(t, running, in)
	later := seal(t, newCodec(t, "k2", "k1"), in)
	decode := func(p *commonpb.Payload) error {
		opened, err := running.Decode([]*commonpb.Payload{p})
		if err == nil {
			require.True(t, proto.Equal(in, opened[0]))
		}
		return err
	}
	require.ErrorIs(t, decode(later), codec.ErrUnknownKey, "it is not in the file yet")
	inFile, unreadable = ring(t, "k2", "k1"), errors.New("is being copied")
	require.ErrorIs(t, decode(later), unreadable)
	require.ErrorIs(t, decode(later), codec.ErrUnknownKey)
	require.NoError(t, decode(old), "what it knows it goes on with")

	unreadable = nil
	require.NoError(t, decode(later))
	require.Equal(t, "k2", string(seal(t, running, in).GetMetadata()[codec.KeyField]), "the newest encrypts from then on")
	inFile = ring(t, "k3")
	require.NoError(t, decode(seal(t, newCodec(t, "k3"), in)))
	require.NoError(t, decode(old))
	require.ErrorIs(t, decode(seal(t, newCodec(t, "k4"), in)), codec.ErrUnknownKey)
}
