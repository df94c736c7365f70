package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

// corrected is a corrected list of practices that has the columns.
func corrected(sha string, columns []string, rows ...breach.Practice) postgres.AmendInput {
	return postgres.AmendInput{SHA256: sha, By: "Robin Officer", At: noon, Practices: rows, Columns: append([]string{"practice_key"}, columns...)}
}

func amend(t *testing.T, store *postgres.Store, in postgres.AmendInput) postgres.AmendResult {
	t.Helper()
	result, err := store.Amend(t.Context(), incidentID, in)
	require.NoError(t, err)
	return result
}

func closePractice(t *testing.T, store *postgres.Store, key string) {
	t.Helper()
	closed, _, err := store.ClosePractice(t.Context(), incidentID, key, practice(t, store, key).Changes, today, "done")
	require.NoError(t, err)
	require.True(t, closed)
}

func TestCorrectedPracticesMakePapersAnewAndApprovalsVoid(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), person("P1", "a"), person("P2", "b"), person("P3", "c")))
	approved(t, store, "P1", "P2", "P3")
	closePractice(t, store, "P3")
	_, err := store.ActOnPractice(t.Context(), casebook.Act{
		ID: "delegate", IncidentID: incidentID, PracticeKey: "P2", Kind: casebook.ActDelegate, Who: "Robin Officer", At: noon,
		Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateLetters},
	}, allowed)
	require.NoError(t, err)
	before := map[string]casebook.Practice{"P1": practice(t, store, "P1"), "P2": practice(t, store, "P2")}
	held := leftovers(t, url)

	in := corrected("file-1", []string{"legal_name", "email", "notified_on"},
		breach.Practice{Key: "P1", LegalName: "Practice P1, LLC", Email: "office@example.org"},
		breach.Practice{Key: "P2", LegalName: "Practice P2, Inc.", NotifiedOn: today},
		breach.Practice{Key: "P3", LegalName: "Practice P3, Inc.", Email: "three@example.org"})
	want := postgres.AmendResult{
		Number: 2, Practices: []string{"P1", "P2", "P3"}, Papers: []string{"P1", "P3"},
		Changes: []casebook.FieldChange{
			{PracticeKey: "P1", Field: "legal_name", Before: "Practice P1, Inc.", After: "Practice P1, LLC"},
			{PracticeKey: "P1", Field: "email", After: "office@example.org"},
			{PracticeKey: "P2", Field: "notified_on", After: today.String()},
			{PracticeKey: "P3", Field: "email", After: "three@example.org"},
		},
		Void: []casebook.VoidApproval{
			{PracticeKey: "P1", By: []string{"Robin Officer", "Sam Second"}}, {PracticeKey: "P3", By: []string{"Robin Officer", "Sam Second"}},
		},
	}
	trial := in
	trial.DryRun = true
	looked := ""
	trial.Look = func(ctx context.Context, amended *postgres.Reading) error {
		p, err := amended.Practice(ctx, incidentID, "P1")
		looked = p.Practice.LegalName
		return err
	}
	require.Equal(t, want, amend(t, store, trial))
	require.Equal(t, "Practice P1, LLC", looked, "it is looked at as it would be")
	require.Equal(t, before["P1"], practice(t, store, "P1"), "a dry run changes nothing")
	require.Equal(t, held, leftovers(t, url))

	require.Equal(t, want, amend(t, store, in))
	p1, p2, p3 := practice(t, store, "P1"), practice(t, store, "P2"), practice(t, store, "P3")
	require.Equal(t, "Practice P1, LLC", p1.Practice.LegalName)
	require.Equal(t, "VA", p1.Practice.State, "a column that the file does not have stays")
	require.Empty(t, p1.PapersSHA256)
	require.Empty(t, p1.Approvals)
	require.Equal(t, before["P2"].PapersSHA256, p2.PapersSHA256, "what is sent in its name is as it was")
	require.Len(t, p2.Approvals, 2)
	require.Equal(t, breach.DelegateLetters, p2.Practice.Delegation, "what was decided since stays decided")
	require.Equal(t, today, p2.Practice.NotifiedOn)
	require.Equal(t, casebook.PhaseStarting, p3.Phase, "open again")
	require.Equal(t, before["P1"].ListSHA256, p1.ListSHA256, "its people are the same")

	again := amend(t, store, in)
	require.True(t, again.AlreadyDone)
	require.Equal(t, 2, again.Number)
	require.Empty(t, again.Changes)
	acts, err := store.Acts(t.Context(), incidentID, "")
	require.NoError(t, err)
	last := acts[len(acts)-1]
	require.Equal(t, &casebook.AmendTerms{Of: "practices", List: 2, SHA256: "file-1", Fields: []string{"legal_name", "email", "notified_on"}, Practices: 3, Changes: 4}, last.Amend)
	require.Equal(t, ledger.Corrected{Of: "practices", List: 2, Fields: []string{"notified_on"}}, lastOf[ledger.Corrected](t, store, "P2", ledger.KindCorrected))

	// Another file, and then the first one again, which is news again.
	amend(t, store, corrected("file-2", []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: "Practice P1, Inc."}))
	back := amend(t, store, in)
	require.False(t, back.AlreadyDone)
	require.Equal(t, 4, back.Number)
	require.Equal(t, []string{"P1"}, back.Practices)
}

// lastOf is the result of the last entry of a kind in a practice's chain.
func lastOf[T any](t *testing.T, store *postgres.Store, key, kind string) (result T) {
	t.Helper()
	found := false
	require.NoError(t, store.Ledger(t.Context(), incidentID, key, func(e ledger.Entry) error {
		body, err := e.Decode()
		if err != nil || body.Kind != kind || e.Practice != key {
			return err
		}
		found = true
		result, err = ledger.ResultOf[T](body)
		return err
	}))
	require.True(t, found, "no entry of kind %s", kind)
	return result
}

func TestPapersOfACaseBeforeItWasCorrectedAreNotNoted(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	approved(t, store, "P1")
	before := practice(t, store, "P1")
	amend(t, store, corrected("file", []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: "Another, Inc."}))
	require.NoError(t, store.SavePapers(t.Context(), incidentID, "P1", papersOf(before, before.PapersSHA256)))
	require.Empty(t, practice(t, store, "P1").PapersSHA256)
	run, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1}, 100)
	require.NoError(t, err)
	require.Zero(t, run.Pieces, "nobody has looked at the papers that there will be")
}

func TestACorrectedCountingEntityIsCountedAnew(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3")
	list[0].CountingEntity, list[1].CountingEntity = "E", "E"
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P2", "a"), person("P2", "b"), person("P3", "b")))
	closePractice(t, store, "P1")
	require.Equal(t, 2, practice(t, store, "P2").Group.Tally.People)

	result := amend(t, store, corrected("file", []string{"counting_entity"}, breach.Practice{Key: "P1"}, breach.Practice{Key: "P3", CountingEntity: "E"}))
	require.Equal(t, []string{"P1", "P2", "P3"}, result.Practices, "who was counted with them looks again too")
	require.Nil(t, practice(t, store, "P1").Group)
	require.Equal(t, casebook.PhaseStarting, practice(t, store, "P1").Phase)
	group := practice(t, store, "P3").Group
	require.Equal(t, []string{"P2", "P3"}, group.Members)
	require.Equal(t, 2, group.Tally.People, "each once")

	amend(t, store, corrected("file-2", []string{"counting_entity"}, breach.Practice{Key: "P3"}))
	require.Nil(t, practice(t, store, "P2").Group, "it has come down to one practice")
}

func TestCorrectionsThatAreRefused(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	approved(t, store, "P1")
	mailRun(t, store, 1, 100)
	one := corrected("file", []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: "Another, Inc."})
	_, err := store.Amend(t.Context(), incidentID, one)
	refused(t, err, "mail_run_open")
	finish(t, store, 1, 1)
	before := leftovers(t, url)
	covered := incident()
	covered.Entity.Role = breach.CoveredEntity
	other := incident()
	other.ID = "EX-2"
	for code, in := range map[string]postgres.AmendInput{
		"unknown_practice": corrected("file", []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: "x"}, breach.Practice{Key: "P9", LegalName: "y"}),
		"letters_printed":  corrected("file", []string{"delegation"}, breach.Practice{Key: "P1", Delegation: breach.DelegateNone}),
		"other_incident":   {SHA256: "file", By: "Robin Officer", At: noon, Incident: &other},
	} {
		_, err := store.Amend(t.Context(), incidentID, in)
		refused(t, err, code)
	}
	_, err = store.Amend(t.Context(), incidentID, postgres.AmendInput{SHA256: "file", By: "Robin Officer", At: noon, Incident: &covered})
	refused(t, err, "letters_printed")
	_, err = store.Amend(t.Context(), "NONE", one)
	refused(t, err, "unknown_incident")
	require.Equal(t, before, leftovers(t, url), "nothing is written of what is refused")
}

func TestACorrectedIncidentKeepsWhatPeopleAdded(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	facts := incident()
	facts.WhatHappened = "Someone entered."
	facts.Holds = []breach.Hold{{Kind: breach.OralHold, StatedOn: civil.MustParse("2026-03-20"), Official: "C. Example", Agency: "FBI", Statement: "Wait."}}
	loaded(t, store, caseOf(facts, practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	approved(t, store, "P1")
	closePractice(t, store, "P2")
	sheriff := breach.Hold{Kind: breach.OralHold, StatedOn: civil.MustParse("2026-03-25"), Official: "D. Example", Agency: "Sheriff", Statement: "Wait.", Covers: []string{breach.CoversMedia}}
	for _, act := range []casebook.Act{
		{ID: "hold", Kind: casebook.ActHold, Hold: &sheriff},
		{ID: "release", Kind: casebook.ActRelease, Release: &casebook.ReleaseTerms{On: "2026-04-01"}},
		{ID: "determined", Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.DeterminedFact, On: civil.MustParse("2026-04-02")}}},
	} {
		act.IncidentID, act.Who, act.At = incidentID, "Robin Officer", noon
		_, err := store.ActOnIncident(ctx, act)
		require.NoError(t, err)
	}
	file := facts
	file.WhatHappened = "Somebody used a stolen password."
	file.Determined = civil.MustParse("2026-03-30")
	in := postgres.AmendInput{SHA256: "yaml", By: "Robin Officer", At: noon, Incident: &file}
	result := amend(t, store, in)
	require.Equal(t, []casebook.FieldChange{{Field: "what_happened", Before: "Someone entered.", After: "Somebody used a stolen password."}}, result.Changes)
	require.Len(t, result.Kept, 1)
	require.Equal(t, []string{"P1", "P2"}, result.Practices)
	require.Equal(t, []string{"P1", "P2"}, result.Papers)
	require.Equal(t, []casebook.VoidApproval{{PracticeKey: "P1", By: []string{"Robin Officer", "Sam Second"}}}, result.Void)
	now, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, "Somebody used a stolen password.", now.Incident.WhatHappened)
	require.Equal(t, civil.MustParse("2026-04-02"), now.Incident.Determined)
	require.Len(t, now.Incident.Holds, 2)
	for _, h := range now.Incident.Holds {
		require.Equal(t, "2026-04-01", h.ReleasedOn.String())
	}
	require.Equal(t, casebook.PhaseStarting, practice(t, store, "P2").Phase)
	again := amend(t, store, in)
	require.True(t, again.AlreadyDone)
	require.Equal(t, result.Number, again.Number)
}

// TestAnotherDayOfDiscoveryDecidesAnewWhoIsAMinorAndWhoseRecordIsProtected.
func TestAnotherDayOfDiscovery(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	young := with(person("P1", "young"), func(p *breach.Person) { p.BirthDate = civil.MustParse("2008-03-18") })
	long := with(person("P1", "long dead"), func(p *breach.Person) { p.DeceasedDate = civil.MustParse("1976-03-17") })
	adult := with(person("P2", "adult"), func(p *breach.Person) { p.BirthDate = civil.MustParse("1980-01-01") })
	facts := incident()
	facts.Occurred = breach.Span{From: civil.MustParse("2026-03-01"), To: civil.MustParse("2026-03-01")}
	loaded(t, store, caseOf(facts, practices("P1", "P2"), young, long, adult))
	approved(t, store, "P1", "P2")
	mailRun(t, store, 1, 100)
	finish(t, store, 1, 1)
	before := practice(t, store, "P1")
	require.Equal(t, 2, before.Tally.People)
	require.Equal(t, 1, before.Tally.Minors)
	require.Equal(t, 2, before.Account.In(account.Printed))

	later := facts
	later.Discovered = civil.MustParse("2026-03-20")
	result := amend(t, store, postgres.AmendInput{SHA256: "yaml", By: "Robin Officer", At: noon, Incident: &later})
	require.Equal(t, []string{"P1", "P2"}, result.Papers)
	require.Len(t, result.Void, 2)
	after := practice(t, store, "P1")
	require.Equal(t, 1, after.Tally.People, "dead for more than 50 years by then")
	require.Zero(t, after.Tally.Minors, "of age by then")
	require.Zero(t, after.Account.In(account.Printed))
	require.Equal(t, 1, after.Account.In(account.Waiting), "the letter to a parent is not the one to write")
	require.Equal(t, 1, after.Account.In(account.DeadFifty))
	require.Equal(t, 1, practice(t, store, "P2").Account.In(account.Printed))
	i, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3}, []int{i.People, i.Findings})

	amend(t, store, postgres.AmendInput{SHA256: "yaml again", By: "Robin Officer", At: noon, Incident: &facts})
	back := practice(t, store, "P1")
	require.Equal(t, before.Tally, back.Tally)
	require.Equal(t, before.ListSHA256, back.ListSHA256)
}

func TestStartSaysThatACaseWasCorrected(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	in := caseOf(incident(), practices("P1"), person("P1", "a"))
	in.CaseFiles = casebook.CaseFiles{Incident: "yaml-1", Practices: "practices-1", Findings: "list-1"}
	require.Empty(t, loaded(t, store, in).Amendments)
	amend(t, store, corrected("practices-2", []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: "Another, Inc."}))
	amended(t, store, amendment("list-2", person("P1", "b")))

	again := loaded(t, store, in)
	require.True(t, again.AlreadyLoaded)
	require.Len(t, again.Amendments, 2)
	require.Equal(t, []string{"practices", "findings"}, []string{again.Amendments[0].Kind, again.Amendments[1].Kind})

	edited := in
	edited.CaseSHA256, edited.CaseFiles.Practices, edited.CaseFiles.Findings = "edited", "practices-2", "list-2"
	again = loaded(t, store, edited)
	require.True(t, again.AlreadyLoaded)
	require.Equal(t, "Another, Inc.", practice(t, store, "P1").Practice.LegalName)

	edited.CaseFiles.Incident = "yaml-2"
	_, err := store.LoadCase(t.Context(), edited, nil)
	refused(t, err, "incident_exists")
	require.Contains(t, err.Error(), "incident.yaml")
	require.NotContains(t, err.Error(), "practices.csv")
}
