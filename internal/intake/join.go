package intake

import (
	"cmp"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/casefolder"
	"duenotice/internal/intake/match"
	"duenotice/internal/intake/spill"
)

// joining puts people together, as an import does it and as a decision does it
// afterwards: the same pairs, decisions and rows give the same list.
type joining struct {
	// dir is for what is sorted. list and apart are the paths of the list and of the rows
	// as they were, pairs that of the pairs that the rules found.
	dir, list, apart, pairs string
	decided                 *decisions
	// practices are the keys that became others'; nil for none.
	practices map[string]string
	// supposing is what is only counted; AsDecided for the list itself.
	supposing Supposing
	// note is told of every pair with where it stands; nil for nobody.
	note func(*PairRow) error

	ones *match.Groups
	// roots is the key that a group keeps, by the group.
	roots map[string]string
	first map[string]rowPlace
}

// joined is what came of it.
type joined struct {
	People, Findings int
	Pairs            PairCounts
}

// decide works out who is one person. A pair that the rules made one and a person keeps
// apart takes every other word of the rules about the same people with it: they are one
// only as far as people said so.
func (j *joining) decide() error {
	if j.supposing == NobodyTogether {
		j.ones = match.NewGroups()
		return nil
	}
	sure, all := match.NewGroups(), match.NewGroups()
	for _, line := range j.decided.of(DecideSame) {
		sure.Join(line.A, line.B)
		all.Join(line.A, line.B)
	}
	ruled := func(do func(a, b string)) error {
		return eachPair(People, j.pairs, func(p *PairRow) error {
			if p.Found == foundSame && j.decided.word(p.ID) != DecideApart {
				do(p.A.Key, p.B.Key)
			}
			return nil
		})
	}
	if err := ruled(all.Join); err != nil {
		return err
	}
	split := map[string]bool{}
	for _, line := range j.decided.of(DecideApart) {
		if root, _ := all.Of(line.A); all.Same(line.A, line.B) {
			split[root] = true
		}
	}
	j.ones = sure
	err := ruled(func(a, b string) {
		if root, _ := all.Of(a); !split[root] {
			j.ones.Join(a, b)
		}
	})
	if err != nil || j.supposing != AllOpenTogether {
		return err
	}
	return eachPair(People, j.pairs, func(p *PairRow) error {
		if j.decided.word(p.ID) == "" {
			j.ones.Join(p.A.Key, p.B.Key)
		}
		return nil
	})
}

// together reports whether a key is one of several that are one person.
func (j *joining) together(key string) bool {
	_, size := j.ones.Of(key)
	return size > 1
}

// rowPlace orders the rows of a list as the sources have them.
type rowPlace struct{ source, sheet, row int }

func (a rowPlace) compare(b rowPlace) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.sheet, b.sheet), cmp.Compare(a.row, b.row))
}

var sourceForm = regexp.MustCompile(`^S([0-9]+)(?: sheet ([0-9]+))? row ([0-9]+)`)

// placeIn reads where a row stands from the cell source, as sourceCell writes it.
func placeIn(cell string) rowPlace {
	m := sourceForm.FindStringSubmatch(cell)
	if m == nil {
		return rowPlace{source: 1 << 30}
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // "" is 0
	return rowPlace{number(m[1]), number(m[2]), number(m[3])}
}

// madeKey is the form of the keys that an import makes of ids.
var madeKey = regexp.MustCompile(`^P[A-Z2-7]{20}(-[A-Z2-7]{8})?$`)

// chooseRoots finds the key that each group keeps: one that a list had of its own, which
// others know; else that of the row that stands first in the sources. A later import that
// names the same sources first keeps the same keys.
func (j *joining) chooseRoots() error {
	j.roots, j.first = map[string]string{}, map[string]rowPlace{}
	apart, err := openPeople(j.apart, ApartFile)
	if err != nil {
		return err
	}
	defer apart.close() //nolint:errcheck // only read
	for apart.row != nil {
		key, rows, err := apart.person()
		if err != nil {
			return err
		}
		if !j.together(key) {
			continue
		}
		at := placeIn(rows[0][columnAt["source"]])
		for _, row := range rows[1:] {
			if p := placeIn(row[columnAt["source"]]); p.compare(at) < 0 {
				at = p
			}
		}
		j.first[key] = at
		group, _ := j.ones.Of(key)
		if kept, ok := j.roots[group]; !ok || j.before(key, kept) {
			j.roots[group] = key
		}
	}
	return nil
}

func (j *joining) before(a, b string) bool {
	own := func(key string) int {
		if madeKey.MatchString(key) {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(own(a), own(b)), j.first[a].compare(j.first[b]), strings.Compare(a, b)) < 0
}

// keyOf is the key under which somebody stands in the list.
func (j *joining) keyOf(key string) string {
	if group, size := j.ones.Of(key); size > 1 {
		if root := j.roots[group]; root != "" {
			return root
		}
	}
	return key
}

// write writes the list with people put together, and the pairs with where they stand.
func (j *joining) write(list io.Writer, pairs io.Writer) (done joined, err error) {
	if err := errors.Join(j.decide(), j.chooseRoots()); err != nil {
		return done, err
	}
	if done, err = j.writeList(list); err != nil {
		return done, err
	}
	done.Pairs, err = j.writePairs(pairs)
	return done, err
}

func (j *joining) writeList(to io.Writer) (done joined, err error) {
	sorted, err := j.sortTogether()
	if err != nil {
		return done, err
	}
	defer sorted.close() //nolint:errcheck // only read
	list, apart, err := j.open()
	if err != nil {
		return done, err
	}
	defer list.close()  //nolint:errcheck // only read
	defer apart.close() //nolint:errcheck // only read
	header := list.header
	w := csv.NewWriter(to)
	if err := w.Write(header); err != nil {
		return done, err
	}
	err = eachOriginal(list, apart, func(key string, rows [][]string) error {
		if j.together(key) {
			if j.keyOf(key) != key {
				return nil
			}
			if rows, err = sorted.group(key); err != nil {
				return err
			}
		}
		done.People++
		for _, row := range j.settled(key, rows) {
			done.Findings++
			if err := w.Write(row[:len(header)]); err != nil {
				return err
			}
		}
		return nil
	})
	w.Flush()
	return done, errors.Join(err, w.Error())
}

func (j *joining) open() (list, apart *people, err error) {
	if list, err = openPeople(j.list, casefolder.FindingsFile); err != nil {
		return nil, nil, err
	}
	if apart, err = openPeople(j.apart, ApartFile); err != nil {
		return nil, nil, errors.Join(err, list.close())
	}
	return list, apart, nil
}

// settled are the rows of one person, one for each practice.
func (j *joining) settled(key string, rows [][]string) [][]string {
	if len(rows) == 1 && j.practices[rows[0][1]] == "" && rows[0][0] == key {
		return [][]string{wide(rows[0])}
	}
	at := map[string][]string{}
	var order []string
	for _, row := range rows {
		cells := wide(row)
		practice := cells[columnAt["practice_key"]]
		if now := j.practices[practice]; now != "" {
			practice = now
		}
		cells[columnAt["person_key"]], cells[columnAt["practice_key"]] = key, practice
		known := at[practice]
		if known == nil {
			at[practice], order = cells, append(order, practice)
			continue
		}
		classes := columnAt["data_classes"]
		known[classes] = joinClasses(known[classes], cells[classes])
		fill(known, cells, "person_key", "practice_key", "data_classes")
	}
	slices.Sort(order)
	settled := make([][]string, 0, len(order))
	for _, practice := range order {
		settled = append(settled, at[practice])
	}
	return settled
}

// sortTogether sorts the rows of everybody who is one with others by the key they keep.
func (j *joining) sortTogether() (*togetherRows, error) {
	sub := filepath.Join(j.dir, "together")
	if err := errors.Join(os.RemoveAll(sub), os.MkdirAll(sub, 0o700)); err != nil {
		return nil, err
	}
	sorter := spill.New(sub)
	apart, err := openPeople(j.apart, ApartFile)
	if err != nil {
		return nil, err
	}
	defer apart.close() //nolint:errcheck // only read
	for n := uint32(0); apart.row != nil; n++ {
		key := apart.key()
		if j.together(key) {
			at := j.first[key]
			by := append([]byte(j.keyOf(key)), 0)
			for _, number := range []int{at.source, at.sheet, at.row} {
				by = binary.BigEndian.AppendUint32(by, uint32(number))
			}
			var value []byte
			for _, cell := range apart.row {
				value = appendText(value, cell)
			}
			if err := sorter.Add(binary.BigEndian.AppendUint32(append(by, key...), n), value); err != nil {
				return nil, err
			}
		}
		if err := apart.next(); err != nil {
			return nil, err
		}
	}
	return newTogetherRows(sorter, filepath.Join(sub, "sorted"))
}

// writePairs writes the pairs with where they stand; pairs that only a person named come
// where their keys put them.
func (j *joining) writePairs(to io.Writer) (counts PairCounts, err error) {
	w, err := newPairsWriter(to, People)
	if err != nil {
		return counts, err
	}
	var asked []Decision
	for _, word := range []string{DecideSame, DecideApart} {
		asked = append(asked, j.decided.of(word)...)
	}
	slices.SortFunc(asked, func(a, b Decision) int { return strings.Compare(a.A+"\x00"+a.B, b.A+"\x00"+b.B) })
	put := func(row *PairRow) error {
		row.stand(j.decided, j.ones.Same(row.A.Key, row.B.Key))
		counts.add(row.Standing)
		if j.note != nil {
			if err := j.note(row); err != nil {
				return err
			}
		}
		return w.write(row)
	}
	until := func(key string) error {
		for len(asked) > 0 && (key == "" || asked[0].A+"\x00"+asked[0].B <= key) {
			line := asked[0]
			asked = asked[1:]
			if line.A+"\x00"+line.B == key {
				continue
			}
			if err := put(&PairRow{ID: line.Pair, Found: foundAsked, Why: "named by a person", A: Side{Key: line.A}, B: Side{Key: line.B}}); err != nil {
				return err
			}
		}
		return nil
	}
	err = eachPair(People, j.pairs, func(row *PairRow) error {
		if row.Found == foundAsked {
			return nil
		}
		if err := until(row.A.Key + "\x00" + row.B.Key); err != nil {
			return err
		}
		return put(row)
	})
	return counts, errors.Join(err, until(""), w.flush())
}
