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

const approveHelp = `Approves letters. Look first: --list shows what waits, with how many of the
letters speak of children and of the dead, and the papers lie in the practices'
folders. An approval is of exactly the papers that are there now;
when they change afterwards it no longer holds and they wait again.

As many different people must approve as letters.approvers in incident.yaml
says, two unless it says otherwise. With the last approval the letters are
printed, and the command waits for them unless --no-wait is given.`

type approveFlags struct {
	practice, who     string
	all, list, noWait bool
	asJSON, asCSV     bool
	yes               bool
}

func (p *program) approveCommand() *cobra.Command {
	var f approveFlags
	var m *many
	cmd := &cobra.Command{
		Use: "approve INCIDENT", Short: "Look at and approve letters", Long: approveHelp,
		Example: `  duenotice approve EX-2026-03 --list
  duenotice approve EX-2026-03 --practice P1 --by "Ada Rivera"
  duenotice approve EX-2026-03 --all --by "Ben Okafor"`,
		Args: func(cmd *cobra.Command, args []string) error { return m.args(exactly("INCIDENT"))(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if m.from != "" || m.template || m.dryRun {
				return m.run(cmd.Context(), args)
			}
			f.who = m.who
			return p.approve(cmd.Context(), args[0], f)
		},
	}
	practiceFlag(cmd, &f.practice, "approve the letters of this practice")
	cmd.Flags().BoolVar(&f.all, "all", false, "approve everything that waits for you")
	cmd.Flags().BoolVar(&f.list, "list", false, "show what waits; with --by, for that person")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "with --list: one JSON document")
	csvFlag(cmd, &f.asCSV, "with --list: as CSV")
	cmd.Flags().BoolVar(&f.noWait, "no-wait", false, "do not wait until the letters are printed")
	m = p.manyFlags(cmd)
	m.build = approveOrder
	yesFlag(cmd, &f.yes)
	cmd.MarkFlagsMutuallyExclusive("practice", "all", "list", "from", "template")
	cmd.MarkFlagsOneRequired("practice", "all", "list", "from", "template")
	return cmd
}

// approveOrder approves the papers of a practice as they are when it is carried out.
func approveOrder(incident, practice string, said func(string) string) (order, error) {
	who := said("by")
	if err := breach.CheckPersonName("--by", strings.TrimSpace(who)); err != nil {
		return order{}, err
	}
	return order{
		act: casebook.Act{Kind: casebook.ActApprove}, did: "Practice " + practice + ": letters approved",
		complete: func(ctx context.Context, s *session, act *casebook.Act) error {
			p, err := s.store.Practice(ctx, incident, practice)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(p.Approvals, func(a casebook.Approval) bool { return breach.SamePerson(a.Who, who) }) {
				return errDone
			}
			if p.PapersSHA256 == "" {
				return breach.Refuse("no_papers", "Wait until status shows it waiting for approval.", "practice %s has no papers to approve yet", practice)
			}
			act.Approve = &casebook.ApproveTerms{SHA256: p.PapersSHA256}
			return nil
		},
	}, nil
}

func (p *program) approve(ctx context.Context, incident string, f approveFlags) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := practiceArgument(f.practice); err != nil {
		return err
	}
	if (f.asJSON || f.asCSV) && !f.list {
		return usage("--json and --csv go with --list")
	}
	if !f.list && strings.TrimSpace(f.who) == "" {
		return usage("--by is missing: an approval needs the name of the person who decided")
	}
	// Before anything is compared with it.
	if err := breach.CheckPersonName("--by", strings.TrimSpace(f.who)); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	switch {
	case f.list:
		return s.listWaiting(ctx, incident, f)
	case f.all:
		return s.approveAll(ctx, incident, f)
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

func (s *session) listWaiting(ctx context.Context, incident string, f approveFlags) error {
	who := f.who
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return err
	}
	if f.asJSON {
		return s.p.printJSON(waitingDocument{incident, who, waiting.SHA256, append([]casebook.WaitingPractice{}, waiting.Practices...)})
	}
	if len(waiting.Practices) == 0 && !f.asCSV {
		s.p.say("No letters of %s wait for approval%s.", incident, forWhom(who))
		return nil
	}
	t := s.p.table("PRACTICE", "NAME", "PEOPLE", "LETTERS", "OF CHILDREN", "OF THE DEAD", "APPROVED BY", "NEEDED", "PAPERS").leaveOut("PAPERS", "NEEDED")
	people, letters := 0, 0
	for _, w := range waiting.Practices {
		papers, by := w.PapersSHA256, strings.Join(w.ApprovedBy, ", ")
		if !f.asCSV {
			papers, by = fmt.Sprintf("%.12s", papers), dash(by)
		}
		t.row(w.Key, w.Name, w.People, w.Letters, w.Minors, w.Deceased, by, w.Needed, papers)
		people, letters = people+w.People, letters+w.Letters
	}
	if f.asCSV {
		return t.csv()
	}
	minors, deceased := spokenOf(waiting.Practices)
	t.row("total "+number(len(waiting.Practices)), "", people, letters, minors, deceased, "", "", "")
	t.print()
	s.p.sayWhoIsSpokenOf(people, minors, deceased)
	folder := s.p.incidentFolder(s.config, incident)
	s.p.say("\nThe papers of a practice: %s", shortPath(folder.Dir())+"/practices/KEY/")
	s.p.say("Approve all of it: %s", s.p.command("approve", incident, "--all", "--by", firstSet(who, "YOUR NAME")))
	return nil
}

// spokenOf counts the people whose letters speak of a child and of somebody dead.
func spokenOf(practices []casebook.WaitingPractice) (minors, deceased int) {
	for _, w := range practices {
		minors, deceased = minors+w.Minors, deceased+w.Deceased
	}
	return minors, deceased
}

// sayWhoIsSpokenOf lets whoever approves letters compare with what they expect: a
// list joined wrongly has told the living that they are dead.
func (p *program) sayWhoIsSpokenOf(people, minors, deceased int) {
	p.say("Of %s, the letters speak of %s and of %s.",
		count(people, "person", "people"), count(minors, "child", "children"), count(deceased, "person who has died", "people who have died"))
}

func forWhom(who string) string {
	if who == "" {
		return ""
	}
	return " by " + who
}

// approveAll approves exactly what waits for this person now.
func (s *session) approveAll(ctx context.Context, incident string, f approveFlags) error {
	who := f.who
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return err
	}
	if len(waiting.Practices) == 0 {
		return s.nothingWaits(ctx, incident, who)
	}
	people := 0
	for _, w := range waiting.Practices {
		people += w.People
	}
	minors, deceased := spokenOf(waiting.Practices)
	s.p.sayWhoIsSpokenOf(people, minors, deceased)
	if err := s.noteOneAccount(ctx, incident, who); err != nil {
		return err
	}
	if err := s.p.sure(ctx, f.yes, approving(waiting.Practices)); err != nil {
		return err
	}
	result, err := s.desk().Ask(ctx, casebook.Act{
		IncidentID: incident, Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: waiting.SHA256},
	})
	if err != nil {
		return err
	}
	if result.Repeated {
		s.p.say("Incident %s: already approved by %s; nothing changed.", incident, who)
	} else {
		s.p.say("Incident %s: letters of %s approved, by %s.", incident, count(result.Practices, "practice", "practices"), who)
	}
	return s.afterApproval(ctx, incident, f.noWait)
}

// noteOneAccount says where the account approved under another name before, which the
// record will show. Whether that is allowed is decided where the approval is written.
func (s *session) noteOneAccount(ctx context.Context, incident, who string) error {
	acts, err := s.store.Acts(ctx, incident, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(acts, func(a casebook.Act) bool {
		return a.Kind == casebook.ActApprove && a.Identity == string(s.who.Identity) && !breach.SamePerson(a.Who, who)
	})
	if i >= 0 {
		s.p.note("%s approved as %s before: status and the evidence say that both approvals came from one account. access tells how each person gets one of their own.",
			s.who.Identity, acts[i].Who)
	}
	return nil
}

// approving says what one more approval of these practices' letters brings about.
func approving(waiting []casebook.WaitingPractice) string {
	people, letters, complete := 0, 0, 0
	for _, w := range waiting {
		people, letters = people+w.People, letters+w.Letters
		if len(w.ApprovedBy)+1 >= w.Needed {
			complete++
		}
	}
	text := "the letters of " + count(len(waiting), "practice", "practices") + " (" + count(letters, "letter", "letters") + " to " +
		count(people, "person", "people") + ") are approved"
	switch complete {
	case 0:
		return text + "; they are printed when another person approves them too."
	case len(waiting):
		return text + " and printed."
	}
	return text + ", and those of " + count(complete, "practice", "practices") + " printed; the others wait for another person's approval."
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
	before, err := s.store.Practice(ctx, incident, f.practice)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before.Approvals, func(a casebook.Approval) bool { return breach.SamePerson(a.Who, f.who) }) {
		s.p.say("Practice %s: already approved by %s; nothing changed.", f.practice, f.who)
		return nil
	}
	waiting, err := s.store.Waiting(ctx, incident, f.who)
	if err != nil {
		return err
	}
	its := func(w casebook.WaitingPractice) bool { return w.Key == f.practice }
	if i := slices.IndexFunc(waiting.Practices, its); i >= 0 {
		minors, deceased := spokenOf(waiting.Practices[i : i+1])
		s.p.sayWhoIsSpokenOf(waiting.Practices[i].People, minors, deceased)
		if err := s.noteOneAccount(ctx, incident, f.who); err != nil {
			return err
		}
		if err := s.p.sure(ctx, f.yes, approving(waiting.Practices[i:i+1])); err != nil {
			return err
		}
	}
	o, err := approveOrder(incident, f.practice, func(string) string { return f.who })
	if err != nil {
		return err
	}
	o.act.IncidentID, o.act.PracticeKey, o.act.Who = incident, f.practice, f.who
	if err := s.carryOut(ctx, o); err != nil {
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
		s.p.say("%s held back: held.csv beside the letters says whose and why. The notice stays owed to them.", count(letters.Held, "letter is", "letters are"))
	}
}

// waitPrinted waits until the letters of everything that is approved are printed.
func (s *session) waitPrinted(ctx context.Context, incident string) (before, after casebook.LetterCounts, err error) {
	shown := s.p.progress()
	defer shown.end()
	first := true
	waits := s.waitsFor(incident, "")
	err = wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, s.p.Now(), s.p.today(s.config))
		if err == nil {
			err = waits.look(ctx)
		}
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
		printing := status.In(casebook.PhaseApproved) + max(0, status.In(casebook.PhaseApproval)-len(open.Practices))
		shown.show("Printing: %s, letters of %s to come", count(after.Letters, "letter", "letters"), count(printing, "practice", "practices"))
		// Its letters count as printed once they are assigned; the files come later.
		return printing == 0 && !unfinished, nil
	})
	return before, after, err
}
