package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

const holdHelp = `Records that a law-enforcement official asked for delay (45 CFR 164.412): who,
of which agency, and in which words.

The official is an officer of a public authority who may investigate or
prosecute (164.103); an insurer, a law firm or a forensic firm cannot delay
anything. Police, sheriffs, prosecutors, attorneys general, the FBI and the like
are known by their names. An agency that is not delays nothing until you say
that it is a public authority, with --public-authority yes: then or later, with
the same words. An oral statement delays for at most 30 days from the day it was made.
A written one delays until the day it names, given with --until; one that names
no day is refused: ask for the day, and record the statement as oral meanwhile.
The 60 days do not stop: they end on their own day or with the delay, whichever
is later.`

func (p *program) holdCommand() *cobra.Command {
	var hold breach.Hold
	var statedOn, until, who string
	cmd := &cobra.Command{
		Use: "hold INCIDENT", Short: "Record that law enforcement asks for delay", Long: holdHelp,
		Example: `  duenotice hold EX-2026-03 --kind oral --stated-on 2026-03-20 --official "Det. C. Example" \
    --agency "Example County Sheriff" --statement "Notice would impede our investigation." --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if hold.Kind != breach.OralHold && hold.Kind != breach.WrittenHold {
				return usage("--kind is oral or written, not %q", hold.Kind)
			}
			for _, scope := range hold.Covers {
				if !slices.Contains(breach.HoldScopes, scope) {
					return usage("--covers takes %s, not %q%s", strings.Join(breach.HoldScopes, ","), scope, didYouMean("", scope, breach.HoldScopes))
				}
			}
			if a := hold.PublicAuthority; a != breach.Unknown && a != breach.Yes && a != breach.No {
				return usage("--public-authority is yes or no, not %q", a)
			}
			if hold.StatedOn, err = dayFlag("stated-on", statedOn); err != nil {
				return err
			}
			if until != "" {
				if hold.Until, err = dayFlag("until", until); err != nil {
					return err
				}
			}
			if err := hold.CheckTime(); err != nil {
				return err
			}
			return p.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], Kind: casebook.ActHold, Who: who, Hold: &hold,
			}, fmt.Sprintf("Incident %s: %s law-enforcement hold stated on %s %s", args[0], hold.Kind, hold.StatedOn, delays(hold)))
		},
	}
	f := cmd.Flags()
	f.StringVar(&hold.Kind, "kind", "", "oral or written")
	f.StringVar(&statedOn, "stated-on", "", "day of the statement, YYYY-MM-DD")
	f.StringVar(&hold.Official, "official", "", "the official's name")
	f.StringVar(&hold.Agency, "agency", "", "the official's agency")
	f.StringVar(&hold.Statement, "statement", "", "what the official stated")
	f.StringVar((*string)(&hold.PublicAuthority), "public-authority", "", "yes or no: is the agency a public authority that may investigate or prosecute? (default: by its name)")
	f.StringVar(&until, "until", "", "day until which a written statement asks for delay")
	f.StringSliceVar(&hold.Covers, "covers", nil, "what it delays: individual,media,hhs,posting,practice (default all)")
	byFlag(cmd, &who)
	required(cmd, "kind", "stated-on", "official", "agency", "statement")
	return cmd
}

// scopeWords are what a hold may cover, for a person.
var scopeWords = map[string]string{
	breach.CoversIndividual: "the letters to individuals", breach.CoversMedia: "the media notice", breach.CoversHHS: "the report to HHS",
	breach.CoversPosting: "the posting", breach.CoversPractice: "the notice to practices",
}

// delays says what a hold delays and until when: "delays every notice until 2026-04-19".
func delays(h breach.Hold) string {
	scopes, what := h.Covers, "every notice"
	if len(scopes) == 0 {
		scopes = breach.HoldScopes
	} else {
		words := make([]string, len(scopes))
		for i, scope := range scopes {
			words[i] = firstSet(scopeWords[scope], scope)
		}
		what = strings.Join(words, ", ")
	}
	end, _ := rules.HoldUntil([]breach.Hold{h}, scopes[0]) // each of them ends on the same day
	if end.IsZero() {
		return "delays nothing"
	}
	return fmt.Sprintf("delays %s until %s", what, end)
}

const releaseHelp = `Records that law enforcement no longer asks for delay, from the given day on.
What was held goes on; do not wait for the last day.`

func (p *program) releaseCommand() *cobra.Command {
	var on, who string
	var yes bool
	cmd := &cobra.Command{
		Use: "release INCIDENT", Short: "Record that a law-enforcement hold has ended", Long: releaseHelp,
		Example: `  duenotice release EX-2026-03 --on 2026-04-02 --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := dayFlag("on", on)
			if err != nil {
				return err
			}
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			if err := s.sureToRelease(cmd.Context(), args[0], day, yes); err != nil {
				return err
			}
			return s.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], Kind: casebook.ActRelease, Who: who, Release: &casebook.ReleaseTerms{On: day.String()},
			}, fmt.Sprintf("Incident %s: law-enforcement hold released on %s", args[0], day))
		},
	}
	cmd.Flags().StringVar(&on, "on", "", "day on which it ended, YYYY-MM-DD")
	yesFlag(cmd, &yes)
	byFlag(cmd, &who)
	required(cmd, "on")
	return cmd
}

// sureToRelease asks before notices go out that were held, where one is held.
func (s *session) sureToRelease(ctx context.Context, incident string, on civil.Date, yes bool) error {
	status, err := s.store.Status(ctx, incident, s.p.Now(), s.p.today(s.config))
	if err != nil {
		return err
	}
	var ended []string
	for _, h := range status.Holds {
		if h.ReleasedOn.IsZero() {
			ended = append(ended, fmt.Sprintf("the %s statement of %s, %s, %s: from %s on, what it held goes out.", h.Kind, h.Official, h.Agency, delays(h), on))
		}
	}
	if len(ended) == 0 {
		return nil
	}
	return s.p.sure(ctx, yes, ended...)
}
