package evidence

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
)

// act is an act's entry as the store writes it.
type act struct {
	Kind  string         `json:"act"`
	Terms casebook.Terms `json:"terms"`
}

// words says what was done, for a person.
func (a act) words() (what, detail string) {
	t := a.Terms
	switch {
	case t.Assess != nil:
		what = "Assessed the risk: " + plain(t.Assess.Conclusion)
		f := t.Assess.Factors
		for _, answer := range [][2]string{
			{"nature of the information", f.NatureOfPHI}, {"who got it", f.UnauthorizedPerson},
			{"acquired or viewed", f.AcquiredOrViewed}, {"mitigation", f.Mitigation},
		} {
			if answer[1] != "" {
				detail += fmt.Sprintf("%s: %s. ", answer[0], answer[1])
			}
		}
	case t.Approve != nil:
		what = "Approved the papers"
		detail = "papers " + short(t.Approve.SHA256)
	case t.Delegate != nil:
		what = "Recorded who writes for the practice: " + t.Delegate.Delegation
	case t.Contact != nil:
		what = "Corrected whom the practice is reached by"
		detail = strings.Join(slices.DeleteFunc([]string{t.Contact.PrivacyOfficer, t.Contact.Email, t.Contact.Phone}, func(s string) bool { return s == "" }), ", ")
	case t.Dispute != nil && t.Dispute.Keep:
		what = fmt.Sprintf("Looked into a dispute, and kept people on the list: %d", len(t.Dispute.PersonKeys))
		detail = t.Dispute.Reason
	case t.Dispute != nil:
		what = fmt.Sprintf("Said that people on the list are not its patients: %d", len(t.Dispute.PersonKeys))
	case t.Hold != nil:
		what = fmt.Sprintf("Recorded a law-enforcement hold (%s, stated %s)", t.Hold.Kind, t.Hold.StatedOn)
		detail = fmt.Sprintf("%s, %s: %s", t.Hold.Official, t.Hold.Agency, t.Hold.Statement)
		if t.Hold.PublicAuthority != breach.Unknown {
			detail += fmt.Sprintf(" A public authority: %s.", t.Hold.PublicAuthority)
		}
		if !t.Hold.Until.IsZero() {
			detail += fmt.Sprintf(" Until %s.", t.Hold.Until)
		}
	case t.Release != nil:
		what = "Released the law-enforcement holds on " + t.Release.On
	case t.Record != nil:
		what, detail = recordWords(*t.Record)
	case t.Replan != nil:
		what = fmt.Sprintf("Put the incident under rulebook %s instead of %s", t.Replan.ToVersion, t.Replan.FromVersion)
		detail = fmt.Sprintf("over all practices %d duties added, %d dropped, %d moved, %d otherwise changed; difference %s",
			t.Replan.Added, t.Replan.Dropped, t.Replan.Moved, t.Replan.Changed, short(t.Replan.DifferenceSHA256))
	case t.Adopt != nil:
		what = fmt.Sprintf("Took over batches of letters that were printed after the backup which this database was restored from: %d", len(t.Adopt.Batches))
		var names []string
		for _, b := range t.Adopt.Batches {
			names = append(names, b.Name+" "+short(b.SHA256))
		}
		detail = strings.Join(names, "; ")
	case t.Resume != nil:
		what = "Let printing go on that had paused at the halt line"
		detail = fmt.Sprintf("%s; seen: %d letters printed, %d come back, %d misread, %d people disputed", t.Resume.Reason,
			t.Resume.Seen.Printed, t.Resume.Seen.Returned, t.Resume.Seen.FailedChecks, t.Resume.Seen.Disputed)
	case t.Recall != nil:
		what, detail = recallWords(*t.Recall)
	case t.Reprint != nil:
		what = fmt.Sprintf("Let letters be printed that printing had held back, over all practices: %d", t.Reprint.Letters)
		detail = fmt.Sprintf("%s; list %d", t.Reprint.Reason, t.Reprint.List)
	case t.Returns != nil && t.Returns.Emails:
		what = fmt.Sprintf("Recorded agreed e-mails that bounced, over all practices: %d", t.Returns.Letters)
		detail = fmt.Sprintf("list %d, %s", t.Returns.List, short(t.Returns.SHA256))
	case t.Returns != nil:
		what = fmt.Sprintf("Recorded letters that came back, over all practices: %d", t.Returns.Letters)
		detail = fmt.Sprintf("list %d, %s", t.Returns.List, short(t.Returns.SHA256))
	case t.LegalHold != nil || t.HandOver != nil || t.Shred != nil:
		return a.keptWords()
	case t.Amend != nil && t.Amend.Of == casebook.AmendPractices:
		what = fmt.Sprintf("Corrected what the case says of practices: %d", t.Amend.Practices)
		detail = fmt.Sprintf("%s; list %d, %s", strings.Join(t.Amend.Fields, ", "), t.Amend.List, short(t.Amend.SHA256))
	case t.Amend != nil:
		what = "Corrected what the case says of the incident"
		detail = fmt.Sprintf("%s; list %d, %s", strings.Join(t.Amend.Fields, ", "), t.Amend.List, short(t.Amend.SHA256))
	case a.Kind == casebook.ActAmend:
		what = "Added a further list of findings"
	default:
		what = "Did: " + plain(a.Kind)
	}
	return what, strings.TrimSpace(detail)
}

// recallWords are words for letters that were taken back, and for the answer whether they
// were a disclosure.
func recallWords(r casebook.RecallTerms) (what, detail string) {
	switch {
	case r.MailedOn != "":
		return fmt.Sprintf("Recorded that letters of recall %d were mailed after all, on %s, over all practices: %d", r.Number, r.MailedOn, r.Mailed), r.Reason
	case r.Disclosure == casebook.DisclosureYes:
		return fmt.Sprintf("Answered that letters of recall %d were themselves a disclosure", r.Number), r.Reason
	case r.Disclosure == casebook.DisclosureNo:
		return fmt.Sprintf("Answered that letters of recall %d were no disclosure", r.Number), r.Reason
	}
	what = fmt.Sprintf("Took letters back because %s (recall %d), over all practices: %d before they were mailed, %d that were mailed",
		breach.RecallWords(r.Why), r.Number, r.Withdrawn, r.Mailed)
	detail = strings.Join(append(slices.Clone(r.Batches), r.Pieces...), ", ") + ": " + r.Reason
	if r.Told {
		detail += "; they had told their readers of the breach all the same"
	}
	if r.Sentence != "" {
		detail += "; the corrected letters say: " + r.Sentence
	}
	return what, detail
}

// keptWords are words for what is kept, handed over and destroyed.
func (a act) keptWords() (what, detail string) {
	t := a.Terms
	switch {
	case t.HandOver != nil:
		what = "Handed over the list of people to " + t.HandOver.To
		if t.HandOver.Batch != "" {
			what = fmt.Sprintf("Handed over the letters %s to %s", t.HandOver.Batch, t.HandOver.To)
		}
		var files []string
		for _, f := range t.HandOver.Files {
			files = append(files, f.Path+" "+short(f.Plain))
		}
		return what, strings.Join(files, "; ")
	case t.Shred != nil:
		return "Destroyed the key to the people", fmt.Sprintf("closed on %s, kept until %s, %d findings", t.Shred.ClosedOn, t.Shred.RetainedUntil, t.Shred.Findings)
	case a.Kind == casebook.ActLegalRelease:
		return "Ended the legal hold: " + t.LegalHold.Matter, ""
	}
	return "Put the incident under legal hold: " + t.LegalHold.Matter, ""
}

func recordWords(r casebook.RecordTerms) (what, detail string) {
	f := r.Fact
	what = fmt.Sprintf("Recorded: %s on %s", plain(f.Kind), f.On)
	switch {
	case f.Kind == breach.DelayReason:
		what = fmt.Sprintf("Recorded why it was delayed on %s", f.On)
		if !f.Through.IsZero() && f.Through != f.On {
			what = fmt.Sprintf("Recorded why it was delayed from %s through %s", f.On, f.Through)
		}
	case f.Kind == breach.AgencyDetermined:
		what = fmt.Sprintf("Recorded whether we are the practice's agent: %s, on %s", f.Answer, f.On)
	case f.Kind == breach.ClockOverride:
		what = fmt.Sprintf("Recorded that the practice's days count from %s", f.On)
	case f.Kind == breach.PostingGap:
		what = fmt.Sprintf("Recorded why days count on which looks missed the posting, from %s through %s", f.On, civil.Later(f.On, f.Through))
	case f.Answer != "":
		what += " (" + plain(f.Answer) + ")"
	}
	if f.Jurisdiction != "" {
		what += " for " + f.Jurisdiction
	}
	if f.Outlet != "" {
		what += ": " + f.Outlet
	}
	if f.URL != "" {
		what += " at " + f.URL
	}
	if f.Count > 0 {
		what += fmt.Sprintf(", %d people", f.Count)
		if f.Estimate {
			what += " as an estimate"
		}
	}
	if len(r.Batches) > 0 {
		what += ": " + strings.Join(r.Batches, ", ")
	}
	return what, proofOf(r)
}

// proofOf is what a record rests on: its reference, and the file's sum.
func proofOf(r casebook.RecordTerms) string {
	var parts []string
	if r.Fact.Reference != "" {
		parts = append(parts, r.Fact.Reference)
	}
	if r.ProofSHA256 != "" {
		parts = append(parts, "proof "+short(r.ProofSHA256))
	}
	return strings.Join(parts, "; ")
}

func plain(word string) string { return strings.ReplaceAll(word, "_", " ") }

// short is enough of a sum to find it in the pack.
func short(sum string) string {
	if len(sum) > 16 {
		return sum[:16] + "…"
	}
	return sum
}

func actOf(b ledger.Body) (act, error) { return ledger.ResultOf[act](b) }
