package cli

import (
	"bufio"
	"io"
)

// key is what somebody pressed while they watch.
type key int

const (
	keyNone key = iota
	keyQuit
	keyPause
	keyRefresh
	keyHelp
	keyBack
	keyUp
	keyDown
	keyPageUp
	keyPageDown
	keyHome
	keyEnd
)

// plainKeys are keys that send one byte.
var plainKeys = map[byte]key{
	'q': keyQuit, 'Q': keyQuit, 0x03: keyQuit, 0x04: keyQuit, // Ctrl-C and Ctrl-D: a raw terminal makes no signal of them
	' ': keyPause, 'p': keyPause, 'r': keyRefresh, '?': keyHelp, 'h': keyHelp,
	'j': keyDown, 'k': keyUp, '\r': keyDown, '\n': keyDown, 'f': keyPageDown, 'b': keyPageUp, 'g': keyHome, 'G': keyEnd,
}

// longKeys are those that send more after an escape; each terminal has its own way for
// some of them.
var longKeys = map[string]key{
	"[A": keyUp, "OA": keyUp, "[B": keyDown, "OB": keyDown, "[5~": keyPageUp, "[6~": keyPageDown,
	"[H": keyHome, "OH": keyHome, "[1~": keyHome, "[F": keyEnd, "OF": keyEnd, "[4~": keyEnd,
}

const escape = 0x1b

// readKeys sends each key until r ends or fails, and then closes keys. What means
// nothing is left out.
func readKeys(r io.Reader, keys chan<- key) {
	defer close(keys)
	in := bufio.NewReader(r)
	for {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		k := plainKeys[b]
		if b == escape {
			k = readLong(in)
		}
		if k != keyNone {
			keys <- k
		}
	}
}

// readLong reads what follows an escape. Pressed alone, the key sends nothing more; what
// another one sends comes in one piece.
func readLong(in *bufio.Reader) key {
	var sequence []byte
	for in.Buffered() > 0 && len(sequence) < 8 {
		b, err := in.ReadByte()
		if err != nil {
			return keyNone
		}
		sequence = append(sequence, b)
		if ends := b >= '@' && b <= '~' && len(sequence) > 1; ends {
			return longKeys[string(sequence)]
		}
	}
	return keyBack
}
