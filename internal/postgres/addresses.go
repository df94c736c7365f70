package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// toCheck are the states of people whose address matters: a letter is owed to them, or
// came back. Where one was printed or mailed, another address would owe a second one.
var toCheck = []string{string(account.Waiting), string(account.Held), string(account.Returned)}

// AddressesToCheck gives the people whose address matters and may be compared with changes
// of address, each with a token. It says whose address it is to nobody who does not hold
// the incident's key, is no key of a person anywhere else, and stands for the person at
// this very name and address. Left out are addresses abroad, which the Postal Service does
// not know, and those that people asked for in confidence (45 CFR 164.522(b)), of which
// apart says how many.
func (s *Store) AddressesToCheck(ctx context.Context, incidentID string, each func(token string, p *breach.Person) error) (apart int, err error) {
	err = s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		if _, err := q.Incident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		read := finding.NewReader(incidentID, key)
		return eachToCheck(ctx, q, incidentID, func(f *sqlgen.Finding, practiceKey string) error {
			p, err := read.Person(f, practiceKey)
			if err != nil {
				return err
			}
			if !maySendOut(&p) {
				apart++
				return nil
			}
			return each(personToken(read, practiceKey, f.PersonKey)+"-"+addressToken(read, &p), &p)
		}, nil)
	})
	return apart, s.noting(ctx, err)
}

// maySendOut reports whether a person's address is given to a service.
func maySendOut(p *breach.Person) bool {
	return p.InUnitedStates() && p.ConfidentialAddress != breach.Yes
}

// NoteListOut writes into the incident's chain that a list of this hash was written for
// somebody outside.
func (s *Store) NoteListOut(ctx context.Context, incidentID, who string, at time.Time, sum string, list ledger.ListOut) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{
			Kind: ledger.KindListOut, Who: who, When: at, Inputs: map[string]string{"list": sum},
		}, list)
	})
}

// LatestAddressCheck is when the addresses of an incident were checked: by a list that was
// taken, or before the incident began, as its file says.
func (s *Store) LatestAddressCheck(ctx context.Context, incidentID string) (breach.AddressCheck, error) {
	incident, err := readIncident(ctx, s.q, incidentID)
	if err != nil {
		return breach.AddressCheck{}, err
	}
	return latestAddressCheck(ctx, s.q, incident.Incident)
}

func latestAddressCheck(ctx context.Context, q *sqlgen.Queries, incident breach.Incident) (breach.AddressCheck, error) {
	before := incident.PrintRun.AddressesCheckedOn
	row, err := q.LatestAddressCheck(ctx, incident.ID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		since, err := q.ListsAfterTheFirst(ctx, incident.ID)
		return breach.AddressCheck{On: before, ListsSince: since}, err
	case err != nil:
		return breach.AddressCheck{}, err
	}
	return breach.AddressCheck{On: civil.Later(before, row.CheckedOn), ListsSince: row.ListsSince}, nil
}

// CheckedAddressesInput is a list of addresses that a service checked.
type CheckedAddressesInput struct {
	SHA256 string
	By     string
	At     time.Time
	// CheckedOn is the day on which the service compared them, and Today the day of the
	// installation, after which no move counts yet.
	CheckedOn, Today civil.Date
	Rows             []breach.CheckedAddress
}

// listSHA256 tells the list of new addresses from the list that was checked.
func (in *CheckedAddressesInput) listSHA256() string {
	sum := sha256.Sum256([]byte("checked addresses of " + in.SHA256))
	return hex.EncodeToString(sum[:])
}

// Why a row of a list of checked addresses was left aside.
const (
	// AddressUnknown is a token of nobody who waits for a letter: another incident's, one
	// that was mistyped, or of somebody whose letter was printed meanwhile.
	AddressUnknown = "nobody who waits for a letter has the token"
	// AddressDoubled is a further row of one token that says the same.
	AddressDoubled = "the token is on an earlier line, with the same"
	// AddressDisputed is one of several rows of one token that say different things.
	AddressDisputed = "the token is on several lines that say different things; none is taken"
	// AddressOutdated is of somebody whose name or address a later list changed.
	AddressOutdated = "the name or address was changed after it went out"
)

// AddressLeft is a row that was left aside.
type AddressLeft struct {
	Line int
	Why  string
}

// CheckedAddressesResult is what became of a list of checked addresses.
type CheckedAddressesResult struct {
	// AlreadyTaken: the same list was taken before, as Number, and nothing changed.
	AlreadyTaken bool
	Number       int
	// Outcomes are how many people there are of each.
	Outcomes map[string]int
	// Left are the rows that were left aside, by line, and Lines those of people whose
	// address somebody has to look at, by outcome.
	Left  []AddressLeft
	Lines map[breach.AddressOutcome][]int
	// Missing is how many people's addresses the list says nothing of.
	Missing int
	// List is the further list that the new addresses made; its Number is 0 where there
	// was none to take. ActID is its act's.
	List  ListResult
	ActID string
}

// TakeCheckedAddresses takes what a service says of people's addresses. What is taken is
// breach.CheckedAddress's to decide; it is a further list, as LoadList takes one, so that
// papers are to be made and approved anew where an address changed. The address before is
// kept with what was said of it, sealed.
//
// It is refused with code "mail_run_open" while letters are printed, and with
// "checked_early" where the day of the check is still to come. A second time nothing changes.
func (s *Store) TakeCheckedAddresses(ctx context.Context, incidentID string, in CheckedAddressesInput) (CheckedAddressesResult, error) {
	result := CheckedAddressesResult{Outcomes: map[string]int{}, Lines: map[breach.AddressOutcome][]int{}}
	listSHA256 := in.listSHA256()
	result.ActID = "amend-" + listSHA256
	if in.CheckedOn.IsZero() || in.CheckedOn.After(in.Today) {
		return result, breach.Refuse("checked_early", "Give the day on which the service compared the addresses with the changes of address.", "the day of the check is not a day that has been")
	}
	err := s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		before, err := q.AddressCheckBySHA256(ctx, sqlgen.AddressCheckBySHA256Params{IncidentID: incidentID, SHA256: in.SHA256})
		if err == nil {
			result.AlreadyTaken, result.Number, result.Outcomes, result.List.Number = true, before.Number, before.Outcomes, before.ListNumber
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := notPrinting(ctx, q, incidentID, incident.Facts.PrintRun); err != nil {
			return err
		}
		if result.Number, err = q.NextAddressCheck(ctx, incidentID); err != nil {
			return err
		}
		people, err := s.takeAddresses(ctx, q, incidentID, &in, &result)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			result.List, err = s.addList(ctx, tx, q, incidentID, incident.Facts, ListInput{SHA256: listSHA256, By: in.By, At: in.At, Findings: inMemory(people)})
			if err != nil {
				return err
			}
		}
		err = q.InsertAddressCheck(ctx, sqlgen.InsertAddressCheckParams{
			IncidentID: incidentID, Number: result.Number, SHA256: in.SHA256, CheckedOn: in.CheckedOn, ListNumber: result.List.Number,
			Outcomes: result.Outcomes, ByWhom: in.By, At: in.At,
		})
		if err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{
			Kind: ledger.KindAddressesChecked, Who: in.By, When: in.At, Inputs: map[string]string{"list": in.SHA256},
		}, ledger.AddressesChecked{Check: result.Number, CheckedOn: in.CheckedOn, Outcomes: result.Outcomes, List: result.List.Number})
	})
	if err != nil {
		return CheckedAddressesResult{}, loading(s.noting(ctx, err), incidentID)
	}
	return result, nil
}

// takeAddresses decides of each person whose address matters, keeps what was said of it,
// and returns the rows of those who have another address now.
func (s *Store) takeAddresses(ctx context.Context, q *sqlgen.Queries, incidentID string, in *CheckedAddressesInput, result *CheckedAddressesResult) ([]breach.Person, error) {
	key, err := s.dataKey(ctx, q, incidentID)
	if err != nil {
		return nil, err
	}
	read := finding.NewReader(incidentID, key)
	rows := rowsByToken(in.Rows, result)
	var people []breach.Person
	kept := sqlgen.InsertCheckedAddressesParams{CheckNumber: result.Number}
	err = eachToCheck(ctx, q, incidentID, func(f *sqlgen.Finding, practiceKey string) error {
		p, err := read.Person(f, practiceKey)
		if err != nil {
			return err
		}
		token := personToken(read, practiceKey, f.PersonKey)
		row, there := rows[token]
		delete(rows, token)
		switch {
		case !there:
			if maySendOut(&p) {
				result.Missing++
			}
			return nil
		case row.disputed:
			return nil
		case row.address != addressToken(read, &p):
			result.Left = append(result.Left, AddressLeft{row.Line, AddressOutdated})
			return nil
		}
		is, outcome, why := row.Of(&p, in.Today)
		result.Outcomes[string(outcome)]++
		switch outcome {
		case breach.AddressLeft:
			result.Left = append(result.Left, AddressLeft{row.Line, why.Words()})
		case breach.AddressGone, breach.AddressIncomplete, breach.AddressUnconfirmed, breach.AddressUnsettled:
			result.Lines[outcome] = append(result.Lines[outcome], row.Line)
		}
		// Whose letter came back already has no usable address.
		if outcome.Changes() && (outcome != breach.AddressGone || f.State != string(account.Returned)) {
			people = append(people, is)
		}
		sealed, err := sealAddress(read, practiceKey, &p, row.CheckedAddress)
		if err != nil {
			return err
		}
		kept.PracticeIds, kept.PersonKeys = append(kept.PracticeIds, f.PracticeID), append(kept.PersonKeys, f.PersonKey)
		kept.Outcomes, kept.Sealed = append(kept.Outcomes, string(outcome)), append(kept.Sealed, sealed)
		return nil
	}, func() error {
		err := q.InsertCheckedAddresses(ctx, kept)
		kept = sqlgen.InsertCheckedAddressesParams{CheckNumber: result.Number}
		return err
	})
	for _, row := range rows {
		if !row.disputed {
			result.Left = append(result.Left, AddressLeft{row.Line, AddressUnknown})
		}
	}
	slices.SortFunc(result.Left, func(a, b AddressLeft) int { return a.Line - b.Line })
	for _, lines := range result.Lines {
		slices.Sort(lines)
	}
	return people, err
}

// tokenRow is what a list says under one token.
type tokenRow struct {
	breach.CheckedAddress
	// address is the part of the token that stands for the address.
	address string
	// disputed: several rows say different things.
	disputed bool
}

// rowsByToken has the rows of a list by the part of their token that stands for the person.
func rowsByToken(list []breach.CheckedAddress, result *CheckedAddressesResult) map[string]*tokenRow {
	rows := make(map[string]*tokenRow, len(list))
	for i := range list {
		person, address, _ := strings.Cut(list[i].Token, "-")
		first := rows[person]
		if first == nil {
			rows[person] = &tokenRow{CheckedAddress: list[i], address: address}
			continue
		}
		again := list[i]
		again.Line = first.Line
		if again == first.CheckedAddress {
			result.Left = append(result.Left, AddressLeft{list[i].Line, AddressDoubled})
			continue
		}
		if !first.disputed {
			first.disputed = true
			result.Left = append(result.Left, AddressLeft{first.Line, AddressDisputed})
		}
		result.Left = append(result.Left, AddressLeft{list[i].Line, AddressDisputed})
	}
	return rows
}

// eachToCheck goes over the people whose address matters. after, unless nil, is called
// whenever a part of them was read.
func eachToCheck(ctx context.Context, q *sqlgen.Queries, incidentID string, each func(f *sqlgen.Finding, practiceKey string) error, after func() error) error {
	page := sqlgen.AddressesToCheckParams{IncidentID: incidentID, States: toCheck, Page: pageRows}
	for {
		rows, err := q.AddressesToCheck(ctx, page)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := each(&rows[i].Finding, rows[i].PracticeKey); err != nil {
				return err
			}
		}
		if after != nil {
			if err := after(); err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
		last := &rows[len(rows)-1].Finding
		page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
	}
}

// tokens are written in letters and digits that no spreadsheet takes for a number, and
// that are told apart when they are read aloud.
var tokens = base32.StdEncoding.WithPadding(base32.NoPadding)

// personToken stands for a person of a practice: 80 bits, so that no two of any list have one.
func personToken(read *finding.Reader, practiceKey, personKey string) string {
	hash := read.Hash("address to check", practiceKey, personKey)
	return tokens.EncodeToString(hash[:10])
}

// addressToken stands for the name and address under which a person went out.
func addressToken(read *finding.Reader, p *breach.Person) string {
	first, last := p.AddresseeNames()
	hash := read.Hash("address that was checked", p.PracticeKey, p.Key, first, last, p.Address1, p.Address2, p.City, p.State, p.ZIP)
	return tokens.EncodeToString(hash[:5])
}

// addressNote is what is kept of a person's address, sealed.
type addressNote struct {
	Was  breach.PostalAddress  `json:"was"`
	Said breach.CheckedAddress `json:"said"`
}

const addressNoteName = "checked address"

func sealAddress(read *finding.Reader, practiceKey string, p *breach.Person, said breach.CheckedAddress) ([]byte, error) {
	plain, err := json.Marshal(addressNote{p.PostalAddress(), said})
	if err != nil {
		return nil, err
	}
	return read.SealNote(plain, addressNoteName, practiceKey, p.Key)
}

func openAddress(read *finding.Reader, practiceKey, personKey string, sealed []byte) (note addressNote, err error) {
	plain, err := read.OpenNote(sealed, addressNoteName, practiceKey, personKey)
	if err != nil {
		return note, err
	}
	decoder := json.NewDecoder(bytes.NewReader(plain))
	return note, decoder.Decode(&note)
}

// inMemory are people as the rows of a list.
func inMemory(people []breach.Person) Findings {
	return func(_ context.Context, each func(int, *breach.Person) error) error {
		for i := range people {
			if err := each(i+1, &people[i]); err != nil {
				return err
			}
		}
		return nil
	}
}
