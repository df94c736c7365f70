package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/board"
	"duenotice/internal/outfolder"
)

const reportBoardHelp = `Writes the whole board of an incident as one page: practices by phase against day
60, what is late, for whom it waits, the ladder of practices around 500, States with a
media duty, the account of people, every practice with its story, and everything that
waits. Of more than 3,000 practices it lists the 3,000 of which something is due first,
with their stories and what waits there, and counts the others; status --csv has a row
for each practice, and report open --csv for all that waits.

It is board.html in the incident's folder, or FILE. It needs nothing beside it, leads
nowhere else, has no scripts, and prints in grey. It shows counts and keys, and no patient.`

func (p *program) reportBoardCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "board INCIDENT [--output FILE]", Short: "The whole board of an incident as one page", Long: reportBoardHelp,
		Example: "  duenotice report board EX-2026-03\n  duenotice report board EX-2026-03 --output board-2026-04-12.html",
		Args:    exactly("INCIDENT"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.reportBoard(cmd.Context(), args[0], output) },
	}
	cmd.Flags().StringVar(&output, "output", "", "the file to write (default: board.html in the incident's folder)")
	return cmd
}

func (p *program) reportBoard(ctx context.Context, incident, output string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.Board, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	content, err := board.File(ctx, s.store, board.Surroundings{
		Now: p.Now, Zone: s.config.Zone, Queue: s.config.Queue(), Command: p.command, StepWords: app.StepWords,
	}, incident)
	if err != nil {
		return err
	}
	path := output
	if output != "" {
		_, err = outfolder.WriteFile(output, content)
	} else {
		path = p.incidentFolder(s.config, incident).Board()
		_, err = s.config.Outputs().WriteFile(ctx, path, content)
	}
	if err != nil {
		return systemError(err)
	}
	p.say("Board: %s", shortPath(path))
	return nil
}
