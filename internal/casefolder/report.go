package casefolder

// Problem is one thing wrong with the case folder. Line 1 is a CSV file's
// header; line 0 means the whole file. It holds no patient data.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	// Column is the column's name, or the key's path in incident.yaml; empty for a whole row or file.
	Column   string   `json:"column"`
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// PracticeKey is the row's practice, when the row has a well-formed one.
	PracticeKey string `json:"practice_key,omitempty"`
	Message     string `json:"message"`
	Fix         string `json:"fix"`
}

// Sink is called for every problem, in file order for each file: incident.yaml,
// practices.csv, then findings.csv; problems of a whole list that show only at
// its end come after those of its rows. An error from it stops the reading and
// is returned. A nil Sink only counts.
type Sink func(Problem) error

// FileCounts counts one file's rows: each is OK, warned or refused. Rows
// without any content are among the warned. incident.yaml counts as one row.
type FileCounts struct {
	Name    string `json:"name"`
	Rows    int    `json:"rows"`
	OK      int    `json:"ok"`
	Warned  int    `json:"warned"`
	Refused int    `json:"refused"`
}

// UnknownColumn is a column that is in a file and not in the contract.
type UnknownColumn struct {
	File   string `json:"file"`
	Column string `json:"column"`
}

// Report is what the reading came to.
type Report struct {
	Files []FileCounts `json:"files"`
	// ByRule counts problems by rule id.
	ByRule         map[string]int  `json:"by_rule"`
	Errors         int             `json:"errors"`
	Warnings       int             `json:"warnings"`
	UnknownColumns []UnknownColumn `json:"unknown_columns"`
}

// Refused reports whether anything in the folder was refused; then nothing of it may be used.
func (r Report) Refused() bool { return r.Errors > 0 }

// collector passes problems on and keeps the counts. Its first error from the
// sink is kept in err, after which everything is dropped.
type collector struct {
	sink   Sink
	report Report
	err    error

	file string
	// The row that is being read.
	line        int
	practiceKey string
	errors      int
	warnings    int
}

func newCollector(sink Sink) *collector {
	return &collector{sink: sink, report: Report{ByRule: map[string]int{}, UnknownColumns: []UnknownColumn{}}}
}

func (c *collector) openFile(name string) {
	c.file = name
	c.report.Files = append(c.report.Files, FileCounts{Name: name})
	c.startRow(0)
}

func (c *collector) startRow(line int) {
	c.line, c.practiceKey, c.errors, c.warnings = line, "", 0, 0
}

// endRow counts the row by the worst of its problems.
func (c *collector) endRow() {
	counts := &c.report.Files[len(c.report.Files)-1]
	counts.Rows++
	switch {
	case c.errors > 0:
		counts.Refused++
	case c.warnings > 0:
		counts.Warned++
	default:
		counts.OK++
	}
	c.startRow(0)
}

// problem reports a problem of the row being read, with the rule's own fix.
func (c *collector) problem(rule, column, message string) {
	c.problemFix(rule, column, message, texts[rule].fix)
}

func (c *collector) problemFix(rule, column, message, fix string) {
	severity := SeverityError
	if rule[0] == 'W' {
		severity = SeverityWarning
		c.warnings++
		c.report.Warnings++
	} else {
		c.errors++
		c.report.Errors++
	}
	c.report.ByRule[rule]++
	if c.sink == nil || c.err != nil {
		return
	}
	c.err = c.sink(Problem{
		File: c.file, Line: c.line, Column: column, Rule: rule, Severity: severity,
		PracticeKey: c.practiceKey, Message: message, Fix: fix,
	})
}
