package account

// State is where one finding stands: one person as one practice knows them.
type State string

// The states of a finding.
const (
	// Waiting: a letter is owed and not yet in a mail run.
	Waiting State = "waiting"
	// Printing: the letter is in a mail run whose batch is not finished.
	Printing State = "printing"
	// Printed: the letter is in a finished batch, and no mailing of it is recorded.
	Printed State = "printed"
	// Mailed: somebody recorded that the letter's batch was mailed.
	Mailed State = "mailed"
	// Held: the letter could not be printed as it should be; Why says the reason.
	Held State = "held"
	// NoAddress: no letter can be mailed to the person (45 CFR 164.404(d)(2)). Why
	// is Kin where the person is dead: their next of kin are owed no substitute notice.
	NoAddress State = "no_address"
	// Returned: the letter came back from the only address that is known.
	Returned State = "returned"
	// Told: the person was told in another way than by a letter that arrived; Why says how.
	Told State = "told"
	// PracticeTells: the practice writes to its own patients, or has not said who does.
	PracticeTells State = "practice_tells"
	// DeadFifty: dead for more than 50 years, so that the record is no protected
	// health information and nobody is owed anything (45 CFR 160.103).
	DeadFifty State = "dead_50_years"
	// Left: a later list took the person out of the practice.
	Left State = "left"
)

// States lists them in the order in which they are shown.
var States = []State{Waiting, Printing, Printed, Mailed, Held, NoAddress, Returned, Told, PracticeTells, Left, DeadFifty}

// The reasons that a Line has in Why: why somebody who is NoAddress or Returned is
// owed no substitute notice, in which way they were Told, or that they were told before
// the letter that they wait for. Why a letter is Held is a breach.HeldReason.
const (
	// Kin: the person is dead and no address of a next of kin is known, who are
	// then owed no substitute notice (45 CFR 164.404(d)(2)).
	Kin = "next_of_kin"
	// BySubstitute: told by substitute notice (45 CFR 164.404(d)(2)).
	BySubstitute = "substitute_notice"
	// ByEmail: they agreed to electronic notice, which is written notice where no letter
	// reaches them, and were told by it when they are Told (45 CFR 164.404(d)(1)(i)).
	ByEmail = "e_mail"
	// ByPractice: the practice says that it told them itself.
	ByPractice = "practice"
	// ByHand: somebody told this one person and recorded how.
	ByHand = "by_hand"
	// ToldBefore: an earlier letter told the person, and another one that corrects it is on
	// its way. The day of telling stays that of the earlier one.
	ToldBefore = "told_before"
	// How those who are Left stood when they left: with a letter that was printed, or told,
	// by a letter or otherwise. Cleared is why: nobody had seen their data. The database's
	// count_account makes these words (migration 00214).
	LeftPrinted    = "left_printed"
	LeftTold       = "left_told"
	Cleared        = "not_acquired"
	ClearedPrinted = "not_acquired_printed"
	ClearedTold    = "not_acquired_told"
)

// Letter is how a finding is in a printed letter, whatever became of it.
type Letter string

// How a finding may be in a letter.
const (
	NoLetter Letter = ""
	// Own: the letter stands in the practice's own name, first of those it writes for.
	Own Letter = "own"
	// Joined: the letter of another practice to the same person writes for this one too.
	Joined Letter = "joined"
)
