package breach

import (
	"slices"
	"strings"

	"duenotice/internal/civil"
)

// Facts a person records with `record`, each with the day it happened.
const (
	PracticeNotified = "practice_notified"
	// NoticeBounced says that a notice to a practice which was taken for sent did
	// not arrive: the practice was not told by it (45 CFR 164.410).
	NoticeBounced = "notice_bounced"
	Acknowledged  = "acknowledged"
	// LettersMailed is that batches of letters, which this program printed, were mailed.
	LettersMailed = "letters_mailed"
	// PracticeMailed is that a practice, or a covered entity, mailed letters of its
	// own to its people. Its Count is the number of people they went to in all.
	PracticeMailed    = "practice_mailed"
	HHSFiled          = "hhs_filed"
	HHSAddendum       = "hhs_addendum"
	MediaSent         = "media_sent"
	RegulatorNotified = "regulator_notified"
	// RegulatorUpdated and PracticeUpdated: somebody who had been told a smaller
	// number was told the larger one.
	RegulatorUpdated = "regulator_updated"
	PracticeUpdated  = "practice_updated"
	// PracticeReminded is that a printed reminder was mailed to a practice that had its
	// notice; it settles nothing.
	PracticeReminded = "practice_reminded"
	// ReminderBounced says that an e-mail after the notice, a reminder or a code, did not
	// arrive; the notice stands, and nothing further is e-mailed to that address.
	ReminderBounced        = "reminder_bounced"
	CRANotified            = "consumer_reporting_agency_notified"
	PostingStarted         = "posting_started"
	PostingEnded           = "posting_ended"
	TollFreeStarted        = "toll_free_started"
	TollFreeEnded          = "toll_free_ended"
	DeterminedFact         = "determined"
	MaterialDeterminedFact = "material_determined"
	// AgencyDetermined answers, yes or no, whether the business associate is the
	// practice's agent; it takes the place of practices.csv's answer.
	AgencyDetermined = "agency_determined"
	// EmailsSent: those who can be told by agreed e-mail only were sent theirs; Count
	// is how many, and Reference the list they are on.
	EmailsSent = "emails_sent"
	// ClockOverride is the day from which a practice's 60 days are counted on
	// somebody's word, whose source is the reference. Nothing makes it but a person.
	ClockOverride = "clock_override"
	// ToldOtherwise says that one person whom no letter told was told in another way; its reference says how.
	ToldOtherwise = "told_otherwise"
	// PostingGap says why days count on which the looks at a posting did not find it:
	// from On through Through, by the reference.
	PostingGap = "posting_gap"
	// TollFreeTested is that somebody called the toll-free number of a substitute notice;
	// the answer says whether it was answered.
	TollFreeTested = "toll_free_tested"
	// PostingMissed is days, from On through Through, on which the looks at a posting did
	// not find it. Nobody records it: it follows from the looks.
	PostingMissed = "posting_missed"
	// DelayReason says why a notice that was ready did not go out, from On
	// through Through (42 U.S.C. 17932(d)(2)).
	DelayReason = "delay_reason"
)

// MediaInstead as the answer of a PostingStarted fact says that the conspicuous
// notice went into major print or broadcast media, and not on the home page.
const MediaInstead = "media"

// Part2 as the jurisdiction of an HHSFiled fact says that it was the report
// under 42 CFR part 2: HHS takes that and HIPAA's as two, and one filing does
// not stand for both.
const Part2 = "part2"

// FactKinds lists them as the contract does.
var FactKinds = []string{
	PracticeNotified, Acknowledged, LettersMailed, PracticeMailed, HHSFiled, HHSAddendum, MediaSent, RegulatorNotified,
	CRANotified, PostingStarted, PostingEnded, TollFreeStarted, TollFreeEnded, DeterminedFact, MaterialDeterminedFact,
	PostingGap, TollFreeTested, AgencyDetermined, ClockOverride, DelayReason, ToldOtherwise, NoticeBounced, RegulatorUpdated, PracticeUpdated, EmailsSent, PracticeReminded, ReminderBounced,
}

// Fact is something that happened on a day, as a person recorded it.
type Fact struct {
	Kind         string     `json:"fact"`
	Jurisdiction string     `json:"jurisdiction"`
	On           civil.Date `json:"on"`
	Reference    string     `json:"reference"`
	// Count is the number of individuals HHS, an agency or the practice was told, to
	// whom an e-mail or a PracticeMailed went; 0
	// when it was not recorded. Of several agencies each was told this number.
	Count int `json:"count,omitempty"`
	// Estimate: Count is a guess, and an addendum with the final number is owed.
	Estimate bool `json:"estimate,omitempty"`
	// Answer is yes or no to an AgencyDetermined or a TollFreeTested, MediaInstead to a
	// PostingStarted.
	Answer string `json:"answer,omitempty"`
	// Through is the last day that a DelayReason or PostingGap explains; zero means On alone.
	// Of a posting or number that was taken down and put up again it is the day
	// on which it had been taken down.
	Through civil.Date `json:"through,omitzero"`
	// Batch is the one batch of letters that a LettersMailed names; empty when it
	// names none.
	Batch string `json:"batch,omitempty"`
	// Outlet is the one newspaper, station or site that a MediaSent was sent to, "" for
	// all of the State's.
	Outlet string `json:"outlet,omitempty"`
	// URL is where a posting is, "" where nobody said or it is in the media.
	URL string `json:"url,omitempty"`
	// Sender is ByUs or ByPractice: who told HHS, the media or an agency (HasSender).
	// For the whole incident it is empty, and of each practice whoever's it was.
	Sender string `json:"sender,omitempty"`
}

// Reports says whether a report or addendum to HHS was one under the regime: one
// without a jurisdiction is HIPAA's (45 CFR 164.408, 42 CFR 2.16(b)).
func (f Fact) Reports(regime string) bool {
	return (f.Jurisdiction == Part2) == (regime == Part2)
}

// Facts are the recorded facts of one practice, incident-wide ones included:
// the latest record of each kind, jurisdiction and batch, and each earlier term of a
// posting or number that was put up again.
type Facts []Fact

// FactsOf is what records come to, in the order in which they were made. A
// later record of a kind, jurisdiction, batch and outlet corrects the earlier one; of calls to a
// number and of reasons, one of the same day. Only a
// posting or number that starts again after its recorded end corrects nothing:
// its earlier term stands beside it, with its end in Through. What a bounce
// says of a notice to a practice takes that notice away.
func FactsOf(records []Fact) Facts {
	records = withoutBounced(records)
	type name struct {
		kind, jurisdiction, batch, outlet string
		on                                civil.Date
	}
	of := func(f Fact) name {
		n := name{kind: f.Kind, jurisdiction: f.Jurisdiction, batch: f.Batch, outlet: f.Outlet}
		if f.Kind == PostingGap || f.Kind == TollFreeTested {
			n.on = f.On // one of another day says nothing of this one
		}
		return n
	}
	latest := map[name]int{}
	for i, f := range records {
		latest[of(f)] = i
	}
	var facts Facts
	for i, f := range records {
		if latest[of(f)] == i {
			facts = append(append(facts, earlierTerms(records[:i+1], f)...), f)
		}
	}
	return facts
}

// withoutBounced leaves out each record of a notice to the practice that, by a
// later record, did not arrive: the one whose reference it names where there is
// one, with or without a reason after a colon, else every one up to the day on
// which it came back.
func withoutBounced(records []Fact) []Fact {
	var left []Fact
	for _, f := range records {
		if f.Kind == NoticeBounced {
			same := func(g Fact) bool {
				named := f.Reference == g.Reference || strings.HasPrefix(f.Reference, g.Reference+": ")
				return g.Kind == PracticeNotified && g.Reference != "" && named
			}
			known := slices.ContainsFunc(left, same)
			left = slices.DeleteFunc(left, func(g Fact) bool {
				return same(g) || !known && g.Kind == PracticeNotified && !g.On.After(f.On)
			})
		}
		left = append(left, f)
	}
	return left
}

// earlierTerms are the terms of what begins with latest that ended before it.
func earlierTerms(records []Fact, latest Fact) []Fact {
	ends := map[string]string{PostingStarted: PostingEnded, TollFreeStarted: TollFreeEnded}[latest.Kind]
	if ends == "" {
		return nil
	}
	var terms []Fact
	var current Fact
	var ended civil.Date
	for _, f := range records {
		switch {
		case f.Jurisdiction != latest.Jurisdiction:
		case f.Kind == latest.Kind:
			if !ended.IsZero() && !f.On.Before(ended) {
				current.Through = ended
				terms, ended = append(terms, current), civil.Date{}
			}
			current = f
		case f.Kind == ends && current.Kind != "" && !f.On.Before(current.On):
			ended = f.On
		}
	}
	return terms
}

// Latest returns the record of the fact with the latest day, for the
// jurisdiction or for all of them.
func (fs Facts) Latest(kind, jurisdiction string) (latest Fact, ok bool) {
	for _, f := range fs {
		if f.Kind == kind && (f.Jurisdiction == jurisdiction || f.Jurisdiction == "") && (!ok || !f.On.Before(latest.On)) {
			latest, ok = f, true
		}
	}
	return latest, ok
}

// On returns the day the fact was recorded to have happened, for the
// jurisdiction or for all of them; zero when it was not recorded.
func (fs Facts) On(kind, jurisdiction string) civil.Date {
	var day civil.Date
	for _, f := range fs {
		if f.Kind == kind && (f.Jurisdiction == jurisdiction || f.Jurisdiction == "") {
			day = civil.Later(day, f.On)
		}
	}
	return day
}

// LettersOn returns the latest day on which letters to the people were mailed, by
// this program's batches or by the practice itself; zero when none was recorded.
func (fs Facts) LettersOn(jurisdiction string) civil.Date {
	return civil.Later(fs.On(LettersMailed, jurisdiction), fs.On(PracticeMailed, jurisdiction))
}
