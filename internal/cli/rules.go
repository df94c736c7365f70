package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

const rulesHelp = `Lists every rule the engine knows: what it asks for, where it stands, from
when until when it is in force, and whether its reading was checked against
the text of the law. Show the rules that are not "verified" to counsel.

--stale 180d lists only those whose reading nobody compared with a source within
so many days before --as-of (today): the law may have changed since.

The version and the hash name exactly this rulebook; they are kept with every
decision made under it.`

func (p *program) rulesCommand() *cobra.Command {
	var asJSON, asMarkdown, asCSV bool
	var stale, asOf string
	cmd := &cobra.Command{
		Use: "rules", Short: "Every rule the engine knows, with its citation", Long: rulesHelp,
		Example: "  duenotice rules\n  duenotice rules --json\n  duenotice rules --markdown > obligations.md\n  duenotice rules --stale 180d",
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			book := rules.Current()
			list, err := p.staleRules(book.Rules(), stale, asOf)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return p.printJSON(rulesDocument{book.Version(), book.SHA256(), list})
			case asMarkdown:
				fmt.Fprint(p.Out, book.Markdown())
				return nil
			}
			return p.printRules(book, list, asCSV)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "Markdown with the rules' texts")
	cmd.Flags().StringVar(&stale, "stale", "", "only rules that nobody looked at within this time: 180d, 26w")
	cmd.Flags().StringVar(&asOf, "as-of", "", "the day --stale counts back from, YYYY-MM-DD (default today)")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	csvFlag(cmd, &asCSV, "the list as CSV")
	cmd.MarkFlagsMutuallyExclusive("stale", "markdown")
	return cmd
}

type rulesDocument struct {
	Version string       `json:"version"`
	SHA256  string       `json:"sha256"`
	Rules   []rules.Rule `json:"rules"`
}

// staleRules leaves of the rules those that nobody looked at within the time.
func (p *program) staleRules(list []rules.Rule, within, asOf string) ([]rules.Rule, error) {
	switch {
	case within == "" && asOf != "":
		return nil, usage("--as-of goes with --stale")
	case within == "":
		return list, nil
	}
	n, err := days("stale", within)
	if err != nil {
		return nil, err
	}
	var day civil.Date
	if asOf != "" {
		if day, err = dayFlag("as-of", asOf); err != nil {
			return nil, err
		}
	} else {
		config, err := p.sharedConfig()
		if err != nil {
			return nil, err
		}
		day = p.today(config)
	}
	return slices.DeleteFunc(list, func(r rules.Rule) bool { return !r.Stale(day, n) }), nil
}

func (p *program) printRules(book *rules.Book, list []rules.Rule, asCSV bool) error {
	t := p.table("RULE", "IN FORCE", "AS OF", "CONFIDENCE", "CITATION", "TITLE").leaveOut("TITLE", "IN FORCE", "AS OF")
	if asCSV {
		t = p.table("RULE", "TITLE", "JURISDICTION", "EFFECTIVE FROM", "EFFECTIVE TO", "AS OF", "CONFIDENCE", "CITATION")
		for _, r := range list {
			t.row(r.ID, r.Title, r.Jurisdiction, r.EffectiveFrom, r.EffectiveTo, r.AsOf, r.Confidence, r.Citation)
		}
		return t.csv()
	}
	p.say("Rulebook %s, SHA-256 %s\n", book.Version(), book.SHA256())
	if len(list) == 0 {
		p.say("No rule: every reading was compared with a source within that time.")
		return nil
	}
	for _, r := range list {
		window := "from " + r.EffectiveFrom.String()
		if !r.EffectiveTo.IsZero() {
			window = r.EffectiveFrom.String() + " until " + r.EffectiveTo.String()
		}
		t.row(r.ID, window, r.AsOf, r.Confidence, r.Citation, r.Title)
	}
	t.print()
	return nil
}
