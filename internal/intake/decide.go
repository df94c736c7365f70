package intake

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/match"
	"duenotice/internal/outfolder"
)

// Choice is what a person says about two: by the pair's id, or by the two keys.
type Choice struct {
	Pair, A, B string
	// Decision is same, apart or undone. To undo a merge of the rules is to say apart.
	Decision, Reason string
	// Line is the line of a file that has the choice; 0 for none.
	Line int
}

// Decided says what became of choices.
type Decided struct {
	// New were written down, Known hold already.
	New   []Decision `json:"-"`
	Known int        `json:"already_decided"`
	// People and Findings count the list as it is now.
	People   int        `json:"people"`
	Findings int        `json:"findings"`
	Pairs    PairCounts `json:"pairs"`
}

// Pairs gives the pairs of a case in the order of their keys, with where they stand.
func Pairs(of Kind, dir string, do func(*PairRow) error) (counts PairCounts, err error) {
	err = eachPair(of, filepath.Join(dir, of.files().pairs), func(row *PairRow) error {
		counts.add(row.Standing)
		return do(row)
	})
	return counts, err
}

// Decide writes down what a person said about pairs and carries it out in the case's
// list of people: all choices, or none where one is refused. The same choice twice
// changes nothing. Errors are *breach.Refusal where a choice cannot be taken.
func Decide(ctx context.Context, of Kind, dir string, choices []Choice, by string, on civil.Date) (done Decided, err error) {
	place, forget, err := Workplace(dir)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, forget()) }()
	d := &deciding{of: of, dir: dir, place: place, by: by, on: on}
	if err := d.read(); err != nil {
		return done, err
	}
	for _, choice := range choices {
		if err := d.take(choice); err != nil {
			return done, err
		}
	}
	if err := d.agree(); err != nil {
		return done, err
	}
	done.New, done.Known = d.taken, d.known
	if len(d.taken) == 0 && !d.memory.Deciding {
		done.Pairs, err = Pairs(of, dir, func(*PairRow) error { return nil })
		return done, err
	}
	now, err := d.carryOut(ctx)
	done.People, done.Findings, done.Pairs = now.People, now.Findings, now.Pairs
	return done, err
}

// deciding is the taking of choices.
type deciding struct {
	of         Kind
	dir, place string
	by         string
	on         civil.Date
	memory     memory
	// people and practices are what was decided about each, decided that of the kind in
	// question.
	people, practices, decided *decisions
	// originals are the practices before any became another.
	originals *practiceBook
	// pairs are those of the case by id.
	pairs map[string]PairRow
	taken []Decision
	known int
}

func (d *deciding) path(name string) string { return filepath.Join(d.dir, name) }

// read reads what there is, and refuses lists that are not those the pairs are of.
func (d *deciding) read() (err error) {
	if d.memory, err = readMemory(d.dir); err != nil {
		return err
	}
	if d.memory.PracticesSHA256 == "" || d.of == People && d.memory.FindingsSHA256 == "" {
		return breach.Refuse("nothing_imported", "Import it: `duenotice findings import CASE LIST`. Your own list can be given too.", "the case has no list that an import wrote")
	}
	wrote := map[string]string{casefolder.FindingsFile: d.memory.FindingsSHA256}
	if d.of == Practices {
		wrote[casefolder.PracticesFile] = d.memory.PracticesSHA256
	}
	for name, was := range wrote {
		sum, err := givenfile.Sum(d.path(name))
		if err != nil {
			return err
		}
		if was != "" && was != sum && !d.memory.Deciding {
			return breach.Refuse("list_changed", "Import the sources again, with the changed list among them if it is right.", "%s was changed since it was imported", name)
		}
	}
	if d.people, err = readDecisions(d.dir, People); err != nil {
		return err
	}
	if d.practices, err = readDecisions(d.dir, Practices); err != nil {
		return err
	}
	if d.decided = d.people; d.of == Practices {
		d.decided = d.practices
	}
	if d.originals, err = originalPractices(d.dir); err != nil {
		return err
	}
	d.pairs = map[string]PairRow{}
	return eachPair(d.of, d.path(d.of.PairsFile()), func(row *PairRow) error {
		d.pairs[row.ID] = PairRow{ID: row.ID, Standing: row.Standing, Found: row.Found, A: Side{Key: row.A.Key}, B: Side{Key: row.B.Key}}
		return nil
	})
}

// originalPractices are a case's practices before any became another.
func originalPractices(dir string) (*practiceBook, error) {
	list, err := readPracticeBook(dir, casefolder.PracticesFile)
	if err != nil {
		return nil, err
	}
	apart, err := readPracticeBook(dir, PracticeApartFile)
	if err != nil {
		return nil, err
	}
	return list.over(apart), nil
}

// mostReason bounds a reason, in characters.
const mostReason = 500

// take takes one choice.
func (d *deciding) take(c Choice) error {
	at := func(format string, args ...any) string {
		if c.Line > 0 {
			format, args = "line %d: "+format, append([]any{c.Line}, args...)
		}
		return fmt.Sprintf(format, args...)
	}
	if c.Pair == "" {
		if c.A == c.B || !breach.IsKey(c.A) || !breach.IsKey(c.B) {
			return breach.Refuse("pair_form", "Give two keys as the case's list has them.", "%s", at("two different keys are needed"))
		}
		if d.of == People && c.B < c.A {
			c.A, c.B = c.B, c.A
		}
		c.Pair = pairID(c.A, c.B)
	}
	pair, known := d.pairs[c.Pair]
	if !known {
		if line, decided := d.decided.last[c.Pair]; decided {
			pair = PairRow{ID: c.Pair, A: Side{Key: line.A}, B: Side{Key: line.B}}
		} else if c.A == "" {
			return breach.Refuse("unknown_pair", fmt.Sprintf("`duenotice findings %s CASE` lists them.", d.of.Command()), "%s", at("there is no pair %s", c.Pair))
		} else {
			pair = PairRow{ID: c.Pair, A: Side{Key: c.A}, B: Side{Key: c.B}}
		}
	}
	if d.of == Practices && c.A != "" {
		pair.A.Key, pair.B.Key = c.A, c.B // the first is the one that stays
	}
	reason := strings.Join(strings.Fields(c.Reason), " ")
	if reason == "" || utf8.RuneCountInString(reason) > mostReason {
		return breach.Refuse("no_reason", "Say in a few words what shows it; it is kept.", "%s", at("the decision about %s needs a reason of at most %d letters", c.Pair, mostReason))
	}
	word, held := c.Decision, d.decided.word(c.Pair)
	if word == DecideUndone && held == "" {
		if pair.Standing != Together {
			return breach.Refuse("nothing_to_undo", fmt.Sprintf("`duenotice findings %s CASE --all` shows what is together.", d.of.Command()), "%s", at("nothing was decided about %s, and the two are not together", c.Pair))
		}
		if pair.Found != foundSame {
			return breach.Refuse("together_by_others", fmt.Sprintf("Undo those: `duenotice findings %s CASE --all` lists them.", d.of.Command()), "%s", at("the two of %s are together by other pairs", c.Pair))
		}
		word = DecideApart
	}
	switch word {
	case DecideSame, DecideApart, DecideUndone:
	default:
		return breach.Refuse("decision_word", "Write same or apart.", "%s", at("%q is no decision", c.Decision))
	}
	if word == held && (d.of == People || d.decided.last[c.Pair].A == pair.A.Key) {
		d.known++
		return nil
	}
	line := Decision{Pair: c.Pair, A: pair.A.Key, B: pair.B.Key, Decision: word, Reason: reason, By: d.by, On: d.on}
	d.decided.add(line)
	d.taken = append(d.taken, line)
	return nil
}

// agree refuses words by which two are one person and are not.
func (d *deciding) agree() error {
	ones := match.NewGroups()
	for _, line := range d.decided.of(DecideSame) {
		ones.Join(line.A, line.B)
	}
	for _, line := range d.decided.of(DecideApart) {
		if ones.Same(line.A, line.B) {
			return breach.Refuse("decisions_contradict", "Undo one of them with --undo.",
				"by the decisions taken together, the two of %s would be one %s, and by the decision about it they are two", line.Pair, d.of.One())
		}
	}
	return nil
}

// carryOut writes the lists anew. The rows as they were come first, then the word, then
// what follows from it: killed anywhere, the next decision carries out both.
func (d *deciding) carryOut(ctx context.Context) (done joined, err error) {
	exists := func(key string) bool { return d.originals.rows[key] != nil }
	for _, line := range d.taken {
		if d.of == Practices && line.Decision == DecideSame && !(exists(line.A) && exists(line.B)) {
			return done, breach.Refuse("unknown_practice", "Give keys of practices.csv or of "+PracticeApartFile+".", "the list does not have both practices of %s", line.Pair)
		}
	}
	j := &joining{
		dir: d.place, list: d.path(casefolder.FindingsFile), apart: filepath.Join(d.place, apartName), pairs: d.path(PairsFile),
		decided: d.people, practices: becomes(d.practices, exists),
	}
	if err := d.extract(j); err != nil {
		return done, err
	}
	list, err := outfolder.Create(d.path(casefolder.FindingsFile))
	if err != nil {
		return done, err
	}
	defer list.Abort()
	pairs, err := outfolder.Create(d.path(PairsFile))
	if err != nil {
		return done, err
	}
	defer pairs.Abort()
	if done, err = j.write(list, pairs); err != nil {
		return done, err
	}
	if err := ctx.Err(); err != nil {
		return done, err
	}
	counts, err := d.commit(j, list, pairs, done.Pairs.any())
	if d.of == Practices {
		done.Pairs = counts
	}
	return done, err
}

// extract takes out, as they were, the rows of everybody whom a pair or a decision is
// about.
func (d *deciding) extract(j *joining) error {
	involved, err := j.involved(d.practices)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	err = extract(j.list, d.path(ApartFile), j.apart, func(key string, rows [][]string) bool {
		seen[key] = seen[key] || involved.keys[key]
		return involved.needs(key, rows)
	})
	if err != nil || d.of == Practices {
		return err
	}
	for _, line := range d.taken {
		if line.Decision == DecideSame && !(seen[line.A] && seen[line.B]) {
			return breach.Refuse("unknown_person", "Give keys of findings.csv or of "+ApartFile+".", "the list does not have both people of %s", line.Pair)
		}
	}
	return nil
}

func (d *deciding) commit(j *joining, list, pairs *outfolder.File, anyPairs bool) (counts PairCounts, err error) {
	var found []PairRow
	err = eachPair(Practices, d.path(PracticePairsFile), func(row *PairRow) error {
		found = append(found, *row)
		return nil
	})
	if err != nil {
		return counts, err
	}
	rows, counts := standPractices(found, d.originals, d.practices, j.practices)
	practicePairs, practicesApart, err := practiceFiles(d.originals, rows, d.practices)
	if err != nil {
		return counts, err
	}
	practices, err := d.originals.together(j.practices).text()
	if err != nil {
		return counts, err
	}
	word, err := d.decided.text()
	if err != nil {
		return counts, err
	}
	d.memory.Deciding = true
	steps := []func() error{
		func() error { return d.keepApart(j, anyPairs) },
		func() error { return writePracticeFiles(d.dir, practicePairs, practicesApart) },
		d.remember,
		func() error { return d.put(d.of.files().decisions, word, nil) },
		func() error {
			if d.of != Practices {
				return nil
			}
			return d.put(casefolder.PracticesFile, practices, &d.memory.PracticesSHA256)
		},
		func() error {
			if d.memory.FindingsSHA256 == "" { // nobody's list: practices alone were imported
				return nil
			}
			written, err := list.Commit()
			d.memory.FindingsSHA256 = written.SHA256
			return err
		},
		func() error {
			if !anyPairs {
				return remove(d.dir, PairsFile)
			}
			_, err := pairs.Commit()
			return err
		},
		func() error { return d.memory.sumDecisions(d.dir) },
		func() error { d.memory.Deciding = false; return d.remember() },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return counts, err
		}
	}
	return counts, nil
}

// keepApart keeps the rows as they were, where there are any to keep.
func (d *deciding) keepApart(j *joining, anyPairs bool) error {
	if anyPairs || len(d.practices.lines) > 0 {
		return copyTo(j.apart, d.path(ApartFile))
	}
	return remove(d.dir, ApartFile)
}

func (d *deciding) put(name string, content []byte, sum *string) error {
	written, err := outfolder.WriteFile(d.path(name), content)
	if err == nil && sum != nil {
		*sum = written.SHA256
	}
	return err
}

func (d *deciding) remember() error {
	memo, err := indented(d.memory)
	if err != nil {
		return err
	}
	_, err = outfolder.WriteFile(d.path(SourcesFile), memo)
	return err
}

// copyTo puts a file's content where it stays, whole or not at all.
func copyTo(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close() //nolint:errcheck // only read
	file, err := outfolder.Create(to)
	if err != nil {
		return err
	}
	defer file.Abort()
	if _, err := io.Copy(file, src); err != nil {
		return err
	}
	_, err = file.Commit()
	return err
}

// ReadChoices reads a list of pairs in which somebody filled the column decision (same or
// apart) and reason: PairsFile itself, or any CSV with the columns pair, decision, reason.
// Lines without a decision are passed over.
func ReadChoices(path string) ([]Choice, error) {
	file, err := givenfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	reader := csv.NewReader(file)
	refuse := func(format string, args ...any) error {
		return breach.Refuse("choices_unread", "Fill the columns decision and reason of a copy of "+PairsFile+".", "%s: "+format, append([]any{filepath.Base(path)}, args...)...)
	}
	header, err := reader.Read()
	if err != nil {
		return nil, refuse("it cannot be read as CSV")
	}
	header[0] = strings.TrimPrefix(header[0], "\uFEFF")
	at := map[string]int{}
	for _, name := range []string{"pair", "decision", "reason"} {
		if at[name] = slices.Index(header, name); at[name] < 0 {
			return nil, refuse("it has no column %s", name)
		}
	}
	var choices []Choice
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return choices, nil
		}
		if err != nil {
			return nil, refuse("it cannot be read after line %d", lineOf(reader))
		}
		c := Choice{Pair: strings.TrimSpace(cells[at["pair"]]), Decision: strings.ToLower(strings.TrimSpace(cells[at["decision"]])), Reason: cells[at["reason"]], Line: lineOf(reader)}
		if c.Decision != "" {
			choices = append(choices, c)
		}
	}
}
