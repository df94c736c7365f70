package papers

import (
	"strconv"
	"strings"
)

// blockKind is a layout mark of templates/embed.go.
type blockKind int

const (
	paragraph blockKind = iota
	title
	heading
	smallHeading
	bullet
	numbered
	tickBox
	tickedBox
	tableHead
	tableRow
	signRow
	codeRow
	letterhead
	newPage
)

// block is one paragraph, heading, list item or table row of a text.
type block struct {
	kind blockKind
	// text is the words, with ** for bold; number is a numbered item's number.
	text, number string
	// cells and columns (widths in percent) are a table row's.
	cells   []string
	columns []float64
	framed  bool
	// whole: no page ends within it or before the next block that is whole too.
	whole bool
}

// parse reads a rendered template into blocks.
func parse(text string) []block {
	p := parser{}
	for line := range strings.SplitSeq(text, "\n") {
		p.line(strings.TrimSpace(line))
	}
	p.end()
	return p.blocks
}

type parser struct {
	blocks  []block
	open    []string
	framed  bool
	whole   bool
	columns []float64
}

// end closes the paragraph or item that is being read.
func (p *parser) end() {
	if len(p.open) > 0 {
		words := strings.Join(p.open, " ")
		p.open = nil
		last := len(p.blocks) - 1
		p.blocks[last].text = words
	}
}

func (p *parser) start(b block, words string) {
	p.end()
	b.framed, b.whole = p.framed, p.whole
	p.blocks = append(p.blocks, b)
	p.open = []string{words}
}

func (p *parser) line(line string) {
	inner, framed := strings.CutPrefix(line, ">")
	if framed != p.framed {
		p.end()
		p.framed = framed
	}
	if framed {
		line = strings.TrimSpace(inner)
	}
	switch {
	case line == "":
		p.end()
	case line == "=<", line == "=>":
		p.end()
		p.whole = line == "=<"
	case line == "===":
		p.end()
		p.blocks = append(p.blocks, block{kind: newPage})
	case strings.HasPrefix(line, "|@"):
		p.end()
		p.blocks = append(p.blocks, block{kind: codeRow, text: strings.TrimSpace(line[2:]), framed: p.framed})
	case strings.HasPrefix(line, "|"):
		p.end()
		p.table(line[1:])
	default:
		for _, mark := range []struct {
			prefix string
			kind   blockKind
		}{{"#@ ", letterhead}, {"### ", smallHeading}, {"## ", heading}, {"# ", title}, {"- ", bullet}, {"[ ] ", tickBox}, {"[x] ", tickedBox}} {
			if words, ok := strings.CutPrefix(line, mark.prefix); ok {
				p.start(block{kind: mark.kind}, words)
				return
			}
		}
		if number, words, ok := strings.Cut(line, ". "); ok && len(number) < 3 {
			if _, err := strconv.Atoi(number); err == nil {
				p.start(block{kind: numbered, number: number}, words)
				return
			}
		}
		if len(p.open) == 0 {
			p.start(block{}, line)
			return
		}
		p.open = append(p.open, line)
	}
}

func (p *parser) table(row string) {
	if widths, ok := strings.CutPrefix(row, "!"); ok {
		p.columns = nil
		for _, field := range strings.Fields(widths) {
			percent, err := strconv.ParseFloat(field, 64)
			if err != nil {
				continue
			}
			p.columns = append(p.columns, percent)
		}
		return
	}
	b := block{kind: tableRow, columns: p.columns, framed: p.framed}
	if head, ok := strings.CutPrefix(row, "="); ok {
		b.kind, row = tableHead, head
	} else if sign, ok := strings.CutPrefix(row, "_"); ok {
		b.kind, row = signRow, sign
	}
	for _, cell := range splitCells(row) {
		b.cells = append(b.cells, strings.TrimSpace(cell))
	}
	p.blocks = append(p.blocks, b)
}

// splitCells splits at the bars that are not data.
func splitCells(row string) []string {
	var cells []string
	start, escaped := 0, false
	for i, r := range row {
		if r == '|' && !escaped {
			cells = append(cells, row[start:i])
			start = i + 1
		}
		escaped = r == literal
	}
	return append(cells, row[start:])
}
