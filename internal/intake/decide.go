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
	err = eachPair(filepath.Join(dir, of.files().pairs), func(row *PairRow) error {
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
	d := &deciding{dir: dir, place: place, by: by, on: on}
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
	dir, place string
	by         string
	on         civil.Date
	memory     memory
	decided    *decisions
	// pairs are those of the case by id.
	pairs map[string]PairRow
	taken []Decision
	known int
}

func (d *deciding) path(name string) string { return filepath.Join(d.dir, name) }

// read reads what there is, and refuses a list that is not the one the pairs are of.
func (d *deciding) read() (err error) {
	if d.memory, err = readMemory(d.dir); err != nil {
		return err
	}
	sum, err := sumOf(d.path(casefolder.FindingsFile))
	if err != nil {
		return err
	}
	switch {
	case d.memory.FindingsSHA256 == "":
		return breach.Refuse("nothing_imported", "Import it: `duenotice findings import CASE LIST`. Your own list can be given too.", "the case has no list of people that an import wrote")
	case d.memory.FindingsSHA256 != sum && !d.memory.Deciding:
		return breach.Refuse("list_changed", "Import the sources again, with the changed list among them if it is right.", "%s was changed since it was imported", casefolder.FindingsFile)
	}
	if d.decided, err = readDecisions(d.path(DecisionsFile), DecisionsFile); err != nil {
		return err
	}
	d.pairs = map[string]PairRow{}
	return eachPair(d.path(PairsFile), func(row *PairRow) error {
		d.pairs[row.ID] = PairRow{ID: row.ID, Standing: row.Standing, Found: row.Found, A: Side{Key: row.A.Key}, B: Side{Key: row.B.Key}}
		return nil
	})
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
			return breach.Refuse("pair_form", "Give the person_key of two people, as findings.csv has them.", "%s", at("two different keys are needed"))
		}
		if c.B < c.A {
			c.A, c.B = c.B, c.A
		}
		c.Pair = pairID(c.A, c.B)
	}
	pair, known := d.pairs[c.Pair]
	if !known {
		if line, decided := d.decided.last[c.Pair]; decided {
			pair = PairRow{ID: c.Pair, A: Side{Key: line.A}, B: Side{Key: line.B}}
		} else if c.A == "" {
			return breach.Refuse("unknown_pair", "`duenotice findings pairs CASE` lists them.", "%s", at("there is no pair %s", c.Pair))
		} else {
			pair = PairRow{ID: c.Pair, A: Side{Key: c.A}, B: Side{Key: c.B}}
		}
	}
	reason := strings.Join(strings.Fields(c.Reason), " ")
	if reason == "" || utf8.RuneCountInString(reason) > mostReason {
		return breach.Refuse("no_reason", "Say in a few words what shows it; it is kept.", "%s", at("the decision about %s needs a reason of at most %d letters", c.Pair, mostReason))
	}
	word, held := c.Decision, d.decided.word(c.Pair)
	if word == DecideUndone && held == "" {
		if pair.Standing != Together {
			return breach.Refuse("nothing_to_undo", "`duenotice findings pairs CASE` shows what is together.", "%s", at("nothing was decided about %s, and the two are not together", c.Pair))
		}
		if pair.Found != foundSame {
			return breach.Refuse("together_by_others", "Undo those: `duenotice findings pairs CASE --all` lists them.", "%s", at("the two of %s are together by other pairs", c.Pair))
		}
		word = DecideApart
	}
	switch word {
	case DecideSame, DecideApart, DecideUndone:
	default:
		return breach.Refuse("decision_word", "Write same or apart.", "%s", at("%q is no decision", c.Decision))
	}
	if word == held {
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
				"by the decisions taken together, the two of %s would be one person, and by the decision about %s they are two", line.Pair, line.Pair)
		}
	}
	return nil
}

// carryOut writes the list anew. The rows as they were come first, then the word, then
// what follows from it: killed anywhere, the next decision carries out both.
func (d *deciding) carryOut(ctx context.Context) (done joined, err error) {
	j := &joining{dir: d.place, list: d.path(casefolder.FindingsFile), apart: filepath.Join(d.place, apartName), pairs: d.path(PairsFile), decided: d.decided}
	involved, err := j.involved()
	if err != nil {
		return done, err
	}
	seen := map[string]bool{}
	for _, line := range d.taken {
		seen[line.A], seen[line.B] = false, false
	}
	err = extract(j.list, d.path(ApartFile), j.apart, func(key string, rows [][]string) bool {
		if _, asked := seen[key]; asked {
			seen[key] = true
		}
		return involved.needs(key, rows)
	})
	if err != nil {
		return done, err
	}
	for _, line := range d.taken {
		if line.Decision == DecideSame && !(seen[line.A] && seen[line.B]) {
			return done, breach.Refuse("unknown_person", "Give keys of findings.csv or of "+ApartFile+".", "the list does not have both people of %s", line.Pair)
		}
	}
	files := map[string]*outfolder.File{}
	for _, name := range []string{casefolder.FindingsFile, PairsFile} {
		file, err := outfolder.Create(d.path(name))
		if err != nil {
			return done, err
		}
		defer file.Abort()
		files[name] = file
	}
	if done, err = j.write(files[casefolder.FindingsFile], files[PairsFile]); err != nil {
		return done, err
	}
	if err := ctx.Err(); err != nil {
		return done, err
	}
	return done, d.commit(j.apart, files, done.Pairs.any())
}

func (d *deciding) commit(apart string, files map[string]*outfolder.File, pairs bool) error {
	if err := copyTo(apart, d.path(ApartFile)); err != nil {
		return err
	}
	d.memory.Deciding = true
	if err := d.remember(); err != nil {
		return err
	}
	text, err := d.decided.text()
	if err != nil {
		return err
	}
	written, err := outfolder.WriteFile(d.path(DecisionsFile), text)
	if err != nil {
		return err
	}
	list, err := files[casefolder.FindingsFile].Commit()
	if err != nil {
		return err
	}
	if pairs {
		_, err = files[PairsFile].Commit()
	} else {
		err = removePairs(d.dir)
	}
	if err != nil {
		return err
	}
	d.memory.Deciding, d.memory.DecisionsSHA256, d.memory.FindingsSHA256 = false, written.SHA256, list.SHA256
	return d.remember()
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
