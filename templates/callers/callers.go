// Package callers holds what a call centre says to people who got a letter: one script in
// English and the same in Spanish. They are apart from the papers' words, whose hash
// approvals are bound to: no letter changes with them.
package callers

import "embed"

// Files are script.en.txt and script.es.txt, written as the papers' templates are.
//
//go:embed *.txt
var Files embed.FS
