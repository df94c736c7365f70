package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const approveHelp = `Approves letters. Look first: --list shows what waits, and the papers lie in the
practices' folders. An approval is of exactly the papers that are there now;
when they change afterwards it no longer holds and they wait again.

As many different people must approve as letters.approvers in incident.yaml
says, two unless it says otherwise. With the last approval the letters are
printed, and the command waits for them unless --no-wait is given.`

type approveFlags struct {
	practice, who             string
	all, list, asJSON, noWait bool
}

func (p *program) approveCommand() *cobra.Command {
	var f approveFlags
	cmd := &cobra.Command{
		Use: "approve INCIDENT", Short: "Look at and approve letters", Long: approveHelp,
		Example: `  duenotice approve EX-2026-03 --list
  duenotice approve EX-2026-03 --practice P1 --by "Ada Rivera"
  duenotice approve EX-2026-03 --all --by "Ben Okafor"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.approve(cmd.Context(), args[0], f) },
	}
	practiceFlag(cmd, &f.practice, "approve the letters of this practice")
	cmd.Flags().BoolVar(&f.all, "all", false, "approve everything that waits for you")
	cmd.Flags().BoolVar(&f.list, "list", false, "show what waits; with --by, for that person")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "with --list: one JSON document")
	cmd.Flags().BoolVar(&f.noWait, "no-wait", false, "do not wait until the letters are printed")
	cmd.Flags().StringVar(&f.who, "by", "", byHelp)
	cmd.MarkFlagsMutuallyExclusive("practice", "all", "list")
	cmd.MarkFlagsOneRequired("practice", "all", "list")
	return cmd
}

func (p *program) approve(ctx context.Context, incident string, f approveFlags) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := practiceArgument(f.practice); err != nil {
		return err
	}
	if f.asJSON && !f.list {
		return usage("--json goes with --list")
	}
	if !f.list && strings.TrimSpace(f.who) == "" {
		return usage("--by is missing: an approval needs the name of the person who decided")
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	switch {
	case f.list:
		return s.listWaiting(ctx, incident, f.who, f.asJSON)
	case f.all:
		return s.approveAll(ctx, incident, f.who, f.noWait)
	}
	return s.approvePractice(ctx, incident, f)
}

// waitingDocument is approve --list --json.
type waitingDocument struct {
	Incident  string                     `json:"incident"`
	For       string                     `json:"for"`
	SHA256    string                     `json:"sha256"`
	Practices []casebook.WaitingPractice `json:"practices"`
}

func (s *session) listWaiting(ctx context.Context, incident, who string, asJSON bool) error {
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return err
	}
	if asJSON {
		return s.p.printJSON(waitingDocument{incident, who, waiting.SHA256, append([]casebook.WaitingPractice{}, waiting.Practices...)})
	}
	if len(waiting.Practices) == 0 {
		s.p.say("No letters of %s wait for approval%s.", incident, forWhom(who))
		return nil
	}
	t := table(s.p.Out)
	fmt.Fprintln(t, "PRACTICE\tNAME\tPEOPLE\tLETTERS\tAPPROVED BY\tNEEDED\tPAPERS")
	people, letters := 0, 0
	for _, w := range waiting.Practices {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%.12s\n", w.Key, w.Name, number(w.People), number(w.Letters),
			dash(strings.Join(w.ApprovedBy, ", ")), w.Needed, w.PapersSHA256)
		people, letters = people+w.People, letters+w.Letters
	}
	fmt.Fprintf(t, "total %s\t\t%s\t%s\t\t\t\n", number(len(waiting.Practices)), number(people), number(letters))
	if err := t.Flush(); err != nil {
		return err
	}
	folder := s.p.incidentFolder(s.config, incident)
	s.p.say("\nThe papers of a practice: %s", shortPath(folder.Dir())+"/practices/KEY/")
	s.p.say("Approve all of it: %s", s.p.command("approve", incident, "--all", "--by", firstSet(who, "YOUR NAME")))
	return nil
}

func forWhom(who string) string {
	if who == "" {
		return ""
	}
	return " by " + who
}

// approveAll approves exactly what waits for this person now.
func (s *session) approveAll(ctx context.Context, incident, who string, noWait bool) error {
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return err
	}
	if len(waiting.Practices) == 0 {
		return s.nothingWaits(ctx, incident, who)
	}
	result, repeated, err := s.act(ctx, casebook.Act{
		IncidentID: incident, Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: waiting.SHA256},
	})
	if err != nil {
		return err
	}
	if repeated {
		s.p.say("Incident %s: already approved by %s; nothing changed.", incident, who)
	} else {
		s.p.say("Incident %s: letters of %s approved, by %s.", incident, count(result.Practices, "practice", "practices"), who)
	}
	return s.afterApproval(ctx, incident, noWait)
}

// nothingWaits tells a second approval by the same person from one that has
// nothing to approve.
func (s *session) nothingWaits(ctx context.Context, incident, who string) error {
	acts, err := s.store.Acts(ctx, incident, "")
	if err != nil {
		return err
	}
	mine := func(a casebook.Act) bool { return a.Kind == casebook.ActApprove && breach.SamePerson(a.Who, who) }
	if slices.ContainsFunc(acts, mine) {
		s.p.say("Incident %s: what there is was already approved by %s; nothing changed.", incident, who)
		return nil
	}
	return breach.Refuse("nothing_waits", "Run status to see where it stands.", "no letters of %s wait for an approval by %s", incident, who)
}

func (s *session) approvePractice(ctx context.Context, incident string, f approveFlags) error {
	practice, err := s.store.Practice(ctx, incident, f.practice)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(practice.Approvals, func(a casebook.Approval) bool { return breach.SamePerson(a.Who, f.who) }) {
		s.p.say("Practice %s: already approved by %s; nothing changed.", f.practice, f.who)
		return nil
	}
	if practice.PapersSHA256 == "" {
		return breach.Refuse("no_papers", "Wait until status shows it waiting for approval.", "practice %s has no papers to approve yet", f.practice)
	}
	err = s.perform(ctx, casebook.Act{
		IncidentID: incident, PracticeKey: f.practice, Kind: casebook.ActApprove, Who: f.who,
		Approve: &casebook.ApproveTerms{SHA256: practice.PapersSHA256},
	}, "Practice "+f.practice+": letters approved")
	if err != nil {
		return err
	}
	return s.afterApproval(ctx, incident, f.noWait)
}

// afterApproval says who is still needed, and waits for the letters of what is approved.
func (s *session) afterApproval(ctx context.Context, incident string, noWait bool) error {
	open, err := s.store.Waiting(ctx, incident, "")
	if err != nil {
		return err
	}
	if n := len(open.Practices); n > 0 {
		s.p.say("Letters of %s still wait for approval by another person: %s",
			count(n, "practice", "practices"), s.p.command("approve", incident, "--list"))
	}
	if noWait {
		return nil
	}
	before, after, err := s.waitPrinted(ctx, incident)
	if err != nil {
		return err
	}
	if after.Batches > before.Batches || (after.Batches > 0 && len(open.Practices) == 0) {
		s.sayLetters(s.p.incidentFolder(s.config, incident), after)
		s.p.say("When they are mailed: %s", s.mailedCommand(incident))
	}
	return nil
}

// mailedCommand records the mailing of every batch that is printed.
func (s *session) mailedCommand(incident string) string {
	return s.p.command("record", incident, "--fact", breach.LettersMailed, "--on", s.p.today(s.config).String(), "--by", "YOUR NAME")
}

// sayLetters says how many letters there are and where.
func (s *session) sayLetters(folder outfolder.Incident, letters casebook.LetterCounts) {
	s.p.say("%s on %s, in %s: %s", count(letters.Letters, "letter", "letters"), count(letters.Pages, "page", "pages"),
		count(letters.Batches, "batch", "batches"), shortPath(folder.Dir())+"/mail/")
	if letters.Held > 0 {
		s.p.say("%s held back: a name has a character that the letters' font does not have.", count(letters.Held, "letter is", "letters are"))
	}
}

// waitPrinted waits until the letters of everything that is approved are printed.
func (s *session) waitPrinted(ctx context.Context, incident string) (before, after casebook.LetterCounts, err error) {
	shown := s.p.progress()
	defer shown.end()
	first := true
	err = wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, s.p.Now(), s.p.today(s.config))
		if err != nil {
			return false, err
		}
		open, err := s.store.Waiting(ctx, incident, "")
		if err != nil {
			return false, err
		}
		unfinished, err := s.store.Printing(ctx, incident)
		if err != nil {
			return false, err
		}
		if first {
			before, first = status.Letters, false
		}
		after = status.Letters
		// One whose approvals are complete is in the phase of waiting for them
		// until its workflow has looked.
		printing := inPhase(status, casebook.PhaseApproved) + max(0, inPhase(status, casebook.PhaseApproval)-len(open.Practices))
		shown.show("Printing: %s, letters of %s to come", count(after.Letters, "letter", "letters"), count(printing, "practice", "practices"))
		// Its letters count as printed once they are assigned; the files come later.
		return printing == 0 && !unfinished, nil
	})
	return before, after, err
}
