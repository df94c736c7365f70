package rules_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
	"duenotice/internal/rules/states"
)

// stateSamples is how many incidents the corpus of State law has.
const stateSamples = 6000

// jurisdictions are those with a row, and two that HIPAA knows and no row does.
var jurisdictions = func() []string {
	codes := []string{"AS", "MP"}
	rows, err := states.Embedded()
	if err != nil {
		panic(err)
	}
	for _, r := range rows {
		codes = append(codes, r.Jurisdiction)
	}
	return codes
}()

// lines are counts one below, on and one above every threshold of a State.
var lines = []int{1, 1, 2, 49, 50, 51, 249, 250, 251, 499, 500, 501, 999, 1000, 1001, 5000, 5001, 10000, 10001}

// leaked are sets of data as systems lose them.
var leaked = [][]breach.DataClass{
	{"ssn"}, {"diagnosis"}, {"ssn", "diagnosis", "date_of_birth"}, {"health_insurance_id", "claims"}, {"medical_record_number"},
	{"drivers_license"}, {"tin"}, {"financial_account"}, {"payment_card"}, {"passport"}, {"biometric"}, {"state_id", "photo"},
	{"account_credentials"}, {"date_of_birth"}, {"provider_name"}, {"address", "phone"}, {"other"}, {"medication", "email"},
}

// scattered makes an incident whose people live in up to five jurisdictions,
// from a seed: counts at the States' lines, days and facts of every kind.
func scattered(seed uint64) rules.Subject {
	r := rand.New(rand.NewPCG(seed, 54))
	chance := func(n int) bool { return r.IntN(n) == 0 }
	discovered := day("2014-01-01").AddDays(r.IntN(5400))
	if chance(2) {
		discovered = day("2024-06-01").AddDays(r.IntN(900)) // where most versions begin
	}
	after := func(days int) civil.Date { return discovered.AddDays(r.IntN(days)) }
	s := stateCase(found(discovered.String()), func(s *rules.Subject) {
		s.Incident.Occurred = breach.Span{From: discovered.AddDays(-r.IntN(90)), To: discovered.AddDays(-r.IntN(3))}
		s.Practice.Insurer = []breach.YesNo{"", breach.No, breach.No, breach.Yes}[r.IntN(4)]
		s.Practice.Agent = []breach.YesNo{"", breach.Yes, breach.Yes, breach.No}[r.IntN(4)]
	})
	for range 1 + r.IntN(5) {
		s.Tally = with(s.Tally, jurisdictions[r.IntN(len(jurisdictions))], lines[r.IntN(len(lines))], leaked[r.IntN(len(leaked))]...)
	}
	if chance(5) {
		s.Tally = with(s.Tally, "", 1+r.IntN(600), leaked[r.IntN(len(leaked))]...)
	}
	if chance(2) {
		s.Incident.Determined = after(40)
	}
	if chance(3) {
		s.Incident.ScopeIdentified = civil.Later(s.Incident.Determined, after(60))
	}
	if chance(2) {
		s.Practice.NotifiedOn = after(30)
	}
	if chance(3) {
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.LettersMailed, On: after(80)})
	}
	if chance(4) {
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.LettersMailed, Jurisdiction: jurisdictions[r.IntN(len(jurisdictions))], On: after(80)})
	}
	if chance(2) {
		toldHHS(after(70).String())(&s)
	}
	if chance(6) {
		stated := after(30)
		hold("written", stated.String(), stated.AddDays(r.IntN(120)).String(), [][]string{nil, {"individual"}, {"media"}}[r.IntN(3)]...)(&s)
	}
	if chance(15) {
		noHarm(&s)
	}
	if chance(8) {
		code := jurisdictions[r.IntN(len(jurisdictions))]
		s.Practice.NYGeneralHospital = breach.YesNo([]string{"", "", "yes"}[r.IntN(3)])
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.RegulatorNotified, Jurisdiction: code, On: after(60), Count: lines[r.IntN(len(lines))]})
	}
	return s
}

// asked is what one rule asked for over the whole corpus.
type asked struct{ owed, undated, unverified, people, days int }

// TestCorpusOfStateLaw locks every State's law: what each rule asks for over
// many made incidents. A changed count is a changed law, or a changed reading
// of one; re-record it only on purpose. What is never owed is excused by HIPAA,
// or the duty of filers that a case folder does not tell.
func TestCorpusOfStateLaw(t *testing.T) {
	t.Parallel()
	counts := map[string]*asked{}
	for _, r := range rules.Current().Rules() {
		if _, _, isState := strings.Cut(r.ID, "state."); isState && isDuty(r.Kind) {
			counts[r.ID] = &asked{}
		}
	}
	for seed := range uint64(stateSamples) {
		s := scattered(seed)
		for _, o := range decide(s).Obligations {
			c := counts[o.Rule]
			if c == nil {
				continue // a federal one: TestCorpus has them
			}
			c.owed++
			c.people += o.Count
			if o.Confidence == breach.Unverified {
				c.unverified++
			}
			if o.Due.IsZero() {
				c.undated++
			} else {
				c.days += o.Due.DaysSince(s.Incident.Discovered)
			}
		}
	}

	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprintf(w, "%d incidents\towed\twithout a day\tunverified\tpeople\tdays after discovery\n", stateSamples)
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		c := counts[id]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", id, c.owed, c.undated, c.unverified, c.people, c.days)
	}
	require.NoError(t, w.Flush())
	path := filepath.Join("testdata", "states_corpus.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	recorded, got := strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")
	without := func(list, others []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(line string) bool { return slices.Contains(others, line) })
	}
	require.Equal(t, without(recorded, got), without(got, recorded), "re-record on purpose with go test ./internal/rules -update")
}

func isDuty(kind string) bool {
	return slices.Contains([]string{breach.StateIndividualNotice, breach.RegulatorNotice, breach.CRANotice, breach.CreditMonitoringDuty, breach.DataOwnerNotice}, kind)
}
