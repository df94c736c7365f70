package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
)

const revealHelp = `Shows one person's row: for the telephone, when somebody asks whether they are
among those affected. Who looked, and why, is written down first and becomes part
of the practice's evidence, without the person's key. With reveal INCIDENT alone
it lists who looked at whom so far.

--letter names the person by the Reference at the foot of a letter, instead of
--practice and --person. --first-name, --last-name and --born find whoever has
exactly that name, however it is written, and that birth date; there is no looking
for parts of a name. Each such look is on record too, found or not, and twenty in
an hour are all that one identity has.

The database itself lets an officer read no other row, and this one for five
minutes.`

func (p *program) revealCommand() *cobra.Command {
	var f personFlags
	cmd := &cobra.Command{
		Use: "reveal INCIDENT", Short: "Show one person's row, for a reason that is kept", Long: revealHelp,
		Example: `  duenotice reveal EX-2026-03 --practice P-0007 --person 8f14e45f --reason "Call of 3 April, identity checked" --by "Ada Rivera"
  duenotice reveal EX-2026-03 --letter R001-000123 --reason "Call of 4 April, identity checked" --by "Ada Rivera"
  duenotice reveal EX-2026-03 --first-name Ada --last-name Example --born 1980-02-29 --reason "Call of 5 April, identity checked" --by "Ada Rivera"
  duenotice reveal EX-2026-03`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.ask.IncidentID = args[0]
			if err := incidentArgument(f.ask.IncidentID); err != nil {
				return err
			}
			if f.ask.PersonKey == "" && f.ask.PracticeKey == "" && f.letter == "" && f.lastName == "" && f.ask.Reason == "" {
				return p.listReveals(cmd.Context(), f.ask.IncidentID)
			}
			if err := f.check(); err != nil {
				return err
			}
			return p.reveal(cmd.Context(), f)
		},
	}
	f.add(cmd)
	return cmd
}

func (p *program) reveal(ctx context.Context, f personFlags) error {
	s, err := p.openTo(ctx, purpose{permission: access.SeeOne, by: f.ask.Who, incident: f.ask.IncidentID, practice: f.ask.PracticeKey})
	if err != nil {
		return err
	}
	defer s.close()
	people, err := s.asked(ctx, f)
	if err != nil {
		return err
	}
	for i, ask := range people {
		person, err := s.store.Reveal(ctx, ask)
		if err != nil {
			return err
		}
		if f.ask.PersonKey == "" {
			if i > 0 {
				p.say("")
			}
			p.say("Person %s of practice %s", ask.PersonKey, ask.PracticeKey)
		}
		p.showPerson(&person)
	}
	return nil
}

// showPerson prints what is there of a person, a line each.
func (p *program) showPerson(person *breach.Person) {
	t := p.lines(2)
	line := func(what string, values ...string) {
		values = strings.Fields(strings.Join(values, " "))
		if len(values) > 0 {
			t.row("  "+what, strings.Join(values, " "))
		}
	}
	line("name", person.FirstName, person.MiddleName, person.LastName, person.Suffix)
	line("born", person.BirthDate.String())
	line("died", person.DiedOn())
	line("representative", person.RepresentativeName, person.RepresentativeRelation)
	line("address", person.Address1, person.Address2, person.City, person.State, person.ZIP, person.Country)
	line("confidential address", string(person.ConfidentialAddress))
	line("e-mail", person.Email)
	line("telephone", person.Phone)
	classes := make([]string, len(person.DataClasses))
	for i, c := range person.DataClasses {
		classes[i] = string(c)
	}
	line("data", classes...)
	t.print()
}

func (p *program) listReveals(ctx context.Context, incident string) error {
	s, err := p.openTo(ctx, purpose{permission: access.Oversee, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	looks, err := s.store.Reveals(ctx, incident)
	if err != nil {
		return err
	}
	if len(looks) == 0 {
		p.say("Incident %s: nobody looked at a person's row.", incident)
		return nil
	}
	t := p.table("WHEN", "WHO", "PRACTICE", "PERSON", "REASON")
	for _, l := range looks {
		t.row(l.At.In(s.config.Zone).Format("2006-01-02 15:04"), l.Who+" ("+l.Identity+")", l.PracticeKey, l.PersonKey, l.Reason)
	}
	t.print()
	return nil
}
