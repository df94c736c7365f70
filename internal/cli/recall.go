package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

const recallHelp = `Takes letters back that are wrong: whole batches (--batch), or single letters by the
Reference at their foot (--piece). Batches of the same run that are not printed yet are
planned anew with the others.

Letters of which no mailing is recorded are withdrawn: their people wait for another
letter as before. Record the mailing first where they are with the post already.

Who was mailed one is owed another letter, which says that it takes the place of the
first one, and why. Until that is mailed its people are untold, and their last day runs
on: a letter that lacks one of the five elements, or went elsewhere, is no notice (45
CFR 164.404(c)(1), (d)(1)). With --told they were told by the first letter all the same.
Say --told only where every one of the letters had all five elements and went to the
right address.

  wrong-text     the text: correct it with amend --incident, and approve anew
  wrong-address  the address: the letter waits until a list has another one (amend --findings)
  wrong-list     the list: correct it with amend --findings. Who is taken out gets no letter
                 of ours: the list of what was recalled names theirs

The papers of the practices are made anew and wait for approval. The list of the letters
lies under mail, by keys.

Whether a letter that was mailed was itself a disclosure is asked until somebody answers:

  recall INCIDENT --number N --disclosure yes|no --reason HOW --by NAME

Where withdrawn letters were mailed after all, say when with --number N --mailed-on DATE:
what is printed from then on speaks of them, and the question is asked of them too.`

// recallFlags are the flags of recall.
type recallFlags struct {
	batches, pieces            []string
	why, reason, sentence, who string
	told, dryRun, yes          bool
	number                     int
	disclosure, mailedOn       string
}

func (p *program) recallCommand() *cobra.Command {
	var f recallFlags
	cmd := &cobra.Command{
		Use: "recall INCIDENT", Short: "Take letters back that are wrong, and answer for those that were mailed", Long: recallHelp,
		Example: `  duenotice recall EX-2026-03 --batch run-001-batch-0001 --why wrong-text --reason "The offer has last year's date." --dry-run --by "Ada Rivera"
  duenotice recall EX-2026-03 --batch run-001-batch-0001 --why wrong-text --told --reason "The offer has last year's date." --sentence "The day by which you can enroll was wrong." --by "Ada Rivera"
  duenotice recall EX-2026-03 --piece R001-000123 --why wrong-address --reason "The house number was another one's." --by "Ada Rivera"
  duenotice recall EX-2026-03 --number 1 --disclosure no --reason "Came back unopened, seal whole." --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActRecall, by: f.who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			switch {
			case f.disclosure != "":
				return s.answerRecall(cmd.Context(), args[0], f)
			case f.mailedOn != "":
				return s.recallMailed(cmd.Context(), args[0], f)
			}
			return s.recall(cmd.Context(), args[0], f)
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.batches, "batch", nil, "the batch that is wrong, or several separated by commas")
	fl.StringSliceVar(&f.pieces, "piece", nil, "the letter that is wrong, by its Reference, or several separated by commas")
	fl.StringVar(&f.why, "why", "", "what is wrong: "+strings.Join(breach.RecallReasons, ", "))
	fl.StringVar(&f.reason, "reason", "", "what was found, or how the answer is known")
	fl.StringVar(&f.sentence, "sentence", "", "a sentence for the corrected letters, beside the program's own words")
	fl.BoolVar(&f.told, "told", false, "the letters told their readers of the breach all the same")
	fl.BoolVar(&f.dryRun, "dry-run", false, "say what it would do, and change nothing")
	fl.IntVar(&f.number, "number", 0, "the recall that is answered for")
	fl.StringVar(&f.mailedOn, "mailed-on", "", "the day on which letters that were withdrawn were mailed after all")
	fl.StringVar(&f.disclosure, "disclosure", "", "whether letters that were mailed were themselves a disclosure: yes or no")
	byFlag(cmd, &f.who)
	yesFlag(cmd, &f.yes)
	for _, of := range []string{"batch", "piece", "why", "sentence", "told", "dry-run"} {
		cmd.MarkFlagsMutuallyExclusive("number", of)
	}
	cmd.MarkFlagsMutuallyExclusive("disclosure", "mailed-on")
	cmd.MarkFlagsOneRequired("batch", "piece", "number")
	return cmd
}

// check refuses what no database is needed to see.
func (f recallFlags) check() error {
	if err := noName(f.who); err != nil {
		return err
	}
	if strings.TrimSpace(f.reason) == "" {
		return usage("--reason is missing: say what was found")
	}
	if f.number != 0 || f.disclosure != "" || f.mailedOn != "" {
		return f.checkAnswer()
	}
	if f.why == "" {
		return usage("--why is missing: %s", strings.Join(breach.RecallReasons, ", "))
	}
	if err := breach.CheckRecall(f.why, f.sentence, f.told); err != nil {
		return err
	}
	return papers.CheckSentence(f.sentence)
}

// checkAnswer refuses what is said of an earlier recall without its number, or in no words
// that can be read.
func (f recallFlags) checkAnswer() error {
	switch {
	case f.number < 1:
		return usage("--number is missing: which recall it is said of")
	case f.mailedOn != "":
		if _, err := civil.Parse(f.mailedOn); err != nil {
			return usage("--mailed-on is a day as YYYY-MM-DD, not %q", f.mailedOn)
		}
		return nil
	case f.disclosure != casebook.DisclosureYes && f.disclosure != casebook.DisclosureNo:
		return usage("--disclosure is yes or no, not %q", f.disclosure)
	}
	return nil
}

func (s *session) recall(ctx context.Context, id string, f recallFlags) error {
	in := postgres.RecallInput{
		By: f.who, At: s.p.Now(), Batches: f.batches, Pieces: f.pieces, Why: f.why, Reason: strings.TrimSpace(f.reason),
		Told: f.told, Sentence: strings.TrimSpace(f.sentence), DryRun: true,
	}
	would, err := s.store.Recall(ctx, id, in)
	if err != nil {
		return err
	}
	if f.dryRun {
		s.sayRecalled(id, would, f, true)
		return nil
	}
	if !would.AlreadyDone {
		err := s.p.sure(ctx, f.yes, fmt.Sprintf("letters of which no mailing is recorded are withdrawn: %s. Those with the post already are to be recorded as mailed first.", number(would.Withdrawn)),
			fmt.Sprintf("letters that were mailed are to be followed by another one: %s.", number(would.Mailed)),
			fmt.Sprintf("the letters of these practices are to be approved anew: %s.", number(len(would.Practices))))
		if err != nil {
			return err
		}
	}
	if err := s.oneProgram(ctx); err != nil {
		return err
	}
	// Before anything is written: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	in.DryRun = false
	result, err := s.store.Recall(ctx, id, in)
	if err != nil {
		return err
	}
	s.sayRecalled(id, result, f, false)
	err = s.tellAmended(ctx, id, result.List, casebook.Act{
		ID: fmt.Sprintf("recall-%d", result.Number), IncidentID: id, Kind: casebook.ActRecall, Who: f.who, At: s.p.Now(),
	})
	if err != nil {
		return err
	}
	return s.writeRecalled(ctx, id, result.Number)
}

// oneProgram refuses, with code "older_workers", to recall while an earlier program is at
// work beside this one: it would print corrected letters that say nothing of the first.
func (s *session) oneProgram(ctx context.Context) error {
	programs, _, err := s.store.Programs(ctx, s.config.Queue())
	if err != nil {
		return err
	}
	if text := (casebook.Watch{Programs: programs}).Releasing(); text != "" {
		return breach.Refuse("older_workers", "Give the command again when the earlier one has ended.", "letters are recalled when one program is at work. %s", text)
	}
	return nil
}

func (s *session) sayRecalled(id string, r postgres.RecallResult, f recallFlags, dryRun bool) {
	switch {
	case r.AlreadyDone:
		s.p.say("Incident %s: this was recalled before, as recall %d; nothing changed.", id, r.Number)
	case dryRun:
		s.p.say("Incident %s: this would be recall %d. Nothing was changed.", id, r.Number)
	default:
		s.p.say("Incident %s: recall %d, by %s.", id, r.Number, f.who)
	}
	t := s.p.lines(2)
	t.row("  withdrawn, not mailed", r.Withdrawn)
	t.row("  mailed, another letter is owed", r.Mailed)
	t.row("  planned anew, not printed yet", r.Unprinted)
	t.row("  practices touched", len(r.Practices))
	t.print()
	s.sayPractices(r.Practices)
	if r.Withdrawn > 0 {
		s.p.say("Have the mail house take out and destroy the letters that were not mailed.")
	}
	switch f.why {
	case breach.WrongText:
		s.p.say("Correct the text: %s", s.p.command("amend", id, "--incident", "FILE", "--by", "YOUR NAME"))
	case breach.WrongAddress, breach.WrongList:
		s.p.say("Correct the list: %s", s.p.command("amend", id, "--findings", "FILE", "--by", "YOUR NAME"))
	}
	s.p.say("The papers of these practices are made anew and wait for approval.")
	if r.Mailed > 0 {
		if f.told {
			s.p.say("Who was mailed one stays told on its day.")
		} else {
			s.p.say("Who was mailed one is untold until the other letter is mailed, and the last day stays as it is.")
		}
		s.p.say("Was one of the letters that were mailed itself a disclosure? %s",
			s.p.command("recall", id, "--number", fmt.Sprint(r.Number), "--disclosure", "yes|no", "--reason", "HOW YOU KNOW", "--by", "YOUR NAME"))
	}
}

// writeRecalled writes who got what was recalled. The same command again writes it anew.
func (s *session) writeRecalled(ctx context.Context, id string, recall int) error {
	path := s.p.incidentFolder(s.config, id).Recalled(recall)
	file, err := s.config.Outputs().CreatePatientFile(path)
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	list, err := papers.WriteRecalledCSV(file)
	if err != nil {
		return systemError(err)
	}
	if err := s.store.RecalledLetters(ctx, id, recall, list.Add); err != nil {
		return err
	}
	if err := list.Flush(); err != nil {
		return systemError(err)
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return systemError(err)
	}
	s.p.say("The letters, by keys: %s", shortPath(written.Path))
	return nil
}
