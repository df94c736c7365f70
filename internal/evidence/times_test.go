package evidence_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

// TestNothingOfAPackIsAfterNow: whoever makes a pack up may date it as they like, and
// nobody's key tells. A time that has not come is a fault with a key and without.
func TestNothingOfAPackIsAfterNow(t *testing.T) {
	t.Parallel()
	tomorrow := civil.OfTime(now).AddDays(2) // the day after today has begun somewhere
	act := func(kind string, terms map[string]any) (ledger.Body, any) {
		return ledger.Body{Kind: ledger.KindAct, Who: "Sam Second", Ref: "a-9"}, map[string]any{"act": kind, "terms": terms}
	}
	for name, add := range map[string]func() (ledger.Body, any){
		"done at": func() (ledger.Body, any) {
			return ledger.Body{Kind: ledger.KindOverdue, Who: "duenotice", When: now.Add(evidence.ClockSkew + time.Second)}, ledger.Overdue{}
		},
		"a fact": func() (ledger.Body, any) {
			return act("record", map[string]any{"Record": map[string]any{"Fact": map[string]any{"fact": "letters_mailed", "on": tomorrow}}})
		},
		"a delay's end": func() (ledger.Body, any) {
			return act("record", map[string]any{"Record": map[string]any{"Fact": map[string]any{"fact": "delay_reason", "on": "2026-05-10", "through": tomorrow}}})
		},
		"a hold": func() (ledger.Body, any) {
			return act("hold", map[string]any{"Hold": breach.Hold{Kind: breach.OralHold, StatedOn: tomorrow}})
		},
		"a release": func() (ledger.Body, any) {
			return act("release", map[string]any{"Release": map[string]any{"On": tomorrow.String()}})
		},
		"a settled duty": func() (ledger.Body, any) {
			return ledger.Body{Kind: ledger.KindDecision, Who: "duenotice"}, ledger.Decision{Discovered: discovered, Changes: []ledger.Change{{ID: "x", What: "settled", SettledOn: tomorrow}}}
		},
		"a discovery": func() (ledger.Body, any) {
			return ledger.Body{Kind: ledger.KindDecision, Who: "duenotice"}, ledger.Decision{Discovered: tomorrow}
		},
		"an end": func() (ledger.Body, any) {
			return ledger.Body{Kind: ledger.KindClosed, Who: "duenotice"}, ledger.Closed{On: tomorrow}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			body, result := add()
			e := f.add(t, "P1", body, result)
			f.anchor(t)
			pack := f.pack(t, "")
			for _, key := range []string{f.key.Public(), ""} {
				broken := brokenAt(t, pack, evidence.Trust{PublicKey: key, Now: now})
				require.Contains(t, broken.What, "which is after now (2026-06-01T15:00:00Z")
				require.Equal(t, (&ledger.Broken{Practice: "P1", Seq: e.Seq}).Link(), broken.Link)
				_, err := evidence.VerifyBytes(pack, evidence.Trust{PublicKey: key, Now: tomorrow.End(time.UTC)})
				require.NoError(t, err, "when it has come it is none")
			}
		})
	}
}

// TestAClockMayBeALittleBehind: by five minutes and no more, so that a machine whose
// clock is set by hand verifies what was packed just now.
func TestAClockMayBeALittleBehind(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.n = int(now.Sub(time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)).Minutes()) - 2
	f.add(t, "P1", ledger.Body{Kind: ledger.KindOverdue, Who: "duenotice"}, ledger.Overdue{})
	f.anchor(t) // written at the very minute that now is
	pack := f.pack(t, "")
	trust := f.trust()
	trust.Now = now.Add(-evidence.ClockSkew)
	_, err := evidence.VerifyBytes(pack, trust)
	require.NoError(t, err)
	trust.Now = trust.Now.Add(-time.Second)
	require.Equal(t, "the incident's ledger, entry 5", brokenAt(t, pack, trust).Link)
	refused(t, pack, evidence.Trust{PublicKey: f.key.Public()}) // a reader without a clock believes nothing
}

// TestAPackIsOfADayThatHasBegun: lateness counts to a day, and none to come shows any.
func TestAPackIsOfADayThatHasBegun(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	input := f.input()
	for days, holds := range map[int]bool{0: true, 1: true, 2: false, 365: false} {
		input.AsOf = civil.OfTime(now).AddDays(days) // it is June 2 already at UTC+14
		pack, err := evidence.Build(f.source(""), input)
		require.NoError(t, err)
		_, err = evidence.VerifyBytes(pack, f.trust())
		if holds {
			require.NoError(t, err)
		} else {
			require.Contains(t, brokenAt(t, pack, f.trust()).What, "which is after now")
		}
	}
}

// TestATimeStampIsFromBefore: an authority's clock does not run ahead either.
func TestATimeStampIsFromBefore(t *testing.T) {
	t.Parallel()
	f, a := newFixture(t), newAuthority(t)
	pack := stamp(t, f, a)
	trust := a.trust(f)
	trust.Now = stamped.Add(-evidence.ClockSkew)
	_, err := evidence.VerifyBytes(pack, trust)
	require.NoError(t, err)
	trust.Now = trust.Now.Add(-time.Second)
	require.Equal(t, "timestamp.tsr", brokenAt(t, pack, trust).Link)
}
