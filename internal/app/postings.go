package app

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/pagelook"
)

// PostingLooks says whether the worker looks at the pages on which notices are posted.
// Without a word of the operator it does not: nothing leaves the machine for an address
// that somebody recorded (ADR 0279).
type PostingLooks struct {
	Look    bool
	Options pagelook.Options
}

// postingLooks reads the settings: on or off, and the hosts of the operator's own that
// may be at private addresses and other ports, with commas between them.
func postingLooks(look, hosts string) (PostingLooks, error) {
	var p PostingLooks
	switch look {
	case "", "off":
	case "on":
		p.Look = true
	default:
		return p, breach.Refuse("posting_looks", "Give on or off.", "DUENOTICE_POSTING_LOOKS is %q", look)
	}
	for host := range strings.SplitSeq(hosts, ",") {
		if host = strings.TrimSpace(host); host != "" {
			p.Options.Own = append(p.Options.Own, host)
		}
	}
	return p, nil
}
