package cli

import (
	"fmt"
	"strings"

	"duenotice/internal/postgres"
)

func (s *session) sayAmended(incident string, r postgres.ListResult, dryRun bool) {
	switch {
	case r.AlreadyLoaded:
		s.p.say("Incident %s: this list was loaded before, as list %d; nothing changed.", incident, r.Number)
		return
	case dryRun:
		s.p.say("Incident %s: the list would become list %d. Nothing was changed.", incident, r.Number)
	default:
		s.p.say("Incident %s: list %d is loaded.", incident, r.Number)
	}
	t := s.p.lines(2)
	t.row("  added", r.Added)
	t.row("  changed", r.Changed)
	t.row("  as before", r.Unchanged)
	t.row("  taken out", r.Removed)
	if r.Cleared > 0 {
		t.row("    because nobody saw their data", r.Cleared)
	}
	if r.Passed > 0 {
		t.row("  passed over, nobody saw their data", r.Passed)
	}
	if r.Unlisted > 0 {
		t.row("  in no source, and staying", r.Unlisted)
	}
	t.row("  practices touched", len(r.Practices))
	t.print()
	s.sayPractices(r.Practices)
	s.sayLines(r.Lines)
	if r.Told > 0 {
		s.p.say("Told by then, by a letter or otherwise, though it was not so: %s who were taken out. That stays in the record, and status counts them.", count(r.Told, "person", "people"))
	}
	if n := len(r.Letters); n > 0 {
		s.p.say("Printed already and for nobody any more: %s. If not mailed yet, take out: %s", count(n, "letter", "letters"),
			strings.Join(r.Letters[:min(n, keysShown)], ", ")+andMore(n-keysShown))
	}
	if len(r.Practices) > 0 {
		s.p.say("The papers of these practices are made anew and wait for approval again.")
	}
}

// sayLines shows by practice and State what a list says otherwise.
func (s *session) sayLines(lines []postgres.ListLine) {
	if len(lines) == 0 {
		return
	}
	t := s.p.table("PRACTICE", "STATE", "ADDED", "CHANGED", "OTHER KINDS OF DATA")
	for _, l := range lines[:min(len(lines), linesShown)] {
		t.row(l.PracticeKey, dash(l.State), l.Added, l.Changed, l.Kinds)
	}
	t.print()
	if more := len(lines) - linesShown; more > 0 {
		s.p.say("and %s more", number(more))
	}
}

// keysShown is how many keys are printed one by one.
const keysShown = 20

func (s *session) sayPractices(keys []string) {
	for i, key := range keys {
		if i == keysShown {
			s.p.say("    and %s more", number(len(keys)-keysShown))
			break
		}
		s.p.say("    %s", key)
	}
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %s more", number(n))
}
