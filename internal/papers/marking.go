package papers

import (
	"strconv"

	"duenotice/internal/pdffile"
)

// What is read on a screen says what everything on its pages is: programs that read
// aloud, or show text larger, go by that and not by where it stands. While a page is
// drawn its parts are marked; then the marks are put where they belong in the
// document's structure.

// part is what some drawing is of: a block of the text, and in a table a column of it.
type part struct {
	kind        blockKind
	block, cell int
	// columns is how many cells its row has, those without words too.
	columns int
}

// listLabel is the cell of a list item's number.
const listLabel = -1

// slot is a place among a letter's words for what is each letter's own.
type slot int

const (
	noSlot slot = iota
	addressSlot
	salutationSlot
	codeSlot
	referenceSlot
)

// marking is what was marked on a page, in the order it is read.
type marking struct {
	marks []markOf
	// next is the number of the next mark, of those on the page from 0.
	next int
	open bool
	last part
}

// markOf is a mark of a part, or the place of a slot, which has no mark here.
type markOf struct {
	part
	slot slot
	mark int
}

// marking is a new one, nil in a document that is printed.
func (d document) marking() *marking {
	if d.Structure() == nil {
		return nil
	}
	return &marking{}
}

// begin says that what is drawn from here on is of a part.
func (s *sheet) begin(of part) {
	if s.read == nil || s.read.open && s.read.last == of {
		return
	}
	s.end()
	s.openMark(markOf{part: of})
	s.read.open, s.read.last = true, of
}

// openMark opens a mark.
func (s *sheet) openMark(of markOf) {
	of.mark = s.read.next
	s.t.RawWriteStr("/P <</MCID " + strconv.Itoa(of.mark) + ">> BDC")
	s.read.marks = append(s.read.marks, of)
	s.read.next++
}

func (s *sheet) end() {
	if s.read != nil && s.read.open {
		s.t.RawWriteStr("EMC")
		s.read.open = false
	}
}

// leave keeps a place for what is drawn apart.
func (s *sheet) leave(place slot) {
	if s.read != nil {
		s.end()
		s.read.marks = append(s.read.marks, markOf{slot: place})
	}
}

// own draws one letter's own part of a slot, marked as that.
func (s *sheet) own(place slot, draw func()) {
	if s.read == nil {
		draw()
		return
	}
	s.end()
	s.openMark(markOf{slot: place})
	draw()
	s.t.RawWriteStr("EMC")
}

// ended is the text of a line with a space behind it where it is read on a screen:
// without one its last word and the next line's first are read as one.
func (s *sheet) ended(text string, last bool) string {
	if s.read == nil || !last {
		return text
	}
	return text + " "
}

// artifact draws what is not read: grounds, lines, page numbers.
func (s *sheet) artifact(draw func()) {
	if s.read == nil {
		draw()
		return
	}
	s.end()
	s.t.RawWriteStr("/Artifact BMC")
	draw()
	s.t.RawWriteStr("EMC")
}

// reading puts the marks of a text's pages into a structure, page after page.
type reading struct {
	root  *pdffile.Node
	nodes map[part]*pdffile.Node
	// list, table and row are those that are open.
	list, table, row *pdffile.Node
	cells            []*pdffile.Node
	last             part
}

func newReading(root *pdffile.Node) *reading {
	return &reading{root: root, nodes: map[part]*pdffile.Node{}}
}

// page returns the node of each mark on a page: of what was drawn for all letters, and
// of one's own, whose marks go where the others left a place.
func (r *reading) page(read, own *marking) []*pdffile.Node {
	if read == nil {
		return nil
	}
	total := read.next
	if own != nil {
		total = own.next
	}
	nodes := make([]*pdffile.Node, total)
	for _, m := range read.marks {
		if m.slot == noSlot {
			nodes[m.mark] = r.node(m.part)
			continue
		}
		r.own(own, m.slot, nodes)
	}
	r.own(own, referenceSlot, nodes)
	return nodes
}

// own places one letter's mark of a slot, if it has one.
func (r *reading) own(own *marking, place slot, nodes []*pdffile.Node) {
	if own == nil {
		return
	}
	for _, m := range own.marks {
		if m.slot == place {
			r.closed()
			nodes[m.mark] = r.root.Add("P")
		}
	}
}

// closed ends lists and tables that are open.
func (r *reading) closed() { r.list, r.table, r.row = nil, nil, nil }

// node is that of a part, made where it is new.
func (r *reading) node(of part) *pdffile.Node {
	if made := r.nodes[of]; made != nil {
		return made
	}
	made := r.made(of)
	r.nodes[of], r.last = made, of
	return made
}

func (r *reading) made(of part) *pdffile.Node {
	fresh := of.block != r.last.block
	switch of.kind {
	case bullet, numbered, tickBox, tickedBox:
		r.table = nil
		if r.list == nil {
			r.list = r.root.Add("L")
		}
		if fresh {
			r.row = r.list.Add("LI")
		}
		if of.cell == listLabel {
			return r.row.Add("Lbl")
		}
		return r.row.Add("LBody")
	case tableHead, tableRow, signRow:
		r.list = nil
		if r.table == nil {
			r.table = r.root.Add("Table")
		}
		if fresh {
			r.row, r.cells = r.table.Add("TR"), nil
			role := "TD"
			if of.kind == tableHead {
				role = "TH"
			}
			for range of.columns {
				r.cells = append(r.cells, r.row.Add(role))
			}
		}
		return r.cells[of.cell]
	}
	r.closed()
	return r.root.Add(roles[of.kind])
}

// roles are the structure types of what is neither in a list nor in a table.
var roles = map[blockKind]string{
	paragraph: "P", title: "H1", heading: "H2", smallHeading: "P", codeRow: "P", letterhead: "P",
}
