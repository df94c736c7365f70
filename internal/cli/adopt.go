package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const adoptHelp = `Takes over letters that lie printed in the output folder and that the database does
not know: it was restored from a backup of before they were printed. Until then no
letter is printed, so that nobody gets a second one.

--list shows those batches and changes nothing. Compare them with what the mail
house has. A batch that was never mailed can be moved away instead; its letters are
then printed again. What was recorded after the backup, such as the day on which a
batch was mailed, is given once more, after this.

Lists of people and of returned letters that came after the backup have to be given
again first: of people who are not there as they were, nobody can say who they are.

Letters to practices (notices-NNN) are taken over in the same way. Codes for pages
that stand in them open nothing any more: give new ones with practice code.`

func (p *program) adoptCommand() *cobra.Command {
	var who string
	var list, asJSON, yes bool
	cmd := &cobra.Command{
		Use: "adopt INCIDENT", Short: "Take over letters that were printed before the database was restored", Long: adoptHelp,
		Example: "  duenotice adopt EX-2026-03 --list\n  duenotice adopt EX-2026-03 --by \"Ada Rivera\"",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if !list && who == "" {
				return usage("--by is missing: an act needs the name of the person who decided")
			}
			if asJSON && !list {
				return usage("--json goes with --list")
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			return s.adopt(cmd.Context(), args[0], who, list, asJSON, yes)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "show the batches, and change nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "with --list: one JSON document")
	cmd.Flags().StringVar(&who, "by", "", byHelp)
	yesFlag(cmd, &yes)
	cmd.MarkFlagsMutuallyExclusive("list", "by")
	return cmd
}

// lyingBatch is a batch that lies printed and is not known as such, as its manifest says.
type lyingBatch struct {
	Batch  string `json:"batch"`
	Pieces int    `json:"pieces"`
	Pages  int    `json:"pages"`
	Held   int    `json:"held"`
	// Planned: the database knows that it was to be printed, and it may be about to be saved.
	Planned bool `json:"planned"`
	// Record is the SHA-256 of what it can be taken over by, "" where that is missing.
	Record string `json:"record"`
}

func (s *session) adopt(ctx context.Context, id, who string, list, asJSON, yes bool) error {
	if err := s.there(ctx, id, ""); err != nil {
		return err
	}
	batches, err := s.lying(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case asJSON:
		return s.p.printJSON(batches)
	case len(batches) == 0:
		s.p.say("The database knows every batch of letters that lies printed.")
		return nil
	}
	act := casebook.Act{IncidentID: id, Kind: casebook.ActAdopt, Who: who, Adopt: &casebook.AdoptTerms{}}
	letters := 0
	for _, b := range batches {
		s.p.say("%s: %s on %s, %d held back%s", b.Batch, count(b.Pieces, "letter", "letters"), count(b.Pages, "page", "pages"), b.Held, lyingWords(b))
		if b.Record == "" {
			continue
		}
		letters += b.Pieces
		act.Adopt.Batches = append(act.Adopt.Batches, casebook.AdoptedBatch{Name: b.Batch, SHA256: b.Record})
	}
	if list {
		s.p.say("To take them over: %s", s.p.command("adopt", id, "--by", "YOUR NAME"))
		return nil
	}
	if len(act.Adopt.Batches) == 0 {
		return breach.Refuse("no_record", "Restore the folder records/ of the incident from the backup of the output folder. Else record for each person in those letters that they were told otherwise, and move the folders away.",
			"none of these batches has its record beside it")
	}
	if err := s.p.sure(ctx, yes, fmt.Sprintf("%s count as printed; to whom they go, nobody is written to again.", count(letters, "letter", "letters"))); err != nil {
		return err
	}
	if _, err := s.desk().Ask(ctx, act); err != nil {
		return err
	}
	fact := breach.LettersMailed
	if first := act.Adopt.Batches[0].Name; isPost(first) {
		// Whether they are notices or reminders only their sealed record says.
		fact = breach.PracticeNotified + "|" + breach.PracticeReminded
	}
	s.p.say("%s taken over. Then record again what was recorded after the backup: %s", count(len(act.Adopt.Batches), "batch", "batches"),
		s.p.command("record", id, "--batch", act.Adopt.Batches[0].Name, "--fact", fact, "--on", "DAY", "--by", "YOUR NAME"))
	if slices.ContainsFunc(act.Adopt.Batches, func(b casebook.AdoptedBatch) bool { return isPost(b.Name) }) {
		s.p.say("Codes for pages that stand in letters to practices open nothing any more: give new ones with practice code.")
	}
	return nil
}

// isPost reports whether a batch is of letters to practices.
func isPost(batch string) bool {
	_, ok := casebook.PostBatchNumber(batch)
	return ok
}

func lyingWords(b lyingBatch) string {
	switch {
	case b.Record == "":
		return "; its record is missing, so that nobody can say for whom they are"
	case b.Planned:
		return "; it was about to be noted as printed"
	}
	return ""
}

// lying are the batches in the output folder that the database does not know as printed.
func (s *session) lying(ctx context.Context, id string) ([]lyingBatch, error) {
	out := s.config.Outputs()
	unknown, unsaved, err := activities.PrintedBefore(ctx, s.store, out.Incident(id), id)
	if err != nil {
		return nil, systemError(err)
	}
	unknownPost, unsavedPost, err := activities.PostPrintedBefore(ctx, s.store, out.Incident(id), id)
	if err != nil {
		return nil, systemError(err)
	}
	batches := []lyingBatch{}
	for i, names := range [][]string{slices.Concat(unknown, unknownPost), slices.Concat(unsaved, unsavedPost)} {
		for _, name := range names {
			b, err := lyingBatchOf(ctx, out, id, name)
			if err != nil {
				return nil, systemError(err)
			}
			b.Planned = i == 1
			batches = append(batches, b)
		}
	}
	return batches, nil
}

func lyingBatchOf(ctx context.Context, out outfolder.Folder, id, name string) (b lyingBatch, err error) {
	content, err := out.ReadFile(ctx, out.Incident(id).Manifest(name))
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(content, &b); err != nil {
		return b, fmt.Errorf("the manifest of batch %s is not as it was written: %w", name, err)
	}
	b.Batch = name
	_, b.Record, err = activities.ReadRecord(ctx, out, id, name)
	return b, err
}
