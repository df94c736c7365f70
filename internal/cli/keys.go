package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/keyring"
)

const keysHelp = `People are encrypted in the database, each incident's under a data key of its
own, and each data key under a master key from the key file. These commands look
after them: docs/keys.md has the whole story.

Without a subcommand it says which master key protects what, and which closed
incidents are past their retention.`

func (p *program) keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Look after the keys to people, and destroy them in time", Long: keysHelp,
		Example: "  duenotice keys\n  duenotice keys rotate",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.keys(cmd.Context()) },
	}
	cmd.AddCommand(p.keysNewCommand(), p.keysRotateCommand(), p.keysHoldCommand(), p.keysReleaseCommand(), p.keysShredCommand())
	return cmd
}

func (p *program) keys(ctx context.Context) error {
	s, err := p.openTo(ctx, purpose{permission: access.KeepKeys})
	if err != nil {
		return err
	}
	defer s.close()
	masters, err := s.store.MasterKeys(ctx)
	if err != nil {
		return systemError(err)
	}
	t := p.table("MASTER KEY", "INCIDENTS", "STATE")
	for _, m := range masters {
		state := "in use"
		switch {
		case m.Problem != nil:
			state = m.Problem.Error()
		case !m.RetiredAt.IsZero():
			state = "nothing in the database needs it since " + m.RetiredAt.In(s.config.Zone).Format("2006-01-02")
		}
		t.row(m.Name, m.Incidents, state)
	}
	t.print()
	retained, err := s.store.RetainedIncidents(ctx)
	if err != nil {
		return systemError(err)
	}
	if len(retained) == 0 {
		return nil
	}
	p.say("")
	t = p.table("CLOSED INCIDENT", "CLOSED", "STATE")
	today := p.today(s.config)
	for _, r := range retained {
		state := "kept until " + r.Until.String()
		switch {
		case !r.ShreddedAt.IsZero():
			state = "people destroyed on " + r.ShreddedAt.In(s.config.Zone).Format("2006-01-02")
		case len(r.LegalHolds) > 0:
			state = "under legal hold: " + strings.Join(r.LegalHolds, "; ")
		case today.After(r.Until):
			state = "past its retention: " + p.command("keys", "shred", r.IncidentID, "--by", "YOUR NAME")
		}
		t.row(r.IncidentID, r.ClosedOn, state)
	}
	t.print()
	return nil
}

const keysNewHelp = `Makes the key file that DUENOTICE_KEY_FILE names, with one key in it; where there
is one, puts a new master key at its top. The old keys stay in the file. Copy the
file to a safe place, one where the database is not, before you go on: whoever
loses it has lost every name and address.

On one machine running programs find the new key at once. Where several hosts
have a copy of the file each, bring it to all of them now. Then give keys rotate.`

func (p *program) keysNewCommand() *cobra.Command {
	return &cobra.Command{
		Use: "new", Short: "Make a key file, or put a new master key into it", Long: keysNewHelp,
		Example: "  DUENOTICE_KEY_FILE=/etc/duenotice/keys duenotice keys new", Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			config, err := p.config()
			if err != nil {
				return err
			}
			if config.KeyFile == "" {
				return usage("there is no key file: say with DUENOTICE_KEY_FILE where it shall be, or start the stack with %s, which makes one", p.command("up"))
			}
			return p.newKey(config)
		},
	}
}

func (p *program) newKey(config app.Config) error {
	file := shortPath(config.KeyFile)
	if _, err := os.Lstat(config.KeyFile); errors.Is(err, fs.ErrNotExist) {
		keys, err := keyring.Ensure(config.KeyFile, p.today(config))
		if err != nil {
			return systemError(err)
		}
		p.say("%s: made, for its owner only, with the key %s.", file, keys.Newest())
		p.say("Next: keep a copy of it where the database is not.")
		return nil
	}
	name, err := keyring.Rotate(config.KeyFile, p.today(config))
	if err != nil {
		return systemError(err)
	}
	p.say("%s: the new key is %s.", file, name)
	p.say("Next: keep a copy of it where the database is not, bring it to every host that has one, then: %s", p.command("keys", "rotate"))
	return nil
}

const keysRotateHelp = `Wraps the data key of every incident with the newest master key of the key file.
Nobody has to stop: the people stay as they are encrypted, and can be read all
the time. Afterwards nothing in the database needs the older master keys.

Do not take an older key out of the key file yet: what runs in Temporal since
before, and backups, may need it. docs/keys.md says when you may.`

func (p *program) keysRotateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rotate", Short: "Wrap every data key with the newest master key", Long: keysRotateHelp,
		Example: "  duenotice keys new\n  duenotice keys rotate", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.openTo(cmd.Context(), purpose{permission: access.KeepKeys})
			if err != nil {
				return err
			}
			defer s.close()
			done, err := s.store.RotateKeys(cmd.Context())
			if err != nil {
				return err
			}
			p.say("Every data key is wrapped with %s; %s changed.", done.To, count(done.Rewrapped, "was", "were"))
			for _, name := range done.Retired {
				p.say("Nothing in the database needs %s any more.", name)
			}
			return nil
		},
	}
}
