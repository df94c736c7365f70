package breach

import (
	"regexp"

	"duenotice/internal/civil"
)

// maxPostingURL is longer than the address of any home page.
const maxPostingURL = 500

// IsPostingURL reports whether an address can be that of a page with a notice for
// everybody: https, a host with a name, and nobody's password in it. Whether a worker
// goes there is decided where it does (internal/pagelook).
func IsPostingURL(address string) bool {
	return len(address) <= maxPostingURL && postingURL.MatchString(address)
}

// postingURL is a host whose last part is no number, as that of an address of the
// network is, then a port and a path, in the characters that such an address is written in.
var postingURL = regexp.MustCompile(`^https://(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9-]*[A-Za-z-][A-Za-z0-9-]*\.?(?::[0-9]{1,5})?(?:[/?#][!-;=?-\[\]_a-z~]*)?$`)

// PostingNow is the posting that is up as the facts say, and its address: the one that
// was recorded, else the practice's web site where that is the address of a page. ok is
// false where none is up, and where the notice is in the media.
func (p Practice) PostingNow(facts Facts) (posting Fact, address string, ok bool) {
	posting, ok = facts.Latest(PostingStarted, "")
	if end := facts.On(PostingEnded, ""); !ok || posting.Answer == MediaInstead || !end.IsZero() && !end.Before(posting.On) {
		return Fact{}, "", false
	}
	if address = posting.URL; address == "" && IsPostingURL(p.Website) {
		address = p.Website
	}
	return posting, address, true
}

// Missed are facts of the days on which looks did not find a posting, which are in order:
// one for each run of days.
func Missed(days []civil.Date) Facts {
	var facts Facts
	for _, day := range days {
		if n := len(facts) - 1; n >= 0 && facts[n].Through.AddDays(1) == day {
			facts[n].Through = day
			continue
		}
		facts = append(facts, Fact{Kind: PostingMissed, On: day, Through: day})
	}
	return facts
}

// Covers reports whether a fact of several days is of a day.
func (f Fact) Covers(day civil.Date) bool {
	return !day.Before(f.On) && !day.After(civil.Later(f.On, f.Through))
}
