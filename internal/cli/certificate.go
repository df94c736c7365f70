package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"duenotice/internal/selfsigned"
)

const certificateHelp = `Makes the certificate with which Temporal proves who it is to the programs on the
same host, and its key, in a folder: cert.pem and key.pem. One that is there, for
these names and good for another year, stays. docker-compose.yml runs it before
Temporal starts.`

func (p *program) certificateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "certificate FOLDER HOST...", Short: "Make Temporal's certificate for one host", Long: certificateHelp,
		Example: "  duenotice certificate /var/lib/duenotice/tls temporal 127.0.0.1", Hidden: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return errors.New("FOLDER and at least one HOST are needed")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			made, err := selfsigned.Ensure(args[0], args[1:], p.Now())
			if err != nil {
				return systemError(err)
			}
			if made {
				p.say("A new certificate is in %s. What uses the old one must be started again.", args[0])
			}
			return nil
		},
	}
}
