package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/outfolder"
)

// HowFile says how the case's lists were imported, for doing it again. It has paths of the
// machine, and stands in no report and no evidence.
const HowFile = "import-again.json"

// how is import-again.json. Paths are relative to the case folder where that can be.
type how struct {
	Sources      []string     `json:"sources"`
	Profiles     []string     `json:"profiles,omitempty"`
	Repairs      []string     `json:"repairs,omitempty"`
	DateOrder    repair.Order `json:"date_order,omitempty"`
	Practice     string       `json:"practice,omitempty"`
	AddPractices bool         `json:"add_practices,omitempty"`
	LeaveOut     bool         `json:"leave_out,omitempty"`
}

// rememberHow keeps how this import was given.
func (r *run) rememberHow(put func(name string, content []byte) (string, error)) error {
	o := &r.options
	h := how{Repairs: o.Repairs, DateOrder: o.DateOrder, Practice: o.Practice, AddPractices: o.AddPractices, LeaveOut: o.LeaveOut}
	for _, path := range o.Sources {
		h.Sources = append(h.Sources, fromFolder(o.Dir, path))
	}
	for _, name := range o.Profiles {
		if _, err := profile.Text(name); err != nil { // a file, and not the name of a shipped one
			name = fromFolder(o.Dir, name)
		}
		h.Profiles = append(h.Profiles, name)
	}
	content, err := indented(h)
	if err != nil {
		return err
	}
	_, err = put(HowFile, content)
	return err
}

// fromFolder is a path as seen from a folder. One on another disk has no such path and
// stays as it is.
func fromFolder(dir, path string) string {
	folder, err := filepath.Abs(dir)
	if err != nil {
		return path
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(folder, whole); err == nil {
		return relative
	}
	return whole
}

// How are the options by which a case's lists were imported last, with its sources where
// they were. It is refused with code "no_import" where no import wrote them.
func How(dir string) (Options, error) {
	o := Options{Dir: dir}
	content, err := givenfile.Read(filepath.Join(dir, HowFile))
	if errors.Is(err, os.ErrNotExist) {
		return o, breach.Refuse("no_import", "Import its sources first with `duenotice findings import CASE SOURCE...`.", "no import made the lists of %s", dir)
	}
	if err != nil {
		return o, err
	}
	var h how
	if err := json.Unmarshal(content, &h); err != nil {
		return o, breach.Refuse("no_import", "Import the sources with `duenotice findings import CASE SOURCE...`.", "%s of the case cannot be read", HowFile)
	}
	there := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	for _, path := range h.Sources {
		o.Sources = append(o.Sources, there(path))
	}
	for _, name := range h.Profiles {
		if _, err := profile.Text(name); err != nil {
			name = there(name)
		}
		o.Profiles = append(o.Profiles, name)
	}
	o.Repairs, o.DateOrder, o.Practice, o.AddPractices, o.LeaveOut = h.Repairs, h.DateOrder, h.Practice, h.AddPractices, h.LeaveOut
	return o, nil
}

// Again is How for doing it again: it is refused with code "source_missing" where a source
// is not where it was.
func Again(dir string) (Options, error) {
	o, err := How(dir)
	if err != nil {
		return o, err
	}
	for _, path := range o.Sources {
		if _, err := os.Stat(path); err != nil {
			return o, breach.Refuse("source_missing", "Import with `duenotice findings import CASE SOURCE...` from where the files are now.",
				"the source %s is not where it was when the case was imported", filepath.Base(path))
		}
	}
	return o, nil
}

// trialFolder is where a trial's lists lie, within the workplace.
const trialFolder = "trial"

// Trial imports as Import does, into a folder of its own with the case's incident.yaml:
// what would the case folder be? The case stays as it is. Nobody else can import into the
// case until forget takes the folder away; it is never nil.
func Trial(ctx context.Context, o Options) (dir string, report Report, forget func() error, err error) {
	nothing := func() error { return nil }
	o.to = filepath.Join(o.Dir, workplaceName, trialFolder)
	r, forget, err := begin(o)
	if err != nil {
		return "", r.report, nothing, err
	}
	if err := os.Mkdir(o.to, 0o700); err != nil {
		return "", r.report, nothing, errors.Join(fmt.Errorf("make a folder for a trial: %w", err), forget())
	}
	if err = copyIncident(o.Dir, o.to); err == nil {
		err = r.all(ctx)
	}
	if err != nil {
		return "", r.report, nothing, errors.Join(err, forget())
	}
	return o.to, r.report, forget, nil
}

// copyIncident copies incident.yaml, which no import changes.
func copyIncident(from, to string) error {
	content, err := givenfile.Read(filepath.Join(from, casefolder.IncidentFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = outfolder.WriteFile(filepath.Join(to, casefolder.IncidentFile), content)
	return err
}
