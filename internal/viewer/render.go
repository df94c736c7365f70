package viewer

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"net/http"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// uiRenderPath is where Temporal's own UI makes a page of Markdown that stands in
// the request's address.
const uiRenderPath = "/render"

// maxRender bounds a text to show. Temporal's are 20 KB at most.
const maxRender = 256 << 10

// frames is put into the UI's page, so that it asks here and not there.
//
//go:embed frames.js
var frames string

// markdown knows what our workflows write and nothing else: paragraphs, lists,
// tables, emphasis. There are no links, pictures, HTML or references in it, so that
// nothing can be made of what a person wrote.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400), util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(util.Prioritized(parser.NewEmphasisParser(), 500)),
	)),
	goldmark.WithExtensions(extension.Table),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

var rendered = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Markdown</title>
<style>body{margin:0;padding:1rem;font-family:sans-serif;color:{{if .Dark}}#f8fafc{{else}}#121416{{end}};background:{{if .Dark}}#141414{{else}}#fff{{end}}}
p{margin:0 0 1em}li{list-style-position:inside}table{border-collapse:collapse}td,th{padding:.1em .8em;text-align:left}</style>
<body>{{.Content}}</body></html>
`))

// render makes a frame's page of Markdown that was decoded before, and sends it
// back to the page it came from.
func (v *Viewer) render(w http.ResponseWriter, r *http.Request, _ looker) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		tooLong(w, err, "That is more than is shown at once.")
		return
	}
	var content, out bytes.Buffer
	if err := markdown.Convert(text, &content); err != nil {
		http.Error(w, "The text cannot be shown.", http.StatusInternalServerError)
		return
	}
	err = rendered.Execute(&out, struct {
		Dark    bool
		Content template.HTML
	}{r.URL.Query().Get("theme") == "dark", template.HTML(content.String())}) //nolint:gosec // G203: goldmark escapes all text, and knows no HTML here
	if err != nil {
		http.Error(w, "The text cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	_, _ = w.Write(out.Bytes()) // the browser is gone, if anything
}
