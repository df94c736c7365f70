package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/givenfile"
	"duenotice/internal/ledger"
	"duenotice/internal/outfolder"
)

const evidenceHelp = `Packs the proof of what was done: for one practice, or for the whole incident.
A pack is a ZIP file with the ledger, the duties, the papers and proofs, signed
with the key of this installation. Who has the pack and the public key can check
it with "verify" and nothing else. It has no patient data of the program's
making in it.

Give the file public-key.pem, which lies beside the pack, to those who will
check it, early and in another way than the pack.

To have a pack time-stamped, post the .tsq file that lies beside it to a
time-stamp authority, and take the answer in with --timestamp:

  curl -H "Content-Type: application/timestamp-query" --data-binary @FILE.tsq AUTHORITY > FILE.tsr`

// evidenceFlags are the flags of report evidence.
type evidenceFlags struct {
	practice, timestamp, asOf string
	asJSON                    bool
}

func (p *program) reportEvidenceCommand() *cobra.Command {
	var f evidenceFlags
	cmd := &cobra.Command{
		Use: "evidence INCIDENT", Short: "A signed pack of everything that was done", Long: evidenceHelp,
		Example: `  duenotice report evidence EX-2026-03 --practice P1
  duenotice report evidence EX-2026-03 --practice P1 --timestamp EX-2026-03-P1.tsr`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportEvidence(cmd.Context(), args[0], f)
		},
	}
	fl := cmd.Flags()
	practiceFlag(cmd, &f.practice, "the practice's key (default: the whole incident)")
	fl.StringVar(&f.timestamp, "timestamp", "", "a time-stamp authority's answer to put into the pack")
	fl.StringVar(&f.asOf, "as-of", "", "the day that lateness counts to, YYYY-MM-DD (default: today)")
	fl.BoolVar(&f.asJSON, "json", false, "one JSON document")
	return cmd
}

// packed is report evidence --json.
type packed struct {
	Pack      string          `json:"pack"`
	PublicKey string          `json:"public_key_file"`
	Query     string          `json:"timestamp_query"`
	Report    evidence.Report `json:"report"`
}

func (p *program) reportEvidence(ctx context.Context, incident string, f evidenceFlags) error {
	if err := errors.Join(incidentArgument(incident), practiceArgument(f.practice)); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.Prove, incident: incident, practice: f.practice})
	if err != nil {
		return err
	}
	defer s.close()
	asOf := p.today(s.config)
	if f.asOf != "" {
		if asOf, err = dayFlag("as-of", f.asOf); err != nil {
			return err
		}
		if today := p.today(s.config); asOf.After(today) {
			return breach.Refuse("future", "Leave --as-of out for today.", "%s has not come (today is %s), and no evidence is of a day to come", asOf, today)
		}
	}
	key, err := s.evidenceKey(ctx, incident)
	if err != nil {
		return err
	}
	folder := p.incidentFolder(s.config, incident)
	var pack []byte
	if f.timestamp != "" {
		pack, err = s.stampPack(ctx, incident, f, folder, key)
	} else {
		pack, err = s.makePack(ctx, incident, f.practice, asOf, folder, key)
	}
	if err != nil {
		return brokenLink(err)
	}
	// What is handed out was verified as its reader will.
	progress := p.progress()
	report, err := evidence.VerifyBytes(pack, evidence.Trust{PublicKey: key.Public(), Now: p.Now(), Tell: progress.teller("Verifying the pack")})
	progress.end()
	if err != nil {
		return brokenLink(err)
	}
	return s.writePack(ctx, folder, f, pack, report, key)
}

// evidenceKey opens the key of this installation, and makes sure that the
// incident's ledger publishes it.
func (s *session) evidenceKey(ctx context.Context, incident string) (*evidence.Key, error) {
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return nil, err
	}
	key, err := evidence.EnsureKey(s.config.EvidenceKeyFile)
	if err != nil {
		return nil, systemError(fmt.Errorf("the key that evidence is signed with cannot be used: %w", err))
	}
	return key, s.store.PublishKey(ctx, incident, key.Public(), "duenotice", s.p.Now())
}

// packTries is how often a pack is begun anew because the practice moved meanwhile:
// the engine writes a few entries one after the other and then waits for months.
const packTries = 20

func (s *session) makePack(ctx context.Context, incident, practice string, asOf civil.Date, folder outfolder.Incident, key *evidence.Key) ([]byte, error) {
	for tries := 1; ; tries++ {
		pack, err := s.tryPack(ctx, incident, practice, asOf, folder, key)
		if !errors.Is(err, evidence.ErrMoved) {
			return pack, err
		}
		if tries == packTries {
			return nil, systemError(fmt.Errorf("practice %s is being worked on right now; give the command again in a minute", practice))
		}
	}
}

func (s *session) tryPack(ctx context.Context, incident, practice string, asOf civil.Date, folder outfolder.Incident, key *evidence.Key) ([]byte, error) {
	if _, err := s.store.AnchorLedger(ctx, incident, 0); err != nil {
		return nil, err
	}
	var pack []byte
	progress := s.p.progress()
	defer progress.end()
	err := s.store.Evidence(ctx, incident, practice, asOf, func(src evidence.Source) (err error) {
		pack, err = evidence.Build(src, evidence.Input{
			AsOf: asOf, Key: key,
			Tell: func(done, total int) { progress.of(done, total, "Packing:", "entries of the ledgers") },
			Paper: func(path string) ([]byte, error) {
				return s.config.Outputs().ReadFile(ctx, folder.Named(path))
			},
			Proof: func(sum string) (string, []byte, error) { return s.keptProof(ctx, folder, sum) },
		})
		return err
	})
	return pack, err
}

// stampPack puts a time-stamp into the pack that was made before.
func (s *session) stampPack(ctx context.Context, incident string, f evidenceFlags, folder outfolder.Incident, key *evidence.Key) ([]byte, error) {
	before, err := s.config.Outputs().ReadFile(ctx, folder.Pack(f.practice))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, systemError(fmt.Errorf("there is no pack yet to put the time-stamp into; make it without --timestamp first"))
	}
	if err != nil {
		return nil, systemError(err)
	}
	response, err := givenfile.Read(f.timestamp)
	if err != nil {
		return nil, systemError(err)
	}
	pack, mark, err := evidence.AddTimestamp(before, response, key)
	if err != nil {
		return nil, &codeError{exitRefused, fmt.Errorf("the time-stamp is not taken in: %w", err)}
	}
	return pack, s.store.NoteTimestamp(ctx, incident, sumOf(response), "duenotice", s.p.Now(), mark)
}

// brokenLink gives a ledger or pack that does not hold its exit code.
func brokenLink(err error) error {
	var chain *ledger.Broken
	var link *evidence.Broken
	if errors.As(err, &chain) || errors.As(err, &link) {
		return &codeError{exitUnverified, fmt.Errorf("the evidence does not verify: %w", err)}
	}
	return err
}

func (s *session) writePack(ctx context.Context, folder outfolder.Incident, f evidenceFlags, pack []byte, report evidence.Report, key *evidence.Key) error {
	p, path := s.p, folder.Pack(f.practice)
	query, err := evidence.Query(pack)
	if err != nil {
		return err
	}
	public, err := key.PublicPEM()
	if err != nil {
		return err
	}
	result := packed{Pack: path, PublicKey: folder.PublicKey(), Query: path[:len(path)-len(".zip")] + ".tsq", Report: report}
	for _, file := range []struct {
		path    string
		content []byte
	}{{result.Pack, pack}, {result.PublicKey, public}, {result.Query, query}} {
		if _, err := s.config.Outputs().WriteFile(ctx, file.path, file.content); err != nil {
			return systemError(err)
		}
	}
	if f.asJSON {
		return p.printJSON(result)
	}
	p.say("Evidence: %s", shortPath(path))
	p.sayReport(report)
	p.say("Those who check it need the key %s, from you and not from the pack.", shortPath(result.PublicKey))
	if report.Timestamp == nil {
		p.say("To have it time-stamped, post %s to an authority; see --help.", shortPath(result.Query))
	}
	p.say("They check it with: %s", p.command("verify", shortPath(path), "--key", shortPath(result.PublicKey)))
	return nil
}
