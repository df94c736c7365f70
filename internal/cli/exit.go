package cli

import (
	"context"
	"errors"
	"fmt"

	"duenotice/activities"
	"duenotice/internal/logging"
)

// Exit codes, as the contract has them.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3
	exitLate    = 4
	exitWaiting = 5
	// exitUnverified: the evidence, or what was recorded, does not verify.
	exitUnverified = 6
	// exitInterrupted: a person pressed Ctrl-C, or the machine asked it to stop. It is
	// what a shell says of a program that SIGINT ended, so that a script's own Ctrl-C
	// is told from a failure.
	exitInterrupted = 130
	// exitUnwatched: no worker takes work, or a server is away.
	exitUnwatched = 7
)

// codeError ends the program with a code. A nil err says that everything was said already.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

// usage says what is wrong with the command line.
func usage(format string, args ...any) error {
	return &codeError{exitUsage, fmt.Errorf(format, args...)}
}

// systemError marks an error of the surroundings: a refusal within it concerns the
// configuration, not the input.
func systemError(err error) error {
	if err == nil {
		return nil
	}
	return &codeError{exitFailed, err}
}

// finish says what went wrong and returns the exit code.
func (p *program) finish(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	// Whatever else went wrong then did so because of it: a call that was cut off, a
	// server's word for a caller that left. One line says all there is to say.
	if !p.serving && (ctx.Err() != nil || errors.Is(err, context.Canceled)) {
		fmt.Fprintln(p.Err, p.paint(p.Err, red, "duenotice: ")+"interrupted; what was handed to the worker before goes on, and the same command can be given again")
		return exitInterrupted
	}
	code, say := exitFailed, err
	var coded *codeError
	refusal, refused := activities.RefusalOf(err)
	if denied := notForRole(p.person, err); denied != nil {
		refusal, refused, err = denied, true, denied
	}
	switch {
	case errors.As(err, &coded):
		code = coded.code
		if coded.err == nil {
			return code
		}
	case !p.began:
		code = exitUsage
	case refused:
		code, say = exitRefused, refusal
	}
	word := "duenotice: "
	if code == exitRefused {
		word = "refused: "
	}
	fmt.Fprintln(p.Err, p.paint(p.Err, red, word)+logging.WithoutRows(say))
	if code == exitUsage {
		fmt.Fprintln(p.Err, "Add --help to see how the command is written.")
	}
	return code
}
