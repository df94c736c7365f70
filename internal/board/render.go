package board

import (
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"

	"duenotice/templates"
)

// pages are the templates, and style their style sheet, which is also the name that its
// address gets: a browser that kept an earlier one asks for the new one.
var (
	pages     = template.Must(template.New("").Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(style) }, "styleName": func() string { return styleName }}).ParseFS(templates.Board(), "*.html")) //nolint:gosec // G203: the style sheet is part of the program
	style     = readStyle()
	styleName = nameOf(style)
)

func readStyle() string {
	content, err := fs.ReadFile(templates.Board(), "style.css")
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(content)
}

func nameOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:6])
}

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=86400")
	_, _ = w.Write([]byte(style)) // a browser that left is no fault
}
