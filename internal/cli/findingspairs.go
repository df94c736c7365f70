package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/intake"
)

const pairsHelp = `An import puts people together who are one person by several marks: name, birth date
and address, an identifier and a birth date, and so on. What fits by fewer, or
contradicts itself, is left open: the two count as two until a person decides.

Without a flag it lists what is open, --all everything, each with its reason and
the rows it is about. Names, birth dates and addresses of both stand in
findings-pairs.csv of the case folder and nowhere else.

Decide with the pair's id, or with two keys where no rule found them: --same makes
them one person, --apart keeps or makes them two, --undo takes a merge or an
earlier decision back. --decide takes a copy of findings-pairs.csv in which the
columns decision (same, apart) and reason are filled. Each decision is kept with
its reason in findings-decisions.csv, is carried out in findings.csv at once, and
holds for later imports too. It needs no server.

--counts shows what every count is with the open pairs as two and as one, and with
nobody put together, and what would be owed then.`

// pairsFlags are the flags of findings pairs and findings practices.
type pairsFlags struct {
	all, counts, asJSON, asCSV bool
	same, apart, undo          bool
	decide, reason, who        string
}

func (f pairsFlags) decision() string {
	switch {
	case f.same:
		return intake.DecideSame
	case f.apart:
		return intake.DecideApart
	case f.undo:
		return intake.DecideUndone
	}
	return ""
}

func (p *program) findingsPairsCommand() *cobra.Command {
	return p.pairsCommand("pairs CASE [PAIR | PERSON PERSON]", "Who may be one person: look, decide, undo", pairsHelp,
		"  duenotice findings pairs cases/EX-2026-03\n"+
			"  duenotice findings pairs cases/EX-2026-03 --counts\n"+
			"  duenotice findings pairs cases/EX-2026-03 M7QK2ABCDE --same --reason \"moved in May\" --by \"Ada Rivera\"\n"+
			"  duenotice findings pairs cases/EX-2026-03 --decide pairs.csv --by \"Ada Rivera\"", intake.People)
}

const practicesHelp = `Practices of the list that may be one covered entity: with one NPI, one name at one
address, one address and telephone, or of which NPPES names the one as the other's
successor. The client knows, and nobody else: no rule makes two one.

Without a flag it lists what is open, --all everything. Decide with the pair's id,
or with two keys of which the first stays, as with a practice that was taken over:
--same gives the second's people to the first, fills what the first's row lacks, and
leaves the second out of practices.csv; --apart keeps them two; --undo takes a
decision back. --decide takes a copy of practices-pairs.csv in which the columns
decision and reason are filled. Each decision is kept with its reason in
practices-decisions.csv, is carried out at once, and holds for later imports. It
needs no server.

--counts shows what every count is with the open pairs as two and as one, and with
none put together, and what would be owed then.`

func (p *program) findingsPracticesCommand() *cobra.Command {
	return p.pairsCommand("practices CASE [PAIR | PRACTICE PRACTICE]", "Which practices may be one covered entity: look, decide, undo", practicesHelp,
		"  duenotice findings practices cases/EX-2026-03\n"+
			"  duenotice findings practices cases/EX-2026-03 OAK OAK2 --same --reason \"one covered entity, says the client\" --by \"Ada Rivera\"",
		intake.Practices)
}

func (p *program) pairsCommand(use, short, long, example string, of intake.Kind) *cobra.Command {
	var f pairsFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usage("CASE, the case folder, is missing")
			case len(args) > 3:
				return usage("a pair is named by its id or by two keys")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.pairs(cmd.Context(), of, args, f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "all", false, "list what is together and decided too")
	flags.BoolVar(&f.counts, "counts", false, "show every count with and without what is open")
	flags.BoolVar(&f.same, "same", false, "decide that the two are one")
	flags.BoolVar(&f.apart, "apart", false, "decide that the two are two")
	flags.BoolVar(&f.undo, "undo", false, "take a merge or an earlier decision back")
	flags.StringVar(&f.decide, "decide", "", "take decisions from this CSV file with the columns pair, decision and reason")
	flags.StringVar(&f.reason, "reason", "", "what shows it; it is kept")
	flags.StringVar(&f.who, "by", "", byHelp)
	flags.BoolVar(&f.asJSON, "json", false, "one JSON document")
	csvFlag(cmd, &f.asCSV, "the list, or with --counts the counts, as CSV")
	cmd.MarkFlagsMutuallyExclusive("same", "apart", "undo", "decide", "counts", "all")
	p.ignoreColumnFlag(cmd)
	return cmd
}

func (p *program) pairs(ctx context.Context, of intake.Kind, args []string, f pairsFlags) error {
	dir, named := args[0], args[1:]
	switch decision := f.decision(); {
	case f.decide != "" && len(named) > 0:
		return usage("--decide names the pairs in its file")
	case f.decide != "" || decision != "":
		if f.who == "" {
			return usage("--by is missing: who decided is kept")
		}
		return p.decidePairs(ctx, of, dir, named, f)
	case len(named) > 0:
		return usage("say --same, --apart or --undo")
	case f.reason != "" || f.who != "":
		return usage("--reason and --by go with a decision: --same, --apart, --undo or --decide")
	case f.counts:
		return p.pairCounts(ctx, of, dir, f)
	}
	return p.listPairs(of, dir, f)
}

func (p *program) decidePairs(ctx context.Context, of intake.Kind, dir string, named []string, f pairsFlags) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	if err := breach.CheckPersonName("--by", f.who); err != nil {
		return err
	}
	if breach.PersonNamed(f.who) == "" {
		return usage("--by names nobody")
	}
	var choices []intake.Choice
	switch {
	case f.decide != "":
		if choices, err = intake.ReadChoices(f.decide); err != nil {
			return err
		}
	case len(named) == 0:
		return usage("name the pair by its id, or by two keys")
	default:
		choice := intake.Choice{Pair: named[0], Decision: f.decision(), Reason: f.reason}
		if len(named) == 2 {
			choice.Pair, choice.A, choice.B = "", named[0], named[1]
		}
		choices = []intake.Choice{choice}
	}
	for _, choice := range choices {
		if err := casebook.Readable("reason", choice.Reason); err != nil {
			return err
		}
	}
	done, err := intake.Decide(ctx, of, dir, choices, f.who, p.today(config))
	if err != nil {
		return err
	}
	if f.asJSON {
		return p.printJSON(done)
	}
	p.sayDecided(of, dir, done)
	return nil
}
