package breach

// Delegation says what a practice lets the business associate do for it.
const (
	DelegateAll     = "all"     // letters, HHS, media
	DelegateLetters = "letters" // letters only
	DelegateNone    = "none"    // the practice does everything itself
)

// Delegations lists the answers; an empty one means not answered yet.
var Delegations = []string{DelegateAll, DelegateLetters, DelegateNone}

// LettersDelegated reports whether an answer leaves the letters to whoever runs
// this program.
func LettersDelegated(delegation string) bool {
	return delegation == DelegateAll || delegation == DelegateLetters
}

// Delegated is the answer by which the entity that runs this program acts for a
// practice. A covered entity does everything for its own practices, whatever
// they say: there is nobody to delegate to.
func (e Entity) Delegated(p Practice) string {
	if e.Role == CoveredEntity {
		return DelegateAll
	}
	return p.Delegation
}

// WritesLetters reports whether the letters to a practice's patients are the
// entity's to write. Of a practice that has not answered, which the zero
// Practice is, it says whether an answer is needed at all.
func (e Entity) WritesLetters(p Practice) bool { return LettersDelegated(e.Delegated(p)) }
