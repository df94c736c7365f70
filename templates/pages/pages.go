// Package pages holds what a practice's page is made of: HTML templates, a style
// sheet, one script, and its words in each language. They are apart from the papers'
// words, whose hash approvals are bound to: no letter changes with a page.
package pages

import "embed"

// Files are the templates (*.html), style.css, passkey.js, and the words in en.yaml
// and es.yaml.
//
//go:embed *.html style.css passkey.js *.yaml
var Files embed.FS
