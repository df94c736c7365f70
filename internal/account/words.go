package account

// stateWords is what each state is called wherever people read it.
var stateWords = map[State]string{
	Waiting:       "waiting to be printed",
	Printing:      "being printed",
	Printed:       "printed, mailing not recorded",
	Mailed:        "mailed",
	Held:          "held back",
	NoAddress:     "without a usable address",
	Returned:      "came back",
	Told:          "told otherwise",
	PracticeTells: "for the practice to tell",
	Left:          "left the list",
	DeadFifty:     "dead for more than 50 years",
}

// whyWords says the reasons of this package.
var whyWords = map[string]string{
	Kin:          "next of kin without an address",
	BySubstitute: "by substitute notice",
	ByEmail:      "by agreed e-mail",
	ByPractice:   "by the practice",
	ByHand:       "by hand",
	ToldBefore:   "told by an earlier letter, which this one corrects",

	LeftPrinted:    "with a letter printed by then",
	LeftTold:       "told by then",
	Cleared:        "nobody saw their data",
	ClearedPrinted: "nobody saw their data, with a letter printed by then",
	ClearedTold:    "nobody saw their data, told by then that somebody may have",
}

// Words is what the state is called wherever people read it: on the screen, in the
// binder and in the evidence.
func (s State) Words() string {
	if words := stateWords[s]; words != "" {
		return words
	}
	return string(s)
}

// ReasonWords says a reason that is one of this package's. Why a letter is held back
// has its own words, breach.HeldReason.Words; casebook.RowsOf puts both together.
func ReasonWords(why string) (words string, known bool) {
	words, known = whyWords[why]
	return words, known
}
