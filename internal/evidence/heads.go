package evidence

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"duenotice/internal/ledger"
)

// heads is where the practices' chains stood at an anchor, in key order, with
// the tree over them.
type heads struct {
	list []ledger.Head
	tree *ledger.Tree
}

func (h *heads) place(practice string) (int, bool) {
	return slices.BinarySearchFunc(h.list, practice, func(x ledger.Head, key string) int { return cmp.Compare(x.Practice, key) })
}

// take moves the heads on to an anchor's.
func (h *heads) take(rows []Anchored) error {
	var fresh []ledger.Head
	for _, a := range rows {
		if a.Hash == (ledger.Hash{}) {
			return &ledger.Broken{Practice: a.Practice, Seq: a.Seq, What: "an anchor holds it and it is missing"}
		}
		moved := ledger.Head{Practice: a.Practice, Seq: a.Seq, Hash: a.Hash}
		if at, there := h.place(a.Practice); there {
			h.list[at] = moved
			h.tree.Set(at, moved)
		} else {
			fresh = append(fresh, moved)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	h.list = append(h.list, fresh...)
	slices.SortFunc(h.list, func(a, b ledger.Head) int { return cmp.Compare(a.Practice, b.Practice) })
	var err error
	if h.tree, err = ledger.NewTree(h.list); err != nil {
		return &ledger.Broken{Seq: rows[0].Anchor, What: "its tree cannot be made: " + err.Error()}
	}
	return nil
}

// anchors are those of the incident's chain: by Seq, and their Seqs in order.
type anchors struct {
	at    map[int]ledger.Anchor
	order []int
}

// add takes the anchor in that an entry of the incident's chain is.
func (a *anchors) add(e ledger.Entry, b ledger.Body) error {
	anchor, err := ledger.ResultOf[ledger.Anchor](b)
	if err != nil {
		return &ledger.Broken{Seq: e.Seq, What: "its anchor cannot be read: " + err.Error()}
	}
	if a.at == nil {
		a.at = map[int]ledger.Anchor{}
	}
	a.at[e.Seq] = anchor
	a.order = append(a.order, e.Seq)
	return nil
}

// walk goes from one anchor to the next, checks that each is over the heads that
// the rows give it, hands them to each, and returns the last ones.
func (a *anchors) walk(rows []Anchored, each func(anchor int, h *heads) error) (*heads, error) {
	h, at := &heads{}, 0
	for group := range byAnchor(rows) {
		broken := func(format string, args ...any) error {
			return &ledger.Broken{Seq: group[0].Anchor, What: fmt.Sprintf(format, args...)}
		}
		if at == len(a.order) || group[0].Anchor != a.order[at] {
			return nil, broken("it is not the incident's next anchor: what an anchor took in is not on record any more")
		}
		at++
		if err := h.take(group); err != nil {
			return nil, err
		}
		made, err := h.tree.Anchor()
		if err != nil {
			return nil, broken("its tree cannot be made: %v", err)
		}
		if made != a.at[group[0].Anchor] {
			return nil, broken("the practices' ledgers are not those that this anchor took in: one was written anew")
		}
		if err := each(group[0].Anchor, h); err != nil {
			return nil, err
		}
	}
	if at != len(a.order) {
		return nil, &ledger.Broken{Seq: a.order[at], What: "what this anchor took in is not on record any more"}
	}
	return h, nil
}

// byAnchor gives the rows of one anchor after the other.
func byAnchor(rows []Anchored) iter.Seq[[]Anchored] {
	return func(yield func([]Anchored) bool) {
		for len(rows) > 0 {
			n := slices.IndexFunc(rows, func(a Anchored) bool { return a.Anchor != rows[0].Anchor })
			if n < 0 {
				n = len(rows)
			}
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}
