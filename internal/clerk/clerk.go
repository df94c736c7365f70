// Package clerk goes to a practice's page as a clerk does who got the notice: with the
// link of one message and the code of another, in a browser or without one. The demo's
// practices answer by it, and the tests that have a thousand of them come at once.
package clerk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
)

// Invitation is what a practice has in its hands: the address of its page, out of one
// message, and the code, out of another.
type Invitation struct{ Page, Code string }

var (
	pageAddress = regexp.MustCompile(`https?://[^\s/]+/p/[A-Za-z0-9_-]{43}`)
	pageCode    = regexp.MustCompile(`(?m)^\s+([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})\s*$`)
)

// PageIn is the address of a practice's page in an e-mail's text, "" for none.
func PageIn(text string) string { return pageAddress.FindString(text) }

// CodeIn is the code in an e-mail's text, where it stands on a line of its own; "" for none.
func CodeIn(text string) string {
	if found := pageCode.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// Answer is what the clerk does once they are there: say that the notice has arrived,
// take the list of patients away, and sign who writes to them.
type Answer struct {
	// Name and Title are who signs.
	Name, Title string
	// Delegation is all, letters or none.
	Delegation string
}

// Clerk answers on a practice's page.
type Clerk interface {
	// Answer comes in with an invitation, does what answer says and leaves. Its error
	// says at which step, and what the page said.
	Answer(ctx context.Context, invitation Invitation, answer Answer) error
}

// errNotIn is what the page says of a wrong or used code.
var errNotIn = errors.New("the page did not take the code")

func at(step string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", step, err)
}
