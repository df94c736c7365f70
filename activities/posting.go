package activities

import (
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
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
