package evidence

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"duenotice/internal/ledger"
)

// checkAnchors checks that the practices' chains are those the incident's
// anchors hold: one practice's by its proofs, all of them by making each tree again.
func (v *verification) checkAnchors() error {
	if v.manifest.Practice != "" {
		return v.checkProofs()
	}
	text, err := v.read(anchorsName)
	if err != nil {
		return err
	}
	var rows []Anchored
	decoder := json.NewDecoder(bytes.NewReader(text))
	for decoder.More() {
		var a Anchored
		if err := decoder.Decode(&a); err != nil {
			return broken(anchorsName, "it cannot be read: %v", err)
		}
		hash, err := v.hashOf(a.Practice, a.Seq)
		if err != nil {
			return err
		}
		a.Hash = hash
		rows = append(rows, a)
	}
	heads, err := v.anchors.walk(rows, func(int, *heads) error { return nil })
	if err != nil {
		return err
	}
	return v.reachesAll(heads)
}

// reachesAll checks that every chain ends with the entry that the last anchor holds.
func (v *verification) reachesAll(heads *heads) error {
	for _, h := range heads.list {
		if v.reached[h.Practice].seq != h.Seq {
			return &ledger.Broken{Practice: h.Practice, Seq: h.Seq, What: "it should be the last one by the last anchor"}
		}
	}
	if len(heads.list) != len(v.reached) {
		return broken(anchorsName, "the last anchor holds %d practices and the pack %d", len(heads.list), len(v.reached))
	}
	return nil
}

func (v *verification) hashOf(practice string, seq int) (ledger.Hash, error) {
	hashes := v.hashes[practice]
	if seq < 1 || seq > len(hashes) {
		return ledger.Hash{}, &ledger.Broken{Practice: practice, Seq: seq, What: "an anchor holds it and it is missing"}
	}
	return hashes[seq-1], nil
}

func (v *verification) checkProofs() error {
	text, err := v.read(proofsName)
	if err != nil {
		return err
	}
	var proofs []ledger.Proof
	if err := json.Unmarshal(text, &proofs); err != nil {
		return broken(proofsName, "it cannot be read: %v", err)
	}
	key, reached := v.manifest.Practice, v.reached[v.manifest.Practice]
	without := len(v.anchors.order) - len(proofs)
	if without < 0 || v.lateWithout(without) {
		return broken(proofsName, "it does not prove the practice's place in every anchor since its first entry, so it may have been written anew")
	}
	for i, p := range proofs {
		if p.Anchor != v.anchors.order[without+i] {
			return broken(proofsName, "the proof for anchor %d is missing", v.anchors.order[without+i])
		}
		hash, err := v.hashOf(key, p.Seq)
		if err != nil {
			return err
		}
		if err := p.Holds(v.anchors.at[p.Anchor], ledger.Head{Practice: key, Seq: p.Seq, Hash: hash}); err != nil {
			return &ledger.Broken{Practice: key, Seq: p.Seq, What: "it is not the one that the incident's anchor took in: the practice's ledger was written anew"}
		}
	}
	if len(proofs) == 0 {
		if reached.seq > 0 {
			return broken(proofsName, "no anchor of the incident's ledger holds the practice's")
		}
		return nil
	}
	if end := proofs[len(proofs)-1].Seq; end != reached.seq {
		return &ledger.Broken{Practice: key, Seq: end, What: "it should be the last one by the last anchor"}
	}
	return nil
}

// longestWrite is more than it takes from an entry's time to its commit: an
// anchor made in between does not hold the entry yet.
const longestWrite = time.Hour

// lateWithout reports whether the last of the first n anchors, which do not hold
// the practice, should: it was made well after the practice's first entry.
func (v *verification) lateWithout(n int) bool {
	first := slices.IndexFunc(v.story, func(e ledger.Entry) bool { return e.Practice != "" })
	if n == 0 || first < 0 {
		return false
	}
	began, err := time.Parse(ledger.TimeFormat, v.story[first].At)
	if err != nil {
		return true
	}
	// The incident's entries stand first, by their numbers.
	made, err := time.Parse(ledger.TimeFormat, v.story[v.anchors.order[n-1]-1].At)
	return err != nil || made.Sub(began) > longestWrite
}
