package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/match"
)

// practiceBook is a list of practices by its columns. A column of the case's own list that
// is not ours stays in it.
type practiceBook struct {
	columns []string
	rows    map[string]map[string]string // by practice_key
}

func newPracticeBook() *practiceBook {
	return &practiceBook{slices.Clone(casefolder.PracticeColumns()), map[string]map[string]string{}}
}

// readPracticeBook reads a list that an import or a decision wrote; one that is missing is
// empty.
func readPracticeBook(dir, name string) (*practiceBook, error) {
	b := newPracticeBook()
	content, err := givenfile.Read(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	refuse := func() error {
		return breach.Refuse("practices_unread", "`duenotice validate` says what is wrong with it; correct it and import again.", "%s of the case cannot be read", name)
	}
	reader := csv.NewReader(bytes.NewReader(content))
	header, err := reader.Read()
	if err != nil {
		return nil, refuse()
	}
	b.addColumns(header)
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return nil, refuse()
		}
		row := map[string]string{}
		for i, column := range header {
			row[column] = cells[i]
		}
		b.rows[row["practice_key"]] = row
	}
}

func (b *practiceBook) addColumns(columns []string) {
	for _, column := range columns {
		if !slices.Contains(b.columns, column) {
			b.columns = append(b.columns, column)
		}
	}
}

// keys are those of the practices, in order.
func (b *practiceBook) keys() []string { return slices.Sorted(maps.Keys(b.rows)) }

// over is the list with the rows of another in place of its own.
func (b *practiceBook) over(original *practiceBook) *practiceBook {
	whole := &practiceBook{slices.Clone(b.columns), maps.Clone(b.rows)}
	whole.addColumns(original.columns)
	maps.Copy(whole.rows, original.rows)
	return whole
}

// only is the list of some practices.
func (b *practiceBook) only(keys map[string]bool) *practiceBook {
	some := &practiceBook{b.columns, map[string]map[string]string{}}
	for key, row := range b.rows {
		if keys[key] {
			some.rows[key] = row
		}
	}
	return some
}

// together is the list in which practices became others: what a practice that stays lacks
// is filled from them.
func (b *practiceBook) together(now map[string]string) *practiceBook {
	whole := &practiceBook{b.columns, map[string]map[string]string{}}
	for _, key := range b.keys() {
		if now[key] == "" {
			whole.rows[key] = maps.Clone(b.rows[key])
		}
	}
	for _, key := range b.keys() {
		into := whole.rows[now[key]]
		for column, text := range b.rows[key] {
			if into != nil && into[column] == "" && column != "counting_entity" {
				into[column] = text
			}
		}
	}
	for _, row := range whole.rows { // whoever was counted with one that is gone
		if entity := now[row["counting_entity"]]; entity != "" {
			row["counting_entity"] = entity
		}
	}
	return whole
}

func (b *practiceBook) text() ([]byte, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := w.Write(b.columns); err != nil {
		return nil, err
	}
	for _, key := range b.keys() {
		cells := make([]string, 0, len(b.columns))
		for _, column := range b.columns {
			cells = append(cells, b.rows[key][column])
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return text.Bytes(), w.Error()
}

// becomes are the keys of practices that became others by what people decided. Of those
// that are one the practice stays that was named first and never second; where there are
// several of those, or none, the one with the smallest key. Practices that are in no list
// become nothing, and nothing becomes them.
func becomes(decided *decisions, exists func(key string) bool) map[string]string {
	ones, second, keys := match.NewGroups(), map[string]bool{}, map[string]bool{}
	for _, line := range decided.of(DecideSame) {
		if exists(line.A) && exists(line.B) {
			ones.Join(line.A, line.B)
			second[line.B], keys[line.A], keys[line.B] = true, true, true
		}
	}
	stays := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		root, _ := ones.Of(key)
		if known := stays[root]; known == "" || second[known] && !second[key] {
			stays[root] = key
		}
	}
	now := map[string]string{}
	for key := range keys {
		if root, _ := ones.Of(key); stays[root] != key {
			now[key] = stays[root]
		}
	}
	return now
}

// practicePair is what makes two rows of the list of practices look like one.
type practicePair struct{ rule, why string }

// The rules by which practices are asked about. None makes two one: a client knows.
var (
	successor       = practicePair{"successor", "NPPES names the NPI of the first in place of the second's"}
	sameNPI         = practicePair{"same_npi", "the NPI is the same"}
	sameNameAddress = practicePair{"same_name_address", "name and address are the same"}
	sameName        = practicePair{"same_name", "the name is the same, and the addresses do not contradict"}
	sameHouse       = practicePair{"same_address_phone", "address and telephone are the same"}
)

// practicePairs finds which rows of the list may be one covered entity. replaced is the
// NPI that a register names in place of one. The first of each pair is the one that would
// stay.
func practicePairs(list *practiceBook, replaced map[string]string) []PairRow {
	by := map[string][]string{}
	group := func(key, mark string, texts ...string) {
		if !slices.Contains(texts, "") {
			mark += "\x00" + strings.Join(texts, "\x00")
			by[mark] = append(by[mark], key)
		}
	}
	found := map[string]PairRow{}
	pair := func(kept, other string, rule practicePair) {
		id := pairID(kept, other)
		if _, known := found[id]; kept == other || known {
			return
		}
		row := PairRow{ID: id, Found: foundDoubtful, Rule: rule.rule, Why: rule.why, A: practiceSide(list.rows[kept]), B: practiceSide(list.rows[other])}
		found[id] = row
	}
	for _, key := range list.keys() {
		row := list.rows[key]
		names := []string{nameKey(row["legal_name"])}
		if dba := nameKey(row["dba"]); dba != "" && dba != names[0] {
			names = append(names, dba)
		}
		group(key, "npi", row["npi"])
		for _, name := range names {
			group(key, "name", name)
		}
		group(key, "house", breach.FoldText(row["address1"]), breach.FoldText(row["zip"]), breach.FoldText(row["phone"]))
	}
	for _, key := range list.keys() {
		if next := replaced[list.rows[key]["npi"]]; next != "" {
			for _, kept := range by["npi\x00"+next] {
				pair(kept, key, successor)
			}
		}
	}
	for _, mark := range slices.Sorted(maps.Keys(by)) {
		kind, _, _ := strings.Cut(mark, "\x00")
		first := by[mark][0]
		for _, key := range by[mark][1:] {
			switch place := placesOf(list.rows[first], list.rows[key]); {
			case kind == "npi":
				pair(first, key, sameNPI)
			case kind == "house":
				pair(first, key, sameHouse)
			case place == samePlaces:
				pair(first, key, sameNameAddress)
			case place == unknownPlaces:
				pair(first, key, sameName)
			}
		}
	}
	rows := slices.Collect(maps.Values(found))
	slices.SortFunc(rows, func(a, b PairRow) int { return strings.Compare(a.A.Key+"\x00"+a.B.Key, b.A.Key+"\x00"+b.B.Key) })
	return rows
}

type places int

const (
	otherPlaces places = iota
	unknownPlaces
	samePlaces
)

// placesOf compares two practices' addresses.
func placesOf(a, b map[string]string) places {
	same := true
	for _, column := range []string{"state", "zip", "address1"} {
		x, y := breach.FoldText(a[column]), breach.FoldText(b[column])
		if column == "zip" {
			x, y = x[:min(5, len(x))], y[:min(5, len(y))]
		}
		if x != "" && y != "" && x != y {
			return otherPlaces
		}
		same = same && x != ""
	}
	if same {
		return samePlaces
	}
	return unknownPlaces
}

func practiceSide(row map[string]string) Side {
	var parts []string
	for _, column := range []string{"address1", "city", "state", "zip"} {
		if row[column] != "" {
			parts = append(parts, row[column])
		}
	}
	return Side{Key: row["practice_key"], Practice: row["legal_name"], NPI: row["npi"], Address: strings.Join(parts, ", ")}
}

// standPractices says where each pair stands, with those that only a person named.
func standPractices(found []PairRow, list *practiceBook, decided *decisions, now map[string]string) (rows []PairRow, counts PairCounts) {
	there := map[string]bool{}
	rows = slices.DeleteFunc(slices.Clone(found), func(row PairRow) bool { return row.Found == foundAsked })
	for _, row := range rows {
		there[row.ID] = true
	}
	for _, line := range decided.lines {
		if !there[line.Pair] && decided.word(line.Pair) != "" && decided.last[line.Pair] == line {
			there[line.Pair] = true
			row := PairRow{ID: line.Pair, Found: foundAsked, Why: "named by a person", A: Side{Key: line.A}, B: Side{Key: line.B}}
			for _, side := range []*Side{&row.A, &row.B} {
				if known := list.rows[side.Key]; known != nil {
					*side = practiceSide(known)
				}
			}
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b PairRow) int { return strings.Compare(a.A.Key+"\x00"+a.B.Key, b.A.Key+"\x00"+b.B.Key) })
	is := func(key string) string { return cmpOr(now[key], key) }
	for i := range rows {
		row := &rows[i]
		row.stand(decided, is(row.A.Key) == is(row.B.Key))
		counts.add(row.Standing)
	}
	return rows, counts
}

// pairsText is a list of pairs as its file has it.
func pairsText(of Kind, rows []PairRow) ([]byte, error) {
	var b bytes.Buffer
	w, err := newPairsWriter(&b, of)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := w.write(&rows[i]); err != nil {
			return nil, err
		}
	}
	err = w.flush()
	return b.Bytes(), err
}
