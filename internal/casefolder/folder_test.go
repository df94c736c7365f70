package casefolder_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

// today is the day on which the tests read their case folders.
var today = civil.MustParse("2026-04-20")

// folder is a case folder in memory, spoilt by tests in one place at a time.
type folder struct {
	incident  string
	practices table
	findings  table
	// rawPractices and rawFindings stand for the files when they are not empty.
	rawPractices, rawFindings string
	// pairs is the list of pairs that an import left; empty for none.
	pairs string
}

// table is a list: its header and its rows.
type table struct {
	header []string
	rows   []map[string]string
}

const incidentText = `id: EX-2026-03
entity:
  name: Example Health Cloud, Inc.
  role: business_associate
  address: [100 Example Way, "Somerset, NJ 08873"]
  toll_free: 1-800-555-0100
  email: privacy@example.org
  website: https://example.org/notice
  public_company: no
occurred: {from: 2026-03-10, to: 2026-03-16}
discovered: 2026-03-16
determined: 2026-04-02
scope_identified: 2026-04-10
material_determined:
environment: ehr-3
breach_type: Hacking/IT Incident
location: [Electronic Medical Record, Network Server]
what_happened: |
  Somebody entered our system on March 10, 2026.
  We noticed on March 16, 2026.
what_we_are_doing: We closed the way in.
what_you_can_do: >
  Look through the letters
  of your insurer.
data_security: unsecured
data_security_standard:
keys_compromised:
exclusion:
exclusion_reason:
risk_assessment:
  conclusion: presumed
  factors: {nature_of_phi: "", unauthorized_person: "", acquired_or_viewed: "", mitigation: ""}
law_enforcement_holds:
  - {kind: oral, stated_on: 2026-03-20, official: A. Example, agency: Example Bureau, statement: Wait., until: , covers: [media]}
credit_monitoring: {provider: Example Watch, months: 24, enroll_url: https://example.org/enroll, phone: 1-800-555-0101}
letters: {approvers: 2, mail_by: 2026-05-01}
`

// wholeFolder is a case folder in which nothing is wrong.
func wholeFolder() *folder {
	return &folder{
		incident: incidentText,
		practices: table{casefolder.PracticeColumns(), []map[string]string{{
			"practice_key": "P1", "npi": "1234567893", "legal_name": "Example Family Practice, LLC", "dba": "Example Family Practice",
			"address1": "1 Main Street", "city": "Springfield", "state": "IL", "zip": "62701", "privacy_officer": "Ada Example",
			"email": "privacy@practice.example.org", "phone": "217-555-0100", "toll_free": "1-800-555-0102", "website": "practice.example.org",
			"baa_notice_days": "30", "agent": "no", "delegation": "all", "notified_on": "2026-04-01", "counting_entity": "P1",
			"part2_program": "no", "ca_licensed_facility": "no", "insurer": "no", "timezone": "America/Chicago",
		}}},
		findings: table{casefolder.FindingColumns(), []map[string]string{person("N1")}},
	}
}

func person(key string) map[string]string {
	return map[string]string{
		"person_key": key, "practice_key": "P1", "first_name": "Łukasz", "middle_name": "B.", "last_name": "Nguyễn", "suffix": "Jr.",
		"birth_date": "1980-02-29", "address1": "12 Oak Avenue", "address2": "Apt 3", "city": "Springfield", "state": "IL", "zip": "62701-1234",
		"country": "US", "email": "lukasz@example.org", "email_agreed_on": "2024-01-01", "phone": "+1 (217) 555-0103", "language": "en-US",
		"confidential_address": "no", "data_classes": "name;diagnosis", "acquired_or_viewed": "unknown", "source": "mailbox 7", "enrollment_code": fmt.Sprintf("CODE-%x", key),
	}
}

// say replaces one text of incident.yaml.
func (f *folder) say(old, replacement string) {
	if strings.Count(f.incident, old) != 1 {
		panic("incident.yaml does not have exactly one " + old)
	}
	f.incident = strings.Replace(f.incident, old, replacement, 1)
}

// line is the line of incident.yaml that a text is on.
func (f *folder) line(text string) int {
	before, _, found := strings.Cut(f.incident, text)
	if !found {
		panic("incident.yaml does not have " + text)
	}
	return strings.Count(before, "\n") + 1
}

// set fills cells of the first row: column, value, column, value.
func (t *table) set(cells ...string) {
	for i := 0; i < len(cells); i += 2 {
		t.rows[0][cells[i]] = cells[i+1]
	}
}

// drop takes columns away.
func (t *table) drop(columns ...string) {
	var kept []string
	for _, name := range t.header {
		if !strings.Contains(","+strings.Join(columns, ",")+",", ","+name+",") {
			kept = append(kept, name)
		}
	}
	t.header = kept
}

// rename writes a column's name another way; its cells stay.
func (t *table) rename(name, other string) {
	for i, h := range t.header {
		if h == name {
			t.header[i] = other
			for _, row := range t.rows {
				row[other] = row[name]
			}
		}
	}
}

func (t *table) csv() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(t.header)
	for _, row := range t.rows {
		record := make([]string, len(t.header))
		for i, name := range t.header {
			record[i] = row[name]
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

func (f *folder) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	practices, findings := f.rawPractices, f.rawFindings
	if practices == "" {
		practices = f.practices.csv()
	}
	if findings == "" {
		findings = f.findings.csv()
	}
	for name, content := range map[string]string{"incident.yaml": f.incident, "practices.csv": practices, "findings.csv": findings} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	if f.pairs != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, casefolder.PairsFile), []byte(f.pairs), 0o600))
	}
	return dir
}

// read reads the folder and returns its problems.
func (f *folder) read(t testing.TB) (*casefolder.Case, casefolder.Report, []casefolder.Problem) {
	t.Helper()
	return readDir(t, f.write(t))
}

func readDir(t testing.TB, dir string) (*casefolder.Case, casefolder.Report, []casefolder.Problem) {
	t.Helper()
	var problems []casefolder.Problem
	c, report, err := casefolder.Read(t.Context(), dir, today, func(p casefolder.Problem) error {
		problems = append(problems, p)
		return nil
	})
	require.NoError(t, err)
	return c, report, problems
}

func rulesOf(problems []casefolder.Problem) []string {
	var rules []string
	for _, p := range problems {
		rules = append(rules, p.Rule)
	}
	return rules
}
