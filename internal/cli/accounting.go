package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

const accountingHelp = `Writes the entries that a practice owes its patients who ask for an accounting of
disclosures (45 CFR 164.528): for each of its own people the days, who received
the information as far as it is known, what it was and on what basis. They belong
into the practice's own accounting, which reaches back six years from a request.

A law-enforcement hold on notices does not suspend the accounting: that takes a
statement of its own (164.528(a)(2)).

The file holds patient data and lies in the practice's folder.`

func (p *program) reportAccountingCommand() *cobra.Command {
	var practice string
	cmd := &cobra.Command{
		Use: "accounting INCIDENT --practice KEY", Short: "A practice's entries for accountings of disclosures", Long: accountingHelp,
		Example: "  duenotice report accounting EX-2026-03 --practice P1",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportAccounting(cmd.Context(), args[0], practice)
		},
	}
	practiceFlag(cmd, &practice, "the practice's key")
	required(cmd, "practice")
	return cmd
}

func (p *program) reportAccounting(ctx context.Context, incident, practice string) error {
	if err := errors.Join(incidentArgument(incident), practiceArgument(practice)); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.SeePeople, incident: incident, practice: practice})
	if err != nil {
		return err
	}
	defer s.close()
	there, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	if _, err := s.store.Practice(ctx, incident, practice); err != nil {
		return err // before a folder is made for a practice that is not there
	}
	path := p.incidentFolder(s.config, incident).Accounting(practice)
	file, err := s.config.Outputs().CreatePatientFile(path)
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	entries := papers.WriteAccounting(file, there.Incident, practice)
	if err := s.store.People(ctx, incident, practice, func(person *breach.Person) error { return entries.Add(*person) }); err != nil {
		return err
	}
	n, err := entries.Flush()
	if err != nil {
		return systemError(err)
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return systemError(err)
	}
	p.say("Accounting of disclosures, %s: %s", count(n, "entry", "entries"), shortPath(written.Path))
	return nil
}
