package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

const emailListHelp = `Writes the people who agreed to electronic notice and to whom no letter can be
mailed. An e-mail to them is written notice (45 CFR 164.404(d)(1)(i)), and they are
owed no substitute notice. This program sends none: give the list to whoever
sends them the letter's text, then say how many were sent and through what:

  record INCIDENT --practice KEY --fact emails_sent --on DATE --count N --reference CHANNEL

and take in what bounced with returns INCIDENT FILE, a list with the columns
practice_key, person_key and bounced_on. Who is left then is owed substitute notice.

Without --practice it has those of every practice whose letters are yours. Nothing
may be sent while a law-enforcement hold keeps the letters back. The file holds
patient data: practice_key, person_key, name, email.`

func (p *program) reportEmailListCommand() *cobra.Command {
	var practice string
	cmd := &cobra.Command{
		Use: "email-list INCIDENT", Short: "The people who are told by agreed e-mail", Long: emailListHelp,
		Example: "  duenotice report email-list EX-2026-03\n  duenotice report email-list EX-2026-03 --practice P1",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportEmailList(cmd.Context(), args[0], practice)
		},
	}
	practiceFlag(cmd, &practice, "the practice's key (default: every practice whose letters are yours)")
	return cmd
}

func (p *program) reportEmailList(ctx context.Context, incident, practice string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if practice != "" {
		if err := practiceArgument(practice); err != nil {
			return err
		}
	}
	s, err := p.openTo(ctx, purpose{permission: access.SeePeople, incident: incident, practice: practice})
	if err != nil {
		return err
	}
	defer s.close()
	keys, err := s.toldByEmail(ctx, incident, practice)
	if err != nil {
		return err
	}
	path := p.incidentFolder(s.config, incident).EmailList(practice)
	file, err := s.config.Outputs().CreatePatientFile(path)
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	list := papers.WriteEmailList(file)
	for _, key := range keys {
		if err := s.store.EmailOnly(ctx, incident, key, func(person *breach.Person) error { return list.Add(*person) }); err != nil {
			return err
		}
	}
	n, err := list.Flush()
	if err != nil {
		return systemError(err)
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return systemError(err)
	}
	p.say("People told by agreed e-mail, %s of %s: %s", count(n, "row", "rows"), count(len(keys), "practice", "practices"), shortPath(written.Path))
	return nil
}

// toldByEmail are the practices with somebody who is told by agreed e-mail: the
// one that is asked for, or all whose letters are ours to write.
func (s *session) toldByEmail(ctx context.Context, incident, practice string) ([]string, error) {
	there, err := s.store.Incident(ctx, incident)
	if err != nil {
		return nil, err
	}
	if practice != "" {
		_, err := s.store.Practice(ctx, incident, practice)
		return []string{practice}, err
	}
	const page = 1000
	var told []string
	for after := ""; ; {
		keys, err := s.store.PracticeKeys(ctx, incident, after, page, false)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			one, err := s.store.Practice(ctx, incident, key)
			if err != nil {
				return nil, err
			}
			ours := there.Incident.Entity.Role == breach.CoveredEntity || breach.LettersDelegated(one.Practice.Delegation)
			if ours && one.Tally.EmailOnly > 0 {
				told = append(told, key)
			}
		}
		if len(keys) < page {
			return told, nil
		}
		after = keys[len(keys)-1]
	}
}
