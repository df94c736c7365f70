package play

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/clerk"
	"duenotice/internal/demo"
	"duenotice/internal/outfolder"
	"duenotice/internal/synthetic"
)

// parts are the story in its order.
func (r *run) parts() []part {
	return []part{
		{"generate", "people", r.generate},
		{"validate", "findings", r.validate},
		{"plan", "findings", r.plan},
		{"start", "practices", r.start},
		{"look", "commands", r.lookWaiting},
		{"pages", "practices", r.answerOnPages},
		{"delegate", "practices", r.answerInBulk},
		{"approve", "practices", r.approve},
		{"print", "letters", r.print},
		{"mail", "practices", r.recordFacts},
		{"returns", "letters", r.returns},
		{"record", "rows", r.recordRows},
		{"close", "practices", r.close},
		{"look-end", "commands", r.lookEnd},
	}
}

func (r *run) caseFolder() string { return r.path("case") }

func (r *run) generate(context.Context) (int, error) {
	params := synthetic.Default(r.kept.Discovered)
	params.IncidentID, params.Practices, params.People = r.kept.Incident, r.Size.Practices, r.Size.People
	params.Delegations.Unanswered = unanswered
	made, err := synthetic.Write(r.caseFolder(), params)
	r.kept.Result.Findings = made.Findings
	return made.People, err
}

func (r *run) validate(ctx context.Context) (int, error) {
	err := r.office.do(ctx, "validate CASE", "validate", r.caseFolder())
	return r.kept.Result.Findings, err
}

func (r *run) plan(ctx context.Context) (int, error) {
	err := r.office.do(ctx, "plan CASE", "plan", r.caseFolder())
	return r.kept.Result.Findings, err
}

// start starts the incident, and waits until every practice waits for people: its
// papers are made, and its notice is sent where e-mail reaches it.
func (r *run) start(ctx context.Context) (int, error) {
	if err := r.office.do(ctx, "start CASE", "start", r.caseFolder(), "--by", firstOfficer); err != nil {
		return 0, err
	}
	return r.Size.Practices, r.await(ctx, func(s casebook.Status) (int, bool) {
		starting := s.In(casebook.PhaseStarting)
		return starting, starting == 0
	})
}

// onPages is one of how many practices that are asked by e-mail answer on their pages;
// the others answer in writing, and are recorded in bulk.
const onPages = 10

// clerksAtOnce is how many of them come at the same time.
const clerksAtOnce = 4

func (r *run) answerOnPages(ctx context.Context) (int, error) {
	addresses, err := r.addresses()
	if err != nil {
		return 0, err
	}
	waiting, err := r.inPhase(ctx, casebook.PhaseDelegation)
	if err != nil {
		return 0, err
	}
	var asked []clerk.Invitation
	for _, key := range waiting {
		if way, ok := r.mail.invitation(addresses[key][0], addresses[key][1]); ok {
			asked = append(asked, way)
		}
	}
	some := asked[:(len(asked)+onPages-1)/onPages]
	if r.before.Sittings > 0 {
		// A code opens a page once, and some were given before the cut. What is left is answered in bulk.
		some = nil
	}
	group, grouped := errgroup.WithContext(ctx)
	group.SetLimit(clerksAtOnce)
	for _, invitation := range some {
		group.Go(func() error {
			return clerk.HTTP{}.Answer(grouped, invitation, clerk.Answer{Name: "Jo Lindqvist", Title: "Office manager", Delegation: breach.DelegateAll})
		})
	}
	if err := group.Wait(); err != nil {
		return 0, fmt.Errorf("a practice could not answer on its page: %w", err)
	}
	want := len(waiting) - len(some)
	r.kept.Result.Outcome.OnPages += len(some)
	return len(some), r.await(ctx, func(s casebook.Status) (int, bool) {
		left := s.In(casebook.PhaseDelegation)
		return left, left <= want
	})
}

// answerInBulk records what the other practices wrote, in one command.
func (r *run) answerInBulk(ctx context.Context) (int, error) {
	rows := [][]string{{"practice_key", "delegation"}}
	for _, phase := range []casebook.Phase{casebook.PhaseDelegation, casebook.PhaseNotice} {
		keys, err := r.inPhase(ctx, phase)
		if err != nil {
			return 0, err
		}
		for _, key := range keys {
			rows = append(rows, []string{key, breach.DelegateAll})
		}
	}
	if len(rows) > 1 {
		file, err := r.write("delegate.csv", rows)
		if err != nil {
			return 0, err
		}
		if err := r.office.do(ctx, "delegate --from", "delegate", r.kept.Incident, "--from", file, "--by", firstOfficer); err != nil {
			return 0, err
		}
	}
	return len(rows) - 1, r.await(ctx, func(s casebook.Status) (int, bool) {
		left := s.In(casebook.PhaseDelegation)
		return left, left == 0
	})
}

func (r *run) approve(ctx context.Context) (int, error) {
	if _, err := r.office.look(ctx, "approve --list", "approve", r.kept.Incident, "--list"); err != nil {
		return 0, err
	}
	status, err := r.status(ctx)
	if err != nil {
		return 0, err
	}
	err = r.office.do(ctx, "approve --all, the first", "approve", r.kept.Incident, "--all", "--by", firstOfficer)
	return status.In(casebook.PhaseApproval), err
}

// print gives the second approval, which waits until the letters are print-ready.
func (r *run) print(ctx context.Context) (int, error) {
	if err := r.office.do(ctx, "approve --all, the second", "approve", r.kept.Incident, "--all", "--by", secondOfficer); err != nil {
		return 0, err
	}
	status, err := r.status(ctx)
	r.kept.Result.Outcome.Letters, r.kept.Result.Outcome.Pages = status.Letters.Letters, status.Letters.Pages
	return status.Letters.Letters, err
}

// recordFacts records what was done for all practices at once: the mailing first.
func (r *run) recordFacts(ctx context.Context) (int, error) {
	records, today, err := r.records(ctx)
	if err != nil {
		return 0, err
	}
	for _, f := range records.Facts() {
		if err := r.office.do(ctx, "record --fact "+f.Kind, f.Words(r.kept.Incident, today, firstOfficer)...); err != nil {
			return 0, err
		}
	}
	return r.Size.Practices, nil
}

// cameBack is one of how many letters comes back.
const cameBack = 250

// returns takes in a list of letters that came back, of all batches.
func (r *run) returns(ctx context.Context) (int, error) {
	status, err := r.status(ctx)
	if err != nil {
		return 0, err
	}
	rows := [][]string{{"piece_id", "returned_on", "reason"}}
	batches, err := filepath.Glob(filepath.Join(outfolder.New(r.path("out")).Incident(r.kept.Incident).Dir(), "mail", "*", "pieces.csv"))
	if err != nil {
		return 0, err
	}
	slices.Sort(batches)
	n := 0
	for _, batch := range batches {
		err := eachRow(batch, func(row map[string]string) {
			if n++; n%cameBack == 0 {
				rows = append(rows, []string{row["piece_id"], status.AsOf.String(), ""})
			}
		})
		if err != nil {
			return 0, err
		}
	}
	r.kept.Result.Outcome.Returned = len(rows) - 1
	if len(rows) == 1 {
		return 0, nil
	}
	file, err := r.write("returns.csv", rows)
	if err != nil {
		return 0, err
	}
	err = r.office.do(ctx, "returns FILE", "returns", r.kept.Incident, file, "--by", firstOfficer)
	return len(rows) - 1, err
}

// recordRows records what is of one practice each, those who were told by telephone
// among it, and what the letters that came back brought with them.
func (r *run) recordRows(ctx context.Context) (int, error) {
	n, err := r.recordOwed(ctx)
	if err != nil {
		return 0, err
	}
	f := demo.Fact{Kind: breach.Acknowledged}
	status, err := r.status(ctx)
	if err != nil {
		return 0, err
	}
	return n, r.office.do(ctx, "record --fact "+f.Kind, f.Words(r.kept.Incident, status.AsOf, firstOfficer)...)
}

// recordOwed records what is owed by now of one practice each, and returns how many
// rows that were.
func (r *run) recordOwed(ctx context.Context) (int, error) {
	records, today, err := r.records(ctx)
	if err != nil {
		return 0, err
	}
	var held struct {
		Held []casebook.HeldLetter `json:"held"`
	}
	if err := r.office.read(ctx, &held, "status --held --json", "status", r.kept.Incident, "--held", "--json"); err != nil {
		return 0, err
	}
	for _, h := range held.Held {
		records.Call(h)
	}
	for _, f := range records.Facts() {
		if err := r.office.do(ctx, "record --fact "+f.Kind, f.Words(r.kept.Incident, today, firstOfficer)...); err != nil {
			return 0, err
		}
	}
	rows := records.Rows()
	if len(rows) > 1 {
		file, err := r.write("record.csv", rows)
		if err != nil {
			return 0, err
		}
		if err := r.office.do(ctx, "record --from", "record", r.kept.Incident, "--from", file, "--by", firstOfficer); err != nil {
			return 0, err
		}
	}
	return len(rows) - 1, nil
}

// Officers look again at what is owed when nothing has moved for lookAgainAfter, and
// looksAgain times at most: a letter that came back may have made a duty after they
// recorded what was owed.
const (
	lookAgainAfter = time.Minute
	looksAgain     = 3
)

// close waits until every practice is closed, but for those whose substitute notice
// stays up for its 90 days.
func (r *run) close(ctx context.Context) (int, error) {
	outcome := &r.kept.Result.Outcome
	done := func(s casebook.Status) (int, bool) {
		outcome.Closed, outcome.Posting, outcome.AddsUp = s.In(casebook.PhaseClosed), s.In(casebook.PhasePosting), s.Account.AddsUp
		outcome.Letters, outcome.Pages = s.Letters.Letters, s.Letters.Pages
		return outcome.Closed, outcome.Closed+outcome.Posting == s.Practices
	}
	err := r.awaitMoving(ctx, lookAgainAfter, done)
	for n := 0; n < looksAgain && errors.Is(err, errStill); n++ {
		if _, err := r.recordOwed(ctx); err != nil {
			return 0, err
		}
		err = r.awaitMoving(ctx, lookAgainAfter, done)
	}
	if errors.Is(err, errStill) {
		err = r.await(ctx, done)
	}
	if err != nil {
		return 0, err
	}
	outcome.Emails, err = r.mail.count()
	return r.Size.Practices, err
}

// records are what is owed by now.
func (r *run) records(ctx context.Context) (*demo.Records, civil.Date, error) {
	status, err := r.status(ctx)
	if err != nil {
		return nil, civil.Date{}, err
	}
	records := demo.NewRecords(status.AsOf)
	for _, phase := range status.Phases {
		if phase.Practices == 0 || phase.Phase == casebook.PhaseClosed {
			continue
		}
		list, err := r.details(ctx, phase.Phase)
		if err != nil {
			return nil, civil.Date{}, err
		}
		for _, practice := range list {
			records.Add(practice)
		}
	}
	return records, status.AsOf, nil
}

func (r *run) details(ctx context.Context, phase casebook.Phase) ([]casebook.PracticeStatus, error) {
	var s casebook.Status
	err := r.office.read(ctx, &s, "status --phase --json", "status", r.kept.Incident, "--phase", string(phase), "--json")
	return s.Details, err
}

// inPhase are the keys of the practices in a phase.
func (r *run) inPhase(ctx context.Context, phase casebook.Phase) ([]string, error) {
	list, err := r.details(ctx, phase)
	keys := make([]string, len(list))
	for i, p := range list {
		keys[i] = p.Key
	}
	return keys, err
}

// addresses are both e-mail addresses of every practice.
func (r *run) addresses() (map[string][2]string, error) {
	all := map[string][2]string{}
	err := eachRow(filepath.Join(r.caseFolder(), "practices.csv"), func(row map[string]string) {
		all[row["practice_key"]] = [2]string{row["email"], row["second_email"]}
	})
	return all, err
}

// eachRow reads a CSV file with a header.
func eachRow(path string, do func(map[string]string)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	rows := csv.NewReader(file)
	header, err := rows.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		named := make(map[string]string, len(row))
		for i, name := range header {
			named[name] = row[i]
		}
		do(named)
	}
}

// write writes a list for a command.
func (r *run) write(name string, rows [][]string) (string, error) {
	file, err := outfolder.Create(r.path(name))
	if err != nil {
		return "", err
	}
	defer file.Abort()
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		return "", err
	}
	_, err = file.Commit()
	return r.path(name), err
}
