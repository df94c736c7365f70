package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

func TestWhichAgencyWasToldMustBeSaidWhereSeveralAreToBe(t *testing.T) {
	t.Parallel()
	duty := func(state, agency string, open bool) casebook.AgencyDuty {
		return casebook.AgencyDuty{Obligation: breach.Obligation{Rule: "state." + state + ".regulator." + agency, Jurisdiction: state}, Open: open}
	}
	clinics := casebook.AgencyDuty{Obligation: breach.Obligation{Rule: "ca.1280_15", Jurisdiction: "CA", Form: breach.FormDepartment}, Open: true}
	patients := casebook.AgencyDuty{Obligation: breach.Obligation{Rule: "ca.1280_15", Jurisdiction: "CA", Form: breach.FormPatient}, Open: true}
	for _, c := range []struct {
		name    string
		owed    []casebook.AgencyDuty
		every   bool
		want    string
		refused string
	}{
		{"one", []casebook.AgencyDuty{duty("MD", "attorney_general", true)}, false, "MD:attorney_general", ""},
		{"two of one State", []casebook.AgencyDuty{duty("NY", "attorney_general", true), duty("NY", "state_police", true)}, false, "", "which_agency"},
		{"one each of two States", []casebook.AgencyDuty{duty("MD", "attorney_general", true), duty("CT", "attorney_general", true)}, false, "", "which_agency"},
		{"all of them", []casebook.AgencyDuty{duty("MD", "attorney_general", true), duty("CT", "attorney_general", true)}, true, "MD:attorney_general CT:attorney_general", ""},
		{"the one that is left", []casebook.AgencyDuty{duty("MD", "attorney_general", false), duty("CT", "attorney_general", true)}, false, "CT:attorney_general", ""},
		{"all of them once more", []casebook.AgencyDuty{duty("MD", "attorney_general", false), duty("CT", "attorney_general", false)}, true, "MD:attorney_general CT:attorney_general", ""},
		{"the same for two practices", []casebook.AgencyDuty{duty("MD", "attorney_general", true), duty("MD", "attorney_general", true)}, false, "MD:attorney_general", ""},
		{"a licensed clinic's department, and its patients", []casebook.AgencyDuty{clinics, patients}, false, "CA:public_health", ""},
		{"none", nil, true, "", "no_agency"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := whichAgencies(c.owed, c.every)
			if c.refused != "" {
				refusal, ok := breach.AsRefusal(err)
				require.True(t, ok)
				require.Equal(t, c.refused, refusal.Code)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, breach.Agencies(got))
		})
	}
}
