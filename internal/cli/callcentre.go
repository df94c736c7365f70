package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

const callcentreHelp = `Writes what a call centre needs, and nothing else: a list of the letters that were
printed, mail/callcentre.csv, and the script, callcentre-script.pdf, in English and
Spanish.

The list has for each letter the Reference at its foot, the kinds of data, which
script to read (adult, minor, deceased, represented, withdrawn) and the language. It
has no name, no address and no enrollment code. Give it only to those with whom
there is an agreement; write it anew after each mailing and each later list.

The script answers the questions that come, says neither yes nor no to what may
not be known to callers, such as a request of law enforcement, and passes on
whoever has no letter at hand: you find them with reveal.`

func (p *program) reportCallcentreCommand() *cobra.Command {
	var hours, who string
	cmd := &cobra.Command{
		Use: "callcentre INCIDENT", Short: "The list and the script for a call centre", Long: callcentreHelp,
		Example: `  duenotice report callcentre EX-2026-03 --hours "Monday to Friday, 9 to 6 Eastern" --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportCallcentre(cmd.Context(), args[0], strings.TrimSpace(hours), strings.TrimSpace(who))
		},
	}
	cmd.Flags().StringVar(&hours, "hours", "", "when the number in the letters is answered, as callers are told")
	required(cmd, "hours")
	byFlag(cmd, &who)
	return cmd
}

func (p *program) reportCallcentre(ctx context.Context, incident, hours, who string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if hours == "" {
		return usage("--hours is empty: callers are told when somebody answers")
	}
	if err := casebook.Readable("--hours", hours); err != nil {
		return err
	}
	if err := breach.CheckPersonName("--by", who); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.SeePeople, by: who, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	if in.Incident.Entity.TollFree == "" {
		return breach.Refuse("no_number", "Write it into entity.toll_free of incident.yaml and give it with amend --incident: it stands in the letters.", "incident %s has no toll-free number that people could call", incident)
	}
	script, err := papers.CallersScript(papers.CallersScriptInput{Incident: in.Incident, Hours: hours, DatedOn: p.today(s.config)})
	if err != nil {
		return err
	}
	folder := p.incidentFolder(s.config, incident)
	file, err := s.config.Outputs().CreatePatientFile(folder.Callers())
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	list := papers.WriteCallers(file)
	err = s.store.EachCallersLetter(ctx, incident, func(l *postgres.CallersLetter) error { return list.Add(l.PieceID, l.People, l.DatedOn) })
	if err != nil {
		return err
	}
	n, err := list.Flush()
	if err != nil {
		return systemError(err)
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return systemError(err)
	}
	if _, err := s.config.Outputs().WriteFile(ctx, folder.CallersScript(), script); err != nil {
		return systemError(err)
	}
	if err := s.store.NoteListOut(ctx, incident, who, p.Now(), written.SHA256, ledger.ListOut{For: ledger.ListForCallers, Rows: n}); err != nil {
		return err
	}
	p.say("List of %s: %s", count(n, "letter", "letters"), shortPath(written.Path))
	p.say("Script: %s", shortPath(folder.CallersScript()))
	return nil
}
