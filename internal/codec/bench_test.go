package codec_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/codec"
)

// BenchmarkPlace seals a payload for a place and opens it there, beside plain
// AES-256-GCM over the same bytes and beside the same without a place. It reports how
// many times as long it takes, and how many bytes of metadata a payload has. The sizes
// are about those of a reference, of a practice's state, and of a page of keys.
func BenchmarkPlace(b *testing.B) {
	place := codec.Place{Namespace: "default", Workflow: "practice:EX-2026-03:P-00001", Purpose: codec.ActivityResult, Name: "SendNotice", Of: "12-01a22524-926f-7356-9db2-493419662354"}
	c := newCodec(b, "k1")
	block, err := aes.NewCipher(bytes.Repeat([]byte{1}, 32))
	require.NoError(b, err)
	plain, err := cipher.NewGCMWithRandomNonce(block)
	require.NoError(b, err)
	for _, size := range []int{64, 1 << 10, 16 << 10} {
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			p := payload(b, strings.Repeat("x", size))
			metadata := 0
			through := func(place codec.Place) time.Duration {
				began := time.Now()
				sealed, err := c.Seal(place, p)
				if err == nil {
					_, _, err = c.Open(sealed)
				}
				took := time.Since(began)
				require.NoError(b, err)
				metadata = 0
				for name, value := range sealed.GetMetadata() {
					metadata += len(name) + len(value)
				}
				return took
			}
			var gcm, nowhere, placed time.Duration
			for b.Loop() { // by turns, so that each has the machine's better and worse moments
				began := time.Now()
				_, err := plain.Open(nil, nil, plain.Seal(nil, nil, p.GetData(), nil), nil)
				gcm += time.Since(began)
				require.NoError(b, err)
				nowhere += through(codec.Place{})
				placed += through(place)
			}
			b.ReportMetric(float64(placed)/float64(gcm), "x-plain-gcm")
			b.ReportMetric(float64(placed)/float64(nowhere), "x-without-place")
			b.ReportMetric(float64(placed.Nanoseconds())/float64(b.N), "ns/payload")
			b.ReportMetric(float64(metadata), "metadata-bytes")
			b.ReportMetric(0, "ns/op")
		})
	}
}
