package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
	"duenotice/internal/viewer"
)

const uiHelp = `Prints a link to the Temporal UI; its button logs you in, once and within ten
minutes. After that the browser stays logged in for twelve hours, as long as you
hold a role that may look. The page shows what an incident and each practice are
doing and what they wait for, and changes nothing. What is decoded there is
written down with your account's name.`

func (p *program) uiCommand() *cobra.Command {
	var practice, who string
	cmd := &cobra.Command{
		Use: "ui [INCIDENT]", Short: "A link to the Temporal UI that logs you in", Long: uiHelp,
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
	p.note("Its button logs you in once, within ten minutes. For another one: %s", p.command("ui"))
	return nil
}

// pageOf is the workflow whose page is meant: an incident's, a practice's, or
// with neither the list of all.
type pageOf struct{ incident, practice string }

// uiLink makes a link that logs in who gives this command.
func (s *session) uiLink(ctx context.Context, who string, page pageOf) (string, error) {
	if s.config.TemporalUI == "" {
		return "", systemError(errors.New("there is no Temporal UI to open: set DUENOTICE_TEMPORAL_UI to its address"))
	}
	address, err := viewer.ParseAddress(s.config.TemporalUI)
	if err != nil {
		return "", systemError(fmt.Errorf("DUENOTICE_TEMPORAL_UI: %w", err))
	}
	account := app.Account()
	if who != "" {
		account = who + " (account " + account + ")"
	}
	namespace := firstSet(s.config.TemporalNamespace, client.DefaultNamespace)
	link, err := viewer.NewLink(ctx, s.store, address, viewer.Person{Name: account, Identity: string(s.who.Identity)}, temporalx.PagePath(namespace, page.incident, page.practice), s.p.Now())
	return link, systemError(err)
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
