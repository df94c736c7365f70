// Package imb encodes the Intelligent Mail barcode of the United States Postal Service:
// 65 bars of four kinds under or over an address, which say whose letter it is, which one
// and where it goes, and by which a letter is followed and sorted (USPS-B-3200,
// Intelligent Mail Barcode 4-State Specification, Rev. H, 2015).
//
// It is pure: digits in, bars out.
package imb

import (
	"math/big"
	"math/bits"
	"strings"

	"duenotice/internal/breach"
)

// Bars is how many bars a barcode has.
const Bars = 65

// Bar is one bar by how far it reaches beyond the track that all of them have.
type Bar byte

// The four bars, by the letters that the Postal Service writes them with.
const (
	Tracker   Bar = 'T'
	Ascender  Bar = 'A'
	Descender Bar = 'D'
	Full      Bar = 'F'
)

// Up reports whether a bar reaches above the track.
func (b Bar) Up() bool { return b == Ascender || b == Full }

// Down reports whether a bar reaches below the track.
func (b Bar) Down() bool { return b == Descender || b == Full }

// Barcode is the bars from left to right.
type Barcode [Bars]Bar

// String is the barcode in the Postal Service's letters.
func (b Barcode) String() string {
	var text strings.Builder
	for _, bar := range b {
		text.WriteByte(byte(bar))
	}
	return text.String()
}

// trackingDigits is the length of a tracking code: barcode identifier (2), service type
// (3), mailer (6 or 9) and serial number (9 or 6).
const trackingDigits = 20

// routingOffsets are what stands before the number of a routing code of each length, so
// that 01234 and 000001234 are told apart (USPS-B-3200, 2.2.2 step 1).
var routingOffsets = map[int]int64{0: 0, 5: 1, 9: 100_000 + 1, 11: 1_000_000_000 + 100_000 + 1}

// Encode encodes a tracking code of 20 digits and the routing code: the ZIP of 5, 9 or 11
// digits of the address, or none. It refuses what is not such a code, and names the
// kind of fault, never the digits.
func Encode(tracking, routing string) (Barcode, error) {
	switch offset := routingOffsets[len(routing)]; {
	case !digits(tracking) || len(tracking) != trackingDigits:
		return Barcode{}, breach.Refuse("imb_tracking", "", "a tracking code has 20 digits")
	case tracking[1] > '4':
		return Barcode{}, breach.Refuse("imb_tracking", "", "the second digit of a barcode identifier is 0 to 4")
	case !digits(routing) || offset == 0 && routing != "":
		return Barcode{}, breach.Refuse("imb_routing", "", "a routing code has 5, 9 or 11 digits, or none")
	}
	return draw(characters(number(tracking, routing))), nil
}

func digits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

// number is both codes as one number of at most 102 bits. The second digit is one of
// five, every other one of ten.
func number(tracking, routing string) *big.Int {
	n := new(big.Int)
	n.SetString("0"+routing, 10)
	n.Add(n, big.NewInt(routingOffsets[len(routing)]))
	for i := range tracking {
		base := int64(10)
		if i == 1 {
			base = 5
		}
		n.Mul(n, big.NewInt(base))
		n.Add(n, big.NewInt(int64(tracking[i]-'0')))
	}
	return n
}

// checkSum is the frame check sequence of 11 bits over the number's 102 bits, the most
// significant first: generator 0xF35, beginning with all ones (USPS-B-3200, appendix B).
func checkSum(n *big.Int) uint16 {
	const generator, ones, top = 0xF35, 0x7FF, 0x400
	sum := uint16(ones)
	for i := 101; i >= 0; i-- {
		feedback := sum&top != 0
		if n.Bit(i) == 1 {
			feedback = !feedback
		}
		sum = sum << 1 & ones
		if feedback {
			sum ^= generator & ones
		}
	}
	return sum
}

// chars is how many characters of 13 bits a barcode has: each bit is one end of a bar.
const chars = 10

// ofFive and ofTwo are how many characters of 13 bits have five and two bits set.
const ofFive, ofTwo = 1287, 78

// characters turns the number into code words, and those into characters whose bits are
// the ends of the bars (USPS-B-3200, 2.2.2 steps 3 to 6).
func characters(n *big.Int) [chars]uint16 {
	sum := checkSum(n)
	var words [chars]int
	rest, digit := new(big.Int).Set(n), new(big.Int)
	rest.DivMod(rest, big.NewInt(636), digit)
	words[chars-1] = int(digit.Int64())
	for i := chars - 2; i > 0; i-- {
		rest.DivMod(rest, big.NewInt(ofFive+ofTwo), digit)
		words[i] = int(digit.Int64())
	}
	words[0] = int(rest.Int64())
	// The last word says which way up the barcode is, and the first has a bit of the sum.
	words[chars-1] *= 2
	if sum&0x400 != 0 {
		words[0] += 659
	}
	var made [chars]uint16
	for i, word := range words {
		if word < ofFive {
			made[i] = five[word]
		} else {
			made[i] = two[word-ofFive]
		}
		if sum>>i&1 == 1 {
			made[i] ^= 0x1FFF
		}
	}
	return made
}

// five and two are the characters with so many bits set, in the order of USPS-B-3200's
// appendix D, which follows from the rule of its appendix C.
var five, two = ofBits(5, ofFive), ofBits(2, ofTwo)

// ofBits lists the characters of 13 bits of which so many are set: each with its mirror
// image behind it, and from the end those that are their own.
func ofBits(set, length int) []uint16 {
	table := make([]uint16, length)
	front, back := 0, length-1
	for n := range uint16(1 << 13) {
		if bits.OnesCount16(n) != set {
			continue
		}
		switch mirrored := bits.Reverse16(n) >> 3; {
		case mirrored == n:
			table[back] = n
			back--
		case mirrored > n:
			table[front], table[front+1] = n, mirrored
			front += 2
		}
	}
	return table
}

// end is where a bar's end comes from: a character, from A, and its bit.
type end struct{ char, bit byte }

// draw reads each bar's two ends out of the characters.
func draw(of [chars]uint16) Barcode {
	var code Barcode
	for i, b := range barEnds {
		set := func(e end) bool { return of[e.char-'A']>>e.bit&1 == 1 }
		switch down, up := set(b.down), set(b.up); {
		case down && up:
			code[i] = Full
		case down:
			code[i] = Descender
		case up:
			code[i] = Ascender
		default:
			code[i] = Tracker
		}
	}
	return code
}
