package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const approveHelp = `Approves letters. Look first: --list shows what waits, with how many of the
letters speak of children and of the dead, and the papers lie in the practices'
folders. An approval is of exactly the papers that are there now;
when they change afterwards it no longer holds and they wait again. With --preview it is
of what a preview showed, and refused where that has changed since.

As many different people must approve as letters.approvers in incident.yaml
says, two unless it says otherwise. With the last approval the letters are
printed, and the command waits for them unless --no-wait is given.`

type approveFlags struct {
	practice, who string
	// preview is the fingerprint that was looked at, "" for whatever there is now.
	preview           string
	all, list, noWait bool
	asJSON, asCSV     bool
	yes               bool
}

func (p *program) approveCommand() *cobra.Command {
	var f approveFlags
	var practices practiceKeys
	var m *many
	cmd := &cobra.Command{
		Use: "approve INCIDENT", Short: "Look at and approve letters", Long: approveHelp,
		Example: `  duenotice approve EX-2026-03 --list
  duenotice approve EX-2026-03 --practice P1 --by "Ada Rivera"
  duenotice approve EX-2026-03 --practice "north-*,P7" --by "Ada Rivera"
  duenotice approve EX-2026-03 --all --by "Ben Okafor"
  duenotice approve EX-2026-03 --all --preview 4be1c0a93f27 --by "Ben Okafor"`,
		Args: func(cmd *cobra.Command, args []string) error { return m.args(exactly("INCIDENT"))(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			key, several, err := practices.one()
			if err != nil {
				return err
			}
			m.yes, m.after = f.yes, p.afterApprovals(f.noWait)
			if m.from != "" || m.template || m.dryRun || several {
				if f.preview != "" {
					return usage("--preview goes with --all or with one --practice: a preview is of the whole incident or of one practice")
				}
				return m.run(cmd.Context(), args)
			}
			f.who, f.practice = m.who, key
			return p.approve(cmd.Context(), args[0], f)
		},
	}
	practicesFlag(cmd, &practices, "approve the letters of this practice, or of several")
	cmd.Flags().BoolVar(&f.all, "all", false, "approve everything that waits for you")
	cmd.Flags().StringVar(&f.preview, "preview", "", "only what the preview with this fingerprint showed")
	cmd.Flags().BoolVar(&f.list, "list", false, "show what waits; with --by, for that person")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "with --list: one JSON document")
	csvFlag(cmd, &f.asCSV, "with --list: as CSV")
	cmd.Flags().BoolVar(&f.noWait, "no-wait", false, "do not wait until the letters are printed")
	yesFlag(cmd, &f.yes)
	m = p.manyPractices(cmd, &practices)
	m.build = approveOrder
	m.about = func(ctx context.Context, s *session, incident string, keys []string) ([]string, error) {
		return s.aboutApproving(ctx, incident, m.who, keys)
	}
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
	if f.preview != "" && (f.list || !isFingerprint(f.preview)) {
		return usage("--preview is the fingerprint that preview showed, at least %d of its digits, and approves; --list does not", leastFingerprint)
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
