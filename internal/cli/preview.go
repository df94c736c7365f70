package cli

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

const previewHelp = `Shows every letter that will be printed when what waits is approved: how many people get
each variant and why, how long it is, how hard to read, and whether it says all that it
must. The proof, letters-preview.pdf in the incident's folder, has the same counts and
letters to invented people in which each word of each variant stands, marked as not for
mailing. With --practice it is of one practice, whose letter-proof.pdf lies in its folder.

The fingerprint is of exactly these words for exactly so many people of each sort.
approve --preview FINGERPRINT approves that, and is refused where the list, a practice, a
text or the program's words have changed since.`

func (p *program) previewCommand() *cobra.Command {
	var practice string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use: "preview INCIDENT", Short: "Every letter that will be printed, with how many get it", Long: previewHelp,
		Example: "  duenotice preview EX-2026-03\n  duenotice preview EX-2026-03 --practice P1",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.preview(cmd.Context(), args[0], practice, asJSON, asCSV)
		},
	}
	practiceFlag(cmd, &practice, "the letters of one practice")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document")
	csvFlag(cmd, &asCSV, "the variants as CSV")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	return cmd
}

func (p *program) preview(ctx context.Context, incident, practice string, asJSON, asCSV bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := practiceArgument(practice); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	seen := previewed{in: papers.ProofInput{Incident: in.Incident, Residents: map[string]int{}, Held: map[breach.HeldReason]int{}}, by: map[breach.Variant]*papers.ProofVariant{}}
	folder := p.incidentFolder(s.config, incident)
	at := folder.Preview()
	if practice == "" {
		err = s.previewWaiting(ctx, incident, &seen)
	} else {
		at = folder.LetterProof(practice)
		err = s.previewPractice(ctx, in.Incident, practice, &seen)
	}
	if err != nil {
		return err
	}
	document, err := seen.proof(ctx, s.config.Outputs(), at, practice)
	if err != nil {
		return err
	}
	switch {
	case asJSON:
		return p.printJSON(document)
	case asCSV:
		return document.table(p).csv()
	}
	document.print(p)
	approve := []string{"approve", incident, "--all"}
	if practice != "" {
		approve = []string{"approve", incident, "--practice", practice}
	}
	p.say("\nThe proof: %s", shortPath(at))
	p.say("Approve exactly this: %s", p.command(append(approve, "--preview", fmt.Sprintf("%.*s", leastFingerprint, document.SHA256), "--by", "YOUR NAME")...))
	return nil
}

// previewed adds up the letters of practices: it keeps a row for each variant, not for
// each practice.
type previewed struct {
	in       papers.ProofInput
	by       map[breach.Variant]*papers.ProofVariant
	practice breach.Practice
}

func (s *previewed) add(p casebook.PracticeVariants) {
	s.in.Practices++
	s.in.NoAddress += p.NoAddress
	if p.DatedOn.After(s.in.DatedOn) {
		s.in.DatedOn = p.DatedOn
	}
	for state, n := range p.Residents {
		s.in.Residents[state] += n
	}
	for why, n := range p.Held {
		s.in.Held[why] += n
	}
	for _, c := range p.Counts {
		v := s.by[c.Variant]
		if v == nil {
			v = &papers.ProofVariant{VariantCount: casebook.VariantCount{Variant: c.Variant}, Example: p.Practice}
			s.by[c.Variant] = v
		}
		v.People += c.People
		v.Practices++
	}
}

// previewWaiting is of what waits for approval, by whoever may give it.
func (s *session) previewWaiting(ctx context.Context, incident string, seen *previewed) error {
	waiting, err := s.store.Waiting(ctx, incident, "")
	if err != nil {
		return err
	}
	if len(waiting.Practices) == 0 {
		return breach.Refuse("nothing_waits", "Run status to see where it stands; --practice shows one practice's letters at any time.", "no letters of %s wait for approval", incident)
	}
	seen.in.SHA256 = waiting.SHA256
	papersOf := make(map[string]string, len(waiting.Practices))
	for _, w := range waiting.Practices {
		papersOf[w.Key] = w.PapersSHA256
	}
	err = s.store.EachVariants(ctx, incident, "", func(part []casebook.PracticeVariants) error {
		for _, p := range part {
			if sum := papersOf[p.Practice.Key]; sum == p.PapersSHA256 {
				seen.add(p)
				delete(papersOf, p.Practice.Key)
			}
		}
		return nil
	})
	if err == nil && len(papersOf) > 0 {
		first := slices.Min(slices.Collect(maps.Keys(papersOf)))
		return breach.Refuse("papers_under_way", "Give the command again in a minute: papers that an earlier program made, or that changed just now, are made anew by themselves.",
			"of %s, such as %s, it is not counted yet which letters their people get", count(len(papersOf), "practice", "practices"), first)
	}
	return err
}

// previewPractice is of one practice, whether or not its letters wait for approval.
func (s *session) previewPractice(ctx context.Context, incident breach.Incident, key string, seen *previewed) error {
	practice, err := s.store.Practice(ctx, incident.ID, key)
	if err != nil {
		return err
	}
	if answer := incident.Entity.Delegated(practice.Practice); answer != "" && !breach.LettersDelegated(answer) {
		return breach.Refuse("not_ours", "Its page has the letters that it can send itself.", "practice %s writes to its patients itself", key)
	}
	seen.in.SHA256 = practice.PapersSHA256
	err = s.store.EachVariants(ctx, incident.ID, key, func(part []casebook.PracticeVariants) error {
		for _, p := range part {
			if p.PapersSHA256 == practice.PapersSHA256 {
				seen.practice = p.Practice
				seen.in.Practice = &seen.practice
				seen.add(p)
			}
		}
		return nil
	})
	if err == nil && seen.in.Practices == 0 {
		return breach.Refuse("no_papers", "Run status to see where it stands, and give the command again when its papers are made.", "practice %s has no papers to look at yet", key)
	}
	return err
}

// proof makes the proof and what is said of it. One practice's lies in its folder already,
// as it was recorded, and is not written again.
func (s *previewed) proof(ctx context.Context, out outfolder.Folder, at, practice string) (previewDocument, error) {
	counts := make([]casebook.VariantCount, 0, len(s.by))
	for _, v := range s.by {
		counts = append(counts, v.VariantCount)
	}
	casebook.SortVariants(counts)
	for _, c := range counts {
		s.in.Variants = append(s.in.Variants, *s.by[c.Variant])
	}
	file, measured, err := papers.Proof(s.in)
	if err != nil {
		return previewDocument{}, err
	}
	if practice == "" {
		if _, err := out.WriteFile(ctx, at, file); err != nil {
			return previewDocument{}, systemError(err)
		}
	}
	return documentOf(s.in, practice, at, measured), nil
}

// leastFingerprint is how many digits of a fingerprint tell it from every other.
const leastFingerprint = 12

var aFingerprint = regexp.MustCompile(`^[0-9a-f]{12,64}$`)

func isFingerprint(s string) bool { return aFingerprint.MatchString(s) }

// asPreviewed refuses to approve what waits where it is not what a preview showed.
func (s *session) asPreviewed(ctx context.Context, incident string, waiting casebook.Waiting, sum string) error {
	if sum == "" {
		return nil
	}
	all, err := s.store.Waiting(ctx, incident, "")
	if err != nil {
		return err
	}
	if !strings.HasPrefix(all.SHA256, sum) {
		return notAsPreviewed(incident, "", sum)
	}
	// What is approved was read before: it has to be part of what was compared.
	shown := make(map[string]string, len(all.Practices))
	for _, p := range all.Practices {
		shown[p.Key] = p.PapersSHA256
	}
	for _, w := range waiting.Practices {
		if shown[w.Key] != w.PapersSHA256 {
			return notAsPreviewed(incident, w.Key, sum)
		}
	}
	return nil
}

func notAsPreviewed(incident, practice, sum string) error {
	of := "incident " + incident
	if practice != "" {
		of = "practice " + practice
	}
	return breach.Refuse("changed_since_looked", "Look again with preview, then approve with its fingerprint.",
		"the letters of %s are not those of the preview %s any more: the list, a practice, a text or who waits has changed", of, sum)
}
