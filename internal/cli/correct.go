package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/plan"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
)

// correctPractices takes in corrected rows of practices.csv.
func (s *session) correctPractices(ctx context.Context, incident casebook.Incident, f amendFlags) error {
	keys, err := s.practiceKeys(ctx, incident.Incident.ID)
	if err != nil {
		return err
	}
	options, err := s.listOptions(ctx, incident.Incident.ID)
	if err != nil {
		return err
	}
	shown := newProblems()
	list, report, err := casefolder.ReadPractices(ctx, f.practices, keys, options, s.p.today(s.config), shown.add)
	if err != nil {
		return err
	}
	if err := s.reported(report, shown); err != nil {
		return err
	}
	return s.correct(ctx, incident, f, postgres.AmendInput{SHA256: list.SHA256, Practices: list.Rows, Columns: list.Columns})
}

// correctIncident takes in a corrected incident.yaml.
func (s *session) correctIncident(ctx context.Context, incident casebook.Incident, f amendFlags) error {
	forms, err := s.config.Envelopes()
	if err != nil {
		return configProblem(err)
	}
	shown := newProblems()
	file, report, err := casefolder.ReadIncident(ctx, f.incident, s.p.today(s.config), forms, shown.add)
	if err != nil {
		return err
	}
	if err := s.reported(report, shown); err != nil {
		return err
	}
	return s.correct(ctx, incident, f, postgres.AmendInput{SHA256: file.SHA256, Incident: &file.Incident})
}

// reported shows what is wrong with a corrected file, and refuses one with an error.
func (s *session) reported(report casefolder.Report, shown *problems) error {
	if report.Errors+report.Warnings > 0 {
		s.p.printReport(s.p.Err, report, shown)
	}
	if !report.Refused() {
		return nil
	}
	s.p.note("%s: the file has %s. Correct it and give the command again.", s.p.paint(s.p.Err, red, "refused"), count(report.Errors, "error", "errors"))
	return &codeError{code: exitRefused}
}

func (s *session) correct(ctx context.Context, incident casebook.Incident, f amendFlags, in postgres.AmendInput) error {
	id := incident.Incident.ID
	in.By, in.At, in.DryRun = strings.TrimSpace(f.who), s.p.Now(), f.dryRun
	var duties []plan.Change
	if f.dryRun {
		in.Look = s.lookAt(id, &duties)
	} else if err := s.dial(ctx); err != nil { // before it is written: nobody would hear of it
		return err
	}
	result, err := s.store.Amend(ctx, id, in)
	if err != nil {
		return err
	}
	s.sayCorrected(id, result, f.dryRun)
	if f.dryRun {
		if !result.AlreadyDone {
			s.p.printChanges(duties)
		}
		return nil
	}
	if result.Number == 0 {
		return nil
	}
	of := casebook.AmendPractices
	if in.Incident != nil {
		of = casebook.AmendIncident
	}
	return s.tellAmended(ctx, id, result.Number, casebook.Act{
		ID: fmt.Sprintf("amend-%s-%d", in.SHA256, result.Number), IncidentID: id, Kind: casebook.ActAmend, Who: in.By, At: in.At,
		Amend: &casebook.AmendTerms{Of: of, List: result.Number, SHA256: in.SHA256},
	})
}

func (s *session) sayCorrected(incident string, r postgres.AmendResult, dryRun bool) {
	for _, kept := range r.Kept {
		s.p.say("%s.", kept)
	}
	if r.AlreadyDone {
		s.p.say("Incident %s: the file says nothing that is not so already; nothing changed.", incident)
		return
	}
	if dryRun {
		s.p.say("Incident %s: the correction would be list %d. Nothing was changed.", incident, r.Number)
	} else {
		s.p.say("Incident %s: corrected, as list %d.", incident, r.Number)
	}
	s.sayFields(r.Changes)
	s.p.say("Practices touched: %s.", number(len(r.Practices)))
	if len(r.Papers) > 0 {
		s.p.say("Papers made anew, to be approved again: of %s", count(len(r.Papers), "practice", "practices"))
		s.sayPractices(r.Papers)
	}
	if len(r.Void) == 0 {
		return
	}
	s.p.say("Approvals void: of %s", count(len(r.Void), "practice", "practices"))
	for _, v := range r.Void[:min(len(r.Void), keysShown)] {
		s.p.say("    %s: %s", v.PracticeKey, strings.Join(v.By, ", "))
	}
	if more := len(r.Void) - keysShown; more > 0 {
		s.p.say("    and %s more", number(more))
	}
}

// shortValue is how long a value may be to stand in a table.
const shortValue = 48

// sayFields shows each change before and after: short values in a table, long
// ones below each other.
func (s *session) sayFields(changes []casebook.FieldChange) {
	short := func(c casebook.FieldChange) bool {
		return max(len(c.Before), len(c.After)) <= shortValue && !strings.ContainsAny(c.Before+c.After, "\n\t")
	}
	t := s.p.table("practice", "field", "before", "after")
	for _, c := range changes {
		before, after := c.Before, c.After
		if !short(c) {
			before, after = "(see below)", "(see below)"
		}
		t.row(dash(c.PracticeKey), c.Field, dash(before), dash(after))
	}
	t.print()
	for _, c := range changes {
		if !short(c) {
			s.p.say("  %s %s\n    before: %s\n    after:  %s", c.PracticeKey, c.Field, indented(c.Before), indented(c.After))
		}
	}
}

func indented(text string) string {
	return strings.ReplaceAll(dash(strings.TrimSpace(text)), "\n", "\n            ")
}

// within is the store as an amendment makes it, as long as that is not decided.
type within struct {
	*postgres.Store
	reading *postgres.Reading
}

func (w within) Incident(ctx context.Context, id string) (casebook.Incident, error) {
	return w.reading.Incident(ctx, id)
}

func (w within) Practice(ctx context.Context, id, key string) (casebook.Practice, error) {
	return w.reading.Practice(ctx, id, key)
}

// lookAt compares what the practices that an amendment touches go by with what
// the incident's own rulebook makes of them as amended.
func (s *session) lookAt(id string, changes *[]plan.Change) func(context.Context, *postgres.Reading) error {
	return func(ctx context.Context, amended *postgres.Reading) error {
		incident, err := amended.Incident(ctx, id)
		if err != nil {
			return err
		}
		book, ok := rulebooks.Kept().Find(incident.RulebookSHA256)
		if !ok {
			return breach.Refuse("rulebook_unknown", "Give the command with a program that has it.",
				"%s was planned under rulebook %s, which this program does not have", id, incident.RulebookVersion)
		}
		touched, err := amended.Touched(ctx, id)
		if err != nil {
			return err
		}
		steps := &activities.Activities{Store: within{s.store, amended}}
		return amended.StandingDecisions(ctx, id, func(standing casebook.Decision) error {
			if _, is := slices.BinarySearch(touched, standing.PracticeKey); !is {
				return nil
			}
			found, err := compareWith(ctx, steps, incident, book, standing)
			*changes = append(*changes, found...)
			return err
		})
	}
}

var _ activities.Store = within{}

// noName refuses an amendment that nobody decided.
func noName(who string) error {
	if strings.TrimSpace(who) == "" {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	return nil
}
