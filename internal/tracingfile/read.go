package tracingfile

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"duenotice/internal/breach"
)

const advice = "Export the scans of the mailer's pieces from IV-MTR again, as JSON or as a delimited file with its header."

// Read gives the scans of a file to each, in their order. Times without a zone are taken in
// zone. A file that cannot be read as one, or with a scan that has no barcode or no time, is
// refused with code "tracing_file"; nothing of it counts then, whatever each was given.
func Read(src io.Reader, zone *time.Location, each func(*Scan) error) error {
	in := bufio.NewReaderSize(src, 1<<16)
	first, err := firstByte(in)
	if err != nil {
		return bad(1, "it is empty", err)
	}
	if first == '{' || first == '[' {
		return readJSON(in, zone, each)
	}
	return readDelimited(in, zone, each)
}

// firstByte skips a byte order mark and white space, and leaves what it returns.
func firstByte(in *bufio.Reader) (byte, error) {
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // they were just read
	}
	for {
		c, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, in.UnreadByte()
		}
	}
}

// bad refuses the file at a line or event. cause is an error of reading it, or nil.
func bad(line int, what string, cause error) error {
	var form *csv.ParseError
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case cause == nil, errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF), errors.As(cause, &form), errors.As(cause, &syntax), errors.As(cause, &kind):
		return breach.Refuse("tracing_file", advice, "line %d of the file of scans: %s", line, what)
	}
	return fmt.Errorf("read the file of scans: %w", cause)
}

// scanOf makes a scan of an event's attributes.
func scanOf(line int, fields map[string]string, zone *time.Location) (*Scan, error) {
	digits := strings.NewReplacer("-", "", " ", "").Replace(fields[attributeIMb])
	const tracking, longest = 20, 31
	if len(digits) < tracking || len(digits) > longest || strings.Trim(digits, "0123456789") != "" {
		return nil, bad(line, "it has no Intelligent Mail barcode of 20 to 31 digits (imb)", nil)
	}
	at, ok := timeOf(strings.TrimSpace(fields[attributeAt]), zone)
	if !ok {
		return nil, bad(line, "it has no time of the scan (scanDatetime)", nil)
	}
	return &Scan{
		Line: line, Tracking: digits[:tracking], At: at, Operation: code(fields[attributeCode]), Facility: code(fields[attributeFacility]), Kind: kindOf(fields),
	}, nil
}

// code is a code as it is kept: short, of letters and digits.
func code(s string) string {
	const longest = 16
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return -1
	}, s)
	return kept[:min(len(kept), longest)]
}

// readDelimited reads text whose first line has the attributes' names.
func readDelimited(in *bufio.Reader, zone *time.Location, each func(*Scan) error) error {
	header, err := in.Peek(1 << 12)
	if len(header) == 0 {
		return bad(1, "it is empty", err)
	}
	line, _, _ := strings.Cut(string(header), "\n")
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	for _, separator := range ",|\t;" {
		if strings.ContainsRune(line, separator) {
			rows.Comma = separator
			break
		}
	}
	names, err := rows.Read()
	if err != nil {
		return bad(1, "its first line has no names of attributes", err)
	}
	columns, there := make([]string, len(names)), map[string]bool{}
	for i, name := range names {
		columns[i] = bare(name)
		if columns[i] != "" && there[columns[i]] {
			return bad(1, "an attribute is there twice", nil)
		}
		there[columns[i]] = true
	}
	if !there[attributeIMb] || !there[attributeAt] {
		return bad(1, "its first line has no imb or no scanDatetime", nil)
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		n, _ := position(rows, err)
		if err != nil {
			return bad(n, "the line cannot be read", err)
		}
		fields := make(map[string]string, len(row))
		for i, cell := range row {
			fields[columns[i]] = cell
		}
		scan, err := scanOf(n, fields, zone)
		if err != nil {
			return err
		}
		if err := each(scan); err != nil {
			return err
		}
	}
}

// position is the line of the record that was read last.
func position(rows *csv.Reader, err error) (line, column int) {
	var form *csv.ParseError
	if errors.As(err, &form) {
		return form.Line, form.Column
	}
	if err != nil {
		return 0, 0
	}
	return rows.FieldPos(0)
}

// readJSON reads a list of events, or an object that has one under events or data.
func readJSON(in io.Reader, zone *time.Location, each func(*Scan) error) error {
	values := json.NewDecoder(in)
	token, err := values.Token()
	if err != nil {
		return bad(1, "it is no JSON", err)
	}
	if token == json.Delim('[') {
		return readEvents(values, zone, each)
	}
	for values.More() {
		key, err := values.Token()
		if err != nil {
			return bad(1, "it is no JSON", err)
		}
		if key != "events" && key != "data" {
			var skipped json.RawMessage
			if err := values.Decode(&skipped); err != nil {
				return bad(1, "it is no JSON", err)
			}
			continue
		}
		token, err := values.Token()
		if err != nil || token != json.Delim('[') {
			return bad(1, "it has no list of events", err)
		}
		return readEvents(values, zone, each)
	}
	return bad(1, "it has no list of events", nil)
}

func readEvents(values *json.Decoder, zone *time.Location, each func(*Scan) error) error {
	n := 0
	for values.More() {
		n++
		var event map[string]any
		if err := values.Decode(&event); err != nil {
			return bad(n, "the event cannot be read", err)
		}
		fields := make(map[string]string, len(event))
		for name, value := range event {
			if text, is := value.(string); is {
				fields[bare(name)] = text
			}
		}
		scan, err := scanOf(n, fields, zone)
		if err != nil {
			return err
		}
		if err := each(scan); err != nil {
			return err
		}
	}
	// A file that was cut ends without its bracket.
	if _, err := values.Token(); err != nil {
		return bad(n+1, "the list of events does not end", err)
	}
	return nil
}
