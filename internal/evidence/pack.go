package evidence

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"duenotice/internal/civil"
	"duenotice/internal/howfar"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
)

// Input is what a pack needs beside its source.
type Input struct {
	// AsOf is the day that lateness counts to.
	AsOf civil.Date
	Key  *Key
	// Paper reads a file of the incident's folder, Proof the proof with a
	// SHA-256 sum and the name it is kept under. Their errors mean that the file
	// is not there any more; the pack then says so.
	Paper func(path string) ([]byte, error)
	Proof func(sha256 string) (name string, content []byte, err error)
	// Tell is told how many entries of the ledgers were read; nil tells nobody.
	Tell howfar.Teller
}

// ErrMoved says that the practice's ledger goes on after its last anchor, so that its duties
// may stand otherwise than what can be packed of it says: anchor it and read again.
var ErrMoved = errors.New("the practice's ledger went on while its pack was made")

// Build makes a pack. The same source, day and key give the same bytes. A ledger
// that does not hold is not packed: the error is then a *ledger.Broken. That of one
// practice is not packed in part: ErrMoved.
func Build(src Source, in Input) ([]byte, error) {
	c, err := collect(src, in.Tell)
	if err != nil {
		return nil, err
	}
	m := manifest{
		Format: format, Incident: src.Incident.Incident.ID, Practice: src.practiceKey(), Entity: src.Incident.Incident.Entity.Name,
		AsOf: in.AsOf, PublicKey: in.Key.Public(), IncidentHead: headOf(c.incident), Chains: c.chains, Absent: []Absent{},
	}
	files := map[string][]byte{incidentChain: c.incidentLines.Bytes(), practiceChain: c.practiceLines.Bytes()}
	if files[publicName], err = in.Key.PublicPEM(); err != nil {
		return nil, err
	}
	if files[accountName], err = json.MarshalIndent(src.Account, "", "  "); err != nil {
		return nil, err
	}
	if src.Practice == nil {
		if _, err := c.anchors.walk(src.Anchored, func(int, *heads) error { return nil }); err != nil {
			return nil, err
		}
		files[anchorsName] = lines(src.Anchored)
	} else {
		m.PracticeHead = new(head)
		*m.PracticeHead = headOf(c.practice)
		if err := addPractice(files, &m, src, c, in); err != nil {
			return nil, err
		}
	}
	if err := addProofs(files, &m, c, in); err != nil {
		return nil, err
	}
	if files[readmeName], err = papers.PackReadme(m.Incident, m.Practice, m.Entity, m.PublicKey, Fingerprint(m.PublicKey)); err != nil {
		return nil, err
	}
	return seal(m, files, in.Key)
}

// seal writes the manifest, signs it, and puts everything into the pack.
func seal(m manifest, files map[string][]byte, key *Key) ([]byte, error) {
	for name, b := range files {
		sum := sha256.Sum256(b)
		m.Files = append(m.Files, ledger.File{Path: name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(b))})
	}
	slices.SortFunc(m.Files, func(a, b ledger.File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(m.Absent, func(a, b Absent) int { return cmp.Compare(a.Path, b.Path) })
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	text = append(text, '\n')
	members := []member{content(manifestName, text), content(signatureName, key.sign(signManifest, text))}
	for _, f := range m.Files {
		members = append(members, content(f.Path, files[f.Path]))
	}
	return zipped(members)
}

// collected is what was read of the chains.
type collected struct {
	incident, practice           *ledger.Chain
	incidentLines, practiceLines bytes.Buffer
	chains                       int
	// story is the incident's entries and, for one practice, its own.
	story   []ledger.Entry
	anchors anchors
}

func headOf(c *ledger.Chain) head { return head{Seq: c.Head.Seq, Hash: c.Head.Hash} }

// collect reads and checks the chains. For the whole incident a practice's is packed
// as far as the anchors reach: what was written while the pack is made is in the next one.
func collect(src Source, tell howfar.Teller) (*collected, error) {
	id := src.Incident.Incident.ID
	reach, total, read := map[string]int{}, 0, 0
	for _, a := range src.Anchored {
		total += a.Seq - reach[a.Practice]
		reach[a.Practice] = a.Seq
	}
	c := &collected{incident: &ledger.Chain{Incident: id}}
	err := src.Entries(func(e ledger.Entry) error {
		if read++; tell != nil {
			// The incident's own ledger, and what follows the anchors, is read besides.
			total = max(total, read)
			tell(read, total)
		}
		chain, to := c.incident, &c.incidentLines
		if e.Practice != "" {
			if e.Seq > reach[e.Practice] {
				if src.Practice != nil {
					return ErrMoved
				}
				return nil
			}
			if c.practice == nil || c.practice.Practice != e.Practice {
				c.practice = &ledger.Chain{Incident: id, Practice: e.Practice}
				c.chains++
			}
			chain, to = c.practice, &c.practiceLines
		}
		if err := chain.Add(e); err != nil {
			return err
		}
		if e.Practice == "" {
			if err := c.takeAnchor(e); err != nil {
				return err
			}
		}
		if e.Practice == "" || src.Practice != nil {
			c.story = append(c.story, e)
		}
		return writeLine(to, e)
	})
	if err == nil && src.Practice != nil && c.practice == nil {
		c.practice = &ledger.Chain{Incident: id, Practice: src.practiceKey()}
	}
	return c, err
}

func (c *collected) takeAnchor(e ledger.Entry) error {
	b, err := e.Decode()
	if err != nil || b.Kind != ledger.KindAnchor {
		return err
	}
	return c.anchors.add(e, b)
}

func writeLine(to *bytes.Buffer, v any) error {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func lines[T any](list []T) []byte {
	var b bytes.Buffer
	for _, v := range list {
		_ = writeLine(&b, v) // structs of strings and numbers, into memory
	}
	return b.Bytes()
}

// addPractice adds what a pack of one practice holds beside the chains.
func addPractice(files map[string][]byte, m *manifest, src Source, c *collected, in Input) error {
	proofs, err := prove(c, src.Anchored, src.practiceKey())
	if err != nil {
		return err
	}
	inJSON := map[string]any{proofsName: proofs, dutiesName: src.Duties}
	if len(src.Looks) > 0 {
		inJSON[looksName] = src.Looks
	}
	for name, v := range inJSON {
		if files[name], err = json.MarshalIndent(v, "", "  "); err != nil {
			return err
		}
	}
	story, err := tell(c.story)
	if err != nil {
		return err
	}
	binder, err := papers.Binder(story.binder(src, in, c.practice.Head))
	if err != nil {
		return err
	}
	files[binderName] = binder
	for _, f := range story.papers {
		name := papersFolder + path.Base(f.Path)
		absent := func(why string) { m.Absent = append(m.Absent, Absent{Path: name, SHA256: f.SHA256, Why: why}) }
		if path.Base(f.Path) == "people.csv" {
			absent("patient data: it stays with the practice")
			continue
		}
		b, err := in.Paper(f.Path)
		switch sum := sha256.Sum256(b); {
		case errors.Is(err, fs.ErrNotExist):
			absent("it is not in the output folder any more")
		case err != nil:
			return fmt.Errorf("read %s for the pack: %w", f.Path, err)
		case hex.EncodeToString(sum[:]) != f.SHA256:
			absent("the file in the output folder is not the one that was made")
		default:
			files[name] = b
		}
	}
	return nil
}

// addProofs adds the proofs that people recorded. One that was recorded for the
// whole incident may name other practices: only the incident's pack has it.
func addProofs(files map[string][]byte, m *manifest, c *collected, in Input) error {
	for _, p := range proofsIn(c.story) {
		absent := func(why string) {
			m.Absent = append(m.Absent, Absent{Path: proofFolder + p.sum, SHA256: p.sum, Why: why})
		}
		if p.practice != m.Practice {
			absent("recorded for the whole incident: it is in the incident's own pack")
			continue
		}
		name, b, err := in.Proof(p.sum)
		switch sum := sha256.Sum256(b); {
		case errors.Is(err, fs.ErrNotExist):
			absent("it is not kept here")
		case err != nil:
			return fmt.Errorf("read the proof %s for the pack: %w", p.sum, err)
		case hex.EncodeToString(sum[:]) != p.sum:
			absent("the file that is kept is not the one that was recorded")
		default:
			files[proofFolder+strings.ToLower(path.Base(name))] = b
		}
	}
	return nil
}

type recordedProof struct{ practice, sum string }

// proofsIn lists the sums of the proofs that acts recorded and of the papers that
// practices signed, each once.
func proofsIn(entries []ledger.Entry) []recordedProof {
	var list []recordedProof
	for _, e := range entries {
		b, err := e.Decode()
		if err != nil || b.Kind != ledger.KindAct && b.Kind != ledger.KindSigned || b.Inputs["proof"] == "" {
			continue
		}
		if p := (recordedProof{e.Practice, b.Inputs["proof"]}); !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// prove makes the proofs that a practice's heads are in the incident's anchors:
// in every one since its first, so that no earlier form of its chain can be
// left out. Every anchor is checked on the way, of all practices.
func prove(c *collected, anchored []Anchored, practice string) ([]ledger.Proof, error) {
	proofs := []ledger.Proof{}
	_, err := c.anchors.walk(anchored, func(anchor int, h *heads) error {
		place, there := h.place(practice)
		if !there {
			return nil
		}
		proof, err := h.tree.Prove(place)
		if err != nil {
			return fmt.Errorf("the proof of practice %s: %w", practice, err)
		}
		proof.Anchor, proof.Seq = anchor, h.list[place].Seq
		proofs = append(proofs, proof)
		return nil
	})
	return proofs, err
}
