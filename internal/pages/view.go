package pages

import (
	"bytes"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"duenotice/internal/civil"
	files "duenotice/templates/pages"
)

// view is the pages in one language.
type view struct {
	words
	pages map[string]*template.Template
}

// Templates that every page is made with.
const layouts = "layout.html"

// views reads the templates and words of each language.
func views() (map[string]*view, error) {
	names, err := fs.Glob(files.Files, "*.html")
	if err != nil {
		return nil, err
	}
	all := map[string]*view{}
	for _, lang := range languages {
		w, err := readWords(lang)
		if err != nil {
			return nil, err
		}
		v := &view{words: w, pages: map[string]*template.Template{}}
		for _, name := range names {
			if name == layouts {
				continue
			}
			page, err := template.New(layouts).Funcs(w.functions()).ParseFS(files.Files, layouts, name)
			if err != nil {
				return nil, err
			}
			v.pages[strings.TrimSuffix(name, ".html")] = page
		}
		all[lang] = v
	}
	return all, nil
}

// functions are what templates say things with.
func (w words) functions() template.FuncMap {
	return template.FuncMap{
		"t": w.text, "has": w.hasText, "number": w.number, "people": w.people, "counted": w.counted, "date": w.date, "size": w.size, "left": w.left,
		"state": w.stateName, "duty": w.dutyTitle, "field": w.field, "option": option, "page": turnTo, "moment": func(at time.Time, zone *time.Location) string { return w.moment(at, zone) },
		"paragraphs": paragraphs, "known": func(d civil.Date) bool { return !d.IsZero() }, "english": func() bool { return w.lang == "en" },
		"join": strings.Join, "lower": strings.ToLower,
	}
}

// paragraphs are a text's, which empty lines part.
func paragraphs(text string) (all []string) {
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// frame is what a page stands in.
type frame struct {
	Lang, Other string
	// Path is the page's own, for the switch of the language.
	Path          string
	Style, Script string
	// Sender is who sends the notice, "" on pages that nobody has come in to.
	Sender string
	// Secret has every form of a session; it is empty outside of one.
	Secret string
	Body   any
}

// render writes a page, or in its stead that something is broken.
func (t *site) render(w http.ResponseWriter, r *http.Request, status int, name string, f frame) {
	v := t.views[languageOf(r)]
	f.Lang, f.Other, f.Path, f.Style = v.lang, languages[0], r.URL.Path, t.style
	if v.lang == languages[0] {
		f.Other = languages[1]
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && (strings.HasPrefix(f.Path, "/devices/") || f.Path == "/leave") {
		f.Path = "/notice" // these cannot be asked for again by a link
	}
	var page bytes.Buffer
	if err := v.pages[name].ExecuteTemplate(&page, layouts, f); err != nil {
		// What is shown may be anybody's; the error of a template names its place, and quotes nothing.
		t.Log.ErrorContext(r.Context(), "a practice's page cannot be made", slog.Any("error", err))
		http.Error(w, "The page cannot be shown now.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	if f.Script != "" {
		h.Set("Content-Security-Policy", policyWithScript)
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.lang)
	h.Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the browser is gone, if anything
}

// explain says in a page of its own what to do: nothing of the practice, nothing of
// the program.
func (t *site) explain(w http.ResponseWriter, r *http.Request, status int, what string) {
	_, inside := t.tokenOf(r)
	t.render(w, r, status, "explain", frame{Body: explained{What: what, Inside: inside && status != http.StatusUnauthorized && what != "left"}})
}

// explained is the page of explain; Inside leads back to the notice.
type explained struct {
	What   string
	Inside bool
}
