package breach

// Delegation says what a practice lets the business associate do for it.
const (
	DelegateAll     = "all"     // letters, HHS, media, agencies of States
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

// Who carries out a duty.
const (
	ByUs       = "us"        // whoever runs this program
	ByPractice = "you"       // the practice
	Undecided  = "undecided" // it follows from the practice's answer
)

// CarriedOutBy is who carries out the duty under a practice's answer, "" for none yet.
// The notice to the practice itself is never the practice's, nor is the form that our
// own company files. DelegateAll leaves us everything else, agencies of States as the
// form says that the practice signs (templates/pages); DelegateLetters what is told the
// patients one by one.
func (o Obligation) CarriedOutBy(delegation string) string {
	letters := o.Kind == IndividualNotice || o.Kind == StateIndividualNotice || o.Kind == CreditMonitoringDuty || o.Form == FormPatient
	switch {
	case o.ToPractice(), o.Kind == SECForm8K, delegation == DelegateAll, letters && LettersDelegated(delegation):
		return ByUs
	case delegation == "":
		return Undecided
	}
	return ByPractice
}
