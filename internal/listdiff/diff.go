package listdiff

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/intake/spill"
)

// List streams a list of people: it calls each for every row, in any order, with the line
// of its file. p is each's only until it returns.
type List func(ctx context.Context, each func(row int, p *breach.Person) error) error

// What became of one person of a practice.
const (
	Added   = "added"
	Removed = "removed"
	// Leaving: it was unknown whether the data had been acquired or viewed, and now it was not.
	Leaving = "leaving"
	// Passed: somebody who is on the new list alone, and whose data nobody acquired or viewed.
	Passed = "passed_over"
	// Kinds: other kinds of data. Address: mail goes elsewhere. Other: anything else that a
	// row says, but for where it was found.
	Kinds   = "kinds_changed"
	Address = "address_changed"
	Other   = "other_changed"
)

// Counts are people of a practice, and of one State of residence where they are a Line's.
// Before and After are those on the lists; what lies between them adds up:
// Before + Added + MovedIn - Removed - Leaving - MovedOut = After. Those who are passed
// over stand on the new list and are in no other count.
type Counts struct {
	Before  int `json:"before"`
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Leaving int `json:"leaving"`
	Passed  int `json:"passed_over"`
	// MovedIn and MovedOut live in another State on the other list.
	MovedIn  int `json:"moved_in"`
	MovedOut int `json:"moved_out"`
	After    int `json:"after"`
	// Kinds, Address and Other are people on both lists; one may be in several.
	Kinds   int `json:"kinds_changed"`
	Address int `json:"address_changed"`
	Other   int `json:"other_changed"`
}

// Changes reports whether the lists differ in anybody counted.
func (c Counts) Changes() bool {
	return c.Added+c.Removed+c.Leaving+c.Passed+c.MovedIn+c.MovedOut+c.Kinds+c.Address+c.Other > 0
}

func (c *Counts) add(o Counts) {
	c.Before, c.Added, c.Removed, c.Leaving, c.Passed = c.Before+o.Before, c.Added+o.Added, c.Removed+o.Removed, c.Leaving+o.Leaving, c.Passed+o.Passed
	c.MovedIn, c.MovedOut, c.After = c.MovedIn+o.MovedIn, c.MovedOut+o.MovedOut, c.After+o.After
	c.Kinds, c.Address, c.Other = c.Kinds+o.Kinds, c.Address+o.Address, c.Other+o.Other
}

// Line counts the people of one practice who live in one State; State is empty where it is
// not known or none.
type Line struct {
	PracticeKey string `json:"practice_key"`
	State       string `json:"state"`
	Counts
}

// Person is what became of one person of a practice. It has nothing that tells who it is.
type Person struct {
	PracticeKey, PersonKey string
	State                  string
	// What is one or more of the words above.
	What []string
	// RowBefore and RowAfter are the lines of the two files; 0 where there is none.
	RowBefore, RowAfter     int
	KindsBefore, KindsAfter []breach.DataClass
}

// Result is a comparison.
type Result struct {
	// Lines are those of every practice and State of either list, in order.
	Lines []Line
	Total Counts
	// stays is false for those of the new list who leave, or come on none.
	gone map[[2]string]bool
}

// Stays reports whether somebody of the new list is told by it: not who leaves, and not
// who is passed over.
func (r *Result) Stays(p *breach.Person) bool { return !r.gone[[2]string{p.PracticeKey, p.Key}] }

// The two sides, in the order in which they are sorted.
const (
	oldSide byte = iota + 1
	newSide
)

type comparison struct {
	lines  map[[2]string]*Counts
	result *Result
	each   func(Person) error
}

// Compare compares two lists, sorting with files in dir, which hold keys, States and
// hashes. each, unless nil, is called for everybody who is not the same on both, by
// practice and person.
func Compare(ctx context.Context, dir string, before, after List, each func(Person) error) (*Result, error) {
	sorter, r := spill.New(dir), reader{seed: maphash.MakeSeed()}
	var keyBuf, valueBuf []byte
	for _, side := range []struct {
		list List
		side byte
	}{{before, oldSide}, {after, newSide}} {
		err := side.list(ctx, func(row int, p *breach.Person) error {
			rec := r.record(row, p)
			keyBuf, valueBuf = key(keyBuf, p, side.side), rec.encode(valueBuf)
			return sorter.Add(keyBuf, valueBuf)
		})
		if err != nil {
			return nil, err
		}
	}
	c := &comparison{lines: map[[2]string]*Counts{}, result: &Result{gone: map[[2]string]bool{}}, each: each}
	if err := c.pairs(sorter); err != nil {
		return nil, err
	}
	for at, counts := range c.lines {
		c.result.Lines = append(c.result.Lines, Line{at[0], at[1], *counts})
		c.result.Total.add(*counts)
	}
	slices.SortFunc(c.result.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.PracticeKey, b.PracticeKey), cmp.Compare(a.State, b.State))
	})
	return c.result, nil
}

// pairs goes through the sorted rows and takes the two of one person together.
func (c *comparison) pairs(sorter *spill.Sorter) error {
	var waits *record
	var who [2]string
	old := func() error {
		if waits == nil {
			return nil
		}
		gone := waits
		waits = nil
		return c.person(who, gone, nil)
	}
	err := sorter.Each(func(key, value []byte) error {
		practice, person, side, ok := cutKey(key)
		if !ok {
			return errRecord
		}
		rec, err := decode(value)
		if err != nil {
			return err
		}
		here := [2]string{practice, person}
		if side == newSide && waits != nil && who == here {
			before := waits
			waits = nil
			return c.person(here, before, &rec)
		}
		if err := old(); err != nil {
			return err
		}
		if side == newSide {
			return c.person(here, nil, &rec)
		}
		who, waits = here, &rec
		return nil
	})
	if err != nil {
		return err
	}
	return old()
}

func (c *comparison) at(practice, state string) *Counts {
	at := [2]string{practice, state}
	if c.lines[at] == nil {
		c.lines[at] = &Counts{}
	}
	return c.lines[at]
}

// person counts one person; before or after is nil where a list does not have them.
func (c *comparison) person(who [2]string, before, after *record) error {
	p := Person{PracticeKey: who[0], PersonKey: who[1]}
	if before != nil {
		c.at(who[0], before.state).Before++
		p.State, p.RowBefore, p.KindsBefore = before.state, before.row, before.kinds.Classes()
	}
	if after != nil {
		p.State, p.RowAfter, p.KindsAfter = after.state, after.row, after.kinds.Classes()
	}
	here := c.at(who[0], p.State)
	switch {
	case after == nil:
		here.Removed++
		p.What = []string{Removed}
	case before == nil && breach.OfLaterRow(false, "", after.acquired) == breach.LaterPasses:
		here.Passed++
		c.result.gone[who] = true
		p.What = []string{Passed}
	case before == nil:
		here.Added++
		here.After++
		p.What = []string{Added}
	case breach.OfLaterRow(true, before.acquired, after.acquired) == breach.LaterLeaves:
		c.at(who[0], before.state).Leaving++
		c.result.gone[who] = true
		p.What = []string{Leaving}
	default:
		here.After++
		if before.state != after.state {
			here.MovedIn++
			c.at(who[0], before.state).MovedOut++
		}
		for _, change := range []struct {
			differs bool
			count   *int
			what    string
		}{
			{before.kinds != after.kinds, &here.Kinds, Kinds}, {before.address != after.address, &here.Address, Address}, {before.other != after.other, &here.Other, Other},
		} {
			if change.differs {
				*change.count++
				p.What = append(p.What, change.what)
			}
		}
	}
	if c.each == nil || len(p.What) == 0 {
		return nil
	}
	return c.each(p)
}
