package breach_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

func TestWhatCanBeTheAddressOfAPosting(t *testing.T) {
	t.Parallel()
	for address, is := range map[string]bool{
		"https://oakstreet.example.org": true, "https://oakstreet.example.org/notice?x=1#top": true, "https://xn--bcher-kva.example.org:8443/": true,
		"": false, "oakstreet.example.org": false, "http://oakstreet.example.org": false, "https://": false, "https:oakstreet": false, "https://a:b@c.example.org": false,
		"https://2130706433": false, "https://0x7f.1": false, "https://a.example.org\\@b.example.org": false, "https://a.example.org<": false, "https://bücher.example.org": false,
		"https://127.0.0.1": false, "https://[::1]/": false, "https://a.example.org/a b": false, "javascript:alert(1)": false,
		"https://a.example.org/" + strings.Repeat("a", 500): false,
	} {
		require.Equal(t, is, breach.IsPostingURL(address), address)
	}
}

func TestWhereAPostingIsNow(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	p := breach.Practice{Website: "https://oakstreet.example.org"}
	up := breach.Fact{Kind: breach.PostingStarted, On: day("2026-04-01")}
	there := up
	there.URL = "https://oakstreet.example.org/notice"
	media := up
	media.Answer = breach.MediaInstead
	ended := breach.Fact{Kind: breach.PostingEnded, On: day("2026-04-09")}
	again := there
	again.On = day("2026-05-01")
	for name, c := range map[string]struct {
		facts   breach.Facts
		address string
		up      bool
	}{
		"nothing was recorded":  {nil, "", false},
		"the practice's site":   {breach.Facts{up}, "https://oakstreet.example.org", true},
		"an address of its own": {breach.Facts{there}, "https://oakstreet.example.org/notice", true},
		"in the paper":          {breach.Facts{media}, "", false},
		"taken down":            {breach.Facts{there, ended}, "", false},
		"and put up once more":  {breach.FactsOf([]breach.Fact{up, ended, again}), "https://oakstreet.example.org/notice", true},
	} {
		_, address, isUp := p.PostingNow(c.facts)
		require.Equal(t, c.address, address, name)
		require.Equal(t, c.up, isUp, name)
	}
	p.Website = "oakstreet.example.org"
	_, address, isUp := p.PostingNow(breach.Facts{up})
	require.True(t, isUp)
	require.Empty(t, address, "nobody goes to what is no address")
}

func TestDaysBehindEachOtherAreOneFact(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	require.Equal(t, breach.Facts{
		{Kind: breach.PostingMissed, On: day("2026-04-29"), Through: day("2026-05-01")}, {Kind: breach.PostingMissed, On: day("2026-05-03"), Through: day("2026-05-03")},
	}, breach.Missed([]civil.Date{day("2026-04-29"), day("2026-04-30"), day("2026-05-01"), day("2026-05-03")}))
	require.Empty(t, breach.Missed(nil))
}
