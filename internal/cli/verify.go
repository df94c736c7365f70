package cli

import (
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"duenotice/internal/evidence"
	"duenotice/internal/givenfile"
)

const verifyHelp = `Checks an evidence pack. It needs nothing but the pack: no network, no database,
no account. It exits with 0 when every link holds, and with 6 when one does not,
and then names the first.

Give the key with --key, as the company gave it to you when the incident began.
Without it the pack is only checked against itself: somebody who made a pack of
their own would pass.`

func (p *program) verifyCommand() *cobra.Command {
	var key, roots string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "verify PACK", Short: "Check an evidence pack, offline", Long: verifyHelp,
		Example: "  duenotice verify EX-2026-03-P1.zip --key public-key.pem",
		Args:    exactly("PACK"),
		RunE: func(_ *cobra.Command, args []string) error {
			trust, err := trustIn(key, roots)
			if err != nil {
				return systemError(err)
			}
			return p.verify(args[0], trust, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&key, "key", "", "the public key: a PEM file, or the key itself in base64")
	f.StringVar(&roots, "tsa-roots", "", "PEM file with the roots of the time-stamp authorities you trust")
	f.BoolVar(&asJSON, "json", false, "one JSON document")
	return cmd
}

// trustIn reads what the person knows from elsewhere.
func trustIn(key, roots string) (evidence.Trust, error) {
	var trust evidence.Trust
	if key != "" {
		text, err := givenfile.Read(key)
		if err != nil {
			text = []byte(key) // then it must be the key itself
		}
		if trust.PublicKey, err = evidence.ParsePublic(string(text)); err != nil {
			return trust, fmt.Errorf("the key %s: %w", key, err)
		}
	}
	if roots != "" {
		text, err := givenfile.Read(roots)
		if err != nil {
			return trust, err
		}
		trust.Authorities = x509.NewCertPool()
		if !trust.Authorities.AppendCertsFromPEM(text) {
			return trust, fmt.Errorf("%s has no certificate in PEM", roots)
		}
	}
	return trust, nil
}

// verified is verify --json.
type verified struct {
	Pack   string           `json:"pack"`
	OK     bool             `json:"ok"`
	Broken *evidence.Broken `json:"broken"`
	evidence.Report
}

func (p *program) verify(path string, trust evidence.Trust, asJSON bool) error {
	file, err := givenfile.Open(path)
	if err != nil {
		return systemError(err)
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return systemError(err)
	}
	result := verified{Pack: path}
	result.Report, err = evidence.Verify(file, info.Size(), trust)
	result.OK = err == nil
	if err != nil && !errors.As(err, &result.Broken) {
		return systemError(err)
	}
	if asJSON {
		if err := p.printJSON(result); err != nil {
			return err
		}
		if !result.OK {
			return &codeError{code: exitUnverified}
		}
		return nil
	}
	if !result.OK {
		return brokenLink(err)
	}
	p.say("%s", p.paint(p.Out, green, "It verifies: every link holds."))
	p.sayReport(result.Report)
	if !result.KeyGiven {
		p.say("No key was given, so the pack was checked against itself only. Compare the key's fingerprint with the one you were told, or give --key.")
	}
	return nil
}

// sayReport says what a pack that verifies proves.
func (p *program) sayReport(r evidence.Report) {
	of := "incident " + r.Incident
	if r.Practice != "" {
		of += ", practice " + r.Practice
	}
	p.say("Of %s (%s), as of %s: %s in %s, %s, %s.", of, r.Entity, r.AsOf, count(r.Entries, "entry", "entries"),
		count(r.Chains+1, "ledger", "ledgers"), count(r.Anchors, "anchor", "anchors"), count(r.Files, "file", "files"))
	p.say("Signed with the key %s", r.Fingerprint)
	switch {
	case r.Timestamp == nil:
		p.say("No time-stamp is in it: that it existed by a day is shown by nothing but the signature.")
	case r.Timestamp.Trusted:
		p.say("Time-stamped %s by %s, whom you trust.", r.Timestamp.Time.Format("2006-01-02 15:04:05 MST"), r.Timestamp.Authority)
	default:
		p.say("Time-stamped %s by %s; give --tsa-roots to check who that is.", r.Timestamp.Time.Format("2006-01-02 15:04:05 MST"), r.Timestamp.Authority)
	}
	if r.Open > 0 {
		p.say("%s without a known outcome.", count(r.Open, "thing was begun", "things were begun"))
	}
	for _, a := range r.Absent {
		p.say("Not in it: %s (%s)", a.Path, a.Why)
	}
}
