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
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// IO is the world as a command sees it.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Environ is the whole environment; nil asks the machine.
	Environ func() []string
	Now     func() time.Time
	// Account names the account that runs the program; nil asks the machine.
	Account func() string
	// IsTerminal reports whether a person watches what is written to w.
	IsTerminal func(w io.Writer) bool
	// Width is the number of columns of the terminal that w is; nil or 0 where it
	// is not known.
	Width func(w io.Writer) int
	// Height is the number of lines, likewise.
	Height func(w io.Writer) int
	// Keys makes In give each key as it is pressed, without showing it, until restore is
	// called; nil where nobody sits at In.
	Keys func() (restore func(), err error)
	// CanAsk: a person sits at In and sees Err, and can be asked. Where it is not
	// set nothing ever asks.
	CanAsk bool
	// Hopeless is how long a step may fail before a command stops waiting for it; 0 is a
	// minute.
	Hopeless time.Duration
}

// OnTerminal reports whether w is a terminal.
func OnTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// sizeOf is how wide and high the terminal w is; zeros where it does not say.
func sizeOf(w io.Writer) (width, height int) {
	file, ok := w.(*os.File)
	if !ok {
		return 0, 0
	}
	width, height, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0, 0
	}
	return width, height
}

func widthOf(w io.Writer) int {
	width, _ := sizeOf(w)
	return width
}

func heightOf(w io.Writer) int {
	_, height := sizeOf(w)
	return height
}

// keysOf is Keys of the process's own terminal, nil where its standard input is none.
func keysOf(in *os.File) func() (func(), error) {
	fd := int(in.Fd())
	if !term.IsTerminal(fd) {
		return nil
	}
	return func() (func(), error) {
		before, err := term.MakeRaw(fd)
		if err != nil {
			return nil, fmt.Errorf("the terminal gives no single keys: %w", err)
		}
		return func() { _ = term.Restore(fd, before) }, nil // nobody could be told
	}
}

// Main runs the program with the process's own streams, environment and clock,
// and returns the exit code.
func Main(ctx context.Context, args []string) int {
	return Run(ctx, args, IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Getenv: os.Getenv, Now: time.Now, IsTerminal: OnTerminal, Width: widthOf, Height: heightOf, Keys: keysOf(os.Stdin),
		CanAsk: term.IsTerminal(int(os.Stdin.Fd())) && OnTerminal(os.Stderr),
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
	p := &program{IO: io}
	root := p.root()
	if !completing(args) {
		takeOnce(root)
	}
	root.SetArgs(args)
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	return p.finish(ctx, root.ExecuteContext(ctx))
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
	// serving: it runs until it is told to stop, so that stopping is no interruption.
	serving bool
	// person is in whose role the database was asked; nil where it was in the program's.
	person *postgres.Login
}

const rootHelp = `Duenotice carries out the notices of a HIPAA breach: it works out what is owed
to whom by when, makes the papers, watches the days, and keeps what was done
and by whom. It does not file with HHS or a State, puts no letter into the
mail, and gives no legal advice.

To see all of it with invented people, run the demo. For an incident of your
own: init, validate, plan, up, start, and then status says what waits for you.

Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 the input or act
was refused and nothing was changed; with status --exit-code, 7 nothing is
watched, 4 something is late, 5 nothing is late and something waits for a person;
6 what was recorded does not verify; 130 interrupted with Ctrl-C.

DUENOTICE_DIR stands for --dir. What cannot be taken back is shown first, and
asked for on a terminal; --yes answers beforehand, and a script is never asked.`

// The help lists commands in the order in which a person meets them. The switch is
// the library's, for the whole program.
func init() { cobra.EnableCommandSorting = false }

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: "duenotice", Short: "Breach notices under HIPAA, from findings to proof", Long: rootHelp,
		Example:       "  duenotice demo\n  duenotice init cases/EX-2026-03",
		SilenceErrors: true, SilenceUsage: true, Version: hasVersion,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	// Also of the worker as a program of its own. Called where it is shown: it reads the
	// whole rulebook, which took most of the time of every command.
	root.SetVersionTemplate("duenotice {{" + versionFunc + "}}\n")
	root.CompletionOptions.DisableDefaultCmd = true // completion is a command like the others
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().StringVar(&p.dir, "dir", p.usualDir(), "state folder of the stack on this machine; DUENOTICE_DIR stands for it")
	root.PersistentFlags().StringVar(&p.environment, "environment", "", "environment of duenotice.yaml to work in, where there are several")
	for _, group := range p.groups() {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, command := range group.commands {
			command.GroupID = group.title
			root.AddCommand(command)
		}
	}
	root.SetHelpCommandGroupID(machineGroup)
	root.AddCommand(p.workerCommand(), p.viewerCommand(), p.pagesCommand(), p.certificateCommand())
	p.noteBeginning(root)
	p.complete(root)
	return root
}

// group is commands that a person looks for together.
type group struct {
	title    string
	commands []*cobra.Command
}

const machineGroup = "Look after the machine:"

// groups are the commands by what a person wants to do.
func (p *program) groups() []group {
	return []group{
		{"See all of it with invented people:", []*cobra.Command{p.demoCommand()}},
		{"Prepare a case, without a server:", []*cobra.Command{
			p.initCommand(), p.findingsCommand(), p.languagesCommand(), p.validateCommand(), p.planCommand(), p.testBatchCommand(), p.simulateCommand(), p.rulesCommand(),
		}},
		{"Run it, and see where it stands:", []*cobra.Command{
			p.upCommand(), p.startCommand(), p.statusCommand(), p.boardCommand(), p.uiCommand(), p.downCommand(),
		}},
		{"Decide and record:", []*cobra.Command{
			p.assessCommand(), p.delegateCommand(), p.approveCommand(), p.recordCommand(), p.holdCommand(), p.releaseCommand(),
			p.amendCommand(), p.addressesCommand(), p.returnsCommand(), p.tracingCommand(), p.notifyCommand(), p.bouncesCommand(), p.practiceCommand(), p.replanCommand(), p.adoptCommand(), p.resumeCommand(), p.recallCommand(), p.reprintCommand(),
		}},
		{"Hand over, answer and prove:", []*cobra.Command{
			p.handoverCommand(), p.revealCommand(), p.reportCommand(), p.verifyCommand(), p.auditCommand(),
		}},
		{machineGroup, []*cobra.Command{p.doctorCommand(), p.accessCommand(), p.keysCommand(), p.completionCommand()}},
	}
}

// noSuchCommand refuses an argument where a command was wanted, and names the near ones.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return fmt.Errorf("%s has no command %q%s", cmd.CommandPath(), args[0], didYouMean("", args[0], names))
}

// usualDir is the state folder where no --dir is given.
func (p *program) usualDir() string {
	if p.Getenv == nil {
		return stack.DefaultDir
	}
	return firstSet(p.Getenv("DUENOTICE_DIR"), stack.DefaultDir)
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
