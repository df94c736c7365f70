package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
	"duenotice/workflows"
)

// stricter is a later rulebook in which everything is due ten days earlier.
type stricter struct{ *rules.Book }

func (stricter) Version() string { return "2099.01" }
func (stricter) SHA256() string  { return "stricter" }

func (s stricter) Replay(inputs []byte) ([]byte, error) {
	b, err := s.Book.Replay(inputs)
	if err != nil {
		return nil, err
	}
	var d rules.Decision
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&d); err != nil {
		return nil, err
	}
	for i := range d.Obligations {
		if !d.Obligations[i].Due.IsZero() {
			d.Obligations[i].Due = d.Obligations[i].Due.AddDays(-10)
		}
	}
	return d.Canonical()
}

// replanAt re-plans the incident at noon of a day, through its workflow.
func replanAt(p *part, on civil.Date, terms casebook.ReplanTerms, reply *verdict) {
	start := p.in.From.Start(p.in.Zone).Add(opens)
	p.env.RegisterDelayedCallback(func() {
		p.env.UpdateWorkflow(workflows.UpdateAct, "replan", reply, casebook.Act{
			ID: "replan", IncidentID: p.in.Incident.ID, Kind: casebook.ActReplan, Who: "Ada Rivera", Replan: &terms,
		})
	}, on.Start(p.in.Zone).Add(12*time.Hour).Sub(start))
}

type verdict struct{ err error }

func (*verdict) Accept()                     {}
func (v *verdict) Reject(err error)          { v.err = err }
func (v *verdict) Complete(_ any, err error) { v.err = err }

// TestANewRulebookChangesARunningCaseOnlyWhenAPersonReplansIt: the worker has
// both; until the act the old days stand, and are watched, and afterwards the
// new ones.
func TestANewRulebookChangesARunningCaseOnlyWhenAPersonReplansIt(t *testing.T) {
	t.Parallel()
	now, next := rulebooks.Of(rules.Current()), rulebooks.Of(stricter{rules.Current()})
	whole := casebook.ReplanTerms{FromVersion: now.Version(), FromSHA256: now.SHA256(), ToVersion: next.Version(), ToSHA256: next.SHA256()}
	for name, c := range map[string]struct {
		terms   *casebook.ReplanTerms
		missed  string
		refused string
	}{
		"nobody re-plans":                {nil, "2026-05-16", ""},
		"a person re-plans":              {&whole, "2026-05-06", ""},
		"looked at another new rulebook": {&casebook.ReplanTerms{FromSHA256: now.SHA256(), ToSHA256: "other"}, "2026-05-16", "worker's newest"},
		"compared with another old one":  {&casebook.ReplanTerms{FromSHA256: "other", ToSHA256: next.SHA256()}, "2026-05-16", "by now"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := small()
			in.books, in.under = rulebooks.Library{now, next}, now
			tally := plan.NewTallier(in.Incident, in.Practices, in.From)
			require.NoError(t, in.Findings(t.Context(), func(_ int, p *breach.Person) error { return tally.Add(p) }))
			p, err := newPart(in, in.Practices, tally, nil)
			require.NoError(t, err)
			reply := &verdict{}
			p.before = func() {
				if c.terms != nil {
					replanAt(p, civil.MustParse("2026-04-20"), *c.terms, reply)
				}
			}
			require.NoError(t, p.run())
			if c.refused == "" {
				require.NoError(t, reply.err)
			} else {
				require.ErrorContains(t, reply.err, c.refused)
			}
			warned := map[string]string{}
			came := p.end()
			for key := range came.diary.entries {
				if key.rule == "hipaa.164.404.individual" && (key.event == EventMissed || key.event == EventWarning) {
					warned[key.stage+" of "+key.due.String()] = key.day.String()
				}
			}
			require.Equal(t, "2026-04-15", warned["30 days of 2026-05-15"], "the days already set are watched meanwhile")
			require.Equal(t, c.missed, warned["overdue of "+civil.MustParse(c.missed).AddDays(-1).String()], "%v", warned)
			want := now
			if c.terms == &whole {
				want = next
			}
			require.Equal(t, want.SHA256(), came.files["P1"].plan.RulebookSHA256)
		})
	}
}

func small() Input {
	on := civil.MustParse("2026-03-16")
	return Input{
		Incident: breach.Incident{
			ID: "EX-2026-03", Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
			Occurred: breach.Span{From: on, To: on}, Discovered: on, DataSecurity: breach.Unsecured,
		},
		Practices: []breach.Practice{{Key: "P1", LegalName: "Example Clinic", Email: "office@example.org", State: "TX", Agent: breach.Yes}},
		Findings: func(_ context.Context, f func(int, *breach.Person) error) error {
			for n := range 20 {
				if err := f(n+2, &breach.Person{Key: fmt.Sprintf("p%d", n), PracticeKey: "P1", State: "TX", DataClasses: []breach.DataClass{"name"}}); err != nil {
					return err
				}
			}
			return nil
		},
		From: on, Until: civil.MustParse("2026-06-01"), Zone: time.UTC,
	}
}
