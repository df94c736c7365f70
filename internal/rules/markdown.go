package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/civil"
)

// Markdown is docs/obligations.md: the rulebook for people. It is made from
// the same data that decides, and a test fails while the committed file differs.
func (b *Book) Markdown() string {
	var w strings.Builder
	fmt.Fprintf(&w, `# Obligations

For the officer and counsel who want to know what is owed, by when and under which law. It lets them look up every rule that the program decides by, with its
citation and how well its reading is confirmed.

Generated from the rulebook; do not edit. Run `+"`go generate ./internal/rules`"+` after changing a rule.

Rulebook %s, SHA-256 `+"`%s`"+`. Each text is our paraphrase and no legal advice; the citation decides.
A rule is in force from its first day to, but not on, its end; the incident's own dates are held against that window, never today's.
*Verified* means that the reading was compared with the text or an official source on the as-of day; *unverified* means that a part of it rests on memory, and counsel should confirm it.

| rule | jurisdiction | kind | title | citation | in force | confidence |
|---|---|---|---|---|---|---|
`, b.Version(), b.SHA256())
	for _, r := range b.Rules() {
		fmt.Fprintf(&w, "| [`%s`](#%s) | %s | %s | %s | %s | %s | %s |\n",
			r.ID, anchor(r.ID), r.Jurisdiction, r.Kind, r.Title, r.Citation, window(r), r.Confidence)
	}
	for _, r := range b.Rules() {
		fmt.Fprintf(&w, "\n## %s\n\n**%s.** %s\n\n", r.ID, r.Title, r.Text)
		fmt.Fprintf(&w, "- Citation: %s\n- Authority: %s\n- In force: %s\n- As of: %s, %s\n", r.Citation, r.Authority, window(r), r.AsOf, r.Confidence)
		for _, p := range r.Parameters {
			fmt.Fprintf(&w, "- %s: %s\n", strings.ReplaceAll(p.Name, "_", " "), p.Value)
		}
	}
	return w.String()
}

// window writes a half-open window in words.
func window(r Rule) string {
	from, to := "always", ""
	if !r.EffectiveFrom.IsZero() {
		from = "from " + r.EffectiveFrom.String()
	}
	if r.EffectiveTo != (civil.Date{}) {
		to = " until " + r.EffectiveTo.String()
	}
	return from + to
}

// anchor is the fragment that a Markdown heading of the rule's ID gets.
func anchor(id string) string {
	return strings.NewReplacer(".", "").Replace(strings.ToLower(id))
}
