package ledger

import "fmt"

// Broken is the first broken link found.
type Broken struct {
	// Practice is the chain, "" for the incident's; Seq the entry, 0 for none.
	Practice string
	Seq      int
	// What is wrong, in words.
	What string
}

func (b *Broken) Error() string { return b.Link() + ": " + b.What }

// Link names the link for a person.
func (b *Broken) Link() string {
	chain := "the incident's ledger"
	if b.Practice != "" {
		chain = "the ledger of practice " + b.Practice
	}
	if b.Seq == 0 {
		return chain
	}
	return fmt.Sprintf("%s, entry %d", chain, b.Seq)
}

// Chain checks entries as they come, in the order of one chain.
type Chain struct {
	Incident, Practice string
	// Head is the last entry that was added.
	Head Entry
	// steps are the intents by Ref: what is to be done, "" once there is an outcome.
	steps map[string]string
}

// Add checks that e is the next link and takes it in. The error is a *Broken.
func (c *Chain) Add(e Entry) error {
	broken := func(format string, args ...any) error {
		return &Broken{Practice: c.Practice, Seq: c.Head.Seq + 1, What: fmt.Sprintf(format, args...)}
	}
	switch {
	case e.Incident != c.Incident || e.Practice != c.Practice:
		return broken("an entry of another chain stands here (incident %s, practice %q)", e.Incident, e.Practice)
	case e.Seq > c.Head.Seq+1:
		return broken("it is missing: the next one is entry %d", e.Seq)
	case e.Seq != c.Head.Seq+1:
		return broken("entry %d stands here again or out of order", e.Seq)
	case e.Sum() != e.Hash:
		return broken("its content is not what its hash says: it was changed after it was written")
	case e.Prev != c.Head.Hash:
		return broken("it does not continue the entry before it: one was changed, removed or put in")
	case e.At < c.Head.At:
		return broken("it says it was written before the entry before it (%s)", e.At)
	}
	body, err := e.Decode()
	if err != nil {
		return broken("its content cannot be read: %v", err)
	}
	if err := c.follow(body); err != "" {
		return broken("%s", err)
	}
	c.Head = e
	return nil
}

// follow keeps account of intents: a result without one before it was not
// written by this program.
func (c *Chain) follow(b Body) string {
	if b.Kind != KindIntent && b.Kind != KindResult {
		return ""
	}
	step, err := ResultOf[Step](b)
	if err != nil {
		return "its step cannot be read: " + err.Error()
	}
	if c.steps == nil {
		c.steps = map[string]string{}
	}
	if b.Kind == KindIntent {
		c.steps[b.Ref] = step.What
		return ""
	}
	if _, intended := c.steps[b.Ref]; !intended {
		return "the outcome of " + step.What + " " + b.Ref + " stands here without an intent before it"
	}
	c.steps[b.Ref] = ""
	return ""
}

// Open counts what was intended and has no outcome.
func (c *Chain) Open() int {
	open := 0
	for _, what := range c.steps {
		if what != "" {
			open++
		}
	}
	return open
}
