package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"duenotice/internal/breach"
	"duenotice/internal/logging"
	"duenotice/internal/stack"
)

// IO is the world as a command sees it.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Now      func() time.Time
	// Account names the account that runs the program; nil asks the machine.
	Account func() string
	// IsTerminal reports whether a person watches what is written to w.
	IsTerminal func(w io.Writer) bool
}

// OnTerminal reports whether w is a terminal.
func OnTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// Main runs the program with the process's own streams, environment and clock,
// and returns the exit code.
func Main(ctx context.Context, args []string) int {
	return Run(ctx, args, IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Getenv: os.Getenv, Now: time.Now, IsTerminal: OnTerminal,
	})
}

// Run runs one command and returns its exit code. What went wrong is on io.Err.
func Run(ctx context.Context, args []string, io IO) (code int) {
	// Go would print what the panic says, and what a list's row was is not for a
	// terminal that is shared, copied and logged.
	defer func() {
		if value := recover(); value != nil {
			fmt.Fprintf(io.Err, "duenotice: %s\nThis is a fault of the program, not of what you gave it. Send these lines to whoever looks after it: they name no patient. The same command can be given again.\n",
				logging.Panicked(value))
			code = exitFailed
		}
	}()
	p := &program{IO: io, dir: stack.DefaultDir}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	return p.finish(root.ExecuteContext(ctx))
}

// program is one run of the command line.
type program struct {
	IO
	// dir is the state folder of the stack on this machine.
	dir string
	// environment is the one that the person named; "" for none.
	environment string
	// ignoreColumns are the lists' columns to leave out (--ignore-column).
	ignoreColumns []string
	// began tells an error of a command from one of the command line itself.
	began bool
}

const rootHelp = `Duenotice carries out the notices of a HIPAA breach: it works out what is owed
to whom by when, makes the papers, watches the days, and keeps what was done
and by whom. It does not file with HHS or a State, puts no letter into the
mail, and gives no legal advice.

To see all of it with invented people, run the demo. For an incident of your
own: init, validate, plan, up, start, and then status says what waits for you.

Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 the input or act
was refused and nothing was changed; with status --exit-code, 4 something is
late, 5 nothing is late and something waits for a person; 6 what was recorded
does not verify.`

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: "duenotice", Short: "Breach notices under HIPAA, from findings to proof", Long: rootHelp,
		Example:       "  duenotice demo\n  duenotice init cases/EX-2026-03",
		SilenceErrors: true, SilenceUsage: true, Version: versionText(),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				return fmt.Errorf("there is no command %q; did you mean %s?", args[0], near[0])
			}
			return fmt.Errorf("there is no command %q", args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("duenotice {{.Version}}\n") // also of the worker as a program of its own
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.PersistentFlags().StringVar(&p.dir, "dir", stack.DefaultDir, "state folder of the stack on this machine")
	root.PersistentFlags().StringVar(&p.environment, "environment", "", "environment of duenotice.yaml to work in, where there are several")
	root.AddCommand(
		p.demoCommand(), p.upCommand(), p.downCommand(), p.initCommand(), p.validateCommand(), p.planCommand(), p.simulateCommand(),
		p.startCommand(), p.statusCommand(), p.assessCommand(), p.approveCommand(), p.delegateCommand(),
		p.holdCommand(), p.releaseCommand(), p.amendCommand(), p.recordCommand(), p.returnsCommand(), p.replanCommand(), p.handoverCommand(),
		p.accessCommand(), p.revealCommand(), p.keysCommand(), p.rulesCommand(), p.auditCommand(), p.reportCommand(), p.verifyCommand(), p.uiCommand(), p.doctorCommand(),
		p.workerCommand(), p.viewerCommand(), p.certificateCommand(),
	)
	p.noteBeginning(root)
	return root
}

// noteBeginning lets every command say that its command line was understood.
func (p *program) noteBeginning(cmd *cobra.Command) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			p.began = true
			return run(cmd, args)
		}
	}
	for _, sub := range cmd.Commands() {
		p.noteBeginning(sub)
	}
}

// exactly wants the named arguments and no others.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return fmt.Errorf("%s is missing", names[len(args)])
		}
		if len(args) > len(names) {
			return fmt.Errorf("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}

// incidentArgument checks an incident's id before it becomes part of a path or a workflow's ID.
func incidentArgument(id string) error {
	if !breach.IsIncidentID(id) {
		return usage("%q is not an incident's id: letters, digits and dashes", id)
	}
	return nil
}
