package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/evidence"
)

func (p *program) reportBinderCommand() *cobra.Command {
	var practice, day string
	cmd := &cobra.Command{
		Use: "binder INCIDENT --practice KEY", Short: "One practice's whole case as a PDF",
		Long: `Writes the whole case of one practice for a human: each duty with its law, its
day and its proof, what was late and why, and who did what when. It holds no
patient data. The evidence pack of the practice has the same binder in it.`,
		Example: "  duenotice report binder EX-2026-03 --practice P1",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportBinder(cmd.Context(), args[0], practice, day)
		},
	}
	practiceFlag(cmd, &practice, "the practice's key")
	cmd.Flags().StringVar(&day, "as-of", "", "the day that lateness counts to, YYYY-MM-DD (default: today)")
	required(cmd, "practice")
	return cmd
}

func (p *program) reportBinder(ctx context.Context, incident, practice, day string) error {
	if err := errors.Join(incidentArgument(incident), practiceArgument(practice)); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.Prove, incident: incident, practice: practice})
	if err != nil {
		return err
	}
	defer s.close()
	asOf := p.today(s.config)
	if day != "" {
		if asOf, err = dayFlag("as-of", day); err != nil {
			return err
		}
	}
	key, err := s.evidenceKey(ctx, incident)
	if err != nil {
		return err
	}
	folder := p.incidentFolder(s.config, incident)
	// Through the pack: the binder that is read is the one that can be proved.
	pack, err := s.makePack(ctx, incident, practice, asOf, folder, key)
	if err != nil {
		return brokenLink(err)
	}
	binder, err := evidence.BinderOf(pack)
	if err != nil {
		return brokenLink(err)
	}
	path := folder.Binder(practice)
	if _, err := s.config.Outputs().WriteFile(ctx, path, binder); err != nil {
		return systemError(err)
	}
	p.say("Binder: %s", shortPath(path))
	return nil
}
