package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// Findings streams a list of findings: it calls each for every row, in any
// order, and ends with the first error. p is each's only until it returns.
type Findings = finding.List

// LoadInput is a case that passed validation.
type LoadInput struct {
	Incident   breach.Incident
	CaseSHA256 string
	// CaseFiles are the sums of the folder's files.
	CaseFiles casebook.CaseFiles
	Practices []breach.Practice
	// ListSHA256 identifies its list of findings, list number 1. Sources are the sums of
	// the files it was imported from, by their numbers; none where it was not.
	ListSHA256      string
	Sources         map[string]string
	RulebookVersion string
	RulebookSHA256  string
	// NoNotices keeps the notices to practices back until somebody says so.
	NoNotices bool
	// By and At say who started it and when.
	By string
	At time.Time
	// Seconds is how long validation took; loading adds its own.
	Seconds  float64
	Findings Findings
}

// LoadResult is what was loaded. AlreadyLoaded: the same case was there, and
// nothing changed.
type LoadResult struct {
	AlreadyLoaded               bool
	Practices, People, Findings int
	// Amendments are what came after the case folder it was started from.
	Amendments []casebook.Amendment
}

// LoadCase puts a new incident with its practices and findings into the
// database, all of it or nothing. progress, if given, is called now and then
// with the number of rows so far.
//
// Another case under the same incident id is refused with code "incident_exists",
// one whose id differs only in capitals with "incident_named_alike",
// and what CheckKeys refuses before anything is written.
func (s *Store) LoadCase(ctx context.Context, in LoadInput, progress func(rows int)) (LoadResult, error) {
	if err := breach.CheckPersonName("--by", in.By); err != nil {
		return LoadResult{}, err
	}
	if err := checkKeys(in); err != nil {
		return LoadResult{}, err
	}
	// In a transaction of its own: two loads under a new master key would wait for each other.
	if err := s.CheckKeys(ctx); err != nil {
		return LoadResult{}, err
	}
	var result LoadResult
	err := s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		inserted, err := q.InsertIncident(ctx, sqlgen.InsertIncidentParams{
			ID: in.Incident.ID, Facts: in.Incident, CaseSHA256: in.CaseSHA256, CaseFiles: in.CaseFiles,
			RulebookVersion: in.RulebookVersion, RulebookSHA256: in.RulebookSHA256, LoadedBy: in.By, LoadedAt: in.At,
			NoticesHeld: in.NoNotices,
		})
		if err != nil {
			return err
		}
		if alike, err := q.IncidentNamedAlike(ctx, in.Incident.ID); err == nil {
			return breach.Refuse("incident_named_alike", "Give the new incident another id: their folders would be one on a computer that ignores capitals.",
				"incident %s differs only in capitals from %s, which is there already", in.Incident.ID, alike)
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if inserted == 0 {
			result.AlreadyLoaded = true
		} else if err := s.load(ctx, tx, q, in, progress); err != nil {
			return err
		}
		incident, err := q.Incident(ctx, in.Incident.ID)
		if err != nil {
			return err
		}
		if result.Amendments, err = amendments(ctx, q, in.Incident.ID); err != nil {
			return err
		}
		if incident.CaseSHA256 != in.CaseSHA256 {
			if err := sameCase(incident.CaseFiles, result.Amendments, in); err != nil {
				return err
			}
		}
		result.Practices, result.People, result.Findings = incident.Practices, incident.People, incident.Findings
		return nil
	})
	if err != nil {
		return LoadResult{}, loading(err, in.Incident.ID)
	}
	return result, nil
}

// checkKeys refuses ids and keys that the output folder or a workflow's ID could not
// hold: the case would stop at its first paper.
func checkKeys(in LoadInput) error {
	if !breach.IsIncidentID(in.Incident.ID) {
		return breach.Refuse("bad_key", "Use 1 to 64 letters, digits and dashes, such as EX-2026-03.", "%q cannot be an incident's id", in.Incident.ID)
	}
	keys := make([]string, len(in.Practices))
	for i, p := range in.Practices {
		keys[i] = p.Key
	}
	return breach.CheckKeys(keys)
}

// sameCase refuses a folder that is not the one the incident was started from, each
// of its files either as it was then or as an amendment brought it.
func sameCase(started casebook.CaseFiles, since []casebook.Amendment, in LoadInput) error {
	var other []string
	for _, file := range []struct{ name, kind, started, is string }{
		{"incident.yaml", casebook.AmendIncident, started.Incident, in.CaseFiles.Incident},
		{"practices.csv", casebook.AmendPractices, started.Practices, in.CaseFiles.Practices},
		{"findings.csv", listOfFindings, started.Findings, in.CaseFiles.Findings},
	} {
		brought := slices.ContainsFunc(since, func(a casebook.Amendment) bool { return a.Kind == file.kind && a.SHA256 == file.is })
		if file.is == "" || file.is != file.started && !brought {
			other = append(other, file.name)
		}
	}
	if len(other) == 0 {
		return nil
	}
	return breach.Refuse("incident_exists",
		"If it was corrected, give the file to amend with --incident, --practices or --findings; give a new incident an id of its own.",
		"incident %s was started from another case folder, or this one was edited since: %s", in.Incident.ID, strings.Join(other, ", "))
}

func (s *Store) load(ctx context.Context, tx pgx.Tx, q *sqlgen.Queries, in LoadInput, progress func(int)) error {
	key, err := s.newDataKey(ctx, q, in.Incident.ID)
	if err != nil {
		return err
	}
	if err := q.SetSortMemory(ctx); err != nil {
		return err
	}
	practices := slices.SortedFunc(slices.Values(in.Practices), func(a, b breach.Practice) int { return cmp.Compare(a.Key, b.Key) })
	ids, err := q.TakePracticeIDs(ctx, len(practices))
	if err != nil {
		return err
	}
	l := finding.NewLoader(in.Incident.ID, in.Incident.Discovered, 1, key)
	for i, p := range practices {
		l.AddPractice(p.Key, ids[i], in.Incident.Entity.WritesLetters(p))
	}
	if err := l.Copy(ctx, tx, finding.Kept, in.Findings, progress); err != nil {
		return err
	}
	touched, err := insertPractices(ctx, q, in.Incident.ID, l, practices)
	if err != nil {
		return err
	}
	// What this very transaction wrote need not be looked at again.
	if err := countGroups(ctx, q, in.Incident.ID, ""); err != nil {
		return err
	}
	seconds, err := q.SumUpIncident(ctx, in.Incident.ID)
	if err != nil {
		return err
	}
	err = q.InsertList(ctx, sqlgen.InsertListParams{
		IncidentID: in.Incident.ID, Kind: listOfFindings, Number: 1, SHA256: in.ListSHA256, Rows: l.Rows(), Added: l.Rows(), Touched: touched,
		ByWhom: in.By, LoadedAt: in.At, Seconds: in.Seconds + seconds,
	})
	if err != nil {
		return err
	}
	inputs := map[string]string{"case": in.CaseSHA256, "list": in.ListSHA256}
	for number, sum := range in.Sources {
		inputs[ledger.SourceInput+number] = sum
	}
	return appendEntry(ctx, q, in.Incident.ID, "", ledger.Body{
		Kind: ledger.KindLoaded, Who: in.By, Identity: string(s.identity), When: in.At, Inputs: inputs,
		Rulebook: &ledger.Rulebook{Version: in.RulebookVersion, SHA256: in.RulebookSHA256},
	}, ledger.Loaded{List: 1, Rows: l.Rows(), Practices: len(practices), Added: l.Rows()})
}

// practicesAtATime is how many practices one statement inserts.
const practicesAtATime = 1000

// insertPractices writes the practices with what was counted of their findings,
// and returns the keys of those that have any.
func insertPractices(ctx context.Context, q *sqlgen.Queries, incidentID string, l *finding.Loader, practices []breach.Practice) ([]string, error) {
	touched := []string{}
	for chunk := range slices.Chunk(practices, practicesAtATime) {
		rows := sqlgen.InsertPracticesParams{IncidentID: incidentID, ListNumber: 1}
		var begins sqlgen.InsertAccountParams
		for _, p := range chunk {
			c := l.Counter(p.Key)
			if c.Findings > 0 {
				touched = append(touched, p.Key)
			}
			facts, err := json.Marshal(p)
			if err != nil {
				return nil, err
			}
			tally, err := json.Marshal(c.Tally())
			if err != nil {
				return nil, err
			}
			id, _ := l.PracticeID(p.Key) // made known by load, all of them
			for _, line := range l.Account(p.Key) {
				begins.PracticeIds = append(begins.PracticeIds, id)
				begins.States = append(begins.States, string(line.State))
				begins.Whys = append(begins.Whys, line.Why)
				begins.Residences = append(begins.Residences, line.Residence)
				begins.People = append(begins.People, line.People)
			}
			rows.Ids = append(rows.Ids, id)
			rows.PracticeKeys = append(rows.PracticeKeys, p.Key)
			rows.Facts = append(rows.Facts, facts)
			rows.Delegations = append(rows.Delegations, p.Delegation)
			rows.CountedAs = append(rows.CountedAs, p.CountedAs())
			rows.ListSha256s = append(rows.ListSha256s, c.ListSHA256())
			rows.Tallies = append(rows.Tallies, tally)
			rows.People = append(rows.People, c.People)
			rows.Findings = append(rows.Findings, c.Findings)
		}
		if err := q.InsertPractices(ctx, rows); err != nil {
			return nil, err
		}
		if err := q.InsertAccount(ctx, begins); err != nil {
			return nil, err
		}
	}
	return touched, nil
}

// countGroups is countGroups of people whose rows are looked at first.
func (c counting) countGroups(ctx context.Context, incidentID, entity string) error {
	if err := c.groups(ctx, incidentID, entity); err != nil {
		return err
	}
	return countGroups(ctx, c.q, incidentID, entity)
}

// countGroups counts the people of every counting entity of more than one
// practice, or of one, each person once however many of its practices know them.
// An entity that has come down to one practice is counted as that practice.
func countGroups(ctx context.Context, q *sqlgen.Queries, incidentID, entity string) error {
	which := sqlgen.GroupsOfParams{IncidentID: incidentID, Entity: entity}
	groups, err := q.GroupsOf(ctx, which)
	if err != nil {
		return err
	}
	for _, key := range groupKeys(groups, entity) {
		if err := q.LockGroup(ctx, sqlgen.LockGroupParams{IncidentID: incidentID, Key: key}); err != nil {
			return err
		}
	}
	// Again: another may have changed who belongs to it while this one waited.
	if groups, err = q.GroupsOf(ctx, which); err != nil {
		return err
	}
	if entity != "" && len(groups) == 0 {
		return q.DropGroup(ctx, sqlgen.DropGroupParams{IncidentID: incidentID, Key: entity})
	}
	for _, group := range groups {
		var c finding.Counter
		page := sqlgen.PeopleOfGroupParams{IncidentID: incidentID, CountedAs: group.Key, Page: pageRows}
		for {
			people, err := q.PeopleOfGroup(ctx, page)
			if err != nil {
				return err
			}
			for _, p := range people {
				c.Add(finding.Counted{
					Residence: p.Residence, Protected: true, Usable: p.UsableAddress, Email: p.ByEmail, Minor: p.Minor, Deceased: p.Deceased,
					Classes: breach.DataClassSet(p.DataClasses), // 27 bits.
				})
			}
			if len(people) < pageRows {
				break
			}
			page.After = people[len(people)-1].PersonKey
		}
		err := q.SaveGroup(ctx, sqlgen.SaveGroupParams{IncidentID: incidentID, Key: group.Key, Members: group.Members, Tally: c.Tally()})
		if err != nil {
			return err
		}
	}
	return nil
}

// groupKeys are the groups to lock, in order.
func groupKeys(groups []sqlgen.GroupsOfRow, entity string) []string {
	if entity != "" {
		return []string{entity}
	}
	keys := make([]string, len(groups))
	for i, g := range groups {
		keys[i] = g.Key
	}
	return keys
}

// pageRows is how many rows are read at a time where a practice's people may
// be any number: a few megabytes.
const pageRows = 5000

// loading says what failed, unless the error is for the person who loads.
func loading(err error, incidentID string) error {
	var was *finding.Altered
	if errors.As(err, &was) {
		return was
	}
	if refusal, ok := breach.AsRefusal(err); ok {
		return refusal
	}
	var list *finding.ListError
	if errors.As(err, &list) {
		return list.Err
	}
	return fmt.Errorf("load the findings of %s: %w", incidentID, err)
}
