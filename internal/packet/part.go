package packet

import (
	"crypto/sha256"
	"encoding/hex"
)

// Part is one file of a packet, not sealed yet.
type Part struct {
	Name    string
	Content []byte
}

// SHA256 is the content's sum in hexadecimal digits.
func (p Part) SHA256() string {
	sum := sha256.Sum256(p.Content)
	return hex.EncodeToString(sum[:])
}
