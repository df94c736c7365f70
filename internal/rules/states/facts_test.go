package states_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

// The tables of this file were written from the sources and from memory of the
// statutes, not from the rows: a slip in one row shows as a difference here.
// Where a row changes on purpose, its line here changes in the same commit.

// current is the law in force now, by State.
func current(t *testing.T) map[string]states.Version {
	t.Helper()
	rows, err := states.Embedded()
	require.NoError(t, err)
	law := map[string]states.Version{}
	for _, r := range rows {
		last := r.Versions[len(r.Versions)-1]
		require.True(t, last.EffectiveTo.IsZero(), "%s has no law in force now", r.Jurisdiction)
		law[r.Jurisdiction] = last
	}
	return law
}

// those lists the States for which is holds, in order.
func those(law map[string]states.Version, is func(states.Version) bool) string {
	var codes []string
	for code, v := range law {
		if is(v) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return strings.Join(codes, " ")
}

// same compares a table with what the rows say, State by State.
func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	for _, code := range slices.Sorted(maps.Keys(want)) {
		require.Equal(t, want[code], got[code], code)
	}
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
}

// table reads "AL a / AK b" into a map.
func table(text string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(text) {
		code, cell, found := strings.Cut(strings.TrimSpace(line), " ")
		if found {
			m[code] = strings.TrimSpace(cell)
		}
	}
	return m
}

func clocks(due []states.Clock) string {
	var all []string
	for _, c := range due {
		word := c.Unit
		if c.N != nil {
			word = fmt.Sprintf("%d %s", *c.N, c.Unit)
		}
		if c.Trigger != "" {
			word += " " + c.Trigger
		}
		all = append(all, word)
	}
	return strings.Join(all, " or ")
}

func threshold(t states.Threshold) string {
	word := t.Op
	if t.N != nil {
		word = fmt.Sprintf("%s%d", t.Op, *t.N)
	}
	if t.Of != "" && t.Of != states.OfResidents {
		word += " " + t.Of
	}
	return word
}

// TestEveryStateWithABreachLawHasItsRow: the fifty States, the District and
// three territories. Nothing was found for Samoa and the Northern Marianas.
func TestEveryStateWithABreachLawHasItsRow(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		"AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY",
		those(current(t), func(states.Version) bool { return true }))
}

func TestEveryDutyHasItsLawAndItsSource(t *testing.T) {
	t.Parallel()
	rows, err := states.Embedded()
	require.NoError(t, err)
	for _, r := range rows {
		for _, v := range r.Versions {
			require.NotEmpty(t, v.Citation, r.Jurisdiction)
			require.NotEmpty(t, v.Statute, r.Jurisdiction)
			require.NotEmpty(t, v.Sources, r.Jurisdiction)
			require.Equal(t, "2026-11-22", v.AsOf.String(), r.Jurisdiction)
			require.NotEmpty(t, v.Individuals.Says+v.Individuals.Source, r.Jurisdiction)
			require.NotEmpty(t, v.HIPAA.Basis, r.Jurisdiction)
			for _, g := range v.Regulators {
				require.NotEmpty(t, g.Source, "%s %s", r.Jurisdiction, g.ID)
				require.NotContains(t, g.Name, "Attorney General's", "%s: a name a letter could be addressed to", r.Jurisdiction)
			}
		}
	}
}

func TestLettersToResidentsAreDueWhenEachStateSays(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for code, v := range current(t) {
		got[code] = clocks(v.Individuals.Due)
	}
	same(t, table(`
		AL 45 days determined or 45 days notified
		AK none discovered
		AZ 45 days determined
		AR none discovered
		CA 30 calendar_days discovered
		CO 30 days determined
		CT 60 days discovered
		DE 60 days determined
		DC none discovered
		FL 30 days discovered
		GA none discovered
		HI none discovered
		ID none determined
		IL none discovered
		IN 45 days discovered
		IA none discovered
		KS none determined
		KY none discovered
		LA 60 days discovered
		ME 30 days scope_identified
		MD 45 days discovered
		MA none discovered
		MI none discovered
		MN none discovered
		MS none discovered
		MO none discovered
		MT none discovered
		NE none determined
		NV none discovered
		NH none determined
		NJ none discovered
		NM 45 calendar_days discovered
		NY 30 days discovered
		NC none discovered
		ND none discovered
		OH 45 days discovered
		OK none determined
		OR 45 days discovered
		PA none determined
		RI 45 calendar_days scope_identified
		SC none discovered
		SD 60 days discovered
		TN 45 days discovered
		TX 60 days determined
		UT none determined
		VT 45 days discovered
		VA none discovered
		WA 30 calendar_days discovered
		WV none discovered
		WI 45 days discovered
		WY none determined
		PR none discovered
		GU none discovered
		VI none discovered`), got)
}

// TestRegulatorsAreToldFromTheNumberTheStatuteNames has every filing in the
// order of its row: condition, comparator and number, clock. Of "more than 500"
// and "500 or more" each is what its statute says.
func TestRegulatorsAreToldFromTheNumberTheStatuteNames(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for code, v := range current(t) {
		var filings []string
		for _, r := range v.Regulators {
			if r.If == states.Insurer {
				continue // TestInsurersTellTheirOwnRegulator has them
			}
			word := threshold(r.Threshold) + ", " + clocks(r.Due)
			if r.If != "" {
				word = r.If + ": " + word
			}
			filings = append(filings, word)
		}
		if len(filings) > 0 {
			got[code] = strings.Join(filings, "; ")
		}
	}
	same(t, table(`
		AL >1000, 45 days determined or 45 days notified
		AK no_harm_filing: any, none determined
		AZ >1000, 45 days determined; >1000, 45 days determined
		AR >1000 people, with_letters or 45 days determined
		CA >500, 15 calendar_days letters_mailed
		CO >=500, 30 days determined
		CT any, by_letters
		DE >500, by_letters
		DC >=50, by_letters
		FL >=500, 30 days discovered; no_harm_filing: any, 30 days determined
		HI >1000 people, none letters_mailed
		ID government_entity: any, 24 hours discovered
		IL not_hipaa_filer: >500, by_letters; hipaa_filer: any affected_residents, 5 business_days hhs_filed
		IN any, 45 days discovered
		IA >500, 5 business_days letters_mailed
		LA any, 10 days letters_mailed; delay_filing: any, 60 days discovered
		ME not_insurer: any, none scope_identified or by_letters
		MD any, before_letters
		MA any, none discovered; any, none discovered
		MO >1000, none letters_mailed
		MT not_insurer: any, with_letters
		NE any, by_letters
		NH not_insurer: any, before_letters
		NJ any, before_letters
		NM >1000, 45 calendar_days discovered
		NY any, with_letters; any, with_letters; any, with_letters; hipaa_filer: any affected_residents, 5 business_days hhs_filed
		NC any, none letters_mailed
		ND >250 people, none discovered
		OK >=500, 60 days letters_mailed; credit_bureau: >=1000, 60 days letters_mailed
		OR not_hipaa_filer: >250, 45 days discovered; hipaa_filer: any, 45 days discovered; vendor: >250, none discovered
		PA not_insurer: >500, with_letters
		RI >500, none scope_identified; government_entity: any, 24 hours discovered
		SC >1000, none letters_mailed
		SD >250, 60 days discovered; no_harm_filing: any, none determined
		TX >=250, 30 days determined
		UT >=500, none determined; >=500, none determined; government_entity: >=500, 5 days discovered
		VT not_insurer: any, 14 business_days discovered or by_letters; not_insurer: any, with_letters
		VA not_insurer: any, none discovered; not_insurer: >1000, none letters_mailed; employer: any, none discovered; government_entity: any, none discovered
		WA not_hipaa_filer: >500, 30 days discovered; hipaa_filer: >500, 60 calendar_days discovered
		PR any, 10 days discovered`), got)
	require.Equal(t, "GA GU KS KY MI MN MS NV OH TN VI WI WV WY", those(current(t), func(v states.Version) bool {
		return !slices.ContainsFunc(v.Regulators, func(r states.Regulator) bool { return r.If != states.Insurer })
	}),
		"the jurisdictions whose law tells no regulator but that of insurers")
}

func TestConsumerReportingAgenciesAreToldFromTheNumberTheStatuteNames(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for code, v := range current(t) {
		if b := v.Bureaus; b != nil {
			got[code] = threshold(b.Threshold) + ", " + clocks(b.Due)
		}
	}
	same(t, table(`
		AL >1000, none discovered
		AK >1000, none discovered
		AZ >1000, 45 days determined
		CO >1000, none discovered
		DC >1000, none discovered
		FL >1000, none discovered
		GA >10000, none discovered
		HI >1000 people, none letters_mailed
		IN >1000, 45 days discovered
		KS >1000, none discovered
		KY >1000, none discovered
		ME >1000, none scope_identified
		MD >=1000, none discovered
		MA any, none discovered
		MI >1000, none letters_mailed
		MN >500, 48 hours discovered
		MO >1000, none discovered
		MT any, before_letters
		NV >1000, none discovered
		NH >1000, none determined
		NJ >1000, none discovered
		NM >1000, 45 calendar_days discovered
		NY >5000, with_letters
		NC >1000, none letters_mailed
		OH >1000, none discovered
		OR >1000, none discovered
		PA >500, none discovered
		RI >500, none scope_identified
		SC >1000, none letters_mailed
		SD any, none discovered
		TN >1000, none discovered
		TX >10000, none determined
		UT >=1000, none determined
		VT >1000, none discovered
		VA >1000, none letters_mailed
		WV >1000, none discovered
		WI >=1000, none discovered`), got)
}

// TestChainedClocksHangOnTheActBeforeThem: four States count from the letters,
// two from the day HHS was told.
func TestChainedClocksHangOnTheActBeforeThem(t *testing.T) {
	t.Parallel()
	counts := func(trigger string) func(states.Version) bool {
		return func(v states.Version) bool {
			return slices.ContainsFunc(v.Regulators, func(r states.Regulator) bool {
				return slices.ContainsFunc(r.Due, func(c states.Clock) bool { return c.Trigger == trigger && c.N != nil })
			})
		}
	}
	law := current(t)
	require.Equal(t, "CA IA LA OK", those(law, counts(states.LettersMailed)))
	require.Equal(t, "IL NY", those(law, counts(states.HHSFiled)))
	beforeLetters := func(v states.Version) bool {
		return slices.ContainsFunc(v.Regulators, func(r states.Regulator) bool { return r.Due[0].Unit == states.BeforeLetters })
	}
	require.Equal(t, "MD NH NJ", those(law, beforeLetters))
}

func TestHealthDataAloneIsPersonalInformation(t *testing.T) {
	t.Parallel()
	law := current(t)
	alone := func(v states.Version) bool { return v.PersonalInformation.HealthData == states.Yes }
	require.Equal(t, "AL AR AZ CA CO CT DC DE FL IL MD MO MT ND NY OR PR RI SD TX VT WA WY", those(law, alone))
	require.Equal(t, "NV PA", those(law, func(v states.Version) bool { return v.PersonalInformation.HealthData == states.Part }))

	has := func(class breach.DataClass) func(states.Version) bool {
		return func(v states.Version) bool {
			return slices.ContainsFunc(v.PersonalInformation.Elements, func(e states.Element) bool {
				return breach.SetOf(class)&states.Set(e.Classes) != 0 && (len(e.With) == 0 || breach.SetOf(class)&states.Set(e.With) != 0)
			})
		}
	}
	require.Equal(t, those(law, alone), those(law, has("diagnosis")))
	for _, class := range []breach.DataClass{"ssn", "drivers_license", "financial_account", "payment_card"} {
		require.Len(t, strings.Fields(those(law, has(class))), 54, "%s is personal information everywhere", class)
	}
	require.Len(t, strings.Fields(those(law, has("state_id"))), 51)
	require.Equal(t, "KY TN VI", those(law, func(v states.Version) bool { return !has("state_id")(v) && !has("passport")(v) }))
	require.Equal(t, "ND WA", those(law, has("date_of_birth")))
	require.Equal(t, "NV PR SD TX", those(law, has("medical_record_number")))
	require.Equal(t, "AL AZ CA CO CT DC DE FL IL MD MO ND NV NY OR PA PR RI SD TX VT WA WY", those(law, has("health_insurance_id")))
	require.Equal(t, "AL AZ CA CT DC DE IA MD MO MT NC NH NM OK OR PR SC SD TX VT WY", those(law, has("tin")))
	for _, class := range []breach.DataClass{"name", "address", "phone", "email", "photo", "other"} {
		require.Empty(t, those(law, has(class)), class)
	}
}

func TestCreditMonitoringIsOwedByMonthsAndClasses(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for code, v := range current(t) {
		if m := v.CreditMonitoring; m != nil {
			got[code] = fmt.Sprintf("%d %s", m.Months, strings.Join(m.AnyOf, " "))
		}
	}
	same(t, table(`
		CA 12 ssn drivers_license state_id tin passport
		CT 24 ssn tin
		DE 12 ssn
		DC 18 ssn tin
		MA 18 ssn
		PA 12 ssn financial_account drivers_license state_id`), got)
}

func TestHIPAAExcusesWhatEachClauseSays(t *testing.T) {
	t.Parallel()
	law := current(t)
	require.Equal(t, "AZ IA KY NM OH TN WI", those(law, func(v states.Version) bool { return v.HIPAA.Exempt == states.Yes }), "outside the statute")
	require.Equal(t, "AK CA GA LA MN MT NC NJ NV PR SC TX VI", those(law, func(v states.Version) bool { return v.HIPAA.Letter == states.No }), "no clause")
	require.Equal(t, "AR GU ME MS NH", those(law, func(v states.Version) bool { return v.HIPAA.Letter == states.Unknown }))
	require.Equal(t, "CO", those(law, func(v states.Version) bool { return v.HIPAA.ClockStays == states.Yes }), "the shorter day stays")

	kept := func(v states.Version) bool { return v.HIPAA.Letter == states.Yes && v.HIPAA.Regulators == states.No }
	require.Equal(t, "AL CO CT DC FL IL MA NE NY OK OR WA", those(law, kept), "the letter is excused, the regulator is told")
	require.Equal(t, "DE HI MD MO PA VA", those(law, func(v states.Version) bool { return v.HIPAA.Regulators == states.Doubtful }),
		"the words reach the regulator, and it is told all the same")
	whole := func(v states.Version) bool {
		ordinary := slices.ContainsFunc(v.Regulators, func(r states.Regulator) bool { return r.If != states.Insurer })
		return v.HIPAA.Exempt != states.Yes && v.HIPAA.Regulators == states.Yes && ordinary
	}
	require.Equal(t, "ID ND RI SD VT", those(law, whole), "the regulator is excused by a clause that is not an exemption")
	require.Equal(t, []string{"health", "health_insurance_id"}, law["VT"].HIPAA.LimitedTo)
	require.Equal(t, "VT", those(law, func(v states.Version) bool { return len(v.HIPAA.LimitedTo) > 0 }))
	require.Equal(t, "AZ ND PA TN WY", those(law, func(v states.Version) bool { return slices.Contains(v.HIPAA.Reaches, "business_associate") }))
	monitoring := func(v states.Version) bool { return v.CreditMonitoring != nil && v.HIPAA.CreditMonitoring != states.No }
	require.Equal(t, "DE MA PA", those(law, monitoring), "whether the months are excused is in doubt")

	// An insurer's filing stands in another act than the clause.
	for code, id := range map[string]string{"OH": "superintendent_of_insurance", "VA": "bureau_of_insurance", "MO": "department_of_commerce_and_insurance"} {
		v := law[code]
		i := slices.IndexFunc(v.Regulators, func(r states.Regulator) bool { return r.ID == id })
		require.GreaterOrEqual(t, i, 0, code)
		require.Equal(t, states.No, v.Excuses(v.Regulators[i]), code)
	}
	require.Equal(t, states.Doubtful, law["VA"].Excuses(law["VA"].Regulators[0]))
}

func TestLettersSayAndLeaveOutWhatEachStateAsks(t *testing.T) {
	t.Parallel()
	law := current(t)
	requires := func(item string) func(states.Version) bool {
		return func(v states.Version) bool {
			return slices.ContainsFunc(v.Letter.Requires, func(c states.Content) bool { return c.Item == item })
		}
	}
	forbids := func(item string) func(states.Version) bool {
		return func(v states.Version) bool {
			return slices.ContainsFunc(v.Letter.Forbids, func(c states.Content) bool { return c.Item == item })
		}
	}
	for item, want := range map[string]string{
		"attorney_general_contact": "DC IA MD NC OR RI",
		"state_agency_contacts":    "NY",
		"number_affected":          "RI",
		"fcra_rights":              "NM",
		"parent_company":           "MA",
		"police_report_right":      "MA RI",
		"freeze_how_to":            "CT DC DE MA RI WV",
		"freeze_free":              "DC MA",
		"ftc_contact":              "AZ CO DC IL MD NC",
		"bureau_contacts":          "AZ CA CO DC IA IL MD MO NC NM OR RI WA WV",
		"report_identity_theft":    "IA OR",
		"vigilance":                "HI MI MO NC NM VA VT WY",
		"lookup_contact":           "FL WV",
		"toll_free_number":         "PR WY",
		"web_site":                 "PR",
		"bureaus_by_telephone":     "WY",
		"police_delay":             "CA WY",
		"discovery_date":           "RI WA",
		"monitoring_enrolment":     "CT DE",
		"monitoring_offer":         "CA MA PA RI",
		"knowledge_statement":      "WI",
		"prescribed_headings":      "CA",
		"password_change":          "CO",
	} {
		require.Equal(t, want, those(law, requires(item)), item)
	}
	require.Equal(t, "IL MA", those(law, forbids("number_affected")))
	require.Equal(t, "MA", those(law, forbids("nature_of_breach")))
	require.Equal(t, "NJ VT WA", those(law, forbids("not_to_breached_account")))
	for code, v := range law {
		for _, c := range slices.Concat(v.Letter.Requires, v.Letter.Forbids) {
			require.NotEmpty(t, c.Says, "%s %s", code, c.Item)
		}
	}
}

// TestOnlyBrokersAndAgenciesAreBoundInGeorgia: no practice is.
func TestOnlyBrokersAndAgenciesAreBoundInGeorgia(t *testing.T) {
	t.Parallel()
	require.Equal(t, "GA", those(current(t), func(v states.Version) bool { return v.Binds.Practices != "" && v.Binds.Practices != states.Yes }))
}

// TestWhatIsNotVerifiedIsMarked lists every reading that nobody should take
// for certain; a release notes the ones that left the list.
func TestWhatIsNotVerifiedIsMarked(t *testing.T) {
	t.Parallel()
	verified, unverified := 0, []string{}
	note := func(code, duty string, e states.Evidence, v states.Version) {
		confidence := v.Confidence
		if e.Confidence != "" {
			confidence = e.Confidence
		}
		if confidence == breach.Verified {
			verified++
			return
		}
		unverified = append(unverified, code+" "+duty)
	}
	law := current(t)
	for _, code := range slices.Sorted(maps.Keys(law)) {
		v := law[code]
		note(code, "hipaa", states.Evidence{Confidence: v.HIPAA.Confidence}, v)
		note(code, "individuals", v.Individuals.Evidence, v)
		if v.DataOwner != nil {
			note(code, "data owner", v.DataOwner.Evidence, v)
		}
		for _, r := range v.Regulators {
			note(code, r.ID, r.Evidence, v)
		}
		if v.Bureaus != nil {
			note(code, "bureaus", v.Bureaus.Evidence, v)
		}
		if v.CreditMonitoring != nil {
			note(code, "credit monitoring", v.CreditMonitoring.Evidence, v)
		}
		note(code, "letter", v.Letter.Evidence, v)
	}
	require.Equal(t, []string{
		"AL commissioner_of_insurance", "CT insurance_commissioner", "FL hipaa", "GA data owner", "GU hipaa",
		"HI insurance_commissioner", "IA commissioner_of_insurance", "IN hipaa", "IN insurance_commissioner",
		"KY commissioner_of_insurance", "LA commissioner_of_insurance", "MD insurance_commissioner",
		"ME superintendent_of_insurance", "MI director_of_insurance", "MN hipaa", "MN commissioner_of_commerce",
		"MN bureaus", "MS hipaa", "MS commissioner_of_insurance", "MT hipaa", "MT commissioner_of_securities_and_insurance",
		"MT bureaus", "ND insurance_commissioner", "NH hipaa", "NH insurance_commissioner", "NY data owner",
		"OH superintendent_of_insurance", "OR hipaa", "OR attorney_general_hipaa", "OR attorney_general_vendor", "PA hipaa",
		"PR hipaa", "RI state_police_agencies", "RI director_of_business_regulation", "TN hipaa",
		"TN commissioner_of_insurance", "UT hipaa", "UT attorney_general", "UT utah_cyber_center", "UT bureaus", "VI hipaa",
		"WI commissioner_of_insurance",
	}, unverified)
	require.Equal(t, 304, verified+len(unverified))
}

// TestEarlierVersionsAreKept: New York has health data since March 2025, Missouri its insurers' days since 2026.
func TestEarlierVersionsAreKept(t *testing.T) {
	t.Parallel()
	rows, err := states.Embedded()
	require.NoError(t, err)
	for _, r := range rows {
		switch r.Jurisdiction {
		case "NY":
			require.Len(t, r.Versions, 2)
			require.Equal(t, states.No, r.Versions[0].PersonalInformation.HealthData)
			require.Equal(t, "2025-03-21", r.Versions[1].EffectiveFrom.String())
		case "MO":
			require.Len(t, r.Versions, 2)
			require.Len(t, r.Versions[0].Regulators, 1)
			require.Equal(t, "2026-01-01", r.Versions[1].EffectiveFrom.String())
		default:
			require.Len(t, r.Versions, 1, r.Jurisdiction)
		}
	}
}
