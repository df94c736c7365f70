package packet

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Part is one file of a packet, not sealed yet.
type Part struct {
	Name    string
	Content []byte
	// From identifies what it was made from, so that it is not made again from the
	// same; "" where it is made each time.
	From string
}

// SHA256 is the content's sum in hexadecimal digits.
func (p Part) SHA256() string {
	sum := sha256.Sum256(p.Content)
	return hex.EncodeToString(sum[:])
}

// SealedPart is a part as it lies sealed.
type SealedPart struct {
	// From is the part's, SHA256 and Bytes are of its content.
	From, SHA256 string
	Bytes        int64
}

// Sealed is what lies sealed for a practice, as the worker sees it.
type Sealed struct {
	// Turn counts the changes of what the page tells of. SealedTurn is that of the
	// packet, -1 while there is none.
	Turn, SealedTurn int
	// LookAt is when the packet is to be looked at again though nothing changes, such
	// as the end of a law-enforcement hold; zero for never.
	LookAt time.Time
	// SHA256 is what it was made from, "" while there is none.
	SHA256 string
	Parts  map[string]SealedPart
	// CodeGiven: somebody gave the practice a code.
	CodeGiven bool
	// ZIPPassword opens the archive of the list.
	ZIPPassword string
}

// Making is a packet to be sealed.
type Making struct {
	// Turn is the one it was made at: at a later one it is not saved.
	Turn int
	// SHA256 is what it was made from; "" where the practice is shown nothing.
	SHA256 string
	// Parts are those made now. Keep names those that stay as they lie; every other is
	// taken away.
	Parts []Part
	Keep  []string
	// More: something is left out that takes long, and the packet waits for that still.
	More bool
	// LookAt is as Sealed's.
	LookAt time.Time
	// Program is which one made it; another one looks at it again.
	Program string
}
