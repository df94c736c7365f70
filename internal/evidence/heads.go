package evidence

import (
	"cmp"
	"iter"
	"slices"

	"duenotice/internal/ledger"
)

// heads is where the practices' chains stood at an anchor, in key order.
type heads struct{ list []ledger.Head }

func newHeads() *heads { return &heads{} }

func (h *heads) place(practice string) (int, bool) {
	return slices.BinarySearchFunc(h.list, practice, func(x ledger.Head, key string) int { return cmp.Compare(x.Practice, key) })
}

// take moves the heads on to an anchor's.
func (h *heads) take(rows []Anchored) {
	var fresh []ledger.Head
	for _, a := range rows {
		moved := ledger.Head{Practice: a.Practice, Seq: a.Seq, Hash: a.Hash}
		if at, there := h.place(a.Practice); there {
			h.list[at] = moved
		} else {
			fresh = append(fresh, moved)
		}
	}
	if len(fresh) > 0 {
		h.list = append(h.list, fresh...)
		slices.SortFunc(h.list, func(a, b ledger.Head) int { return cmp.Compare(a.Practice, b.Practice) })
	}
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
