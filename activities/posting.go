package activities

import (
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// postingOwed reports whether the practice owes a conspicuous notice, on its home page or
// in the media (45 CFR 164.404(d)(2)(ii)). Whoever carries that out needs its text.
func postingOwed(plan casebook.Plan) bool {
	for _, o := range plan.Obligations {
		if o.Kind == breach.SubstituteNotice && o.Form == breach.FormConspicuous {
			return true
		}
	}
	return false
}

func postingInput(incident breach.Incident, practice casebook.Practice) papers.PostingInput {
	return papers.PostingInput{Incident: incident, Practice: practice.Practice, Classes: classesOf(practice.Tally)}
}

// writePosting writes the notice for the practice's home page.
func (s *paperSet) writePosting(folder outfolder.Incident, practice string, in papers.PostingInput) {
	if s.err != nil {
		return
	}
	page, text, err := papers.Posting(in)
	if err != nil {
		s.err = err
		return
	}
	s.write(folder.PostingPage(practice), func() ([]byte, error) { return page, nil })
	s.write(folder.PostingText(practice), func() ([]byte, error) { return text, nil })
}

// postingURL is where a notice of the practice is up that is to be looked at: while it is
// kept for its 90 days and is on a page whose address is known; else "".
func postingURL(p casebook.Practice, plan casebook.Plan) string {
	for _, o := range openObligations(plan) {
		if o.Form == breach.FormKept {
			_, address, _ := p.Practice.PostingNow(p.Facts)
			return address
		}
	}
	return ""
}

// postingNeeds says what a person must do about a notice that is to be kept up: where a
// look missed it, and where a call to its number was not answered.
func postingNeeds(p casebook.Practice, open []casebook.PlannedObligation) []string {
	if !slices.ContainsFunc(open, func(o casebook.PlannedObligation) bool { return o.Form == breach.FormKept }) {
		return nil
	}
	var needs []string
	if _, address, up := p.Practice.PostingNow(p.Facts); up && p.Posting.Amiss() && p.Posting.URL == address {
		needs = append(needs, fmt.Sprintf("the notice is not on its page %s since %s: %s; put it back (practices/%s/posting.html), say where it is (record posting_started --url), or why the days count (record posting_gap)",
			address, p.Posting.Since, p.Posting.Problem, p.Practice.Key))
	}
	if call, is := rules.Unanswered(p.Facts); is {
		needs = append(needs, fmt.Sprintf("the toll-free number was not answered on %s: have it answered and call it again (record toll_free_tested)", call.On))
	}
	return needs
}
