package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const recordHelp = `Records something that was done where the program cannot see it: at the post
office, on the HHS form, with the newspaper. Until it is recorded it is not done
as far as the program knows. Without --practice it holds for the whole incident.

Of the file given with --proof only the SHA-256 and the size are kept: keep the
file itself.

The facts:
  `

func (p *program) recordCommand() *cobra.Command {
	var practice, on, proof, who string
	var fact breach.Fact
	cmd := &cobra.Command{
		Use: "record INCIDENT --fact FACT --on DATE", Short: "Record what was done, and on which day",
		Long: recordHelp + strings.Join(breach.FactKinds, "\n  "),
		Example: `  duenotice record EX-2026-03 --practice P1 --fact letters_mailed --on 2026-04-20 --proof receipt.pdf --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact hhs_filed --on 2026-04-20 --reference TRACKING-NUMBER --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --jurisdiction VA --fact media_sent --on 2026-04-20 --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := practiceArgument(practice); err != nil {
				return err
			}
			if !slices.Contains(breach.FactKinds, fact.Kind) {
				return usage("%q is not a fact; the facts are: %s", fact.Kind, strings.Join(breach.FactKinds, " "))
			}
			if fact.On, err = dayFlag("on", on); err != nil {
				return err
			}
			terms := &casebook.RecordTerms{Fact: fact}
			if proof != "" {
				if terms.ProofSHA256, terms.ProofBytes, err = fingerprint(proof); err != nil {
					return failed(err)
				}
			}
			return p.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActRecord, Who: who, Record: terms,
			}, recorded(args[0], practice, fact))
		},
	}
	f := cmd.Flags()
	practiceFlag(cmd, &practice, "the practice's key (default: the whole incident)")
	f.StringVar(&fact.Kind, "fact", "", "what was done")
	f.StringVar(&on, "on", "", "the day it was done, YYYY-MM-DD")
	f.StringVar(&fact.Jurisdiction, "jurisdiction", "", "two-letter code of the State it was done for; NY:state_police for one of its agencies")
	f.StringVar(&fact.Reference, "reference", "", "tracking number or other reference")
	f.StringVar(&proof, "proof", "", "file that proves it")
	byFlag(cmd, &who)
	required(cmd, "fact", "on")
	return cmd
}

// recorded says what was written down, for a person.
func recorded(incident, practice string, fact breach.Fact) string {
	what := "Incident " + incident
	if practice != "" {
		what = "Practice " + practice
	}
	text := fmt.Sprintf("%s: %s on %s", what, strings.ReplaceAll(fact.Kind, "_", " "), fact.On)
	if fact.Jurisdiction != "" {
		text += " for " + fact.Jurisdiction
	}
	return text
}

// fingerprint returns a file's SHA-256 and size.
func fingerprint(path string) (sum string, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = file.Close() }() // only read
	hash := sha256.New()
	size, err = io.Copy(hash, file)
	return hex.EncodeToString(hash.Sum(nil)), size, err
}
