package cli

import (
	"context"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
)

const uiHelp = `Prints a link to the Temporal UI; its button signs you in, once and within ten
minutes. After that the browser stays signed in for twelve hours, or until an hour
has passed without use, as long as you hold a role that may look; the same sign-in
opens the officers' board (board). The page shows what an incident and each practice
are doing and what they wait for, and changes nothing. What is decoded there is
written down with your account's name.`

func (p *program) uiCommand() *cobra.Command {
	var practice, who string
	cmd := &cobra.Command{
		Use: "ui [INCIDENT]", Short: "A link to the Temporal UI that signs you in", Long: uiHelp,
		Example: "  duenotice ui\n  duenotice ui EX-2026-03 --practice P1",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly("INCIDENT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			page := pageOf{practice: practice}
			if len(args) == 1 {
				page.incident = args[0]
			}
			return p.ui(cmd.Context(), who, page)
		},
	}
	practiceFlag(cmd, &practice, "open this practice's page")
	cmd.Flags().StringVar(&who, "by", "", "name of the person who looks, where several use one account")
	return cmd
}

func (p *program) ui(ctx context.Context, who string, page pageOf) error {
	if err := breach.CheckPersonName("--by", who); err != nil {
		return err
	}
	if page.incident != "" {
		if err := incidentArgument(page.incident); err != nil {
			return err
		}
	}
	if err := practiceArgument(page.practice); err != nil {
		return err
	}
	if page.practice != "" && page.incident == "" {
		return usage("name the incident of practice %s as well", page.practice)
	}
	s, err := p.openTo(ctx, purpose{permission: access.Watch, by: who, incident: page.incident, practice: page.practice})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.there(ctx, page.incident, page.practice); err != nil {
		return err
	}
	link, err := s.uiLink(ctx, who, page)
	if err != nil {
		return err
	}
	p.say("%s", link)
	p.note("Its button signs you in once, within ten minutes. For another one: %s", p.command("ui"))
	return nil
}

// pageOf is the workflow whose page is meant: an incident's, a practice's, or
// with neither the list of all.
type pageOf struct{ incident, practice string }

// uiLink makes a link that signs in who gives this command.
func (s *session) uiLink(ctx context.Context, who string, page pageOf) (string, error) {
	namespace := firstSet(s.config.TemporalNamespace, client.DefaultNamespace)
	return s.link(ctx, who, temporalx.PagePath(namespace, page.incident, page.practice))
}

// stackUILink is a link into the UI of the stack that runs, whatever the
// environment says of another.
func (p *program) stackUILink(ctx context.Context, info *stack.Info, page pageOf) (string, error) {
	config, err := p.config()
	if err != nil {
		return "", err
	}
	config.DatabaseURL, config.TemporalNamespace, config.TemporalUI = info.DatabaseURL, info.TemporalNamespace, info.TemporalUI
	s, err := p.openWith(ctx, config, purpose{permission: access.Watch})
	if err != nil {
		return "", err
	}
	defer s.close()
	return s.uiLink(ctx, "", page)
}
