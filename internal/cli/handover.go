package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const handoverHelp = `Records that letters or a list were handed over, and removes them here: they hold
patient data, and what no longer lies in the working folder cannot leak from it.
Give it when the mail house, or the practice, has confirmed that it has them.

What was handed over, to whom and by whom is kept with the hash of each file; the
batch's manifest stays. A file that is not the one that was made is not removed.
A list or letter that was handed over is not written again unless it changes.`

func (p *program) handoverCommand() *cobra.Command {
	var batch, practice, to, who string
	var yes bool
	cmd := &cobra.Command{
		Use: "handover INCIDENT", Short: "Record who has letters or a list, and remove them here", Long: handoverHelp,
		Example: `  duenotice handover EX-2026-03 --batch run-001-batch-0001 --to "Example Mail House" --by "Ada Rivera"
  duenotice handover EX-2026-03 --practice P1 --to "Pat Clerk, Practice P1" --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if (batch == "") == (practice == "") {
				return usage("give either --batch, for letters, or --practice, for a practice's list")
			}
			if name := batch + practice; !breach.IsKey(name) {
				return usage("%q is neither a batch's name nor a practice's key", name)
			}
			if strings.TrimSpace(to) == "" {
				return usage("--to is empty")
			}
			return p.handOver(cmd.Context(), casebook.Act{
				IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActHandOver, Who: strings.TrimSpace(who), At: p.Now(),
				HandOver: &casebook.HandOverTerms{To: strings.TrimSpace(to), Batch: batch},
			}, yes)
		},
	}
	f := cmd.Flags()
	f.StringVar(&batch, "batch", "", "the batch of letters, such as run-001-batch-0001")
	practiceFlag(cmd, &practice, "the practice whose list it is")
	f.StringVar(&to, "to", "", "who has it now")
	byFlag(cmd, &who)
	yesFlag(cmd, &yes)
	required(cmd, "to")
	return cmd
}

func (p *program) handOver(ctx context.Context, act casebook.Act, yes bool) error {
	s, err := p.openTo(ctx, purpose{permission: casebook.ActHandOver, by: act.Who, incident: act.IncidentID})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.there(ctx, act.IncidentID, act.PracticeKey); err != nil {
		return err
	}
	out, folder := s.config.Outputs(), p.incidentFolder(s.config, act.IncidentID)
	var paths []string
	if batch := act.HandOver.Batch; batch != "" {
		paths = []string{folder.Letters(batch), folder.Pieces(batch)}
	} else {
		paths = []string{folder.People(act.PracticeKey)}
	}
	found := map[string]outfolder.Written{}
	for _, path := range paths {
		w, there, err := out.FindPatientFile(ctx, path)
		if err != nil {
			return systemError(err)
		}
		if !there {
			continue
		}
		found[path] = w
		act.HandOver.Files = append(act.HandOver.Files, casebook.HandedFile{
			File:  casebook.File{Path: folder.Relative(w.Path), SHA256: w.SHA256, Bytes: w.Bytes},
			Plain: w.Content().SHA256,
		})
	}
	if len(found) == 0 {
		return breach.Refuse("nothing_to_hand_over", "Look into the folder: what was handed over before left a note there.",
			"there is nothing to hand over in %s", shortPath(folder.Dir()))
	}
	var removed []string
	for _, file := range act.HandOver.Files {
		removed = append(removed, file.Path+" is removed here: "+act.HandOver.To+" has it.")
	}
	if err := p.sure(ctx, yes, removed...); err != nil {
		return err
	}
	if err := s.store.HandOver(ctx, act); err != nil {
		return err
	}
	for path, w := range found {
		if err := out.RemoveHandedOver(ctx, path, w, act.HandOver.To, act.Who, act.At); err != nil {
			return systemError(fmt.Errorf("the hand-over is recorded, and the file is still here; give the command again: %w", err))
		}
	}
	p.say("%s handed over to %s and removed here.", count(len(found), "file", "files"), act.HandOver.To)
	return nil
}
