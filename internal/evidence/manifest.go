package evidence

import (
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
)

// Names of a pack's own files.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	stampName     = "timestamp.tsr"
	stampSigName  = "timestamp.sig"
	incidentChain = "ledger/incident.jsonl"
	practiceChain = "ledger/practices.jsonl"
	proofsName    = "ledger/proofs.json"
	anchorsName   = "ledger/anchors.jsonl"
	dutiesName    = "duties.json"
	accountName   = "account.json"
	looksName     = "posting-looks.json"
	binderName    = "binder.pdf"
	readmeName    = "README.txt"
	publicName    = "public-key.pem"
	papersFolder  = "papers/"
	proofFolder   = "proofs/"
)

// format is the version of what is in a pack.
const format = "duenotice evidence v1"

// manifest is manifest.json: what is signed.
type manifest struct {
	Format   string `json:"format"`
	Incident string `json:"incident"`
	// Practice is "" for a pack of the whole incident.
	Practice string `json:"practice"`
	Entity   string `json:"entity"`
	// AsOf is the day that lateness counts to.
	AsOf      civil.Date `json:"as_of"`
	PublicKey string     `json:"public_key"`
	// IncidentHead is the last entry of the incident's chain, PracticeHead of the practice's.
	IncidentHead head  `json:"incident_head"`
	PracticeHead *head `json:"practice_head,omitempty"`
	// Chains is the number of practices' chains in the pack.
	Chains int           `json:"chains"`
	Files  []ledger.File `json:"files"`
	// Absent are papers and proofs that the ledger has and the pack has not.
	Absent []Absent `json:"absent"`
}

type head struct {
	Seq  int         `json:"seq"`
	Hash ledger.Hash `json:"hash"`
}

// Absent is a file that the ledger knows by its hash only.
type Absent struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Why    string `json:"why"`
}

// Anchored is a practice's head at an anchor, where it had moved.
type Anchored struct {
	Anchor   int         `json:"anchor"`
	Practice string      `json:"practice"`
	Seq      int         `json:"seq"`
	Hash     ledger.Hash `json:"-"`
}

// Source is what a pack is made from, as it stood at one moment.
type Source struct {
	Incident casebook.Incident
	// Practice is nil for a pack of the whole incident; Duties are the practice's.
	Practice *casebook.Practice
	Duties   []casebook.ObligationStatus
	// Account is where everybody of the pack stands: counts by state, without residences.
	Account casebook.IncidentAccount
	// Looks are those at the practice's posting, in the order in which they were made.
	Looks []ledger.LookProof
	// Entries streams the incident's chain and then the practices' in key order.
	Entries func(each func(ledger.Entry) error) error
	// Anchored are the heads at every anchor, of all practices, in order.
	Anchored []Anchored
}

func (s Source) practiceKey() string {
	if s.Practice == nil {
		return ""
	}
	return s.Practice.Practice.Key
}
