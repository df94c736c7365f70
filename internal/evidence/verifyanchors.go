package evidence

import (
	"bytes"
	"encoding/json"

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
	heads, at := newHeads(), 0
	for group := range byAnchor(rows) {
		if at == len(v.order) || group[0].Anchor != v.order[at] {
			return broken(anchorsName, "anchor %d is not the next one of the incident's ledger", group[0].Anchor)
		}
		at++
		heads.take(group)
		tree, err := ledger.NewTree(heads.list)
		if err != nil {
			return broken(anchorsName, "anchor %d: %v", group[0].Anchor, err)
		}
		made, err := tree.Anchor()
		if err != nil {
			return broken(anchorsName, "anchor %d: %v", group[0].Anchor, err)
		}
		if made != v.anchors[group[0].Anchor] {
			return &ledger.Broken{Seq: group[0].Anchor, What: "the practices' ledgers are not those that this anchor took in: one was written anew"}
		}
	}
	if at != len(v.order) {
		return broken(anchorsName, "the heads of anchor %d are missing", v.order[at])
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
	key, last := v.manifest.Practice, 0
	for _, p := range proofs {
		anchor, there := v.anchors[p.Anchor]
		if !there {
			return broken(proofsName, "the incident's ledger has no anchor %d", p.Anchor)
		}
		hash, err := v.hashOf(key, p.Seq)
		if err != nil {
			return err
		}
		if err := p.Holds(anchor, ledger.Head{Practice: key, Seq: p.Seq, Hash: hash}); err != nil {
			return &ledger.Broken{Practice: key, Seq: p.Seq, What: "it is not the one that the incident's anchor took in: the practice's ledger was written anew"}
		}
		if p.Anchor <= last {
			return broken(proofsName, "its proofs are out of order")
		}
		last = p.Anchor
	}
	reached := v.reached[key]
	if len(proofs) == 0 {
		if reached.seq > 0 {
			return broken(proofsName, "no anchor of the incident's ledger holds the practice's")
		}
		return nil
	}
	if last != v.order[len(v.order)-1] {
		return broken(proofsName, "there is no proof for the last anchor, so entries may be left out")
	}
	if end := proofs[len(proofs)-1].Seq; end != reached.seq {
		return &ledger.Broken{Practice: key, Seq: end, What: "it should be the last one by the last anchor"}
	}
	return nil
}
