package breach

// HeldReason is why a letter is held back for a person instead of being printed.
// Whoever it is for stays owed it.
type HeldReason string

// The reasons. They are words of files and of the database.
const (
	// HeldScript: a name or the address has a character that the letters' fonts
	// do not print.
	HeldScript HeldReason = "script"
	// HeldAddressTooLong: the name or the address does not fit the envelope's window.
	HeldAddressTooLong HeldReason = "address_too_long"
	// HeldNoAddress: since the letter was planned the address was found not to be one.
	HeldNoAddress HeldReason = "no_address"
	// HeldDisputed: the practice says that the person is not its patient, and nobody
	// has looked into it.
	HeldDisputed HeldReason = "disputed"
	// HeldMisread: the letter was typeset and did not read back as it should.
	HeldMisread HeldReason = "misread"
	// HeldLanguage: there is no letter in the language that the person asked for.
	HeldLanguage HeldReason = "language"
	// HeldWrongAddress: the letter was recalled because its address is not the person's,
	// and no list has another one yet.
	HeldWrongAddress HeldReason = "wrong_address"
)

// HeldReasons lists them.
var HeldReasons = []HeldReason{HeldScript, HeldAddressTooLong, HeldNoAddress, HeldDisputed, HeldMisread, HeldLanguage, HeldWrongAddress}

// HeldInPrint are the reasons for which printing itself holds letters back: with other
// fonts, templates or forms of envelope the same letters may be printed.
var HeldInPrint = []HeldReason{HeldScript, HeldAddressTooLong, HeldMisread}

// Words says the reason in half a sentence.
func (r HeldReason) Words() string {
	switch r {
	case HeldScript:
		return "a name or the address has a character that the letters' fonts do not print"
	case HeldAddressTooLong:
		return "the name or the address does not fit the envelope's window"
	case HeldNoAddress:
		return "there is no address a letter can go to"
	case HeldDisputed:
		return "the practice says that this is not its patient"
	case HeldMisread:
		return "the letter did not read back from the page as it should"
	case HeldLanguage:
		return "there is no letter in the language that the person asked for"
	case HeldWrongAddress:
		return "the letter was recalled from a wrong address, and no list has another one"
	}
	return string(r)
}
