package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"duenotice/internal/openitems"
)

// Colours, by their ANSI numbers.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	bold   = "1"
)

// rich reports whether w may be given colours and bars: a person watches and
// has not asked for none (no-color.org).
func (p *program) rich(w io.Writer) bool {
	return p.IsTerminal(w) && p.Getenv("NO_COLOR") == "" && p.Getenv("TERM") != "dumb"
}

func (p *program) paint(w io.Writer, colour, text string) string {
	if !p.rich(w) {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (p *program) say(format string, args ...any) { fmt.Fprintf(p.Out, format+"\n", args...) }

// note writes a hint for people, which no program that reads the output sees.
func (p *program) note(format string, args ...any) { fmt.Fprintf(p.Err, format+"\n", args...) }

// prompt writes a question, whose answer stands in the same line.
func (p *program) prompt(text string) { fmt.Fprint(p.Err, text) }

// printJSON writes the one document of --json.
func (p *program) printJSON(v any) error { return encodeJSON(p.Out, "", v) }

// printJSONList is printJSON of a document with a list that is written as it is read: each
// hands its items to add, one after the other. The list stands under its key before the
// key that follows it in the document, as if it were a field there that is left out while
// it is empty.
func (p *program) printJSONList(v any, key, following string, each func(add func(any) error) error) error {
	var whole bytes.Buffer
	if err := encodeJSON(&whole, "", v); err != nil {
		return err
	}
	// Nothing that is quoted has a line of its own, so that this is the key.
	cut := bytes.Index(whole.Bytes(), []byte("\n  \""+following+"\":"))
	if cut < 0 {
		return fmt.Errorf("the document has no %s after which it would go on", following)
	}
	out := bufio.NewWriter(p.Out)
	if _, err := out.Write(whole.Bytes()[:cut]); err != nil {
		return err
	}
	begin, end := "\n  \""+key+"\": [\n    ", ""
	err := each(func(item any) error {
		var text bytes.Buffer
		if err := encodeJSON(&text, "    ", item); err != nil {
			return err
		}
		if _, err := out.WriteString(begin); err != nil {
			return err
		}
		begin, end = ",\n    ", "\n  ],"
		_, err := out.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
		return err
	})
	if err != nil {
		return errors.Join(err, out.Flush())
	}
	if _, err := out.WriteString(end); err != nil {
		return err
	}
	if _, err := out.Write(whole.Bytes()[cut:]); err != nil {
		return err
	}
	return out.Flush()
}

// encodeJSON writes a value as all of the program's documents are, its lines after the
// first behind a prefix.
func encodeJSON(w io.Writer, prefix string, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, "  ")
	return encoder.Encode(v)
}

// command writes a command as the person would type it.
func (p *program) command(words ...string) string {
	if p.dir != p.usualDir() {
		words = append(words, "--dir", p.dir)
	}
	if p.environment != "" {
		words = append(words, "--environment", p.environment)
	}
	return openitems.Typed(words...)
}

// number groups thousands: 318,552.
func number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// count writes a number with its noun: "1 practice", "2 practices".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// dash stands for a day that is not known.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
