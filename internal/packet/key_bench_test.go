package packet

import (
	"testing"

	"golang.org/x/crypto/argon2"
)

// BenchmarkCode is what one try of a code costs, beside what the same hash costs as it is
// recommended for passwords that people think up (docs/adr/0227).
func BenchmarkCode(b *testing.B) {
	link, code, salt := NewLink(), NewCode(), NewSalt()
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			FromCode(link, code, salt)
		}
	})
	b.Run("password", func(b *testing.B) {
		for b.Loop() {
			argon2.IDKey([]byte(code.letters), salt, 2, 19<<10, 1, 2*secretSize)
		}
	})
}
