package cli

import (
	"context"
	"errors"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/howfar"
	"duenotice/internal/intake"
)

// amendFromSources reads the sources of a case folder anew and loads what they give.
func (s *session) amendFromSources(ctx context.Context, incident casebook.Incident, f amendFlags) (err error) {
	if err := s.caseOf(ctx, incident.Incident.ID, f.sources); err != nil {
		return err
	}
	options, err := intake.Again(f.sources)
	if err != nil {
		return err
	}
	options.Today = s.p.today(s.config)
	if s.p.CanAsk {
		options.AskOrder = s.p.askDateOrder
	}
	shown := newShownEvents()
	options.Sink = shown.add
	progress := s.p.progress()
	told := howfar.With(ctx, progress.teller("Reading the sources"))
	dir, forget := f.sources, func() error { return nil }
	var report intake.Report
	if f.dryRun {
		dir, report, forget, err = intake.Trial(told, options)
	} else {
		// The case folder first: what the incident has must be what can be read there,
		// and a command that died before the list was loaded is given again.
		report, err = intake.Import(told, options)
	}
	progress.end()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	if report.Refused {
		s.p.printImport(report, shown, options, "import")
		return &codeError{code: exitRefused}
	}
	if report.Written.Findings == 0 {
		return nobodyInSources()
	}
	for _, source := range report.Sources {
		s.p.say("%s  %s  SHA-256 %.12s...", source.ID, source.File, source.SHA256)
	}
	s.p.sayLeftOut(report)
	return s.addFindings(ctx, incident.Incident.ID, laterList{filepath.Join(dir, casefolder.FindingsFile), true}, f)
}

// caseOf refuses the folder of another case: its people would become this incident's.
func (s *session) caseOf(ctx context.Context, incident, dir string) error {
	forms, err := s.config.Envelopes()
	if err != nil {
		return configProblem(err)
	}
	shown := newProblems()
	file, report, err := casefolder.ReadIncident(ctx, filepath.Join(dir, casefolder.IncidentFile), s.p.today(s.config), forms, shown.add)
	if err != nil {
		return err
	}
	if err := s.reported(report, shown); err != nil {
		return err
	}
	if file.Incident.ID != incident {
		return breach.Refuse("other_incident", "Give the case folder of the same incident.", "the case %s is of incident %s, not of %s", dir, file.Incident.ID, incident)
	}
	return nil
}

func nobodyInSources() error {
	return breach.Refuse("nobody_in_sources", "Give the lists of people too.", "the sources have nobody at a known practice")
}
