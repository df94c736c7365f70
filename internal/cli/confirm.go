package cli

import (
	"bufio"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
)

// yesFlag adds --yes to a command that asks before what cannot be taken back.
func yesFlag(cmd *cobra.Command, yes *bool) {
	cmd.Flags().BoolVar(yes, "yes", false, "do not ask before what cannot be taken back")
}

// yesToSeveral adds --yes to a command that asks before it acts for several practices.
func yesToSeveral(cmd *cobra.Command, yes *bool) {
	cmd.Flags().BoolVar(yes, "yes", false, "do not ask before it is done for several practices")
}

var errNotConfirmed = errors.New("not done, and nothing was changed")

// sure says what is about to happen that cannot be taken back, and asks whether to
// go on where a person can be asked and has not said yes beforehand (ADR 0137). The
// error ends the command.
func (p *program) sure(ctx context.Context, yes bool, what ...string) error {
	return p.ask(ctx, yes, "This cannot be taken back:", what...)
}

// ask shows under a title what is about to happen, and asks whether to go on as sure does.
func (p *program) ask(ctx context.Context, yes bool, title string, what ...string) error {
	p.note("%s", p.paint(p.Err, bold, title))
	t := p.lines(2).to(p.Err)
	t.gap = 1
	for _, line := range what {
		t.row("  -", line)
	}
	t.print()
	if yes || !p.CanAsk {
		return nil
	}
	answer := make(chan string, 1)
	go func() { // reading cannot be cancelled; what is typed after Ctrl-C is nobody's
		line, _ := bufio.NewReader(p.In).ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	p.prompt("Go on? [y/N] ")
	select {
	case <-ctx.Done():
		p.note("")
		return context.Cause(ctx)
	case said := <-answer:
		if said == "y" || said == "yes" {
			return nil
		}
	}
	return systemError(errNotConfirmed)
}
