package intake

import "duenotice/internal/casefolder"

// The files of a case folder that an import writes, besides practices.csv and
// findings.csv.
const (
	ReportJSON = "import-report.json"
	ReportCSV  = "import-report.csv"
	// UnplacedFile has the rows whose practice is not known, as rows of findings.csv.
	UnplacedFile = "import-unplaced.csv"
	// SourcesFile is the case's memory of what it was made from.
	SourcesFile = "import-sources.json"
	// KeyFile has the key by which ids become person keys. Whoever has it can try out
	// record numbers; later imports of the case need it to give a person the same key.
	KeyFile = "import-key"
)

// Report says what an import did, or would do.
type Report struct {
	// Refused: nothing was written, for the reasons in Needed, RefusedValues and Problems.
	Refused bool `json:"refused"`
	// DryRun: nothing was written because nothing was to be.
	DryRun  bool           `json:"dry_run"`
	Sources []SourceReport `json:"sources"`
	// Repaired, Needed and Offered count cells (or files) by repair; RefusedValues counts
	// what cannot be mended, Notes everything else, by rule.
	Repaired      map[string]int `json:"repaired"`
	Needed        map[string]int `json:"needed"`
	Offered       map[string]int `json:"could_be_repaired"`
	RefusedValues map[string]int `json:"refused_values"`
	Notes         map[string]int `json:"notes"`
	// Problems refuse the import as a whole: a masked export, a source that no profile fits.
	Problems []Problem `json:"problems"`
	// UnknownPractices are those that rows name and the list does not have.
	UnknownPractices []UnknownPractice `json:"unknown_practices"`
	// Rows counts rows of people and visits that were read; Written what is in the lists.
	Rows    Rows    `json:"rows"`
	Written Written `json:"written"`
	// Pairs counts people who are, or may be, one person under several keys.
	Pairs PairCounts `json:"pairs"`
	// PracticePairs counts practices that are, or may be, one covered entity.
	PracticePairs PairCounts `json:"practice_pairs"`
}

// SourceReport is one source.
type SourceReport struct {
	ID       string        `json:"id"`
	File     string        `json:"file"`
	Bytes    int64         `json:"bytes"`
	SHA256   string        `json:"sha256"`
	Format   string        `json:"format"`
	Encoding string        `json:"encoding,omitempty"`
	Tables   []TableReport `json:"tables"`
}

// TableReport is one table of a source.
type TableReport struct {
	Sheet     string `json:"sheet,omitempty"`
	HeaderRow int    `json:"header_row,omitempty"`
	// Profile is empty where none fits. Guessed: nobody named it, and Score says how well
	// it fits, of 100.
	Profile       string         `json:"profile"`
	ProfileSHA256 string         `json:"profile_sha256,omitempty"`
	Role          string         `json:"role,omitempty"`
	Guessed       bool           `json:"guessed"`
	Score         int            `json:"score"`
	Rows          int            `json:"rows"`
	Mapped        []MappedColumn `json:"mapped"`
	Unmapped      []NearColumn   `json:"unmapped"`
	// DateOrders is how dates with slashes of a column are read.
	DateOrders map[string]string `json:"date_orders,omitempty"`
}

// MappedColumn is a column of a source and what it was taken for.
type MappedColumn struct {
	Column string `json:"column"`
	As     string `json:"as"`
}

// NearColumn is a column that no name was known for, and the nearest of ours.
type NearColumn struct {
	Column  string `json:"column"`
	Nearest string `json:"nearest"`
}

// Problem is why an import is refused as a whole.
type Problem struct {
	Source  string `json:"source"`
	File    string `json:"file"`
	Sheet   string `json:"sheet,omitempty"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Fix     string `json:"fix"`
}

// UnknownPractice is a practice that rows name and the list does not have.
type UnknownPractice struct {
	ID   string `json:"id,omitempty"`
	NPI  string `json:"npi,omitempty"`
	Name string `json:"name,omitempty"`
	// Rule says whether it is unknown or could be several.
	Rule string `json:"rule"`
	// Hint is what NPPES says of it.
	Hint string `json:"hint,omitempty"`
	Rows int    `json:"rows"`
}

// Rows counts what was read.
type Rows struct {
	People  int `json:"people"`
	Visits  int `json:"visits"`
	LeftOut int `json:"left_out"`
}

// Written counts what stands in the lists.
type Written struct {
	Practices       int    `json:"practices"`
	People          int    `json:"people"`
	Findings        int    `json:"findings"`
	Unplaced        int    `json:"unplaced"`
	PracticesSHA256 string `json:"practices_sha256,omitempty"`
	FindingsSHA256  string `json:"findings_sha256,omitempty"`
}

func newReport() Report {
	return Report{
		Sources: []SourceReport{}, Problems: []Problem{}, UnknownPractices: []UnknownPractice{},
		Repaired: map[string]int{}, Needed: map[string]int{}, Offered: map[string]int{}, RefusedValues: map[string]int{}, Notes: map[string]int{},
	}
}

// shownColumn is a source's name of a column where it looks like one: what stands in a
// first row may be somebody's data.
func shownColumn(name, otherwise string) string {
	if casefolder.CanBeShown(name) {
		return name
	}
	return otherwise
}
