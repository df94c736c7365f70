package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/casebook"
)

const practiceHelp = `What concerns one practice and its page: the address of the page and a code for
it, what came as answers and what became of them, who is there; and what the
practice tells an officer on the telephone in place of its page.`

func (p *program) practiceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "practice", Short: "A practice's page, its answers, and what it says by telephone", Long: practiceHelp,
		Example: "  duenotice practice code EX-2026-03 P1\n  duenotice practice answers EX-2026-03", Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.practiceLinkCommand(), p.practiceCodeCommand(), p.practiceAnswersCommand(), p.practiceSessionsCommand(),
		p.practiceContactCommand(), p.practiceDisputeCommand())
	return cmd
}

const contactHelp = `Corrects whom a practice is reached by: its privacy officer, e-mail address and
telephone number. What is not given stays; an empty value empties. It stands on
the practice's papers, which are made anew and wait for approval again, as after
amend --practices. A practice corrects it on its page by itself.`

func (p *program) practiceContactCommand() *cobra.Command {
	var practice, who string
	var given casebook.ContactTerms
	cmd := &cobra.Command{
		Use: "contact INCIDENT --practice KEY", Short: "Correct whom a practice is reached by", Long: contactHelp,
		Example: `  duenotice practice contact EX-2026-03 --practice P1 --email office@practice.example --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			changed := cmd.Flags().Changed
			if !changed("privacy-officer") && !changed("email") && !changed("phone") {
				return usage("give --privacy-officer, --email or --phone")
			}
			return p.practiceAct(cmd.Context(), args[0], practice, func(ctx context.Context, s *session) error {
				there, err := s.store.Practice(ctx, args[0], practice)
				if err != nil {
					return err
				}
				terms := casebook.ContactTerms{PrivacyOfficer: there.Practice.PrivacyOfficer, Email: there.Practice.Email, Phone: there.Practice.Phone}
				for name, of := range map[string]struct{ to, from *string }{
					"privacy-officer": {&terms.PrivacyOfficer, &given.PrivacyOfficer}, "email": {&terms.Email, &given.Email}, "phone": {&terms.Phone, &given.Phone},
				} {
					if changed(name) {
						*of.to = strings.TrimSpace(*of.from)
					}
				}
				return s.perform(ctx, casebook.Act{IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActContact, Who: who, Contact: &terms},
					fmt.Sprintf("Practice %s: its contact is corrected", practice))
			})
		},
	}
	practiceFlag(cmd, &practice, "the practice's key")
	cmd.Flags().StringVar(&given.PrivacyOfficer, "privacy-officer", "", "name of its privacy officer")
	cmd.Flags().StringVar(&given.Email, "email", "", "its e-mail address")
	cmd.Flags().StringVar(&given.Phone, "phone", "", "its telephone number")
	byFlag(cmd, &who)
	required(cmd, "practice")
	return cmd
}

const disputeHelp = `Records that a practice says of people on its list that they are not its
patients, by their keys there. Their letters wait until somebody has looked into
it; they stay owed notice, and every day goes on. status and report open show it.

Then either take them out, with amend and a row that has yes in the column
removed; or say with --keep that they stay, and with --reason how you know, in
words that name no patient. Their letters then go on.`

func (p *program) practiceDisputeCommand() *cobra.Command {
	var practice, who string
	var terms casebook.DisputeTerms
	cmd := &cobra.Command{
		Use: "dispute INCIDENT --practice KEY --person KEY", Short: "People who are not a practice's patients, or are after all", Long: disputeHelp,
		Example: `  duenotice practice dispute EX-2026-03 --practice P1 --person 8f14e45f,c9f0f895 --by "Ada Rivera"
  duenotice practice dispute EX-2026-03 --practice P1 --person 8f14e45f --keep --reason "Seen there on 2 March, says its schedule" --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			terms.Reason = strings.TrimSpace(terms.Reason)
			did := fmt.Sprintf("Practice %s: %s disputed, and letters to them wait", practice, count(len(terms.PersonKeys), "person is", "people are"))
			if terms.Keep {
				did = fmt.Sprintf("Practice %s: %s on its list", practice, count(len(terms.PersonKeys), "person stays", "people stay"))
			}
			return p.practiceAct(cmd.Context(), args[0], practice, func(ctx context.Context, s *session) error {
				return s.perform(ctx, casebook.Act{IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActDispute, Who: who, Dispute: &terms}, did)
			})
		},
	}
	practiceFlag(cmd, &practice, "the practice's key")
	cmd.Flags().StringSliceVar(&terms.PersonKeys, "person", nil, "keys of people in the practice's list")
	cmd.Flags().BoolVar(&terms.Keep, "keep", false, "somebody looked into it, and they stay")
	cmd.Flags().StringVar(&terms.Reason, "reason", "", "with --keep: how you know; name no patient here")
	byFlag(cmd, &who)
	required(cmd, "practice", "person")
	return cmd
}

// practiceAct checks the keys, opens a session and acts in it.
func (p *program) practiceAct(ctx context.Context, incident, practice string, do func(context.Context, *session) error) error {
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
	return do(ctx, s)
}
