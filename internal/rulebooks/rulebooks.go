// Package rulebooks has every rulebook this program can decide by: the current
// one, and those of earlier versions. A running case keeps the one it was
// planned under, and a decision taken years ago is taken again by the rulebook
// that took it.
//
// An earlier rulebook is kept as its manifest in the folder kept, with those of
// its files that are no longer what they were, each by its hash. Its logic is
// kept in package rules, and only where it changed (docs/adr/0130). What a
// rulebook is given and what it returns are canonical bytes.
package rulebooks

import (
	"encoding/json"
	"fmt"
	"sync"

	"duenotice/internal/rules"
)

// Rulebook is one version of the law as this program can apply it.
type Rulebook struct {
	version, sha256 string
	// book is put together when it is first asked: reading an earlier
	// rulebook's rows takes time, and most programs never need it.
	book func() (book, error)
}

// book is a rules.Book of this or of an earlier version.
type book interface {
	Replay(inputs []byte) ([]byte, error)
}

// Of returns a version's book as a Rulebook.
func Of(b interface {
	book
	Version() string
	SHA256() string
}) *Rulebook {
	return &Rulebook{version: b.Version(), sha256: b.SHA256(), book: func() (book, error) { return b, nil }}
}

// earlier is the rulebook of a manifest, with its files in an archive.
func earlier(m rules.Manifest, kept Archive, build Builder) *Rulebook {
	return &Rulebook{version: m.Version, sha256: m.SHA256(), book: sync.OnceValues(func() (book, error) { return build(m, kept.File) })}
}

// Version names it, for example "2026.11".
func (r *Rulebook) Version() string { return r.version }

// SHA256 identifies it; it is kept with every decision.
func (r *Rulebook) SHA256() string { return r.sha256 }

// Taken is a decision with the bytes that prove it.
type Taken struct {
	rules.Decision
	// Inputs and Result are canonical: Replay(Inputs) is Result, years later too.
	Inputs, Result []byte
}

// Decide takes a decision. It is taken from the bytes that are kept of it, so
// that nothing else can have had a part in it.
func (r *Rulebook) Decide(s rules.Subject) (Taken, error) {
	var taken Taken
	var err error
	if taken.Inputs, err = s.Canonical(); err != nil {
		return Taken{}, err
	}
	if taken.Result, err = r.Replay(taken.Inputs); err != nil {
		return Taken{}, err
	}
	if err := json.Unmarshal(taken.Result, &taken.Decision); err != nil {
		return Taken{}, fmt.Errorf("a decision of rulebook %s cannot be read: %w", r.version, err)
	}
	return taken, nil
}

// Replay takes a decision again from its stored inputs.
func (r *Rulebook) Replay(inputs []byte) (result []byte, err error) {
	b, err := r.book()
	if err != nil {
		return nil, err
	}
	return b.Replay(inputs)
}

// Library is a set of rulebooks, the newest last.
type Library []*Rulebook

// Newest is the rulebook that new incidents are planned under.
func (l Library) Newest() *Rulebook { return l[len(l)-1] }

// Find returns the rulebook with the hash. Of two versions with one hash, which
// say the same, it is the newer.
func (l Library) Find(sha256 string) (*Rulebook, bool) {
	for i := len(l) - 1; i >= 0; i-- {
		if l[i].sha256 == sha256 {
			return l[i], true
		}
	}
	return nil, false
}
