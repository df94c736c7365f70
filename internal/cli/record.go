package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const recordHelp = `Records something that was done where the program cannot see it: at the post
office, on the HHS form, with the newspaper. Until it is recorded it is not done
as far as the program knows. Without --practice it holds for the whole incident.

The file given with --proof is kept in the incident's evidence folder under its
SHA-256 sum, and goes into the practice's evidence pack. Choose one that names
no patient.

A report to HHS says a number of people. Without --count it is the number the
lists have. --estimate N says that it was guessed (500 or 501 while nobody
knows): it is then open until hhs_addendum records the final number.

agency_determined --answer yes|no says that a practice's business associate is
its agent, or is not, after all; clock_override that its 60 days are counted from
another day, on the word of --reference; delay_reason why approved letters did
not go out on the days --on through --through.

letters_mailed is recorded by batch: with --batch of that one, without it of every
batch that was printed by that day and is not recorded as mailed. It counts for
the people whose letters are in them and for nobody else. A practice or covered
entity that mails letters of its own says so with practice_mailed, and with
--count to how many people they went in all.

Nothing is recorded from before its cause: a mailing before the printing, an
acknowledgment before the notice, an end before the beginning.

The facts:
  `

func (p *program) recordCommand() *cobra.Command {
	var practice, on, through, proof, who string
	var estimate int
	var fact breach.Fact
	cmd := &cobra.Command{
		Use: "record INCIDENT --fact FACT --on DATE", Short: "Record what was done, and on which day",
		Long: recordHelp + strings.Join(breach.FactKinds, "\n  "),
		Example: `  duenotice record EX-2026-03 --fact letters_mailed --on 2026-04-20 --proof receipt.pdf --by "Ada Rivera"
  duenotice record EX-2026-03 --batch run-001-batch-0002 --fact letters_mailed --on 2026-04-21 --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact hhs_filed --on 2026-04-20 --reference TRACKING-NUMBER --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact hhs_filed --on 2026-04-20 --reference TRACKING-NUMBER --estimate 501 --by "Ada Rivera"
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
			if through != "" {
				if fact.Through, err = dayFlag("through", through); err != nil {
					return err
				}
			}
			if cmd.Flags().Changed("estimate") {
				fact.Count, fact.Estimate = estimate, true
			}
			terms := &casebook.RecordTerms{Fact: fact}
			if proof != "" {
				if terms.ProofSHA256, terms.ProofBytes, err = fingerprint(proof); err != nil {
					return failed(err)
				}
			}
			if err := p.keepProof(args[0], proof, terms.ProofSHA256); err != nil {
				return err
			}
			return p.record(cmd.Context(), casebook.Act{
				IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActRecord, Who: who, Record: terms,
			})
		},
	}
	f := cmd.Flags()
	practiceFlag(cmd, &practice, "the practice's key (default: the whole incident)")
	f.StringVar(&fact.Batch, "batch", "", "the one batch of letters that was mailed, as its folder under mail/ is named")
	f.StringVar(&fact.Kind, "fact", "", "what was done")
	f.StringVar(&on, "on", "", "the day it was done, YYYY-MM-DD")
	f.StringVar(&fact.Jurisdiction, "jurisdiction", "", "two-letter code of the State it was done for; NY:state_police for one of its agencies, all for every agency")
	f.StringVar(&fact.Reference, "reference", "", "tracking number or other reference")
	f.IntVar(&fact.Count, "count", 0, "number of people HHS was told (default: the number the lists have), or to whom a practice mailed its own letters")
	f.IntVar(&estimate, "estimate", 0, "the same where the number was estimated: an addendum is then owed")
	f.StringVar(&fact.Answer, "answer", "", "yes or no to agency_determined; media for posting_started in print or broadcast media")
	f.StringVar(&through, "through", "", "last day that a delay_reason explains (default: --on)")
	cmd.MarkFlagsMutuallyExclusive("count", "estimate")
	cmd.MarkFlagsMutuallyExclusive("practice", "batch")
	f.StringVar(&proof, "proof", "", "file that proves it")
	byFlag(cmd, &who)
	required(cmd, "fact", "on")
	return cmd
}

// record carries out a record. Of letters that were mailed it says first which
// batches they were: those make a second mailing on one day another act than the first.
func (p *program) record(ctx context.Context, act casebook.Act) error {
	if err := incidentArgument(act.IncidentID); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	did := recorded(act.IncidentID, act.PracticeKey, act.Record.Fact)
	if act.Record.Fact.Kind == breach.LettersMailed {
		if _, err := s.closed(ctx, act); err != nil {
			return err // there is no such incident or practice
		}
		already, err := s.nameBatches(ctx, &act)
		if err != nil {
			return err
		}
		did += ": " + strings.Join(act.Record.Batches, ", ")
		if already && act.Record.ProofSHA256 == "" && act.Record.Fact.Reference == "" {
			s.p.say("%s: already done; nothing changed.", did)
			return nil
		}
	}
	return s.perform(ctx, act, did)
}

func (s *session) nameBatches(ctx context.Context, act *casebook.Act) (already bool, err error) {
	there, err := s.store.Batches(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return false, err
	}
	act.Record.Batches, already, err = activities.Mailing(*act.Record, act.PracticeKey, there, s.config.Zone)
	return already, err
}

// recorded says what was written down, for a person.
func recorded(incident, practice string, fact breach.Fact) string {
	what := "Incident " + incident
	if practice != "" {
		what = "Practice " + practice
	}
	text := fmt.Sprintf("%s: %s on %s", what, strings.ReplaceAll(fact.Kind, "_", " "), fact.On)
	switch {
	case fact.Estimate:
		text += fmt.Sprintf(", %s by estimate", count(fact.Count, "person", "people"))
	case fact.Count != 0:
		text += ", " + count(fact.Count, "person", "people")
	case fact.Answer != "":
		text += ": " + fact.Answer
	case !fact.Through.IsZero():
		text += " through " + fact.Through.String()
	}
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
