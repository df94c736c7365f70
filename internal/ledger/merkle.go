package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Head is where one practice's chain stood.
type Head struct {
	Practice string
	Seq      int
	Hash     Hash
}

// record is the head as a leaf of the tree. The hash in it is of 256 bits nobody
// else can guess, so a leaf's own hash tells nothing of the practice to those
// who see it in another's proof.
func (h Head) record() []byte {
	return fmt.Appendf(nil, "duenotice ledger head v1\n%s\n%d\n%s", h.Practice, h.Seq, h.Hash)
}

// Tree is the Merkle tree (RFC 6962) over heads in the order of their keys. The
// hashing and the proofs are those of Go's checksum database, golang.org/x/mod.
type Tree struct {
	size   int64
	hashes []tlog.Hash
}

// NewTree makes the tree over heads, which must be in key order without
// repetition.
func NewTree(heads []Head) (*Tree, error) {
	t := &Tree{hashes: make([]tlog.Hash, 0, 2*len(heads))}
	for i, h := range heads {
		if i > 0 && heads[i-1].Practice >= h.Practice {
			return nil, fmt.Errorf("practice %s stands after %s", h.Practice, heads[i-1].Practice)
		}
		more, err := tlog.StoredHashes(t.size, h.record(), t)
		if err != nil {
			return nil, err
		}
		t.hashes = append(t.hashes, more...)
		t.size++
	}
	return t, nil
}

// Set puts another head at a place, whose key must be the same.
func (t *Tree) Set(place int, h Head) {
	n, hash := int64(place), tlog.RecordHash(h.record())
	// Up while the subtree is full: only those are kept.
	for level := 0; (n+1)<<level <= t.size; level++ {
		t.hashes[tlog.StoredHashIndex(level, n)] = hash
		switch beside := n ^ 1; {
		case (beside+1)<<level > t.size:
			return
		case beside < n:
			hash = tlog.NodeHash(t.hashes[tlog.StoredHashIndex(level, beside)], hash)
		default:
			hash = tlog.NodeHash(hash, t.hashes[tlog.StoredHashIndex(level, beside)])
		}
		n >>= 1
	}
}

// ReadHashes is tlog's way of reading the tree so far.
func (t *Tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("the tree has no hash %d", at)
		}
		list[i] = t.hashes[at]
	}
	return list, nil
}

// Anchor is the tree's root with its size.
func (t *Tree) Anchor() (Anchor, error) {
	root, err := tlog.TreeHash(t.size, t)
	return Anchor{Practices: int(t.size), Root: Hash(root)}, err
}

// Proof shows that one head is in an anchor's tree.
type Proof struct {
	// Anchor is the Seq of the anchor in the incident's chain.
	Anchor int `json:"anchor"`
	// Seq is the entry of the practice's chain that was its head then.
	Seq int `json:"seq"`
	// Place is the head's place among all, Path the hashes beside its way to the root.
	Place int    `json:"place"`
	Path  []Hash `json:"path"`
}

// Prove makes the proof of the head at place. Anchor and Seq are the caller's.
func (t *Tree) Prove(place int) (Proof, error) {
	path, err := tlog.ProveRecord(t.size, int64(place), t)
	p := Proof{Place: place, Path: make([]Hash, len(path))}
	for i, h := range path {
		p.Path[i] = Hash(h)
	}
	return p, err
}

// Holds checks that the head at the proof's place is in the anchor's tree.
func (p Proof) Holds(a Anchor, head Head) error {
	if a.Practices < 1 || p.Place < 0 || p.Place >= a.Practices {
		return fmt.Errorf("the anchor holds %d practices and the proof names place %d", a.Practices, p.Place)
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, h := range p.Path {
		path[i] = tlog.Hash(h)
	}
	return tlog.CheckRecord(path, int64(a.Practices), tlog.Hash(a.Root), int64(p.Place), tlog.RecordHash(head.record()))
}
