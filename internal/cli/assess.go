package cli

import (
	"bytes"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/givenfile"
)

const assessHelp = `Records a practice's risk assessment under 45 CFR 164.402(2). An impermissible
use or disclosure is presumed to be a breach. To conclude otherwise, answer all
four factors in a file, in YAML or JSON:

  nature_of_phi: ...          the nature and extent of the information
  unauthorized_person: ...    who used it or to whom it was disclosed
  acquired_or_viewed: ...     whether it was actually acquired or viewed
  mitigation: ...             how far the risk has been mitigated

A low probability stands only when two different people have recorded it.`

func (p *program) assessCommand() *cobra.Command {
	var practices practiceKeys
	var conclusion, factors string
	var m *many
	cmd := &cobra.Command{
		Use: "assess INCIDENT", Short: "Record a practice's risk assessment", Long: assessHelp,
		Example: `  duenotice assess EX-2026-03 --practice P1 --conclusion low_probability --factors p1.yaml --by "Ada Rivera"
  duenotice assess EX-2026-03 --practice P1 --conclusion presumed --by "Ada Rivera"`,
		Args: func(cmd *cobra.Command, args []string) error { return m.args(exactly("INCIDENT"))(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.run(cmd.Context(), args, "practice", "conclusion")
		},
	}
	practicesFlag(cmd, &practices, "the practice's key, or several")
	cmd.Flags().StringVar(&conclusion, "conclusion", "", "presumed or low_probability")
	cmd.Flags().StringVar(&factors, "factors", "", "file with the answers to the four factors, YAML or JSON")
	m = p.manyPractices(cmd, &practices, "conclusion", "factors")
	m.build = func(_, practice string, said func(string) string) (order, error) {
		if err := noPractice(practice); err != nil {
			return order{}, err
		}
		conclusion := said("conclusion")
		if conclusion != breach.Presumed && conclusion != breach.LowProbability {
			return order{}, usage("--conclusion is %s or %s, not %q", breach.Presumed, breach.LowProbability, conclusion)
		}
		answers, err := readFactors(said("factors"))
		return order{
			act: casebook.Act{Kind: casebook.ActAssess, Assess: &casebook.AssessTerms{Conclusion: conclusion, Factors: answers}},
			did: "Practice " + practice + ": risk assessment " + strings.ReplaceAll(conclusion, "_", " "),
		}, err
	}
	return cmd
}

// readFactors reads the four answers. JSON is YAML, so one reader serves both.
func readFactors(path string) (breach.Factors, error) {
	var answers breach.Factors
	if path == "" {
		return answers, nil
	}
	content, err := givenfile.Read(path)
	if err != nil {
		return answers, systemError(err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict()).Decode(&answers); err != nil {
		// The answers themselves may say something about patients: only where, not what.
		return answers, breach.Refuse("factors", "It has the four keys nature_of_phi, unauthorized_person, acquired_or_viewed and mitigation, each with a text.",
			"%s cannot be read as the four factors: %s", path, firstLine(yaml.FormatError(err, false, false)))
	}
	return answers, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
