package evidence

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"duenotice/internal/civil"
	"duenotice/internal/howfar"
	"duenotice/internal/ledger"
)

// Broken is the first broken link of a pack.
type Broken struct {
	// Link is where: a file of the pack, or an entry of a ledger.
	Link string `json:"link"`
	What string `json:"what"`
}

func (b *Broken) Error() string { return b.Link + ": " + b.What }

func broken(link, format string, args ...any) error {
	return &Broken{Link: link, What: fmt.Sprintf(format, args...)}
}

// Report is what a pack proves.
type Report struct {
	Incident string     `json:"incident"`
	Practice string     `json:"practice"`
	Entity   string     `json:"entity"`
	AsOf     civil.Date `json:"as_of"`
	// PublicKey signed it. KeyGiven: it was compared with one that the reader
	// had; else the pack only agrees with itself.
	PublicKey   string `json:"public_key"`
	Fingerprint string `json:"fingerprint"`
	KeyGiven    bool   `json:"key_given"`
	// Entries is the number of entries of all chains, Chains that of practices'.
	Entries int `json:"entries"`
	Chains  int `json:"chains"`
	Anchors int `json:"anchors"`
	Files   int `json:"files"`
	// Open is the number of e-mails, batches and so on without a known outcome.
	Open   int      `json:"intents_without_outcome"`
	Absent []Absent `json:"absent"`
	// Timestamp is nil when the pack has none.
	Timestamp *Timestamp `json:"timestamp"`
}

// Trust is what the reader of a pack knows from elsewhere.
type Trust struct {
	// Now is the reader's clock. What a pack tells of as past may be after it by
	// ClockSkew and no more; without it nothing verifies.
	Now time.Time
	// PublicKey in base64, "" when the reader has none.
	PublicKey string
	// Authorities are the roots of time-stamp authorities, nil when the reader has none.
	Authorities *x509.CertPool
	// Tell is told how many bytes of a ledger were checked; nil tells nobody.
	Tell howfar.Teller
}

// Verify checks a pack. The error is a *Broken that names the first link that
// does not hold; any other error means that the pack could not be read.
func Verify(r io.ReaderAt, size int64, trust Trust) (Report, error) {
	v := &verification{trust: trust, reached: map[string]reachedHead{}}
	err := v.run(r, size)
	var link *ledger.Broken
	if errors.As(err, &link) {
		err = &Broken{Link: link.Link(), What: link.What}
	}
	return v.report, err
}

type verification struct {
	trust    Trust
	files    map[string]*zip.File
	manifest manifest
	report   Report
	// story is the incident's entries and one practice's.
	story   []ledger.Entry
	anchors anchors
	// keys are the keys the incident's chain publishes.
	keys []string
	// reached is where the practices' chains end; hashes are all their entries' hashes.
	reached map[string]reachedHead
	hashes  map[string][]ledger.Hash
}

type reachedHead struct {
	seq  int
	hash ledger.Hash
}

func (v *verification) run(r io.ReaderAt, size int64) error {
	files, members, err := readZIP(r, size)
	if err != nil {
		return broken("the pack", "%v", err)
	}
	v.files = files
	for _, step := range []func() error{
		v.checkManifest, v.checkAsOf, func() error { return v.checkFiles(members) }, v.checkIncidentChain, v.checkPracticeChains,
		v.checkAnchors, v.checkKey, v.checkContent, v.checkTimestamp,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) read(name string) ([]byte, error) {
	f := v.files[name]
	if f == nil {
		return nil, broken(name, "it is not in the pack")
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(name, "%v", err)
	}
	defer func() { _ = r.Close() }() // only read
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, broken(name, "%v", err)
	}
	return b, nil
}

// checkManifest checks the manifest and its signature.
func (v *verification) checkManifest() error {
	text, err := v.read(manifestName)
	if err != nil {
		return err
	}
	signature, err := v.read(signatureName)
	if err != nil {
		return err
	}
	m := &v.manifest
	if err := json.Unmarshal(text, m); err != nil {
		return broken(manifestName, "it cannot be read: %v", err)
	}
	if m.Format != format {
		return broken(manifestName, "it is of the form %q, and this program knows %q", m.Format, format)
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(m.PublicKey)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return broken(manifestName, "the key it names is none")
	}
	v.report = Report{
		Incident: m.Incident, Practice: m.Practice, Entity: m.Entity, AsOf: m.AsOf, PublicKey: m.PublicKey,
		Fingerprint: Fingerprint(m.PublicKey), KeyGiven: v.trust.PublicKey != "", Chains: m.Chains, Files: len(m.Files), Absent: m.Absent,
	}
	if v.trust.PublicKey != "" && v.trust.PublicKey != m.PublicKey {
		return broken(signatureName, "the pack is signed with another key than the one you gave (its fingerprint is %s)", Fingerprint(m.PublicKey))
	}
	if !signed(raw, signManifest, text, signature) {
		return broken(signatureName, "it does not sign the manifest: one of them was changed, or it was signed with another key")
	}
	return nil
}

// checkFiles compares the pack's files with the manifest.
func (v *verification) checkFiles(members []member) error {
	listed := map[string]bool{manifestName: true, signatureName: true, stampName: true, stampSigName: true}
	for _, f := range v.manifest.Files {
		listed[f.Path] = true
		b, err := v.read(f.Path)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(b)) != f.Bytes {
			return broken(f.Path, "it is not the file that was signed")
		}
	}
	for _, m := range members {
		if !listed[m.name] {
			return broken(m.name, "it was put into the pack afterwards")
		}
	}
	return nil
}

// eachEntry reads a ledger file of the pack.
func (v *verification) eachEntry(name string, each func(ledger.Entry) error) error {
	text, err := v.read(name)
	if err != nil {
		return err
	}
	var from io.Reader = bytes.NewReader(text)
	if v.trust.Tell != nil {
		from = howfar.Reader(from, len(text), v.trust.Tell)
	}
	reader := bufio.NewReader(from)
	for line := 1; ; line++ {
		b, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return nil
		}
		var e ledger.Entry
		if err := json.Unmarshal(b, &e); err != nil {
			return broken(name, "line %d is no entry: %v", line, err)
		}
		if err := each(e); err != nil {
			return err
		}
		if err := v.checkTimes(e); err != nil {
			return err
		}
		v.report.Entries++
	}
}

func (v *verification) checkIncidentChain() error {
	chain := &ledger.Chain{Incident: v.manifest.Incident}
	err := v.eachEntry(incidentChain, func(e ledger.Entry) error {
		if err := chain.Add(e); err != nil {
			return err
		}
		v.story = append(v.story, e)
		b, err := e.Decode()
		if err != nil {
			return err
		}
		switch b.Kind {
		case ledger.KindAnchor:
			return v.anchors.add(e, b)
		case ledger.KindKey:
			key, err := ledger.ResultOf[ledger.Key](b)
			if err != nil {
				return &ledger.Broken{Seq: e.Seq, What: "its key cannot be read: " + err.Error()}
			}
			v.keys = append(v.keys, key.Public)
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.report.Open += chain.Open()
	v.report.Anchors = len(v.anchors.order)
	return ends(chain, v.manifest.IncidentHead)
}

// ends checks that a chain ends where the manifest says.
func ends(chain *ledger.Chain, h head) error {
	if chain.Head.Seq != h.Seq || chain.Head.Hash != h.Hash {
		return &ledger.Broken{Practice: chain.Practice, Seq: h.Seq, What: fmt.Sprintf("it should be the last one, and the ledger ends with entry %d", chain.Head.Seq)}
	}
	return nil
}

func (v *verification) checkPracticeChains() error {
	var chain *ledger.Chain
	v.hashes = map[string][]ledger.Hash{}
	finish := func() {
		if chain != nil {
			v.report.Open += chain.Open()
			v.reached[chain.Practice] = reachedHead{chain.Head.Seq, chain.Head.Hash}
		}
	}
	err := v.eachEntry(practiceChain, func(e ledger.Entry) error {
		if chain == nil || e.Practice != chain.Practice {
			finish()
			if _, again := v.reached[e.Practice]; again || e.Practice == "" || v.manifest.Practice != "" && e.Practice != v.manifest.Practice {
				return broken(practiceChain, "an entry of practice %q stands where it does not belong", e.Practice)
			}
			chain = &ledger.Chain{Incident: v.manifest.Incident, Practice: e.Practice}
		}
		if err := chain.Add(e); err != nil {
			return err
		}
		if v.manifest.Practice != "" {
			v.story = append(v.story, e)
		}
		v.hashes[e.Practice] = append(v.hashes[e.Practice], e.Hash)
		return nil
	})
	if err != nil {
		return err
	}
	finish()
	if len(v.reached) != v.manifest.Chains {
		return broken(practiceChain, "it holds %d practices' ledgers and should hold %d", len(v.reached), v.manifest.Chains)
	}
	if v.manifest.PracticeHead == nil {
		return nil
	}
	if chain == nil {
		chain = &ledger.Chain{Practice: v.manifest.Practice}
	}
	return ends(chain, *v.manifest.PracticeHead)
}

// checkKey checks that the incident published the key the pack is signed with.
func (v *verification) checkKey() error {
	if len(v.keys) == 0 || v.keys[len(v.keys)-1] != v.manifest.PublicKey {
		return broken(signatureName, "the pack is signed with a key that is not the one the incident's ledger last published")
	}
	text, err := v.read(publicName)
	if err != nil {
		return err
	}
	if key, err := ParsePublic(string(text)); err != nil || key != v.manifest.PublicKey {
		return broken(publicName, "it is not the key the pack is signed with")
	}
	return nil
}
