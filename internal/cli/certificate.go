package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/authority"
	"duenotice/internal/breach"
)

const certificateHelp = `Makes the authority of one Temporal server in a folder, and below it the server's
certificate and one for each role in which the server is called. What is there, for
these names and good for another year, stays. With --share a role's certificate is
put into a folder of its own, for whom that role is. docker-compose.yml runs it
before Temporal starts.`

func (p *program) certificateCommand() *cobra.Command {
	var shares []string
	cmd := &cobra.Command{
		Use: "certificate FOLDER HOST...", Short: "Make the certificates of one Temporal server and its callers", Long: certificateHelp,
		Example: "  duenotice certificate /var/lib/duenotice/tls temporal 127.0.0.1 --share worker=/var/lib/duenotice/tls-worker", Hidden: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return errors.New("FOLDER and at least one HOST are needed")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			folder := authority.Folder(args[0])
			renewed, err := folder.Ensure(args[1:], p.Now())
			if err != nil {
				return systemError(err)
			}
			if len(renewed) > 0 {
				p.say("New certificates are in %s.", folder)
			}
			for _, s := range shares {
				name, with, _ := strings.Cut(s, "=")
				role := authority.Role(name)
				if with == "" || !slices.Contains(authority.Roles(), role) {
					return breach.Refuse("role", "Write ROLE=FOLDER with one of worker, command, viewer and operator.", "%q is no role and folder", s)
				}
				changed, err := folder.Share(role, authority.Folder(with))
				if err != nil {
					return systemError(err)
				}
				if changed {
					p.say("The role %s has its certificate in %s.", role, with)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&shares, "share", nil, "ROLE=FOLDER: put that role's certificate there; as often as needed")
	return cmd
}
