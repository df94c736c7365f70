package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/match"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/spill"
	"duenotice/internal/outfolder"
)

// Options are what somebody says to an import.
type Options struct {
	// Dir is the case folder, Sources the files that were handed over.
	Dir     string
	Sources []string
	// Profiles are names of shipped profiles, or paths; none means a guess among those
	// that are shipped.
	Profiles []string
	// Repairs are the ids of the repairs to do; all of them by "all".
	Repairs []string
	// DateOrder is the order of dates with slashes whose order nothing shows. Where it is
	// open AskOrder is asked, when it is set.
	DateOrder repair.Order
	AskOrder  func(file, column string, dates int) (repair.Order, error)
	// Practice is the key of the practice that rows are about which name none.
	Practice string
	// LeaveOut leaves rows out that cannot be read, in place of refusing the import;
	// Replace writes over a findings.csv that no import wrote; AddPractices adds practices
	// that sources describe to the case's list; DryRun writes nothing.
	LeaveOut, Replace, AddPractices, DryRun bool
	// EventsFile is another file for the report row by row; empty for none.
	EventsFile string
	Today      civil.Date
	// to is the folder that the lists are written into; empty for the case folder.
	to string
	// Sink is given every event of the report; nil for nobody.
	Sink Sink
}

// run is one import.
type run struct {
	options  Options
	wanted   repair.Set
	profiles []profile.Profile
	// own is the profile of the case folder's own lists: a client list in its columns goes
	// with whatever profile is named for the people.
	own     []profile.Profile
	known   map[string]bool
	sources []*source
	report  Report

	// dir is for what is sorted, and gone when the import ends.
	dir    string
	events *eventWriter
	log    *os.File

	directory  *directory
	given      []givenPractice
	refs       map[ref]*int
	refOrder   []ref
	unknownAt  map[ref]int
	lookedUp   map[ref]found
	registry   map[string]map[string]string
	wantedNPIs map[string]bool
	// hasList: the case or a source has a client list. added: the list of practices is
	// another than the case's own. foreign are its columns that are not ours.
	hasList, added bool
	foreign        []string
	// practicesDecided is what people said of practices, becomes which are others by it.
	practicesDecided *decisions
	becomes          map[string]string

	// ids are the systems whose ids people have, withoutID the rows of people without.
	ids       map[string]bool
	withoutID int

	key32, idKey           []byte
	finder                 *match.Finder
	sorter                 *spill.Sorter
	keyBuffer, valueBuffer []byte
	// lastOfNobody is the last visit of a person whom no source has.
	lastOfNobody string
}

// Import reads the sources and writes the lists of the case folder. A report that says
// Refused names what has to be said or mended; then nothing was written. Other refusals
// are *breach.Refusal errors. The same sources, options and case give the same bytes.
func Import(ctx context.Context, o Options) (Report, error) {
	r, forget, err := begin(o)
	if err != nil {
		return r.report, err
	}
	err = r.all(ctx)
	return r.report, errors.Join(err, forget())
}

// begin makes an import ready to run, with its workplace locked until it is forgotten.
func begin(o Options) (r *run, forget func() error, err error) {
	r = &run{
		options: o, report: newReport(), directory: newDirectory(), refs: map[ref]*int{}, unknownAt: map[ref]int{}, lookedUp: map[ref]found{},
		registry: map[string]map[string]string{}, wantedNPIs: map[string]bool{}, ids: map[string]bool{},
	}
	r.report.DryRun = o.DryRun
	if r.wanted, err = repair.NewSet(o.Repairs); err != nil {
		return r, nil, err
	}
	if err := r.loadProfiles(); err != nil {
		return r, nil, err
	}
	if info, err := os.Stat(o.Dir); err != nil || !info.IsDir() {
		return r, nil, breach.Refuse("no_case_folder", "Write one with `duenotice init CASE`.", "%s is not a folder", o.Dir)
	}
	if err := o.refuseReportOverSource(); err != nil {
		return r, nil, err
	}
	if !o.DryRun && o.to == "" {
		if err := r.refuseOthersWork(); err != nil {
			return r, nil, err
		}
	}
	r.dir, forget, err = Workplace(o.Dir)
	return r, forget, err
}

// target is the folder that the lists are written into.
func (o *Options) target() string {
	if o.to != "" {
		return o.to
	}
	return o.Dir
}

// refuseReportOverSource refuses to write the report where a source lies.
func (o *Options) refuseReportOverSource() error {
	there, err := os.Stat(o.EventsFile)
	if o.EventsFile == "" || err != nil {
		return nil //nolint:nilerr // a file that is not there is over nothing
	}
	for _, path := range o.Sources {
		if source, err := os.Stat(path); err == nil && os.SameFile(there, source) {
			return breach.Refuse("report_over_source", "Name another file for the report.", "%s is a source", o.EventsFile)
		}
	}
	return nil
}

func (r *run) loadProfiles() error {
	all, err := profile.Shipped()
	if err != nil {
		return err
	}
	if len(r.options.Profiles) == 0 {
		r.profiles = all
	}
	for _, p := range all {
		if p.ID == profile.Own {
			r.own = []profile.Profile{p}
		}
	}
	for _, name := range r.options.Profiles {
		p, err := profile.Named(name)
		if err != nil {
			return err
		}
		r.profiles = append(r.profiles, p)
	}
	r.known = profile.KnownNames(slices.Concat(r.profiles, r.own))
	return nil
}

// all is the import from the first byte to the last.
func (r *run) all(ctx context.Context) (err error) {
	if r.log, err = os.OpenFile(filepath.Join(r.dir, "events"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.log.Close()) }()
	if r.events, err = newEventWriter(r.log); err != nil {
		return err
	}
	if err := r.survey1(ctx); err != nil {
		return err
	}
	if len(r.report.Problems) > 0 {
		r.report.Refused = true
		return r.end()
	}
	if err := r.findPractices(ctx); err != nil {
		return err
	}
	if r.idKey, err = newIDKey(); err != nil {
		return err
	}
	r.sorter = spill.New(r.dir)
	r.sorter.Same = sameVisit
	for _, s := range r.sources {
		if err := r.readRows(ctx, s, (*table).isPeople, r.person); err != nil {
			return err
		}
	}
	w, err := r.newListWriter()
	if err != nil {
		return err
	}
	defer w.abort()
	if r.finder, err = match.NewFinder(r.dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.finder.Close()) }()
	if err := errors.Join(r.settle(w), w.flush()); err != nil {
		return err
	}
	if err := r.pair(w); err != nil {
		return err
	}
	if err := r.withPeople(r.hasPeople()); err != nil {
		return err
	}
	practices, err := r.writePractices(w)
	if err != nil {
		return err
	}
	r.report.Refused = len(r.report.Needed) > 0 || len(r.report.RefusedValues) > 0 && !r.options.LeaveOut
	if err := r.end(); err != nil || r.report.Refused || r.options.DryRun {
		return err
	}
	return r.commit(ctx, w, practices)
}

// hasPeople reports whether any source is of people.
func (r *run) hasPeople() bool {
	return slices.ContainsFunc(r.sources, func(s *source) bool { return slices.ContainsFunc(s.order, (*table).isPeople) })
}

// hasCodes reports whether any source has enrollment codes: a column of them, though it
// were empty, says that everybody was to have one.
func (r *run) hasCodes() bool {
	return slices.ContainsFunc(r.sources, func(s *source) bool {
		return slices.ContainsFunc(s.order, func(t *table) bool { return t.isPeople() && t.column("enrollment_code") >= 0 })
	})
}

// survey1 is the first reading: hashes, headers, profiles, the form of dates.
func (r *run) survey1(ctx context.Context) error {
	secret := sha256.New()
	fmt.Fprintf(secret, "duenotice import key 1\n")
	for i, path := range r.options.Sources {
		s := newSource(i+1, path)
		r.sources = append(r.sources, s)
		if err := s.take(ctx, secret); err != nil {
			return err
		}
		for _, earlier := range r.sources[:i] {
			if earlier.sha256 == s.sha256 {
				return s.refuse("source_twice", "Give each file once.", "it has the same content as %s", earlier.name)
			}
		}
		if err := r.event(Event{Source: s.id, What: Read, Detail: fmt.Sprintf("%d bytes, sha256 %s", s.bytes, s.sha256)}); err != nil {
			return err
		}
	}
	for _, s := range r.sources {
		if err := r.surveySource(ctx, s); err != nil {
			return err
		}
	}
	if err := r.settleTables(); err != nil {
		return err
	}
	if err := r.describe(); err != nil {
		return err
	}
	return r.takeKey(secret.Sum(nil))
}

// takeKey takes the key of the case's person keys, or makes it of the sources' content:
// whoever does not have that cannot try ids out, and who imports the same files into
// another folder gets the same lists.
func (r *run) takeKey(made []byte) error {
	key32, err := readKey(r.options.Dir)
	if r.key32 = key32; key32 == nil {
		r.key32 = made
	}
	return err
}

// readKey is the key of a case's person keys; nil where it has none yet.
func readKey(dir string) ([]byte, error) {
	text, err := givenfile.Read(filepath.Join(dir, KeyFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key32, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key32) != sha256.Size {
		return nil, breach.Refuse("import_key", "Restore the file: with another key everybody gets another person_key.", "%s of the case is damaged", KeyFile)
	}
	return key32, nil
}

// findPractices makes the list of practices.
func (r *run) findPractices(ctx context.Context) (err error) {
	if r.practicesDecided, err = readDecisions(r.options.Dir, Practices); err != nil {
		return err
	}
	if err := r.basePractices(); err != nil {
		return err
	}
	if r.wantNPIs() {
		isRegister := func(t *table) bool { return t.fits && t.match.Table.Role == profile.Directory }
		for _, s := range r.sources {
			if err := r.readRows(ctx, s, isRegister, r.registryRow); err != nil {
				return err
			}
		}
	}
	if err := r.buildDirectory(); err != nil {
		return err
	}
	r.becomes = becomes(r.practicesDecided, func(key string) bool {
		p := r.directory.byKey[strings.ToLower(key)]
		return p != nil && p.key == key
	})
	r.directory.now = r.becomes
	return nil
}

// end closes the report, and copies it where somebody wants it.
func (r *run) end() error {
	if err := r.events.flush(); err != nil || r.options.EventsFile == "" {
		return err
	}
	_, err := r.copyEvents(r.options.EventsFile)
	return err
}

// copyEvents writes the report's rows to a file and returns its hash.
func (r *run) copyEvents(path string) (sum string, err error) {
	if _, err := r.log.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	file, err := outfolder.Create(path)
	if err != nil {
		return "", err
	}
	defer file.Abort()
	if _, err := io.Copy(file, r.log); err != nil {
		return "", err
	}
	done, err := file.Commit()
	return done.SHA256, err
}

// describe writes into the report what was taken for what.
func (r *run) describe() error {
	for _, s := range r.sources {
		described := SourceReport{ID: s.id, File: s.name, Bytes: s.bytes, SHA256: s.sha256, Format: s.form, Encoding: string(s.encoding), Tables: []TableReport{}}
		for _, t := range s.order {
			tr := TableReport{Sheet: t.name, Rows: t.rows, Mapped: []MappedColumn{}, Unmapped: []NearColumn{}}
			if t.fits {
				tr.HeaderRow, tr.Profile, tr.ProfileSHA256, tr.Role = t.headerRow, t.match.Profile.ID, t.match.Profile.SHA256, string(t.match.Table.Role)
				tr.Guessed, tr.Score = t.guessed, t.match.Score()
				for column, d := range t.dates {
					if d.mdy+d.dmy+d.open > 0 {
						if tr.DateOrders == nil {
							tr.DateOrders = map[string]string{}
						}
						tr.DateOrders[column] = cmpOr(string(d.order), "open")
					}
				}
				for i, name := range t.header {
					if name == "" {
						continue
					}
					shown := shownColumn(name, fmt.Sprintf("column %d", i+1))
					e := Event{Source: s.id, Sheet: t.name, Column: shown, What: Mapped, Detail: t.match.Used[i]}
					if used := t.match.Used[i]; used != "" {
						tr.Mapped = append(tr.Mapped, MappedColumn{shown, used})
					} else {
						nearest := t.match.Table.Nearest(name)
						tr.Unmapped = append(tr.Unmapped, NearColumn{shown, nearest})
						e.What, e.Detail = Unmapped, "nothing is read from it"
						if nearest != "" {
							e.Detail += "; the nearest column is " + nearest
						}
					}
					if err := r.event(e); err != nil {
						return err
					}
				}
			}
			described.Tables = append(described.Tables, tr)
		}
		r.report.Sources = append(r.report.Sources, described)
	}
	return nil
}

func (s *source) number() int {
	n, err := strconv.Atoi(s.id[1:])
	if err != nil {
		return 0
	}
	return n
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
