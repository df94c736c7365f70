package accesslog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"duenotice/internal/accesslog/baseline"
	"duenotice/internal/accesslog/logs"
	"duenotice/internal/breach"
	"duenotice/internal/intake"
	"duenotice/internal/intake/spill"
)

// Options are what somebody says to Run.
type Options struct {
	// Dir is the case folder, Logs the files of the logs, rotated ones too.
	Dir  string
	Logs []string
	// Profiles are names of shipped profiles, or paths; none means a guess.
	Profiles []string
	// From and To are the window; To is not in it.
	From, To time.Time
	// Zone is that of hours of the day, and LogZone that of times in logs which name none;
	// nil refuses those.
	Zone, LogZone *time.Location
	// Accounts are those whose people are wanted; none judges accounts only.
	Accounts []string
	// IDs is the system whose ids the logs have: a profile's namespace, or person_key.
	// Empty is the one that the case's import used.
	IDs string
	// Roles is a CSV file with account and role, for logs that have no roles.
	Roles string
	// Write writes the answers into findings.csv too.
	Write bool
	// LeaveOutNo leaves the rows out that are answered with no: nobody writes to them.
	LeaveOutNo bool
	Now        time.Time
}

// run is one Run.
type run struct {
	o      Options
	window window
	report Report
	dir    string

	logs      []*logs.Log
	coverage  map[string]*coverage
	accounts  *names
	roles     *names
	places    *places
	roleLines map[[2]uint32]int
	roleGiven map[string]string

	tally   *tally
	chosen  map[string]bool
	touched touched
	met     *spill.Sorter
	people  *intake.PersonKeys
	system  string
	base    list
	unnamed steps
	// unnamedIn is the log with the first of them, words counts unknown words for actions.
	unnamedIn string
	words     map[string]int
	seen      map[uint32]bool
	recent    map[string]struct{}
	out       *outputs
}

// Run reads the logs and writes its reports into the case folder. Its refusals are
// *breach.Refusal errors. The same logs, options and case give the same bytes.
func Run(ctx context.Context, o Options) (Report, error) {
	r := &run{
		o: o, window: window{o.From, o.To}, coverage: map[string]*coverage{}, accounts: newNames("accounts", mostAccounts), roles: newNames("roles", mostRoles),
		roleLines: map[[2]uint32]int{}, chosen: map[string]bool{}, seen: map[uint32]bool{}, recent: map[string]struct{}{}, words: map[string]int{},
		report: Report{From: o.From, To: o.To, Zone: o.Zone.String(), Rules: theRules(), Logs: []LogReport{}, Roles: []RoleReport{}, Shown: []AccountReport{}, UnknownActions: map[string]int{}, CannotShow: []Limit{}},
	}
	if !o.From.Before(o.To) {
		return r.report, breach.Refuse("access_window", "Give --from and --to in this order.", "the window ends before it begins")
	}
	if info, err := os.Stat(o.Dir); err != nil || !info.IsDir() {
		return r.report, breach.Refuse("no_case_folder", "Write one with `duenotice init CASE`.", "%s is not a folder", o.Dir)
	}
	for _, name := range o.Accounts {
		r.chosen[strings.ToLower(strings.TrimSpace(name))] = true
	}
	delete(r.chosen, "")
	dir, forget, err := intake.Workplace(o.Dir)
	if err != nil {
		return r.report, err
	}
	r.dir, r.out = dir, &outputs{dir: o.Dir}
	err = r.all(ctx)
	r.out.abort()
	return r.report, errors.Join(err, forget())
}

// all is the work from the first byte to the last.
func (r *run) all(ctx context.Context) error {
	if err := r.takeLogs(ctx); err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	for i, l := range r.logs {
		if err := r.read(ctx, i, l); err != nil {
			return err
		}
	}
	if err := r.refuseUnknownAccounts(); err != nil {
		return err
	}
	if err := r.judge(); err != nil {
		return err
	}
	r.tellWords()
	r.cannotShow()
	return r.write(ctx)
}

// takeLogs hashes the logs and finds their profiles.
func (r *run) takeLogs(ctx context.Context) error {
	profiles, err := logs.Shipped()
	if err != nil {
		return err
	}
	if len(r.o.Profiles) > 0 {
		profiles = nil
		for _, name := range r.o.Profiles {
			p, err := logs.Named(name)
			if err != nil {
				return err
			}
			profiles = append(profiles, p)
		}
	}
	for i, path := range r.o.Logs {
		l, err := logs.Take(ctx, i+1, path, profiles, len(r.o.Profiles) == 0)
		if err != nil {
			return err
		}
		for _, earlier := range r.logs {
			if earlier.SHA256 == l.SHA256 {
				return breach.Refuse("log_twice", "Give each file once.", "%s has the same content as %s", l.Name, earlier.Name)
			}
		}
		r.logs = append(r.logs, l)
	}
	return nil
}

// begin reads what the lines are joined with.
func (r *run) begin() (err error) {
	practices, err := intake.PracticeKeysOf(r.o.Dir)
	if err != nil {
		return err
	}
	r.places = newPlaces(practices)
	if r.roleGiven, err = readRoles(r.o.Roles); err != nil {
		return err
	}
	tally, err := r.sorter("tally")
	if err != nil {
		return err
	}
	r.tally = newTally(tally)
	if len(r.chosen) == 0 {
		return nil
	}
	if r.touched.sorter, err = r.sorter("touched"); err != nil {
		return err
	}
	if r.met, err = r.sorter("met"); err != nil {
		return err
	}
	r.met.Same = func(_, _ []byte) bool { return true }
	if r.base, err = baseList(r.o.Dir); err != nil {
		return err
	}
	if r.people, err = intake.PersonKeysOf(r.o.Dir, r.base.sha256); err != nil {
		return err
	}
	return r.chooseSystem()
}

// sorter sorts in a folder of its own.
func (r *run) sorter(name string) (*spill.Sorter, error) {
	dir := filepath.Join(r.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder to sort in: %w", err)
	}
	return spill.New(dir), nil
}

// chooseSystem finds out whose ids the logs have.
func (r *run) chooseSystem() error {
	r.system = r.o.IDs
	switch {
	case r.system != "" && !r.people.Knows(r.system):
		return breach.Refuse("access_ids", "Leave --ids away where the list has the logs' ids as person_key.", "no import wrote the case's list, so that ids of %s cannot be looked up", r.system)
	case r.system != "":
		return nil
	case len(r.people.Systems) == 1:
		r.system = r.people.Systems[0]
		return nil
	case len(r.people.Systems) > 1:
		return breach.Refuse("access_ids", "Say --ids "+strings.Join(r.people.Systems, " or --ids ")+".", "the case's list has people by ids of several systems, and it is not said whose ids the logs have")
	case r.people.Imported:
		return breach.Refuse("access_ids", "Import the list of patients with the id that the log has.", "the case's list was imported from sources without ids of people, so that no log can be joined with it")
	}
	r.system = intake.OwnKeys
	return nil
}

// refuseUnknownAccounts refuses accounts that no log has: a typing error would make a list
// of nobody.
func (r *run) refuseUnknownAccounts() error {
	for _, name := range slices.Sorted(maps.Keys(r.chosen)) {
		number, there := r.accounts.number[name]
		if !there {
			return breach.Refuse("access_account", "Give the name as the log has it; without --account the accounts that left what is usual are listed.", "no log has an account %q", name)
		}
		if !r.seen[number] {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitSilent, Log: r.accounts.text[number], Within: true})
		}
	}
	return nil
}

// roleOf is the role that most lines of an account have; of two with as many the first by
// name.
func (r *run) roleOf() func(uint32) uint32 {
	best := make([]uint32, len(r.accounts.text))
	lines := make([]int, len(r.accounts.text))
	for key, n := range r.roleLines {
		a, role := key[0], key[1]
		if n > lines[a] || n == lines[a] && r.roles.text[role] < r.roles.text[best[a]] {
			best[a], lines[a] = role, n
		}
	}
	return func(a uint32) uint32 { return best[a] }
}

// judge holds every account that did something in the window against what is usual.
func (r *run) judge() error {
	chosen := map[uint32]bool{}
	for name := range r.chosen {
		chosen[r.accounts.number[name]] = true
	}
	l := &ledger{zone: r.o.Zone, chosen: chosen, roleOf: r.roleOf(), roles: map[uint32]*role{}}
	if err := r.tally.each(func(s slot, c cell) error { l.add(s, c); return nil }); err != nil {
		return err
	}
	l.endAccount()
	for number, one := range l.roles {
		for i := range one.counts {
			one.of[i] = baseline.Of(one.counts[i])
		}
		r.report.Roles = append(r.report.Roles, RoleReport{r.roles.text[number], one.accounts, one.of[0], one.of[1], one.of[2], one.hours})
	}
	slices.SortFunc(r.report.Roles, func(a, b RoleReport) int { return strings.Compare(a.Role, b.Role) })
	r.report.Accounts.All = len(r.accounts.text)
	rows, err := r.out.accounts()
	if err != nil {
		return err
	}
	for _, a := range l.accounts {
		one := AccountReport{
			Account: r.accounts.text[a.number], Role: r.roles.text[a.role], Chosen: chosen[a.number], Hours: a.total, Signs: judge(a, l.roles[a.role], r.roles.text[a.role] != ""),
			Course: []Hour{}, own: a.own[0], role: l.roles[a.role].counts[0],
		}
		for _, s := range one.Signs {
			one.Left, one.Judged = one.Left || s.Left, one.Judged || s.Judged
		}
		r.report.Accounts.InWindow += int(flag(a.total > 0))
		r.report.Accounts.Left += int(flag(one.Left))
		r.report.Accounts.NotJudged += int(flag(a.total > 0 && !one.Judged))
		if err := rows.write(one); err != nil {
			return err
		}
		if !one.Left && !one.Chosen {
			continue
		}
		for _, h := range a.window {
			one.Course = append(one.Course, Hour{time.Unix(int64(h.at)*3600, 0).UTC(), h.patients, h.exports, h.unnamed})
		}
		r.report.Shown = append(r.report.Shown, one)
	}
	leavers(r.report.Shown)
	return nil
}
