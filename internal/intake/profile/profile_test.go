package profile_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/intake/profile"
)

func TestEveryShippedProfileCanBeCopied(t *testing.T) {
	t.Parallel()
	all, err := profile.Shipped()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, p := range all {
		text, err := profile.Text(p.ID)
		require.NoError(t, err, "a profile's file is named by its id")
		again, err := profile.Parse(text)
		require.NoError(t, err)
		require.Equal(t, p, again)
		require.NotEmpty(t, p.Title, p.ID)
		for _, table := range p.Tables {
			require.NotEmpty(t, table.Needs, "%s: a table that needs nothing is every table", p.ID)
		}
	}
	_, err = profile.Named("../shipped/list")
	require.Error(t, err)
}

func TestAProfileWithAWordOfNoMeaningIsRefused(t *testing.T) {
	t.Parallel()
	good := "id: mine\nformat: table\ntables:\n  - role: people\n    needs: [last_name]\n    columns: {last_name: [Nachname]}\n"
	_, err := profile.Parse([]byte(good))
	require.NoError(t, err)
	for _, bad := range []string{
		strings.Replace(good, "last_name: [", "lastname: [", 1),
		strings.Replace(good, "role: people", "role: persons", 1),
		strings.Replace(good, "format: table", "format: excel", 1),
		strings.Replace(good, "needs:", "need:", 1),
		good + "    kinds: {socials: [X]}\n",
		good + "    always: [everything]\n",
		good + "    values: {state: {a: b}}\n",
		good + "dates: ymd\n",
		"id: mine\nformat: table\n",
	} {
		_, err := profile.Parse([]byte(bad))
		require.Error(t, err, bad)
	}
	_, err = profile.Named("nothing-of-ours")
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok)
	require.Contains(t, refusal.Error(), "relativity", "the refusal names what there is")
}

// The headers are those in the formats' public documentation, and of files that the
// programs wrote in different years.
func TestProfilesAreGuessedFromTheirHeaders(t *testing.T) {
	t.Parallel()
	all, err := profile.Shipped()
	require.NoError(t, err)
	for _, c := range []struct{ header, id, role string }{
		{"person_key,practice_key,first_name,last_name,data_classes", "duenotice", "people"},
		{"practice_key,legal_name,npi,email", "duenotice", "practices"},
		{"Entity ID,Full Name,First Name,Middle Name(s),Last Name,Title,Records,Total PII,Merge Reason,Total Document Count,Total Reviewed Document Count,Total Unreviewed Document Count,Document Identifiers,Cluster ID,SSN,Address", "relativity", "people"},
		{"Master Entity ID,Entity Name,Raw Entities,Document IDs,SSN,DOB", "canopy", "people"},
		{"Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,MIDDLE,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,FIPS,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE,INCOME", "ehr", "people"},
		{"Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,ZIP", "ehr", "people"},
		{"ID,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS", "ehr", "people"},
		{"Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION", "ehr", "visits"},
		{"Id,NAME,ADDRESS,CITY,STATE,ZIP,LAT,LON,PHONE,REVENUE,UTILIZATION", "ehr", "practices"},
		{"NPI,Entity Type Code,Replacement NPI,Employer Identification Number (EIN),Provider Organization Name (Legal Business Name),NPI Deactivation Date,Provider First Line Business Mailing Address", "nppes", "directory"},
		{"Patient Name,DOB,Street Address,City,State,Zip Code,Clinic Name", "list", "people"},
	} {
		best := profile.Best(all, "", strings.Split(c.header, ","), func(*profile.Match) float64 { return 1 })
		require.NotEmpty(t, best, c.header)
		require.Equal(t, c.id+" "+c.role, best[0].Profile.ID+" "+string(best[0].Table.Role), c.header)
		if len(best) > 1 {
			require.Greater(t, best[0].Score(), best[1].Score(), "%s: %s %s is as good", c.header, best[1].Profile.ID, best[1].Table.Role)
		}
	}
}

func TestTheNearestColumnOfOneThatIsNotKnown(t *testing.T) {
	t.Parallel()
	p, err := profile.Named("ehr")
	require.NoError(t, err)
	for name, want := range map[string]string{"Given": "first_name", "brith_date": "birth_date", "ZIP_EXT": "zip", "Shoe Size": "", "HOME_ADDRESS": "address1"} {
		require.Equal(t, want, p.Tables[0].Nearest(name), name)
	}
}
