package fhir_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/intake/fhir"
	"duenotice/internal/intake/rows"
)

func read(t testing.TB, text string) ([]map[string]string, map[string]int, error) {
	t.Helper()
	r := fhir.New(strings.NewReader(text))
	var all []map[string]string
	var row rows.Row
	for {
		err := r.Next(&row)
		if errors.Is(err, io.EOF) {
			return all, r.Others, nil
		}
		if err != nil {
			return all, r.Others, err
		}
		header := r.Header(row.Table)
		cells := map[string]string{"table": row.Table}
		for i, cell := range row.Cells {
			if cell != "" {
				cells[header[i]] = cell
			}
		}
		if row.Problem != "" {
			cells["problem"] = row.Problem
		}
		all = append(all, cells)
	}
}

const patient = `{"resourceType":"Patient","id":"p1",
 "identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"000-00-0000"},{"type":{"coding":[{"code":"MR"}]},"value":"M1"}],
 "name":[{"use":"maiden","family":"Poe"},{"use":"official","family":"Doe","given":["Ann","Rue"],"suffix":["MD"]}],
 "telecom":[{"system":"phone","value":"555-0100","use":"home"},{"system":"email","value":"a@example.org"}],
 "birthDate":"1980-01-02","deceasedDateTime":"2020-03-04T05:06:07-05:00",
 "address":[{"use":"old","line":["9 Old"]},{"line":["1 Oak St","Apt 2"],"city":"Reno","state":"NV","postalCode":"89501","country":"US"}],
 "communication":[{"language":{"coding":[{"code":"es"}]},"preferred":true}],
 "contact":[{"relationship":[{"coding":[{"code":"C"}]}],"name":{"text":"Emergency Only"}}],
 "managingOrganization":{"reference":"Organization/o1"}}`

const (
	visit = `{"resourceType":"Encounter","id":"e1","subject":{"reference":"urn:uuid:p1"},"serviceProvider":{"reference":"Organization?identifier=https://example.org|o1","display":"Oak Street"},"reasonCode":[{"text":"x"}]}`
	org   = `{"resourceType":"Organization","id":"o1","name":"Oak Street","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"address":[{"line":["1 Oak"],"city":"Reno","state":"NV","postalCode":"89501"}]}`
	other = `{"resourceType":"Observation","id":"x","valueString":"secret"}`
)

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "") }

func TestResourcesInWhateverTheyStandIn(t *testing.T) {
	t.Parallel()
	want := []map[string]string{
		{
			"table": "Patient", "id": "p1", "family": "Doe", "given": "Ann", "middle": "Rue", "suffix": "MD", "birthDate": "1980-01-02", "deceased": "2020-03-04",
			"line1": "1 Oak St", "line2": "Apt 2", "city": "Reno", "state": "NV", "postalCode": "89501", "country": "US", "phone": "555-0100", "email": "a@example.org",
			"language": "es", "managingOrganization": "o1", "identifier.SS": "yes", "identifier.MR": "yes",
		},
		{"table": "Encounter", "subject": "p1", "serviceProvider": "o1", "serviceProvider.display": "Oak Street", "reason": "yes"},
		{"table": "Organization", "id": "o1", "npi": "1234567893", "name": "Oak Street", "line1": "1 Oak", "city": "Reno", "state": "NV", "postalCode": "89501"},
	}
	list := []string{patient, visit, other, org}
	entries := make([]string, len(list))
	for i, r := range list {
		entries[i] = `{"fullUrl":"urn:uuid:` + "x" + `","resource":` + r + `}`
	}
	bundle := `{"type":"collection","entry":[` + strings.Join(entries, ",") + `],"resourceType":"Bundle"}`
	for name, text := range map[string]string{
		"NDJSON":     oneLine(patient) + "\n" + oneLine(visit) + "\n" + other + "\n" + org + "\n",
		"a bundle":   bundle,
		"bundles":    bundle[:0] + `{"resourceType":"Bundle","entry":[` + entries[0] + `]}` + "\n" + `{"resourceType":"Bundle","entry":[` + strings.Join(entries[1:], ",") + `]}`,
		"an array":   "[" + strings.Join(list, ",") + "]",
		"whitespace": strings.Join(list, "  \n\n"),
	} {
		all, others, err := read(t, text)
		require.NoError(t, err, name)
		require.Equal(t, want, all, name)
		require.Equal(t, map[string]int{"Observation": 1}, others, name)
	}
}

func TestWhatBreaksOffIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{patient[:200], `{"resourceType":"Bundle","entry":[` + org, org + "\n{", "7", `{"resourceType":"Bundle","entry":{}}`} {
		_, _, err := read(t, text)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%q: %v", text, err)
		require.Equal(t, "fhir_json", refusal.Code)
	}
	all, _, err := read(t, `{"resourceType":"Patient","name":"no list"}`+"\n"+org)
	require.NoError(t, err)
	require.Equal(t, rows.Damaged, all[0]["problem"], "one resource that is none costs one row")
	require.Len(t, all, 2)
}

func FuzzFHIR(f *testing.F) {
	for _, s := range []string{patient, visit, org, `{"resourceType":"Bundle","entry":[{"resource":{}}]}`, "[]", "{}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, _, _ = read(t, text) // it may refuse; it may not panic or hang
	})
}
