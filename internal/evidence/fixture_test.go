package evidence_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

var (
	discovered = civil.MustParse("2026-03-16")
	asOf       = civil.MustParse("2026-06-01")
)

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// files are what lies in the output folder.
var files = map[string][]byte{
	"practices/P1/notice.pdf": []byte("a notice"),
	"practices/P1/people.csv": []byte("patients"),
}

var receipt = []byte("a postage statement")

// world is an incident with two practices, as a database would hand it out.
type world struct {
	chains   map[string][]ledger.Entry
	anchored []evidence.Anchored
	duties   []casebook.ObligationStatus
	people   account.Account
	n        int
}

func (w *world) add(t testing.TB, practice string, b ledger.Body, result any) ledger.Entry {
	t.Helper()
	text, err := b.Encode(result)
	require.NoError(t, err)
	chain := w.chains[practice]
	w.n++
	e := ledger.Entry{
		Incident: "EX-1", Practice: practice, Seq: len(chain) + 1, Body: text,
		At: time.Date(2026, 4, 12, 12, w.n, 0, 0, time.UTC).Format(ledger.TimeFormat),
	}
	if len(chain) > 0 {
		e.Prev = chain[len(chain)-1].Hash
	}
	e.Hash = e.Sum()
	w.chains[practice] = append(chain, e)
	return e
}

// anchor takes in where the practices' chains stand.
func (w *world) anchor(t testing.TB) {
	t.Helper()
	was := map[string]int{}
	for _, a := range w.anchored {
		was[a.Practice] = a.Seq
	}
	var heads []ledger.Head
	for _, key := range []string{"P1", "P2"} {
		last := w.chains[key][len(w.chains[key])-1]
		heads = append(heads, ledger.Head{Practice: key, Seq: last.Seq, Hash: last.Hash})
	}
	tree, err := ledger.NewTree(heads)
	require.NoError(t, err)
	anchor, err := tree.Anchor()
	require.NoError(t, err)
	e := w.add(t, "", ledger.Body{Kind: ledger.KindAnchor, Who: "duenotice"}, anchor)
	for _, h := range heads {
		if was[h.Practice] != h.Seq {
			w.anchored = append(w.anchored, evidence.Anchored{Anchor: e.Seq, Practice: h.Practice, Seq: h.Seq, Hash: h.Hash})
		}
	}
}

type fixture struct {
	*world
	key *evidence.Key
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	key, err := evidence.EnsureKey(filepath.Join(t.TempDir(), "key.pem"))
	require.NoError(t, err)
	w := &world{chains: map[string][]ledger.Entry{}}
	duty := breach.Obligation{
		Rule: "hipaa.164.404.individual", Kind: breach.IndividualNotice, Jurisdiction: "US", Recipient: "affected individuals", Count: 600,
		Due: discovered.AddDays(60), Citation: "45 CFR 164.404(b)", Why: "600 people; discovered 2026-03-16", Confidence: breach.Verified,
	}
	late := civil.MustParse("2026-05-20")
	w.add(t, "", ledger.Body{Kind: ledger.KindLoaded, Who: "Robin Officer", Inputs: map[string]string{"case": "c", "list": "l"}}, ledger.Loaded{List: 1, Rows: 2, Practices: 2})
	w.add(t, "", ledger.Body{Kind: ledger.KindKey, Who: "duenotice"}, ledger.Key{Public: key.Public()})
	for _, p := range []string{"P1", "P2"} {
		w.add(t, p, ledger.Body{Kind: ledger.KindDecision, Who: "duenotice", Rulebook: &ledger.Rulebook{Version: "2026.11", SHA256: "r"}}, ledger.Decision{
			Notifiable: true, Reason: "presumed breach", Discovered: discovered, Changes: []ledger.Change{{ID: duty.ID(), What: "added", Obligation: &duty}},
		})
		w.add(t, p, ledger.Body{Kind: ledger.KindPapers, Who: "duenotice"}, ledger.Papers{PapersSHA256: "p", Files: []ledger.File{
			{Path: "practices/P1/notice.pdf", SHA256: sum(files["practices/P1/notice.pdf"])},
			{Path: "practices/P1/people.csv", SHA256: sum(files["practices/P1/people.csv"])},
		}})
	}
	w.n += 24 * 60
	w.anchor(t)
	w.n += 24 * 60
	w.add(t, "P1", ledger.Body{Kind: ledger.KindIntent, Who: "duenotice", Ref: "m"}, ledger.Step{What: ledger.StepEmail, State: "sending"})
	w.add(t, "P1", ledger.Body{Kind: ledger.KindResult, Who: "duenotice", Ref: "m"}, ledger.Step{What: ledger.StepEmail, State: "sent"})
	act := func(fact map[string]any, proof string) map[string]any {
		return map[string]any{"act": "record", "terms": map[string]any{"Record": map[string]any{"Fact": fact, "ProofSHA256": proof}}}
	}
	w.add(t, "P1", ledger.Body{Kind: ledger.KindAct, Who: "Sam Second", Ref: "a-1", Inputs: map[string]string{"proof": sum(receipt)}},
		act(map[string]any{"fact": "letters_mailed", "on": late, "reference": "PS 3600"}, sum(receipt)))
	w.add(t, "P1", ledger.Body{Kind: ledger.KindAct, Who: "Sam Second", Ref: "a-2"},
		act(map[string]any{"fact": "delay_reason", "on": "2026-05-10", "through": "2026-05-20", "reference": "the printer was closed"}, ""))
	w.add(t, "P1", ledger.Body{Kind: ledger.KindDecision, Who: "duenotice", Rulebook: &ledger.Rulebook{Version: "2026.11", SHA256: "r"}}, ledger.Decision{
		Notifiable: true, Reason: "presumed breach", Discovered: discovered,
		Changes: []ledger.Change{{ID: duty.ID(), What: "settled", SettledOn: late, Obligation: &duty}},
	})
	w.anchor(t)
	w.duties = []casebook.ObligationStatus{{Obligation: duty, SettledOn: late, DaysLate: 5}}
	w.people = account.Account{{State: account.Mailed, Letter: account.Own, Residence: "TX", People: 600, MailedOn: late}}
	return fixture{w, key}
}

func (f fixture) source(practice string) evidence.Source {
	src := evidence.Source{
		Incident: casebook.Incident{Incident: breach.Incident{
			ID: "EX-1", Discovered: discovered, Occurred: breach.Span{From: discovered, To: discovered}, Entity: breach.Entity{Name: "Example Health Cloud, Inc."},
		}},
		Anchored: f.anchored,
		Entries: func(each func(ledger.Entry) error) error {
			for _, key := range []string{"", "P1", "P2"} {
				if key != "" && practice != "" && key != practice {
					continue
				}
				for _, e := range f.chains[key] {
					if err := each(e); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
	src.Account = casebook.IncidentAccount{Findings: 600, Lines: f.people.Plus(), AddsUp: f.people.AddsUpTo(600)}
	if practice != "" {
		src.Practice = &casebook.Practice{Practice: breach.Practice{Key: practice, LegalName: "Practice One, Inc."}, Tally: breach.Tally{People: 600}, Account: f.people}
		src.Duties = f.duties
	}
	return src
}

func (f fixture) input() evidence.Input {
	return evidence.Input{
		AsOf: asOf, Key: f.key,
		Paper: func(path string) ([]byte, error) {
			if b, ok := files[path]; ok {
				return b, nil
			}
			return nil, fs.ErrNotExist
		},
		Proof: func(s string) (string, []byte, error) {
			if s == sum(receipt) {
				return s + ".pdf", receipt, nil
			}
			return "", nil, fs.ErrNotExist
		},
	}
}

func (f fixture) pack(t testing.TB, practice string) []byte {
	t.Helper()
	pack, err := evidence.Build(f.source(practice), f.input())
	require.NoError(t, err)
	return pack
}

// now is when the fixture's packs are verified: on the day that they are of.
var now = time.Date(2026, 6, 1, 15, 0, 0, 0, time.UTC)

func (f fixture) trust() evidence.Trust { return evidence.Trust{PublicKey: f.key.Public(), Now: now} }

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}
