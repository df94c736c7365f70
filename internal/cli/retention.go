package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const keysHoldHelp = `Puts an incident under legal hold: while it stands, keys shred refuses, however
long ago the incident was closed. Give the matter a name that counsel knows: a
lawsuit, an audit, an investigation. There may be several.

It delays no notice. A law-enforcement official's request for delay is recorded
with hold.`

func (p *program) keysHoldCommand() *cobra.Command {
	return p.legalHoldCommand("hold", "Keep an incident's people beyond their retention", keysHoldHelp, false)
}

const keysReleaseHelp = `Ends an incident's legal hold for one matter, given as it was with keys hold.`

func (p *program) keysReleaseCommand() *cobra.Command {
	return p.legalHoldCommand("release", "End a legal hold", keysReleaseHelp, true)
}

func (p *program) legalHoldCommand(name, short, long string, release bool) *cobra.Command {
	var matter, who string
	cmd := &cobra.Command{
		Use: name + " INCIDENT", Short: short, Long: long,
		Example: "  duenotice keys " + name + ` EX-2026-03 --matter "Doe v. Example, 26-cv-100" --by "Casey Counsel"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(matter) == "" {
				return usage("--matter is empty")
			}
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			permission := access.Permission(casebook.ActLegalHold)
			if release {
				permission = casebook.ActLegalRelease
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: permission, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			fresh, err := s.store.SetLegalHold(cmd.Context(), args[0], strings.TrimSpace(matter), release, strings.TrimSpace(who), p.Now())
			if err != nil {
				return err
			}
			word := "is under legal hold"
			if release {
				word = "is no longer under legal hold"
			}
			if !fresh {
				word += " already"
			}
			p.say("Incident %s %s: %s", args[0], word, strings.TrimSpace(matter))
			return nil
		},
	}
	cmd.Flags().StringVar(&matter, "matter", "", "what it is kept for")
	byFlag(cmd, &who)
	required(cmd, "matter")
	return cmd
}

const keysShredHelp = `Destroys the data key of an incident, six years after it was closed (45 CFR
164.530(j)(2)) and unless it is under legal hold. Nobody can read its people
afterwards, not even you, and it cannot be undone. Its lists and letters in the
output folder are removed.

What proves that the duties were done stays and still verifies: acts, approvals,
plans, dates, counts, hashes. That it is destroyed is written down before and
after.

A backup of the database from before, together with the master key of that time,
can still be read: docs/keys.md says what to do about backups.`

func (p *program) keysShredCommand() *cobra.Command {
	var who string
	var yes bool
	cmd := &cobra.Command{
		Use: "shred INCIDENT", Short: "Destroy the key to an incident's people after their retention", Long: keysShredHelp,
		Example: `  duenotice keys shred EX-2026-03 --by "Ada Rivera"`, Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			return p.shred(cmd.Context(), args[0], strings.TrimSpace(who), yes)
		},
	}
	byFlag(cmd, &who)
	yesFlag(cmd, &yes)
	return cmd
}

func (p *program) shred(ctx context.Context, incident, who string, yes bool) error {
	s, err := p.openTo(ctx, purpose{permission: casebook.ActShred, by: who, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.sureToShred(ctx, incident, yes); err != nil {
		return err
	}
	what, done, err := s.store.IntendShred(ctx, incident, who, p.Now(), p.today(s.config))
	if err != nil {
		return err
	}
	// Files first: the key is what the record of the destruction is about, and
	// the same command again goes on wherever this one was interrupted.
	removed, err := removePatientFiles(ctx, s.config.Outputs(), incident)
	if err != nil {
		return systemError(fmt.Errorf("the key is not destroyed yet: %w", err))
	}
	if err := s.store.Shred(ctx, incident, who, p.Now(), p.today(s.config)); err != nil {
		return err
	}
	if removed > 0 {
		p.say("%s with patient data removed.", count(removed, "file", "files"))
	}
	if done {
		p.say("The key of incident %s was destroyed before.", incident)
		return nil
	}
	p.say("Incident %s, closed on %s: the key to %s is destroyed. Nobody can read those people any more.",
		incident, what.ClosedOn, count(what.Findings, "finding", "findings"))
	return nil
}

// sureToShred asks before a key is destroyed. One that may not be is refused by the
// database, without a question.
func (s *session) sureToShred(ctx context.Context, incident string, yes bool) error {
	retained, err := s.store.RetainedIncidents(ctx)
	if err != nil {
		return systemError(err)
	}
	for _, r := range retained {
		if r.IncidentID != incident || !r.ShreddedAt.IsZero() || len(r.LegalHolds) > 0 || !s.p.today(s.config).After(r.Until) {
			continue
		}
		return s.p.sure(ctx, yes, fmt.Sprintf("incident %s, closed on %s: the key to %s is destroyed, and nobody can read those people any more.",
			incident, r.ClosedOn, count(r.Findings, "finding", "findings")), "Its lists and letters in "+shortPath(s.p.incidentFolder(s.config, incident).Dir())+" are removed.")
	}
	return nil
}

func removePatientFiles(ctx context.Context, out outfolder.Folder, incident string) (removed int, err error) {
	paths, err := out.Incident(incident).PatientFiles(ctx)
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		_, there, err := out.FindPatientFile(ctx, path)
		if err != nil {
			return removed, err
		}
		if err := out.RemovePatientFile(ctx, path); err != nil {
			return removed, err
		}
		if there {
			removed++
		}
	}
	return removed, nil
}
