package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/howfar"
	"duenotice/internal/rulebooks"
)

func (p *program) auditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit", Short: "Hold what was recorded against what it rests on",
		Long:    "Holds what was recorded of an incident against what it rests on, for a regulator\nor counsel who asks years later how it was decided.",
		Example: "  duenotice audit replay EX-2026-03",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.auditReplayCommand())
	return cmd
}

const auditReplayHelp = `Takes every decision ever taken on an incident's practices once more, from the
inputs that were stored with it and by the rulebook that took it, and compares
the results bit for bit. It reads the database and changes nothing.

It exits with 6 when one does not come out the same, or was taken under a
rulebook this program does not have, and says which.`

func (p *program) auditReplayCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "replay INCIDENT", Short: "Take every decision again and compare, bit for bit", Long: auditReplayHelp,
		Example: "  duenotice audit replay EX-2026-03\n  duenotice audit replay EX-2026-03 --json",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			return s.auditReplay(cmd.Context(), args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document")
	return cmd
}

// replayDocument is audit replay --json.
type replayDocument struct {
	Incident  string           `json:"incident"`
	Decisions int              `json:"decisions"`
	Rulebooks []replayedUnder  `json:"rulebooks"`
	Different []differentAgain `json:"different"`
}

type replayedUnder struct {
	Version   string `json:"version"`
	SHA256    string `json:"sha256"`
	Decisions int    `json:"decisions"`
}

// differentAgain is a decision that did not come out the same.
type differentAgain struct {
	Seq         int        `json:"seq"`
	PracticeKey string     `json:"practice_key"`
	On          civil.Date `json:"on"`
	SHA256      string     `json:"sha256"`
	Rulebook    string     `json:"rulebook"`
	Why         string     `json:"why"`
}

func (s *session) auditReplay(ctx context.Context, incident string, asJSON bool) error {
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	document := replayDocument{Incident: incident, Rulebooks: []replayedUnder{}, Different: []differentAgain{}}
	under := map[string]int{} // place in document.Rulebooks
	library := rulebooks.Kept()
	progress := s.p.progress()
	telling := howfar.With(ctx, func(done, total int) { progress.of(done, total, "Deciding again:", "decisions") })
	err := s.store.Decisions(telling, incident, func(d casebook.Decision) error {
		place, seen := under[d.RulebookSHA256]
		if !seen {
			place = len(document.Rulebooks)
			under[d.RulebookSHA256] = place
			document.Rulebooks = append(document.Rulebooks, replayedUnder{Version: d.RulebookVersion, SHA256: d.RulebookSHA256})
		}
		document.Decisions++
		document.Rulebooks[place].Decisions++
		if why := replayed(library, d); why != "" {
			document.Different = append(document.Different, differentAgain{
				d.Seq, d.PracticeKey, civil.OfTime(d.At.In(s.config.Zone)), d.SHA256, d.RulebookVersion, why,
			})
		}
		return ctx.Err()
	})
	progress.end()
	if err != nil {
		return err
	}
	if asJSON {
		err = s.p.printJSON(document)
	} else {
		s.sayReplayed(document)
	}
	if err == nil && len(document.Different) > 0 {
		return &codeError{code: exitUnverified}
	}
	return err
}

// replayed takes a decision again; it returns "" when it came out the same,
// else what is wrong.
func replayed(library rulebooks.Library, d casebook.Decision) string {
	if d.SHA256 != casebook.DecisionSHA256(d.RulebookSHA256, d.Inputs, d.Result) {
		return "its hash is not that of what is stored: the record was changed"
	}
	book, ok := library.Find(d.RulebookSHA256)
	if !ok {
		return "this program does not have its rulebook"
	}
	again, err := book.Replay(d.Inputs)
	switch {
	case err != nil:
		return err.Error()
	case !bytes.Equal(again, d.Result):
		return fmt.Sprintf("the result differs from byte %d on", firstDifference(again, d.Result))
	}
	return ""
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func (s *session) sayReplayed(d replayDocument) {
	for _, book := range d.Rulebooks {
		s.p.say("Rulebook %s (SHA-256 %.12s...): %s", book.Version, book.SHA256, count(book.Decisions, "decision", "decisions"))
	}
	if len(d.Different) == 0 {
		s.p.say("Incident %s: %s taken again, every one the same bit for bit.", d.Incident, count(d.Decisions, "decision", "decisions"))
		return
	}
	s.p.say("%s", s.p.paint(s.p.Out, red, fmt.Sprintf("Incident %s: %d of %s did not come out the same:",
		d.Incident, len(d.Different), count(d.Decisions, "decision", "decisions"))))
	t := s.p.table("DECISION", "PRACTICE", "ON", "RULEBOOK", "WHY")
	for _, x := range d.Different {
		t.row(x.Seq, x.PracticeKey, x.On, x.Rulebook, x.Why)
	}
	t.print()
}
