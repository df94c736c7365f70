package pdffile

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"
)

// Node is a place in a document's logical structure (ISO 32000-1 section 14.7): a
// heading, a paragraph, a list. What is drawn belongs to nodes by marks, and a program
// that reads aloud goes by the nodes' order.
type Node struct {
	role   string
	parent *Node
	// lang is the language of what it has, BCP 47; "" where it is the document's.
	lang   string
	kids   []kid
	number int
}

// kid is a node below another, or what a page draws of it.
type kid struct {
	node *Node
	// page is the number of its object, mark the number of the mark on it.
	page, mark int
}

// Add adds a node behind those that there are. role is one of the standard's structure
// types (section 14.8.4), such as H1, P, L, LI, Table.
func (n *Node) Add(role string) *Node {
	made := &Node{role: role, parent: n}
	n.kids = append(n.kids, kid{node: made})
	return made
}

// AddIn is Add for what is in a language of its own; English is every document's.
func (n *Node) AddIn(role, tag string) *Node {
	made := n.Add(role)
	if tag != "en" {
		made.lang = tag
	}
	return made
}

// NewRead opens a document for reading on a screen: one with a structure, which says
// what everything on its pages is.
func NewRead(title string, stamp time.Time, width, height float64) *Document {
	// Object streams, which keep a structure small, are of PDF 1.5; PDF/A-2 is of 1.7.
	d := newDocument("1.7", title, stamp, width, height)
	d.tree = &Node{role: "Document"}
	return d
}

// Structure is the root of the document's structure, nil where it has none.
func (d *Document) Structure() *Node { return d.tree }

// MarkedPage is Page for a document with a structure: mark number i of what is drawn
// belongs to node i. Everything else that is drawn is marked as an artifact.
func (d *Document) MarkedPage(marks []*Node, parts ...Content) {
	d.page(fmt.Sprintf(" /StructParents %d /Tabs /S", len(d.pages)), parts)
	page := d.pages[len(d.pages)-1]
	for i, node := range marks {
		node.kids = append(node.kids, kid{page: page, mark: i})
	}
	d.marked = append(d.marked, marks)
}

// structured writes the structure and returns the catalog's entries for it.
func (d *Document) structured() string {
	var nodes []*Node
	var number func(*Node)
	number = func(n *Node) {
		nodes = append(nodes, n)
		for _, k := range n.kids {
			if k.node != nil {
				number(k.node)
			}
		}
	}
	number(d.tree)
	// They are numbered behind everything else; their root is the last of them.
	for i, n := range nodes {
		n.number = len(d.at) + 1 + i
	}
	root := len(d.at) + 1 + len(nodes)
	objects := objectStream{first: len(d.at) + 1}
	for _, n := range nodes {
		above := root
		if n.parent != nil {
			above = n.parent.number
		}
		objects.begin()
		objects.content = n.appendTo(objects.content, above)
	}
	objects.begin()
	b := append(objects.content, "<</Type /StructTreeRoot /K "...)
	b = append(appendReference(b, d.tree.number), " /ParentTree <</Nums ["...)
	for i, marks := range d.marked {
		b = append(strconv.AppendInt(b, int64(i), 10), " ["...)
		for _, n := range marks {
			b = append(appendReference(b, n.number), ' ')
		}
		b = append(b, "] "...)
	}
	b = append(strconv.AppendInt(append(b, "]>> /ParentTreeNextKey "...), int64(len(d.marked)), 10), ">>"...)
	objects.content = b
	d.addObjects(objects)
	return fmt.Sprintf(" /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R", root)
}

// appendTo appends a node as it is written.
func (n *Node) appendTo(b []byte, above int) []byte {
	b = append(append(b, "<</S /"...), n.role...)
	b = appendReference(append(b, " /P "...), above)
	if n.lang != "" {
		b = append(append(append(b, " /Lang ("...), n.lang...), ')')
	}
	if n.role == "TH" {
		b = append(b, " /A <</O /Table /Scope /Column>>"...)
	}
	// Marks on one page are told by their numbers; the page is said once.
	page := 0
	for _, k := range n.kids {
		if k.node == nil {
			page = k.page
			b = appendReference(append(b, " /Pg "...), page)
			break
		}
	}
	b = append(b, " /K ["...)
	for _, k := range n.kids {
		switch {
		case k.node != nil:
			b = append(appendReference(b, k.node.number), ' ')
		case k.page == page:
			b = append(strconv.AppendInt(b, int64(k.mark), 10), ' ')
		default:
			b = appendReference(append(b, "<</Type /MCR /Pg "...), k.page)
			b = append(strconv.AppendInt(append(b, " /MCID "...), int64(k.mark), 10), ">> "...)
		}
	}
	return append(b, "]>>"...)
}

func appendReference(b []byte, object int) []byte {
	return append(strconv.AppendInt(b, int64(object), 10), " 0 R"...)
}

// compressed marks, in Document.at, an object that lies in the object stream: less the
// place in it.
const compressed = -1

// objectStream are objects without streams of their own, which lie in one compressed
// stream (section 7.5.7). There is one in a document.
type objectStream struct {
	first, count    int
	places, content []byte
}

// begin begins the next object, whose content is then appended.
func (o *objectStream) begin() {
	if o.count > 0 {
		o.content = append(o.content, '\n')
	}
	o.places = append(strconv.AppendInt(o.places, int64(o.first+o.count), 10), ' ')
	o.places = append(strconv.AppendInt(o.places, int64(len(o.content)), 10), ' ')
	o.count++
}

func (d *Document) addObjects(o objectStream) {
	for i := range o.count {
		d.at = append(d.at, compressed-i)
	}
	d.stream(deflated(append(o.places, o.content...)), fmt.Sprintf(" /Type /ObjStm /N %d /First %d", o.count, len(o.places)))
}

// crossReferenceStream ends a file that has an object stream (section 7.5.8).
func (d *Document) crossReferenceStream() {
	table := d.made.Len()
	in := 0 // the object stream, which is the first object behind those that lie in it
	entries := make([]byte, 0, 9*(len(d.at)+2))
	entry := func(kind byte, place, more int) {
		entries = append(entries, kind)
		entries = binary.BigEndian.AppendUint32(entries, uint32(place))
		entries = binary.BigEndian.AppendUint32(entries, uint32(more))
	}
	for i := range d.at {
		if d.at[i] <= compressed {
			in = i + 2
		}
	}
	entry(0, 0, noGeneration)
	for _, at := range d.at {
		if at <= compressed {
			entry(2, in, compressed-at)
			continue
		}
		entry(1, at, 0)
	}
	entry(1, table, 0)
	size := len(d.at) + 2
	d.stream(deflated(entries), fmt.Sprintf(" /Type /XRef /Size %d /W [1 4 4]%s", size, d.trailer()))
	fmt.Fprintf(&d.made, "startxref\n%d\n%%%%EOF\n", table)
}

// noGeneration is that of the list of free objects.
const noGeneration = 65535
