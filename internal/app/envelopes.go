package app

import (
	"fmt"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/envelope"
	"duenotice/internal/envelopefile"
	"duenotice/internal/givenfile"
)

// Envelopes are the forms of envelope that a case may choose. Only commands that read
// a case folder ask: the incident keeps the form that was chosen, and a worker needs no
// file of forms. What is wrong with the file is refused with its line and column, a
// default that is no form with code "envelope".
func (c Config) Envelopes() (envelope.Forms, error) {
	forms := envelope.Forms{Default: c.Envelope}
	if c.EnvelopesFile != "" {
		content, err := givenfile.Read(c.EnvelopesFile)
		if err != nil {
			return forms, fmt.Errorf("the forms of envelope of DUENOTICE_ENVELOPES: %w", err)
		}
		if forms.Own, err = envelopefile.Read(filepath.Base(c.EnvelopesFile), content); err != nil {
			return forms, err
		}
	}
	if _, there := forms.Named(""); !there {
		return forms, breach.Refuse("envelope", "Name one of "+strings.Join(forms.Names(), ", ")+".",
			"DUENOTICE_ENVELOPE names no form of envelope that is known: %q", c.Envelope)
	}
	return forms, nil
}
