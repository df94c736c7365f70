package match

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// mostTogether bounds how many keys the rules make one person: more are a mistake of the
// list.
const mostTogether = 20

// chains keeps the pairs on the disk until all are known, and finds the people among whom
// not everybody fits. Memory grows with the keys that a rule makes one person, some 150
// bytes each.
type chains struct {
	file *os.File
	w    *bufio.Writer
	ones *Groups
}

func newChains(path string) (*chains, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file for the pairs: %w", err)
	}
	return &chains{file: file, w: bufio.NewWriterSize(file, 1<<20), ones: NewGroups()}, nil
}

func (c *chains) close() error { return c.file.Close() }

func (c *chains) add(pair []byte) error {
	var p Pair
	if err := p.decode(pair); err != nil {
		return err
	}
	if p.Verdict == Same {
		c.ones.Join(p.A.Key, p.B.Key)
	}
	_, err := c.w.Write(binary.AppendUvarint(nil, uint64(len(pair))))
	if err == nil {
		_, err = c.w.Write(pair)
	}
	if err != nil {
		return fmt.Errorf("keep a pair: %w", err)
	}
	return nil
}

// read gives the pairs in the order in which they were added.
func (c *chains) read(do func(*Pair) error) error {
	if err := c.w.Flush(); err != nil {
		return fmt.Errorf("keep the pairs: %w", err)
	}
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(c.file, 1<<20)
	var content []byte
	for {
		size, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || size > 64<<20 {
			return errors.Join(errEntry, err)
		}
		if uint64(cap(content)) < size {
			content = make([]byte, size)
		}
		content = content[:size]
		if _, err := io.ReadFull(r, content); err != nil {
			return fmt.Errorf("read a pair again: %w", err)
		}
		var p Pair
		if err := p.decode(content); err != nil {
			return err
		}
		if err := do(&p); err != nil {
			return err
		}
	}
}

// each gives every pair, those of a chain that contradicts itself as doubtful.
func (c *chains) each(do func(*Pair) error) error {
	members := map[string]map[string]Entry{}
	err := c.read(func(p *Pair) error {
		root, size := c.ones.Of(p.A.Key)
		if p.Verdict != Same || size < 3 || size > mostTogether {
			return nil
		}
		if members[root] == nil {
			members[root] = map[string]Entry{}
		}
		members[root][p.A.Key], members[root][p.B.Key] = p.A, p.B
		return nil
	})
	if err != nil {
		return err
	}
	broken := map[string]bool{}
	for root, of := range members {
		broken[root] = contradict(of)
	}
	return c.read(func(p *Pair) error {
		if p.Verdict == Same {
			if root, size := c.ones.Of(p.A.Key); size > mostTogether || broken[root] {
				p.Verdict, p.But = Doubtful, Chain
			}
		}
		return do(p)
	})
}

func contradict(all map[string]Entry) bool {
	for keyA, a := range all {
		for keyB, b := range all {
			if keyA < keyB && Contradict(&a, &b) {
				return true
			}
		}
	}
	return false
}

// Groups are keys of which some are one.
type Groups struct {
	parent map[string]string
	size   map[string]int
}

// NewGroups are groups in which every key is alone.
func NewGroups() *Groups { return &Groups{map[string]string{}, map[string]int{}} }

// Join makes the groups of two keys one.
func (g *Groups) Join(a, b string) {
	rootA, sizeA := g.Of(a)
	rootB, sizeB := g.Of(b)
	if rootA == rootB {
		return
	}
	// The smaller key is the root, whatever the order of joining.
	if rootB < rootA {
		rootA, rootB = rootB, rootA
	}
	g.parent[rootB] = rootA
	g.size[rootA] = sizeA + sizeB
	delete(g.size, rootB)
}

// Of is the smallest key of a key's group, and how many are in it.
func (g *Groups) Of(key string) (root string, size int) {
	root = key
	for g.parent[root] != "" {
		root = g.parent[root]
	}
	for key != root { // the way is shorter the next time
		next := g.parent[key]
		g.parent[key] = root
		key = next
	}
	return root, max(1, g.size[root])
}

// Same reports two keys of one group.
func (g *Groups) Same(a, b string) bool {
	rootA, _ := g.Of(a)
	rootB, _ := g.Of(b)
	return rootA == rootB
}
