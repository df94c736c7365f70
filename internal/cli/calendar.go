package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/papers"
)

const reportCalendarHelp = `Writes one calendar file with the due days of every practice, for the officer:
deadlines.ics in the incident's folder, an event for each duty on its last day, with
alarms 30, 14, 7, 3 and 1 days before. Each title names the practice.

The events are those of the practices' own deadlines.ics, under the same names:
whoever takes in both has each of them once. Write it again and take it in again
when days have moved: what has moved since is moved, and what is done or owed no
more is cancelled. It holds no patient data.`

func (p *program) reportCalendarCommand() *cobra.Command {
	return &cobra.Command{
		Use: "calendar INCIDENT", Short: "The due days of every practice as one calendar file", Long: reportCalendarHelp,
		Example: "  duenotice report calendar EX-2026-03",
		Args:    exactly("INCIDENT"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.reportCalendar(cmd.Context(), args[0]) },
	}
}

func (p *program) reportCalendar(ctx context.Context, incident string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	all, err := s.store.EveryDuty(ctx, incident)
	if err != nil {
		return err
	}
	today, open := p.today(s.config), 0
	inputs := make([]papers.CalendarInput, len(all))
	for i, practice := range all {
		inputs[i] = activities.CalendarInput(in.Incident, practice.Practice, practice.Duties, today)
		for _, d := range inputs[i].Duties {
			if d.Open() {
				open++
			}
		}
	}
	content, err := papers.IncidentCalendar(in.Incident.ID, inputs)
	if err != nil {
		return err
	}
	path := p.incidentFolder(s.config, incident).Calendar()
	if _, err := s.config.Outputs().WriteFile(ctx, path, content); err != nil {
		return systemError(err)
	}
	p.say("Calendar, %s of %s: %s", count(open, "open due day", "open due days"), count(len(all), "practice", "practices"), shortPath(path))
	return nil
}
