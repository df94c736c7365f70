package cli

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/keyring"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
)

const upHelp = `Starts everything on this machine: a private PostgreSQL, Temporal with its web
page, the worker that does the work, and the practices' pages. All of it listens on this machine only,
and asks whoever comes for a password or for a certificate of this stack.
What it knows is kept in the state folder and survives down; what already runs
stays as it is, so give it again after a restart of the machine. Papers go where
they went the first time, from whichever folder the command is given. As root the
database may have to lie elsewhere: up and doctor then name the place, which has to
be kept too.

Temporal keeps its state in a file of its own (SQLite), or with --engine postgresql
in databases of its own in the stack's PostgreSQL, as in production. A stack stays
with what it was begun with.

With --workers several workers share the work, each a process of its own: one may
end, and the others go on. They use the same cores, so that more of them than cores
do nothing faster. The number is kept until another one is given. The first worker
shows Temporal's page and the board. Where numbers are shown (DUENOTICE_METRICS_LISTEN),
each further worker shows its own on the next port.

Leave it up while an incident is open, or nobody watches the days.`

func (p *program) upCommand() *cobra.Command {
	engine, workers := "", 0
	cmd := &cobra.Command{
		Use: "up", Short: "Start the stack on this machine", Long: upHelp,
		Example: "  duenotice up\n  duenotice up --dir /srv/duenotice\n  duenotice up --engine postgresql\n  duenotice up --workers 2", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("workers") && (workers < 1 || workers > stack.MaxWorkers) {
				return usage("--workers is a number from 1 to %d", stack.MaxWorkers)
			}
			info, err := p.up(cmd.Context(), engine, workers, nil)
			if err != nil {
				return err
			}
			config, err := p.config()
			if err != nil {
				return err
			}
			link, err := p.stackUILink(cmd.Context(), info, pageOf{})
			if err != nil {
				return err
			}
			kept, err := stack.Kept(p.dir)
			if err != nil {
				return err
			}
			p.say("Running, with its state in %s", shortPath(info.Dir))
			for _, outside := range kept[1:] {
				p.say("  database      %s   (outside of it, because PostgreSQL's account cannot enter it: keep both)", outside)
			}
			if info.Workers > 1 {
				p.say("  workers       %d", info.Workers)
			}
			p.say("  Temporal      %s", info.TemporalAddress)
			p.say("  Temporal UI   %s", link)
			p.say("                its button signs you in once, within ten minutes, to the board too; then: %s", p.command("board"))
			p.say("  practices     %s/p/...   (their pages; practice link and practice code give the way in)", info.PagesAddress)
			if err := p.sayKept(info, absolute(config.Out)); err != nil {
				return err
			}
			p.say("Next: %s, or: %s", p.command("start", "CASE"), p.command("status"))
			return nil
		},
	}
	cmd.Flags().StringVar(&engine, "engine", "", "where Temporal keeps its state, "+stack.SQLite+" or "+stack.PostgreSQL+
		" (default: as before, and "+stack.SQLite+" for a new stack)")
	cmd.Flags().IntVar(&workers, "workers", 0, fmt.Sprintf("how many workers share the work, 1 to %d (default: as before, and 1 for a new stack)", stack.MaxWorkers))
	return cmd
}

// up starts the stack in p.dir, with Temporal's state where engine says, and with so many
// workers that have the extra environment; 0 is as many as before.
func (p *program) up(ctx context.Context, engine string, workers int, env []string) (*stack.Info, error) {
	if err := p.noneBut("up"); err != nil {
		return nil, err
	}
	config, err := p.config()
	if err != nil {
		return nil, err
	}
	if err := p.checkMail(env); err != nil {
		return nil, err
	}
	out, err := p.placeOut()
	if err != nil {
		return nil, err
	}
	if config, err = config.PutOut(out); err != nil {
		return nil, configProblem(err)
	}
	program, err := stack.CopyExecutable(p.dir)
	if err != nil {
		return nil, systemError(err)
	}
	keys, err := p.stackKeys(config)
	if err != nil {
		return nil, systemError(err)
	}
	info, err := stack.Up(ctx, stack.Options{
		Dir: p.dir, Engine: engine, KeyFile: keys, SearchAttributes: temporalx.SearchAttributes(),
		WorkerArgs: []string{program, "worker", "--dir", absolute(p.dir)}, Workers: workers,
		MoreEnv:   func(n int) []string { return nextMetrics(config.Seeing.Listen, n) },
		PagesArgs: []string{program, "pages"}, PagesReady: pagesReady,
		// Absolute: the worker's own working folder is another one.
		Env:      slices.Concat(config.Told(), []string{"DUENOTICE_OUT_ENCRYPT=" + config.OutFor.String()}, env),
		Ready:    p.workerReady,
		Progress: p.step,
	})
	return info, systemError(err)
}

// nextMetrics is what the nth worker is told of where it shows its numbers: so many ports
// after the first one's. Where the first one has none, or any, it needs no other.
func nextMetrics(listen string, n int) []string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil
	}
	number, err := strconv.Atoi(port)
	if err != nil || number == 0 {
		return nil
	}
	return []string{"DUENOTICE_METRICS_LISTEN=" + net.JoinHostPort(host, strconv.Itoa(number+n-1))}
}

// checkMail refuses a worker that would refuse to start for its e-mail, of which
// only its log would tell. env is what the worker is told beside the environment.
func (p *program) checkMail(env []string) error {
	getenv := func(name string) string {
		for _, v := range env {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return p.surroundings()(name)
	}
	config, err := app.LoadConfig(getenv, p.dir)
	if err != nil {
		return systemError(err)
	}
	_, err = config.Mailer(p.Now)
	return systemError(err)
}

// stackKeys returns the key file of the stack in p.dir: the one named in the
// environment, the one it had before, or one of its own. Only a new stack gets a
// new one: for a stack that was there, another key would open nothing.
func (p *program) stackKeys(config app.Config) (string, error) {
	before, _ := stack.Read(p.dir)
	path := firstSet(p.Getenv("DUENOTICE_KEY_FILE"), config.KeyFile)
	if path == "" && before != nil {
		path = before.KeyFile
	}
	if path != "" {
		_, err := keyring.Load(path)
		return absolute(path), err
	}
	path = filepath.Join(absolute(p.dir), "keys")
	_, err := keyring.Ensure(path, p.today(config))
	return path, err
}

// workerReady reports whether the stack's workers take work and show the UI.
func (p *program) workerReady(ctx context.Context, info *stack.Info) (bool, error) {
	store, err := postgres.Open(ctx, info.DatabaseURL)
	if err != nil {
		return false, nil // its tables are there a moment later; Up has its own limit
	}
	defer store.Close()
	watch, err := store.Watch(ctx, temporalx.Queue)
	if err != nil {
		return false, nil
	}
	programs, _, err := store.Programs(ctx, temporalx.Queue)
	working := 0
	for _, program := range programs {
		working += program.Workers
	}
	shown := (&app.Viewer{Config: app.Config{UIListen: strings.TrimPrefix(info.TemporalUI, "http://")}}).Check(ctx)
	return err == nil && watch.Working && working >= info.Workers && shown == nil, nil
}

// pagesReady reports whether the stack's practices can reach their pages.
func pagesReady(ctx context.Context, info *stack.Info) (bool, error) {
	config, err := app.ReadPagesConfig(info.PagesEnv)
	if err != nil {
		return false, err
	}
	return (&app.Pages{Config: config}).Check(ctx) == nil, nil
}

// absolute makes a path independent of the working folder.
func absolute(path string) string {
	if outfolder.InBucket(path) {
		return path
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return path // without a working folder no relative path means anything
	}
	return whole
}

const downHelp = `Stops the practices' pages, the worker, Temporal and PostgreSQL, each in good order. Their state stays
in the state folder, and up goes on where it was. While it is down, nobody
watches the days; those that passed are reported when it is up again.`

func (p *program) downCommand() *cobra.Command {
	return &cobra.Command{
		Use: "down", Short: "Stop the stack on this machine and keep its state", Long: downHelp,
		Example: "  duenotice down", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := stack.Down(cmd.Context(), p.dir, p.step); err != nil {
				return systemError(err)
			}
			p.say("Stopped. The state stays in %s; go on with: %s", p.dir, p.command("up"))
			return nil
		},
	}
}
