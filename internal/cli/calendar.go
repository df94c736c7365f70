package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/casebook"
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
	path := p.incidentFolder(s.config, incident).Calendar()
	file, err := s.config.Outputs().Create(path)
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	today, open, practices := p.today(s.config), 0, 0
	err = papers.IncidentCalendar(file, in.Incident.ID, func(add func(papers.CalendarInput) error) error {
		return s.store.EachDuty(ctx, incident, func(part []casebook.PracticeDuties) error {
			practices += len(part)
			for _, of := range part {
				input := activities.CalendarInput(in.Incident, of.Practice, of.Duties, today)
				for _, d := range input.Duties {
					if d.Open() {
						open++
					}
				}
				if err := add(input); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if _, err := file.Commit(ctx, nil); err != nil {
		return systemError(err)
	}
	p.say("Calendar, %s of %s: %s", count(open, "open due day", "open due days"), count(practices, "practice", "practices"), shortPath(path))
	return nil
}
