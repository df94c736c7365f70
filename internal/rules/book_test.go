package rules_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

var update = flag.Bool("update", false, "write generated documents and re-record the corpus")

func TestEveryRuleSaysWhatItIs(t *testing.T) {
	t.Parallel()
	list := rules.Current().Rules()
	require.Greater(t, len(list), 20, "the check must look at something")
	citation := regexp.MustCompile(`(45|42|16) CFR \d+\.\d+|17 CFR 249|business associate agreement|Health & Safety Code \d+|WAC \d+`)
	ids := map[string]bool{}
	for _, r := range list {
		version := r.ID + r.EffectiveFrom.String()
		require.False(t, ids[version], "%s twice", version)
		ids[version] = true
		for _, field := range []string{r.ID, r.Regime, r.Kind, r.Title, r.Text, r.Authority, r.Citation} {
			require.NotEmpty(t, strings.TrimSpace(field), r.ID)
		}
		if r.Regime == "state" {
			require.Equal(t, "state."+strings.ToLower(r.Jurisdiction), r.ID[:len("state.xx")])
		} else {
			require.Regexp(t, citation, r.Citation, r.ID)
		}
		require.True(t, r.Jurisdiction == "US" || breach.IsState(r.Jurisdiction), r.ID)
		require.Contains(t, []string{breach.Verified, breach.Unverified}, r.Confidence, r.ID)
		require.False(t, r.EffectiveFrom.IsZero(), r.ID)
		require.True(t, r.EffectiveTo.IsZero() || r.EffectiveTo.After(r.EffectiveFrom), r.ID)
		require.False(t, r.AsOf.IsZero(), r.ID)
		require.NotContains(t, r.Text, "TODO", r.ID)
	}
}

func TestWindowIsHalfOpen(t *testing.T) {
	t.Parallel()
	r := rules.Rule{EffectiveFrom: day("2024-01-01"), EffectiveTo: day("2026-01-01")}
	for on, in := range map[string]bool{"2023-12-31": false, "2024-01-01": true, "2025-12-31": true, "2026-01-01": false} {
		require.Equal(t, in, r.InForce(day(on)), on)
	}
	r.EffectiveTo = day("")
	require.True(t, r.InForce(day("2099-01-01")), "no end is known")
}

func TestObligationsDocumentIsCurrent(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "obligations.md")
	want := rules.Current().Markdown()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "docs/obligations.md is not what the rulebook says: run go generate ./internal/rules (or go run ./starter rules --markdown)")
}

// TestCorpus locks the whole rulebook: what each rule asks for over many made
// subjects. A changed count is a changed law; re-record it only on purpose.
func TestCorpus(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for seed := range uint64(samples) {
		s := random(seed)
		d := decide(s)
		reason, _, _ := strings.Cut(d.Reason, ":")
		counts["reason "+reason]++
		for _, w := range d.Warnings {
			counts["warning "+w.Code]++
		}
		for _, o := range d.Obligations {
			counts["owed "+o.Rule]++
			if o.Due.IsZero() {
				counts["without date "+o.Rule]++
			} else {
				counts["sum of days "+o.Rule] += o.Due.DaysSince(s.Incident.Discovered)
			}
		}
	}
	path := filepath.Join("testdata", "corpus.json")
	if *update {
		write(t, path, counts)
	}
	var recorded map[string]int
	read(t, path, &recorded)
	require.Equal(t, recorded, counts, "re-record on purpose with go test ./internal/rules -update")
	for _, r := range rules.Current().Rules() {
		if _, isObligation := kinds[r.Kind]; isObligation && r.Regime != "sec" {
			require.Positive(t, counts["owed "+r.ID], "the corpus never reaches %s", r.ID)
		}
	}
}

var kinds = map[string]struct{}{
	breach.CoveredEntityNotice: {}, breach.IndividualNotice: {}, breach.SubstituteNotice: {}, breach.MediaNotice: {}, breach.HHSNotice: {},
	breach.FacilityNotice: {},
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) && *update {
		return
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, into))
}

func write(t *testing.T, path string, v any) {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(b, '\n'), 0o644))
}
