package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/door"
)

const boardHelp = `Prints a link to the officers' board; its button signs you in, once and within ten
minutes. The board shows where incidents stand and changes nothing. You stay signed
in for twelve hours, or until an hour has passed without use, as long as you hold a
role that may look; the same sign-in opens Temporal's page (ui). Once you are in you
can make a passkey, and need no link again on that machine.

board sessions says who is signed in and ends sessions; board passkeys lists
passkeys and takes them away.`

func (p *program) boardCommand() *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use: "board [INCIDENT]", Short: "A link to the officers' board that signs you in", Long: boardHelp,
		Example: "  duenotice board\n  duenotice board EX-2026-03",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly("INCIDENT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			incident := ""
			if len(args) == 1 {
				incident = args[0]
			}
			return p.board(cmd.Context(), who, incident)
		},
	}
	cmd.Flags().StringVar(&who, "by", "", "name of the person who looks, where several use one account")
	cmd.AddCommand(p.sessionsCommand(), p.passkeysCommand())
	return cmd
}

func (p *program) board(ctx context.Context, who, incident string) error {
	if err := breach.CheckPersonName("--by", who); err != nil {
		return err
	}
	page := "/board/"
	if incident != "" {
		if err := incidentArgument(incident); err != nil {
			return err
		}
		page += url.PathEscape(incident) + "/"
	}
	// Watch, whose holders see the board too: a link is kept with the program's own login.
	s, err := p.openTo(ctx, purpose{permission: access.Watch, by: who, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.there(ctx, incident, ""); err != nil {
		return err
	}
	link, err := s.link(ctx, who, page)
	if err != nil {
		return err
	}
	p.say("%s", link)
	p.note("Its button signs you in once, within ten minutes. For another one: %s", p.command("board"))
	return nil
}

// link makes a link that signs in who gives this command, and leads to a page.
func (s *session) link(ctx context.Context, who, page string) (string, error) {
	if s.config.TemporalUI == "" {
		return "", systemError(errors.New("there is no page to open: set DUENOTICE_TEMPORAL_UI to its address"))
	}
	address, err := door.ParseAddress(s.config.TemporalUI)
	if err != nil {
		return "", systemError(fmt.Errorf("DUENOTICE_TEMPORAL_UI: %w", err))
	}
	account := s.p.account()
	if who != "" {
		account = who + " (account " + account + ")"
	}
	link, err := door.NewLink(ctx, s.store, address, account, s.who.Identity, page, s.p.Now())
	return link, systemError(err)
}
