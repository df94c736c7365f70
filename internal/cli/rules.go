package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"duenotice/internal/rules"
)

const rulesHelp = `Lists every rule the engine knows: what it asks for, where it stands, from
when until when it is in force, and whether its reading was checked against
the text of the law. Show the rules that are not "verified" to counsel.

The version and the hash name exactly this rulebook; they are kept with every
decision made under it.`

func (p *program) rulesCommand() *cobra.Command {
	var asJSON, asMarkdown, asCSV bool
	cmd := &cobra.Command{
		Use: "rules", Short: "Every rule the engine knows, with its citation", Long: rulesHelp,
		Example: "  duenotice rules\n  duenotice rules --json\n  duenotice rules --markdown > obligations.md",
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			book := rules.Current()
			switch {
			case asJSON:
				return p.printJSON(rulesDocument{book.Version(), book.SHA256(), book.Rules()})
			case asMarkdown:
				fmt.Fprint(p.Out, book.Markdown())
				return nil
			}
			return p.printRules(book, asCSV)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "Markdown with the rules' texts")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	csvFlag(cmd, &asCSV, "the list as CSV")
	return cmd
}

type rulesDocument struct {
	Version string       `json:"version"`
	SHA256  string       `json:"sha256"`
	Rules   []rules.Rule `json:"rules"`
}

func (p *program) printRules(book *rules.Book, asCSV bool) error {
	t := p.table("RULE", "IN FORCE", "CONFIDENCE", "CITATION", "TITLE").leaveOut("TITLE", "IN FORCE")
	if asCSV {
		t = p.table("RULE", "TITLE", "JURISDICTION", "EFFECTIVE FROM", "EFFECTIVE TO", "AS OF", "CONFIDENCE", "CITATION")
		for _, r := range book.Rules() {
			t.row(r.ID, r.Title, r.Jurisdiction, r.EffectiveFrom, r.EffectiveTo, r.AsOf, r.Confidence, r.Citation)
		}
		return t.csv()
	}
	p.say("Rulebook %s, SHA-256 %s\n", book.Version(), book.SHA256())
	for _, r := range book.Rules() {
		window := "from " + r.EffectiveFrom.String()
		if !r.EffectiveTo.IsZero() {
			window = r.EffectiveFrom.String() + " until " + r.EffectiveTo.String()
		}
		t.row(r.ID, window, r.Confidence, r.Citation, r.Title)
	}
	t.print()
	return nil
}
