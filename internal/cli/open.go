package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/openitems"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

const reportOpenHelp = `Lists everything in an incident that waits for somebody, what is due first at the
top: steps of practices, open duties, notices to practices that did not go out,
letters that are held back, practices that do not open their page or do not answer,
printed notices of which no mailing is recorded, people of whom a practice says that
they are not its patients, and what the program could not do. A row says which
practice, what, for whom it waits (officer, approver, practice or operator), by
when, whether it is late, and the command to give when it is done.

It reads where things stand and changes nothing. On a terminal it fits the width;
--csv has all of it, for a spreadsheet.`

func (p *program) reportOpenCommand() *cobra.Command {
	var asCSV bool
	cmd := &cobra.Command{
		Use: "open INCIDENT", Short: "Everything that waits for somebody", Long: reportOpenHelp,
		Example: "  duenotice report open EX-2026-03\n  duenotice report open EX-2026-03 --csv > open.csv",
		Args:    exactly("INCIDENT"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.reportOpen(cmd.Context(), args[0], asCSV) },
	}
	csvFlag(cmd, &asCSV, "all of it as CSV")
	return cmd
}

func (p *program) reportOpen(ctx context.Context, incident string, asCSV bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	list, err := s.openItems(ctx, incident)
	if err != nil {
		return err
	}
	if asCSV {
		return p.openTable(list, true).csv()
	}
	if len(list) == 0 {
		p.say("Incident %s: nothing waits for anybody.", incident)
		return nil
	}
	p.openTable(list, false).print()
	late, whom := 0, map[string]int{}
	for _, it := range list {
		whom[it.Whom]++
		if it.Late {
			late++
		}
	}
	var parts []string
	for _, who := range openitems.Whoms {
		if whom[who] > 0 {
			parts = append(parts, who+" "+number(whom[who]))
		}
	}
	p.say("\n%s, %s late. Waiting for: %s.", count(len(list), "thing waits", "things wait"), number(late), strings.Join(parts, ", "))
	return nil
}

// openTable lists what waits; whole has the columns that are for other programs.
func (p *program) openTable(list []openitems.Item, whole bool) *table {
	if whole {
		t := p.table("PRACTICE KEY", "NAME", "KIND", "WHAT", "WAITS FOR", "DUE", "LATE", "DO")
		for _, it := range list {
			// A key is what other commands are given, and has no character that a formula needs.
			t.row(it.Practice, papers.Inert(it.Name), it.Kind, papers.Inert(it.What), it.Whom, it.Due, it.Late, papers.Inert(it.Do))
		}
		return t
	}
	t := p.table("PRACTICE", "DUE", "WAITS FOR", "WHAT", "DO").leaveOut("DO", "WAITS FOR")
	for _, it := range list {
		due := painted{text: dash(it.Due.String())}
		if it.Late {
			due = painted{red, "late " + it.Due.String()}
		}
		t.row(dash(it.Practice), due, it.Whom, it.What, dash(it.Do))
	}
	return t
}

// openItems are all things of an incident that wait for somebody, by due day and then
// by practice; those without a day come last.
func (s *session) openItems(ctx context.Context, incident string) ([]openitems.Item, error) {
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return nil, err
	}
	details, err := s.store.StatusDetails(ctx, incident, postgres.Filter{}, s.p.Now())
	if err != nil {
		return nil, err
	}
	notices, err := s.store.Notices(ctx, incident)
	if err != nil {
		return nil, err
	}
	held, err := s.store.HeldLetters(ctx, incident)
	if err != nil {
		return nil, err
	}
	disputes, err := s.store.OpenDisputes(ctx, incident)
	if err != nil {
		return nil, err
	}
	troubles, err := s.troubles(ctx, incident)
	if err != nil {
		return nil, err
	}
	heard, err := s.store.Heard(ctx, incident)
	if err != nil {
		return nil, err
	}
	posted, err := s.store.PostBatches(ctx, incident)
	if err != nil {
		return nil, err
	}
	halted, err := s.store.Halted(ctx, incident)
	if err != nil {
		return nil, err
	}
	return openitems.In(in, s.p.today(s.config), s.p.command, openitems.Sources{
		Practices: details, Notices: notices, Held: held, Disputes: disputes, Troubles: troubles, Heard: heard, Posted: posted, Halted: halted,
	}), nil
}
