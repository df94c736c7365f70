package packet

import (
	"crypto/rand"
	"errors"
	"strings"
)

// codeLetters are the digits and letters of Crockford's base 32: none of them is
// taken for another when a clerk reads them out on the telephone.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength gives 50 bits: with the link, the slow hash and ten tries at most
// nobody comes through by trying.
const codeLength = 10

// Code is the one-time code that a practice gets by another way than its link.
type Code struct{ letters string }

// NewCode makes a code by chance.
func NewCode() Code {
	var b [codeLength]byte
	_, _ = rand.Read(b[:]) // documented never to fail
	for i := range b {
		b[i] = codeLetters[b[i]%byte(len(codeLetters))] // 32 divides 256
	}
	return Code{letters: string(b[:])}
}

// ErrCode is a text that can be no code.
var ErrCode = errors.New("a code has ten letters and digits")

// ParseCode reads a code as people type it: in small letters, with spaces or
// dashes, with O for 0 and I or L for 1.
func ParseCode(text string) (Code, error) {
	text = strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u2013", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(text)))
	if len(text) != codeLength || strings.Trim(text, codeLetters) != "" {
		return Code{}, ErrCode
	}
	return Code{letters: text}, nil
}

// String is the code as it is printed and read out: 7KMP4-9QXRT.
func (c Code) String() string {
	if c.letters == "" {
		return ""
	}
	return c.letters[:codeLength/2] + "-" + c.letters[codeLength/2:]
}
