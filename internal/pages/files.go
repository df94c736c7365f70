package pages

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// partName is what a part of a packet can be called.
var partName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)

// kinds of file that are said to be what they are. Anything else is bytes.
var kinds = []string{"application/pdf", "text/csv", "application/zip", "text/calendar", "image/png", "image/jpeg", "application/json", "text/plain"}

// file gives a part of the packet that the practice's page names.
func file(ctx context.Context, v *visit) (reply, error) { return take(ctx, v, v.r.PathValue("part")) }

// calendar gives the dates for the practice's calendar.
func calendar(ctx context.Context, v *visit) (reply, error) {
	return take(ctx, v, packet.PartCalendar)
}

func take(ctx context.Context, v *visit, part string) (reply, error) {
	if !partName.MatchString(part) {
		return nil, errNoPage
	}
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	f, ok := fileOf(p, part)
	if !ok {
		return nil, errNoPage
	}
	content, err := v.part(ctx, part)
	if errors.Is(err, pagedoor.ErrNoPart) {
		err = errNoPage
	}
	if err == nil {
		err = v.Downloaded(ctx, part)
	}
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter) {
		h := w.Header()
		h.Set("Content-Security-Policy", policyOfFile)
		h.Set("Content-Type", kindOf(f.Type))
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": safeName(f.Name, part)}))
		h.Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content) // the browser is gone, if anything
	}, nil
}

// fileOf finds a part among what the practice's page names: its files, the papers of
// what was filed, and what later lists changed. Nothing else can be asked for.
func fileOf(p *packet.Page, part string) (packet.File, bool) {
	if part == packet.PartPage {
		return packet.File{}, false
	}
	if i := slices.IndexFunc(p.Files, func(f packet.File) bool { return f.Part == part }); i >= 0 {
		return p.Files[i], true
	}
	if slices.ContainsFunc(p.Duties, func(d packet.Duty) bool { return d.Paper == part }) {
		return packet.File{Part: part, Name: part}, true
	}
	if slices.ContainsFunc(p.Lists, func(l packet.List) bool { return l.Part == part }) {
		return packet.File{Part: part, Name: part, Type: "text/csv"}, true
	}
	return packet.File{}, false
}

// kindOf is a type that a browser may be told.
func kindOf(said string) string {
	kind, _, err := mime.ParseMediaType(said)
	if err != nil || !slices.Contains(kinds, kind) {
		return "application/octet-stream"
	}
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	return kind
}

// safeName is a file's name on any disk and in any header: plain letters, no path.
func safeName(name, otherwise string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, ".-")
	if name == "" {
		return otherwise
	}
	return name[:min(len(name), 120)]
}
