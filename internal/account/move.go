package account

import "slices"

// Move is something that takes findings from one state to another.
type Move struct {
	Name string
	From []State
	To   State
	// By says who may cause it: Engine, or a person's act by its name.
	By string
}

// Engine is who causes what the program does by itself.
const Engine = "engine"

// The moves. A finding whose state is not in From stays where it is. So a batch that
// is recorded as mailed a second time, or a posting that is recorded again, moves
// only those who were still untold.
var (
	// Plan puts a letter into a mail run.
	Plan = Move{"plan", []State{Waiting}, Printing, Engine}
	// Print finishes a letter's batch.
	Print = Move{"print", []State{Printing}, Printed, Engine}
	// HoldBack keeps a letter out of its batch because it cannot be set as it should be.
	HoldBack = Move{"hold_back", []State{Printing}, Held, Engine}
	// Recall takes a letter back that is wrong: another one is owed. Withdrawn ones were
	// not mailed.
	Recall = Move{"recall", []State{Printed, Mailed}, Waiting, "recall"}
	// Misaddress is Recall for a letter to a wrong address, which waits for another one.
	Misaddress = Move{"misaddress", []State{Printed, Mailed}, Held, "recall"}
	// PrintAgain lets a letter be tried again that printing held back.
	PrintAgain = Move{"print_again", []State{Held}, Waiting, "reprint"}
	// TakeApart takes a letter out of a mail run before its batch is printed.
	TakeApart = Move{"take_apart", []State{Printing}, Waiting, Engine}
	// Adopt puts a letter that lies printed into its mail run, in a database that was
	// restored from a backup of before.
	Adopt = Move{"adopt", []State{Waiting, Held, PracticeTells}, Printing, "adopt"}
	// Mail is the recorded mailing of a printed batch.
	Mail = Move{"mail", []State{Printed}, Mailed, "record"}
	// ComeBack is a letter that the post returned. One whose mailing nobody had
	// recorded was mailed all the same.
	ComeBack = Move{"come_back", []State{Printed, Mailed}, Returned, "returns"}
	// Substitute is the recorded start of substitute notice, which tells those whom no letter reaches.
	Substitute = Move{"substitute", []State{NoAddress, Returned}, Told, "record"}
	// TellByHand is the record that one person was told otherwise.
	TellByHand = Move{"tell_by_hand", []State{Waiting, Held, NoAddress, Returned}, Told, "record"}
	// TellByEmail is the record of an agreed e-mail to those whom no letter reaches.
	TellByEmail = Move{"tell_by_email", []State{NoAddress, Returned}, Told, "record"}
	// Bounce takes back an e-mail that was not delivered. It is for those who were Told by e-mail.
	Bounce = Move{"bounce", []State{Told}, NoAddress, "returns"}
	// PracticeMails is recorded when a practice says that it told its people itself, or
	// when a covered entity mailed letters of its own in place of those printed here.
	PracticeMails = Move{"practice_mails", []State{PracticeTells, Waiting, Held}, Told, "record"}
	// Delegate makes the letters ours to write, Undelegate the practice's.
	Delegate   = Move{"delegate", []State{PracticeTells}, Waiting, "delegate"}
	Undelegate = Move{"undelegate", []State{Waiting, Held}, PracticeTells, "delegate"}
	// Dispute keeps the letter of somebody of whom the practice says that they are not
	// its patient. They stay owed it, until an officer has looked.
	Dispute = Move{"dispute", []State{Waiting}, Held, "dispute"}
	// Keep lets it go again. It is for those who were Held because of a dispute.
	Keep = Move{"keep", []State{Held}, Waiting, "dispute"}
	// Translate lets letters go again that were Held for their language, where the
	// incident has it now.
	Translate = Move{"translate", []State{Held}, Waiting, "amend"}
)

// Moves lists them all.
var Moves = []Move{
	Plan, Print, HoldBack, Adopt, Mail, ComeBack, Substitute, TellByHand, TellByEmail, Bounce, PracticeMails, Delegate, Undelegate,
	Dispute, Keep, Translate, Recall, Misaddress, PrintAgain, TakeApart,
}

// Takes reports whether the move takes a finding out of the state.
func (m Move) Takes(s State) bool { return slices.Contains(m.From, s) }

// Person is what decides the state in which a finding begins.
type Person struct {
	// Protected: not dead for more than 50 years.
	Protected bool
	// Usable: a letter can be mailed to the address.
	Usable bool
	// Dead: the letter would go to the next of kin.
	Dead bool
	// ByEmail: an e-mail that the person agreed to reaches them.
	ByEmail bool
	// Ours: the letters of its practice are ours to write (breach.Entity.WritesLetters).
	Ours bool
}

// Begins is the state in which a finding begins. It begins when a list brings it,
// and once more when a later list changes something that its letter prints.
func (p Person) Begins() (state State, why string) {
	switch {
	case !p.Protected:
		return DeadFifty, ""
	case !p.Usable && p.Dead:
		return NoAddress, Kin
	case !p.Usable && p.ByEmail:
		return NoAddress, ByEmail
	case !p.Usable:
		return NoAddress, ""
	case !p.Ours:
		return PracticeTells, ""
	}
	return Waiting, ""
}

// MayBe reports whether a finding of such a person can be in the state, whatever
// was done since: nobody who is dead for more than 50 years waits for a letter, and
// none was ever printed to an address that is none.
func (p Person) MayBe(state State) bool {
	switch state {
	case DeadFifty:
		return !p.Protected
	case NoAddress:
		return p.Protected && !p.Usable
	case Told:
		return p.Protected
	}
	return p.Protected && p.Usable
}
