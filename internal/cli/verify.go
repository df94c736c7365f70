package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/evidence"
	"duenotice/internal/givenfile"
)

const verifyHelp = `Checks an evidence pack. It needs nothing but the pack and the key: no network, no
database, no account. It exits with 0 when every link holds, and with 6 when one
does not, and then names the first.

Give the key with --key, as the company gave it to you when the incident began.
Without it the pack is only checked against itself, and somebody who made a pack
of their own would pass: the exit code is 6 then too, unless --without-key says
that this is what you want.

Nothing in a pack may be from after now, by the clock of this machine; five
minutes are allowed for clocks that differ.`

func (p *program) verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use: "verify PACK", Short: "Check an evidence pack, offline", Long: verifyHelp,
		Example: "  duenotice verify EX-2026-03-P1.zip --key public-key.pem",
		Args:    exactly("PACK"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range []string{"key", "tsa-roots"} {
				// A script whose variable is empty would else check nothing and be told that it verifies.
				if flag := cmd.Flags().Lookup(name); flag.Changed && strings.TrimSpace(flag.Value.String()) == "" {
					return usage("--%s is empty: give what it is about, or leave it out", name)
				}
			}
			trust, err := trustIn(f.key, f.roots)
			if err != nil {
				return systemError(err)
			}
			trust.Now = p.Now()
			return p.verify(args[0], trust, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.key, "key", "", "the public key: a PEM file, or the key itself in base64")
	fl.BoolVar(&f.withoutKey, "without-key", false, "check the pack against itself only: exit with 0 though nobody's word stands behind it")
	fl.StringVar(&f.roots, "tsa-roots", "", "PEM file with the roots of the time-stamp authorities you trust")
	fl.BoolVar(&f.asJSON, "json", false, "one JSON document")
	cmd.MarkFlagsMutuallyExclusive("key", "without-key")
	return cmd
}

// verifyFlags are the flags of verify.
type verifyFlags struct {
	key, roots         string
	withoutKey, asJSON bool
}

// trustIn reads what the person knows from elsewhere.
func trustIn(key, roots string) (evidence.Trust, error) {
	var trust evidence.Trust
	if key != "" {
		text, err := givenfile.Read(key)
		if _, refused := breach.AsRefusal(err); refused {
			return trust, err
		}
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
	Pack string `json:"pack"`
	// OK is true when the exit code is 0: every link holds, and the pack was checked
	// with a key, or --without-key asked for none.
	OK bool `json:"ok"`
	// Broken is the first link that does not hold, nil when every one does.
	Broken *evidence.Broken `json:"broken"`
	evidence.Report
}

func (p *program) verify(path string, trust evidence.Trust, f verifyFlags) error {
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
	progress := p.progress()
	trust.Tell = progress.teller("Verifying")
	result.Report, err = evidence.Verify(file, info.Size(), trust)
	progress.end()
	vouched := trust.PublicKey != "" || f.withoutKey
	result.OK = err == nil && vouched
	if err != nil && !errors.As(err, &result.Broken) {
		return systemError(err)
	}
	if f.asJSON {
		if err := p.printJSON(result); err != nil {
			return err
		}
		if !result.OK {
			return &codeError{code: exitUnverified}
		}
		return nil
	}
	if err != nil {
		return brokenLink(err)
	}
	if result.KeyGiven {
		p.say("%s", p.paint(p.Out, green, "It verifies: every link holds."))
		p.sayReport(result.Report)
		return nil
	}
	p.say("%s", p.paint(p.Out, red, "Nobody's word stands behind this pack: no key was given."))
	p.say("Checked against itself only, every link holds; a pack that somebody made up would do the same.")
	p.sayReport(result.Report)
	if !vouched {
		p.note("Give the key that you were given with --key, or --without-key when you have none and know what that means.")
		return &codeError{code: exitUnverified}
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
