package simulate

import (
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/packet"
)

// PracticeFiles are none: a rehearsal writes no papers.
func (s *store) PracticeFiles(context.Context, packet.Practice) ([]casebook.File, error) {
	return nil, nil
}

func (s *store) SavePapers(_ context.Context, incidentID, key string, made casebook.Papers) error {
	return s.notePapers(incidentID, key, made, func(f *file) {
		f.PapersSHA256, f.PacketSHA256, f.WorksheetSHA256 = made.SHA256, made.PacketSHA256, made.WorksheetSHA256
	})
}

func (s *store) SaveWorksheet(_ context.Context, incidentID, key string, made casebook.Papers) error {
	return s.notePapers(incidentID, key, made, func(f *file) { f.WorksheetSHA256 = made.WorksheetSHA256 })
}

// notePapers notes papers unless they are of an earlier list.
func (s *store) notePapers(incidentID, key string, made casebook.Papers, note func(*file)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return err
	}
	if made.ListSHA256 == f.ListSHA256 && made.ListNumber == f.ListNumber {
		note(f)
	}
	return nil
}
