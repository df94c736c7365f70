package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

// refused checks that the pack does not verify.
func refused(t testing.TB, pack []byte, trust evidence.Trust) {
	t.Helper()
	_ = brokenAt(t, pack, trust)
}

// brokenAt checks that the pack does not verify, and returns what is named.
func brokenAt(t testing.TB, pack []byte, trust evidence.Trust) *evidence.Broken {
	t.Helper()
	_, err := evidence.VerifyBytes(pack, trust)
	var broken *evidence.Broken
	require.ErrorAs(t, err, &broken)
	require.NotEmpty(t, broken.Link)
	require.NotEmpty(t, broken.What)
	return broken
}

// TestEveryByteCounts changes every byte of a pack in turn, or of its larger
// files a good part, and one bit, all bits, or to zero.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, practice := range []string{"P1", ""} {
		pack := f.pack(t, practice)
		_, err := evidence.VerifyBytes(pack, f.trust())
		require.NoError(t, err)
		for at := 0; at < len(pack); at++ {
			// Headers, manifest, signature and the directory at the end byte by byte.
			if at > 6000 && at < len(pack)-3000 && at%41 != 0 {
				continue
			}
			for _, change := range []byte{1, 0x80, 0xff, pack[at]} {
				if change == 0 {
					continue
				}
				pack[at] ^= change
				broken := brokenAt(t, pack, f.trust())
				pack[at] ^= change
				require.NotContains(t, broken.What, "panic", "byte %d", at)
			}
		}
	}
}

func TestAPackCutOrLengthenedIsNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pack := f.pack(t, "P1")
	for _, n := range []int{0, 1, 22, len(pack) / 2, len(pack) - 1} {
		refused(t, pack[:n], f.trust())
	}
	refused(t, append(slices.Clone(pack), 0), f.trust())
	refused(t, append([]byte{0}, pack...), f.trust())
}

// contents are a pack's files in order.
type contents struct {
	names []string
	bytes map[string][]byte
}

func unpack(t testing.TB, pack []byte) contents {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	require.NoError(t, err)
	c := contents{bytes: map[string][]byte{}}
	for _, f := range r.File {
		file, err := f.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(file)
		require.NoError(t, err)
		c.names = append(c.names, f.Name)
		c.bytes[f.Name] = b
	}
	return c
}

// pack writes the files as a pack is written, as a forger who knows the form would.
func (c contents) pack(t testing.TB) []byte {
	t.Helper()
	b, err := evidence.WriteZIP(c.names, c.bytes)
	require.NoError(t, err)
	return b
}

// resigned lists and signs the files anew, as somebody who has the key would.
func (c contents) resigned(t testing.TB, key *evidence.Key) []byte {
	t.Helper()
	b, err := evidence.Resign(c.bytes, key)
	require.NoError(t, err)
	return b
}

func lines(b []byte) []string {
	return strings.SplitAfter(strings.TrimSuffix(string(b), "\n")+"\n", "\n")[:bytes.Count(b, []byte("\n"))]
}

// TestAForgerWithoutTheKeyIsCaught changes whole files and writes the ZIP file anew.
func TestAForgerWithoutTheKeyIsCaught(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name := range unpack(t, f.pack(t, "P1")).bytes {
		t.Run("changed "+name, func(t *testing.T) {
			t.Parallel()
			c := unpack(t, f.pack(t, "P1"))
			c.bytes[name] = append(c.bytes[name], ' ')
			broken := brokenAt(t, c.pack(t), f.trust())
			if name != "manifest.json" {
				require.Equal(t, name, broken.Link)
			}
		})
		t.Run("removed "+name, func(t *testing.T) {
			t.Parallel()
			c := unpack(t, f.pack(t, "P1"))
			c.names = slices.DeleteFunc(c.names, func(n string) bool { return n == name })
			require.Equal(t, name, brokenAt(t, c.pack(t), f.trust()).Link)
		})
	}
	c := unpack(t, f.pack(t, "P1"))
	c.names, c.bytes["extra.txt"] = append(c.names, "extra.txt"), []byte("x")
	require.Equal(t, "extra.txt", brokenAt(t, c.pack(t), f.trust()).Link)

	c = unpack(t, f.pack(t, "P1"))
	c.bytes["papers/notice.pdf"], c.bytes["proofs/"+sum(receipt)+".pdf"] = c.bytes["proofs/"+sum(receipt)+".pdf"], c.bytes["papers/notice.pdf"]
	refused(t, c.pack(t), f.trust())
}

// TestAForgerWithTheKeyIsCaught: whoever can sign can still not change what the
// ledger says, unless they write it anew from there on.
func TestAForgerWithTheKeyIsCaught(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const incident, practices = "ledger/incident.jsonl", "ledger/practices.jsonl"
	edit := func(file string, change func([]string) []string) func(contents) {
		return func(c contents) { c.bytes[file] = []byte(strings.Join(change(lines(c.bytes[file])), "")) }
	}
	for name, tc := range map[string]struct {
		tamper func(contents)
		link   string
	}{
		"a row removed":             {edit(practices, func(l []string) []string { return slices.Delete(l, 1, 2) }), "practice P1, entry 2"},
		"the last row removed":      {edit(practices, func(l []string) []string { return l[:len(l)-1] }), "practice P1, entry 7"},
		"the incident's last":       {edit(incident, func(l []string) []string { return l[:len(l)-1] }), "the incident's ledger, entry 4"},
		"a row of the incident":     {edit(incident, func(l []string) []string { return slices.Delete(l, 0, 1) }), "the incident's ledger, entry 1"},
		"rows swapped":              {edit(practices, func(l []string) []string { l[1], l[2] = l[2], l[1]; return l }), "practice P1, entry 2"},
		"a row twice":               {edit(practices, func(l []string) []string { return slices.Insert(l, 1, l[0]) }), "practice P1, entry 2"},
		"a row of another practice": {edit(practices, func(l []string) []string { return append(l, string(mustJSON(t, f.chains["P2"][0]))+"\n") }), practices},
		"another practice's ledger": {edit(practices, func([]string) []string { return []string{string(mustJSON(t, f.chains["P2"][0])) + "\n"} }), practices},
		"a word":                    {edit(practices, func(l []string) []string { l[4] = strings.Replace(l[4], "Sam", "Pat", 1); return l }), "practice P1, entry 5"},
		"no line":                   {edit(practices, func(l []string) []string { return append(l, "{") }), practices},
		"an empty ledger":           {edit(incident, func([]string) []string { return nil }), "the incident's ledger, entry 4"},
		"a proof removed":           {func(c contents) { c.bytes["ledger/proofs.json"] = []byte("[]") }, "ledger/proofs.json"},
		"the first proof removed":   {func(c contents) { c.bytes["ledger/proofs.json"] = proofsWithout(t, c, 0) }, "ledger/proofs.json"},
		"the last proof removed":    {func(c contents) { c.bytes["ledger/proofs.json"] = proofsWithout(t, c, 1) }, "ledger/proofs.json"},
		"a paper changed":           {func(c contents) { c.bytes["papers/notice.pdf"] = []byte("another") }, "papers/notice.pdf"},
		"a paper put in":            {func(c contents) { c.bytes["papers/other.pdf"] = []byte("another") }, "papers/other.pdf"},
		"a paper left out":          {func(c contents) { delete(c.bytes, "papers/notice.pdf") }, "papers/notice.pdf"},
		"a proof of mailing":        {func(c contents) { c.bytes["proofs/"+sum(receipt)+".pdf"] = []byte("another") }, "proofs/" + sum(receipt) + ".pdf"},
		"its proof left out":        {func(c contents) { delete(c.bytes, "proofs/"+sum(receipt)+".pdf") }, "proofs/" + sum(receipt)},
		"a duty's day": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte("2026-05-15"), []byte("2026-05-25"), 1)
		}, "duties.json"},
		"when it was fulfilled": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte("2026-05-20"), []byte("2026-05-14"), 1)
		}, "duties.json"},
		"days late": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"days_late": 5`), []byte(`"days_late": 0`), 1)
		}, "duties.json"},
		"late though it is done": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"late": false`), []byte(`"late": true`), 1)
		}, "duties.json"},
		"its clock": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"clock": ""`), []byte(`"clock": "90 days"`), 1)
		}, "duties.json"},
		"an earlier day": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"days_late": 5`), []byte(`"days_late": 5, "moved": ["2026-04-01"]`), 1)
		}, "duties.json"},
		"a last day that did not pass": {func(c contents) {
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"stage": ""`), []byte(`"stage": "overdue"`), 1)
		}, "duties.json"},
		"the day that lateness counts to": {func(c contents) {
			c.bytes["manifest.json"] = bytes.Replace(c.bytes["manifest.json"], []byte(asOf.String()), []byte("2026-05-17"), 1)
			c.bytes["duties.json"] = bytes.Replace(c.bytes["duties.json"], []byte(`"days_late": 5`), []byte(`"days_late": 2`), 1)
		}, "duties.json"},
		"the key put beside it": {func(c contents) {
			c.bytes["public-key.pem"] = append([]byte("A"), c.bytes["public-key.pem"][1:]...)
		}, "public-key.pem"},
		"an account that lacks somebody": {func(c contents) {
			c.bytes["account.json"] = bytes.Replace(c.bytes["account.json"], []byte(`"people": 600`), []byte(`"people": 599`), 1)
		}, "account.json"},
		"a duty left out": {func(c contents) { c.bytes["duties.json"] = []byte("[]") }, "duties.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := unpack(t, f.pack(t, "P1"))
			tc.tamper(c)
			require.Contains(t, brokenAt(t, c.resigned(t, f.key), f.trust()).Link, tc.link)
		})
	}
}

func proofsWithout(t testing.TB, c contents, at int) []byte {
	t.Helper()
	var proofs []ledger.Proof
	require.NoError(t, json.Unmarshal(c.bytes["ledger/proofs.json"], &proofs))
	require.Len(t, proofs, 2)
	return mustJSON(t, slices.Delete(proofs, at, at+1))
}

// rewrite makes a practice's chain anew from an entry on, as somebody who owns
// the database and knows the form would.
func rewrite(chain []ledger.Entry, from int, from1, to string) {
	for i := from; i < len(chain); i++ {
		chain[i].Body = strings.ReplaceAll(chain[i].Body, from1, to)
		if i > 0 {
			chain[i].Prev = chain[i-1].Hash
		}
		chain[i].Hash = chain[i].Sum()
	}
}

func TestAChainWrittenAnewDoesNotFitItsAnchors(t *testing.T) {
	t.Parallel()
	for _, practice := range []string{"P1", ""} {
		t.Run("pack of "+practice, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			rewrite(f.chains["P1"], 1, "notice.pdf", "nothing.pdf")
			pack, err := evidence.Build(f.source(practice), f.input())
			require.NoError(t, err)
			broken := brokenAt(t, pack, f.trust())
			require.Contains(t, broken.What, "written anew")
		})
	}
}

func TestAnotherPracticesChainWrittenAnewIsSeenInTheWhole(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rewrite(f.chains["P2"], 0, "presumed", "supposed")
	pack, err := evidence.Build(f.source(""), f.input())
	require.NoError(t, err)
	require.Contains(t, brokenAt(t, pack, f.trust()).Link, "the incident's ledger, entry 3")
}

func TestABrokenLedgerIsNotPacked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.chains["P1"] = slices.Delete(f.chains["P1"], 2, 3)
	_, err := evidence.Build(f.source("P1"), f.input())
	var broken *ledger.Broken
	require.ErrorAs(t, err, &broken)
	require.Equal(t, "the ledger of practice P1, entry 3", broken.Link())
}

func TestKeysCannotBeSwapped(t *testing.T) {
	t.Parallel()
	f, other := newFixture(t), newFixture(t)
	pack := f.pack(t, "P1")

	require.Equal(t, "manifest.sig", brokenAt(t, pack, other.trust()).Link, "another key is trusted")
	resigned := unpack(t, pack).resigned(t, other.key)
	require.Equal(t, "manifest.sig", brokenAt(t, resigned, f.trust()).Link, "signed with another key")
	broken := brokenAt(t, resigned, evidence.Trust{Now: now})
	require.Contains(t, broken.What, "not the one the incident's ledger last published", "no key is trusted")
	c := unpack(t, pack)
	c.bytes["manifest.sig"] = unpack(t, other.pack(t, "P1")).bytes["manifest.sig"]
	require.Equal(t, "manifest.sig", brokenAt(t, c.pack(t), f.trust()).Link, "a signature of another pack")
}

func TestTheSameLedgerGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, practice := range []string{"P1", ""} {
		first, second := f.pack(t, practice), f.pack(t, practice)
		require.Equal(t, first, second)
	}
}

// TestAPackFromBeforeTheAccountVerifies: it has no account.json.
func TestAPackFromBeforeTheAccountVerifies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, practice := range []string{"P1", ""} {
		c := unpack(t, f.pack(t, practice))
		require.NotEmpty(t, c.bytes["account.json"])
		require.NotContains(t, string(c.bytes["account.json"]), "residence", "where people live is not counted in it")
		delete(c.bytes, "account.json")
		_, err := evidence.VerifyBytes(c.resigned(t, f.key), f.trust())
		require.NoError(t, err)
	}
}

func TestOnePracticesPackHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pack := f.pack(t, "P1")
	report, err := evidence.VerifyBytes(pack, f.trust())
	require.NoError(t, err)
	require.Equal(t, 1, report.Chains)
	for name, content := range unpack(t, pack).bytes {
		require.NotContains(t, name, "people")
		require.NotEqual(t, files["practices/P1/people.csv"], content, "people.csv stays with the practice")
		// What is random or compressed may say P2 by chance.
		if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonl") {
			require.NotContains(t, string(content), `"P2"`, name)
		}
	}
	require.Len(t, report.Absent, 1)
	require.Equal(t, "papers/people.csv", report.Absent[0].Path)
}

func FuzzVerify(f *testing.F) {
	fix := newFixture(f)
	f.Add(fix.pack(f, "P1"))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, pack []byte) {
		report, err := evidence.VerifyBytes(pack, fix.trust())
		if err == nil && report.Entries > math.MaxInt32 {
			t.Fatal(fmt.Sprint("more entries than bytes: ", report.Entries))
		}
	})
}

// A practice that moved after its anchor is not packed in part: its duties would be
// another day's than its ledger.
func TestAPracticeThatMovedIsPackedFromItsNextAnchor(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.add(t, "P1", ledger.Body{Kind: ledger.KindOverdue, Who: "duenotice"}, ledger.Overdue{Obligation: "hipaa.164.404.individual", Due: discovered})
	_, err := evidence.Build(f.source("P1"), f.input())
	require.ErrorIs(t, err, evidence.ErrMoved)
	f.pack(t, "") // that of the incident goes as far as its anchors
	f.anchor(t)
	_, err = evidence.VerifyBytes(f.pack(t, "P1"), f.trust())
	require.NoError(t, err)
}

// TestAPackIsNotMadeWhileItsPapersCannotBeRead: that a disk or a store did not answer is
// no proof that a paper is gone.
func TestAPackIsNotMadeWhileItsPapersCannotBeRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	away := errors.New("the store does not answer")
	in := f.input()
	in.Paper = func(string) ([]byte, error) { return nil, away }
	_, err := evidence.Build(f.source("P1"), in)
	require.ErrorIs(t, err, away)
	in = f.input()
	in.Proof = func(string) (string, []byte, error) { return "", nil, away }
	_, err = evidence.Build(f.source("P1"), in)
	require.ErrorIs(t, err, away)
}
