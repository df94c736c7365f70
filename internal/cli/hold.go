package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
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
no day delays nothing, so ask for it. The 60 days do not stop: they end on their own
day or with the delay, whichever is later.`

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
			return p.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], Kind: casebook.ActHold, Who: who, Hold: &hold,
			}, fmt.Sprintf("Incident %s: %s law-enforcement hold stated on %s", args[0], hold.Kind, hold.StatedOn))
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

const releaseHelp = `Records that law enforcement no longer asks for delay, from the given day on.
What was held goes on; do not wait for the last day.`

func (p *program) releaseCommand() *cobra.Command {
	var on, who string
	cmd := &cobra.Command{
		Use: "release INCIDENT", Short: "Record that a law-enforcement hold has ended", Long: releaseHelp,
		Example: `  duenotice release EX-2026-03 --on 2026-04-02 --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := dayFlag("on", on)
			if err != nil {
				return err
			}
			return p.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], Kind: casebook.ActRelease, Who: who, Release: &casebook.ReleaseTerms{On: day.String()},
			}, fmt.Sprintf("Incident %s: law-enforcement hold released on %s", args[0], day))
		},
	}
	cmd.Flags().StringVar(&on, "on", "", "day on which it ended, YYYY-MM-DD")
	byFlag(cmd, &who)
	required(cmd, "on")
	return cmd
}
