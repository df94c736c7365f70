package activities

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// standing works out where a practice stands: what the program does next, what a
// person must do, and by when. It is the only place that does. It decides nothing
// about the law.
func (a *Activities) standing(incident casebook.Incident, p casebook.Practice, plan casebook.Plan, zone *time.Location) PracticeState {
	now := a.Now()
	s := PracticeState{
		Name: p.Practice.Name(), People: p.Tally.People,
		Notifiable: plan.Notifiable, Reason: plan.Reason,
		AssessmentPending: lowProbabilityPending(incident.Incident, p),
		PapersSHA256:      p.PapersSHA256, NoticeState: p.Notice.State,
		Delegation: incident.Incident.Entity.Delegated(p.Practice), ApproversNeeded: incident.Incident.ApproversNeeded(),
		Acknowledged: !p.Facts.On(breach.Acknowledged, "").IsZero(),
		AnswersWait:  p.Page.AnswersWait, ActsFirst: true,
	}
	for _, approval := range p.Approvals {
		// Each person once: an earlier program took some names for two people's.
		if !slices.ContainsFunc(s.Approvers, func(who string) bool { return breach.SamePerson(who, approval.Who) }) {
			s.Approvers = append(s.Approvers, approval.Who)
		}
	}
	s.Deadlines = deadlines(plan, zone, now)
	open := openObligations(plan)
	for _, o := range open {
		if o.DueEnds.IsZero() {
			continue
		}
		if s.NextDue.IsZero() || o.Due.Before(s.NextDue) {
			s.NextDue, s.NextDueEnds = o.Due, o.DueEnds
		}
		s.Late = s.Late || !now.Before(o.DueEnds)
	}

	active := s.Notifiable && !s.AssessmentPending
	approved := p.PapersSHA256 != "" && len(s.Approvers) >= s.ApproversNeeded
	s.PapersStale = (active || everybodyLeft(p)) && p.PacketSHA256 != packetHash(incident.Incident, p, plan)
	s.WorksheetStale = p.PacketSHA256 != "" && p.WorksheetSHA256 != worksheetHash(incident.Incident, p, plan)
	s.WakeAt, s.WakeReason = nextHoldEnd(incident.Incident.Holds, zone, now)
	if at, reason, ok := noticeRetry(p, now); ok && noticeOpen(open) && (s.WakeAt.IsZero() || at.Before(s.WakeAt)) {
		s.WakeAt, s.WakeReason = at, reason
	}
	noticeHeld := onHold(incident.Incident.Holds, breach.CoversPractice, zone, now)
	lettersHeld := onHold(incident.Incident.Holds, breach.CoversIndividual, zone, now)
	noticeOwed := active && noticeOpen(open)
	s.NoticeDue = noticeOwed && !noticeHeld && !s.PapersStale && noticeWaits(incident, p, now)
	if noticeOwed && !noticeHeld {
		s.NoticeNeed = noticeNeed(incident, p)
	}
	if active && !noticeOwed && !noticeHeld && p.Phase != casebook.PhaseClosed {
		s.EmailStopped = emailStopped(p)
		quiet := a.silence(incident, p, zone)
		s.MessageDue, s.DefaultDue = quiet.message, quiet.defaultDue
		if !quiet.wakeAt.IsZero() && (s.WakeAt.IsZero() || quiet.wakeAt.Before(s.WakeAt)) {
			s.WakeAt, s.WakeReason = quiet.wakeAt, quiet.reason
		}
	}
	ours := incident.Incident.Entity.WritesLetters(p.Practice)
	s.Printable = active && ours && approved && !lettersHeld
	s.LettersReady = s.Printable && p.Account.In(account.Waiting) > 0
	// A dispute that nobody looked into is not forgotten with the case, and neither is a
	// letter that corrects one which told its reader all the same.
	s.Finished = !s.AssessmentPending && len(open) == 0 && !s.LettersReady && p.Disputed == 0 && p.Account.ToCorrect() == 0

	s.Phase = phase(s, p.Phase, situation{
		account: p.Account, ours: ours, answered: ours || p.Practice.Delegation != "", approved: approved,
		noticeHeld:  noticeOwed && noticeHeld && (p.Notice.State == casebook.MessageNone || p.Notice.State == casebook.MessageIntended),
		lettersHeld: lettersHeld, open: len(open), onlyKept: onlyKept(open, zone, now),
	})
	s.NeedsPerson = needs(s, p, open, zone, now)
	return s
}

// everybodyLeft reports whether papers were made and nobody is on the practice's list
// any more. New papers are then made, which say so.
func everybodyLeft(p casebook.Practice) bool { return p.Tally.People == 0 && p.PacketSHA256 != "" }

// situation is what phase decides by, in addition to the state.
type situation struct {
	account account.Account
	// ours: the letters are ours to write; answered: it is known whose they are.
	ours, answered bool
	approved       bool
	// noticeHeld: the notice to the practice is still to be sent, and law enforcement
	// delays it. lettersHeld: law enforcement delays the letters.
	noticeHeld, lettersHeld bool
	// open is how many duties are not settled. onlyKept: all of them are to keep a
	// substitute notice up.
	open     int
	onlyKept bool
}

// onlyKept reports whether nothing is left to do but to keep a notice up.
func onlyKept(open []casebook.PlannedObligation, zone *time.Location, now time.Time) bool {
	for _, o := range open {
		if o.Form != breach.FormKept || !now.Before(o.NotBefore.Start(zone)) {
			return false
		}
	}
	return len(open) > 0
}

// phase names where the practice stands: the first thing that has to happen next.
// A hold delays notice and not its preparation, so letters are approved during one.
func phase(s PracticeState, before casebook.Phase, at situation) casebook.Phase {
	lettersToCome := at.ours && at.account.In(account.Waiting, account.Printing) > 0
	switch {
	case before == casebook.PhaseClosed:
		return casebook.PhaseClosed
	case s.AssessmentPending:
		return casebook.PhaseRiskAssessment
	case !s.Notifiable:
		return casebook.PhaseOpen
	case s.PapersSHA256 == "":
		return casebook.PhaseStarting
	case !at.answered && at.noticeHeld:
		return casebook.PhaseHeld
	case !at.answered:
		return casebook.PhaseDelegation
	case lettersToCome && !at.approved:
		return casebook.PhaseApproval
	case lettersToCome && at.lettersHeld, at.noticeHeld:
		return casebook.PhaseHeld
	case lettersToCome:
		return casebook.PhaseApproved
	case at.account.In(account.Printed) > 0:
		return casebook.PhaseLettersReady
	case s.NoticeNeed != "":
		// After the letters: a practice that must be told by post does not keep
		// its patients' letters waiting.
		return casebook.PhaseNotice
	case at.onlyKept:
		return casebook.PhasePosting
	case at.open > 0:
		return casebook.PhaseOpen
	case !s.Acknowledged:
		return casebook.PhaseAcknowledgment
	}
	return casebook.PhaseOpen
}

// needs says in one line what a person must do, the most pressing thing first.
func needs(s PracticeState, p casebook.Practice, open []casebook.PlannedObligation, zone *time.Location, now time.Time) string {
	var list []string
	people := p.Account
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	late := slices.DeleteFunc(slices.Clone(open), func(o casebook.PlannedObligation) bool { return o.DueEnds.IsZero() || now.Before(o.DueEnds) })
	if n := len(late); n > 0 {
		oldest := slices.MinFunc(late, func(a, b casebook.PlannedObligation) int { return a.DueEnds.Compare(b.DueEnds) })
		text := fmt.Sprintf("late: %s was due %s", oldest.Title(), oldest.Due)
		if n > 1 {
			text += fmt.Sprintf(", and %d more", n-1)
		}
		add("%s", text)
	}
	switch s.Phase {
	case casebook.PhaseClosed:
		return ""
	case casebook.PhaseRiskAssessment:
		add("a low probability of compromise needs the assessment of two people (assess)")
	case casebook.PhaseDelegation:
		add("the practice has not said who writes to its patients (delegate)")
	case casebook.PhaseApproval:
		add("letters wait for approval, %d of %d given (approve)", len(s.Approvers), s.ApproversNeeded)
	case casebook.PhaseLettersReady:
		add("letters are printed; record when they were mailed (record letters_mailed)")
	}
	if p.Disputed > 0 {
		add("of %d people the practice says that they are not its patients, and their letters wait: take them out (amend) or say that they stay (practice dispute --keep)", p.Disputed)
	}
	if held := people.Sum(func(l account.Line) bool { return l.State == account.Held && l.Why != string(breach.HeldDisputed) }); held > 0 {
		add("%s held back and still owed: see mail/BATCH/held.csv and status --held, correct the rows (amend) or tell them otherwise (record told_otherwise)", letters(held))
	}
	if s.NoticeNeed != "" {
		add("%s", s.NoticeNeed)
	}
	if s.EmailStopped != "" {
		add("%s, and nothing further is sent there: write by post (notify --post --reminders), correct its address (practice contact), or say that e-mail goes there again (notify --practice)", s.EmailStopped)
	}
	if emails := people.OwedEmail(); emails > 0 && s.Notifiable && !s.AssessmentPending {
		add("%d people are told by e-mail, to which they agreed: send theirs (report email-list) and record it (record emails_sent)", emails)
	}
	for _, text := range postingNeeds(p, open) {
		add("%s", text)
	}
	for _, o := range open {
		switch {
		case o.Form == breach.FormAddendum:
			add("HHS wants an addendum with the final number, %d by the lists (record hhs_addendum)", o.Count)
		case o.Form == breach.FormUpdate && o.ToPractice():
			add("the practice was told of %d people and the lists have %d: give it the others and record it (record practice_updated)", o.Told, o.Count)
		case o.Form == breach.FormUpdate:
			add("%s was told %d and the lists have %d: tell it and record it (record regulator_updated)", o.Recipient, o.Told, o.Count)
		case o.Form == breach.FormKept && !now.Before(o.NotBefore.Start(zone)):
			add("the 90 days of substitute notice are over: record when it ended (record posting_ended, toll_free_ended)")
		}
		soon := !o.DueEnds.IsZero() && now.Before(o.DueEnds) && o.DueEnds.Sub(now) <= 30*24*time.Hour
		if soon && !o.ToPractice() {
			add("%s due %s", o.Title(), o.Due)
		}
	}
	return strings.Join(list, "; ")
}

// letters says a number of letters in words: "1 letter is", "2 letters are".
func letters(n int) string {
	if n == 1 {
		return "1 letter is"
	}
	return fmt.Sprintf("%d letters are", n)
}

// noticeOpen reports whether a duty that the notice to the practice fulfils is open.
func noticeOpen(open []casebook.PlannedObligation) bool {
	return slices.ContainsFunc(open, func(o casebook.PlannedObligation) bool { return o.FirstToPractice() })
}

func openObligations(plan casebook.Plan) []casebook.PlannedObligation {
	var open []casebook.PlannedObligation
	for _, o := range plan.Obligations {
		if o.SettledOn.IsZero() {
			open = append(open, o)
		}
	}
	return open
}

// onHold reports whether a law-enforcement hold delays notices of the scope now (45 CFR 164.412).
func onHold(holds []breach.Hold, scope string, zone *time.Location, now time.Time) bool {
	until, _ := rules.HoldUntil(holds, scope)
	_, holding := wakeAt(until, zone, now)
	return holding
}

// nextHoldEnd returns the earliest end of a hold that is still in force.
func nextHoldEnd(holds []breach.Hold, zone *time.Location, now time.Time) (time.Time, string) {
	var next time.Time
	var day civil.Date
	for _, scope := range breach.HoldScopes {
		until, _ := rules.HoldUntil(holds, scope)
		if at, ok := wakeAt(until, zone, now); ok && (next.IsZero() || at.Before(next)) {
			next, day = at, until
		}
	}
	if next.IsZero() {
		return next, ""
	}
	return next, fmt.Sprintf("Law-enforcement hold ends %s, 45 CFR 164.412", day)
}
