package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
	"duenotice/templates"
)

// PapersInput asks for a practice's papers, dated by the day that At is where the
// officers are: the same instant gives the same bytes, however often it is tried.
type PapersInput struct {
	PracticeRef
	At time.Time
}

// PreparePapers writes everything in the practice's folder: the notice, its
// own people's list, the HHS worksheet, the deadlines, a proof of its letter
// and the media releases. The same input gives the same bytes.
func (a *Activities) PreparePapers(ctx context.Context, in PapersInput) (PracticeState, error) {
	defer beating(ctx)()
	if err := a.preparePapers(ctx, in); err != nil {
		return PracticeState{}, forTemporal(err)
	}
	state, err := a.refresh(ctx, in.PracticeRef)
	return state, forTemporal(err)
}

func (a *Activities) preparePapers(ctx context.Context, in PapersInput) error {
	on, err := a.paperDay(in.At)
	if err != nil {
		return err
	}
	seen, _, err := a.look(ctx, in.PracticeRef)
	if err != nil {
		return err
	}
	return a.makePapers(ctx, in.PracticeRef, seen, on)
}

// makePapers writes the papers of a practice whose plan, as it was seen, is saved.
func (a *Activities) makePapers(ctx context.Context, in PracticeRef, seen view, on civil.Date) error {
	if a.Rehearsal {
		return a.rehearsePapers(ctx, in)
	}
	seen, duties, err := a.recorded(ctx, in, seen)
	if err != nil {
		return err
	}
	incident, practice, plan := seen.incident, seen.practice, seen.plan
	folder := a.Out.Incident(in.IncidentID)
	made := paperSet{ctx: ctx, out: a.Out, folder: folder}
	if made.before, err = a.Store.PracticeFiles(ctx, pageOf(in)); err != nil {
		return err
	}

	people, err := a.writePeople(ctx, in, folder.People(in.PracticeKey), incident.Incident.Discovered)
	made.add(people, err)
	input, err := a.noticeInput(ctx, incident, practice, plan, on)
	if err != nil {
		return err
	}
	made.write(folder.Notice(in.PracticeKey), func() ([]byte, error) { return papers.Notice(input) })
	made.writeRecord(folder, incident.Incident, practice, plan, duties, on)
	if everybodyLeft(practice) && !plan.Notifiable {
		made.remove(folder.LetterProof(in.PracticeKey))
		for _, state := range breach.StateCodes() {
			made.remove(folder.Media(state, in.PracticeKey))
		}
		made.remove(folder.PostingPage(in.PracticeKey))
		made.remove(folder.PostingText(in.PracticeKey))
	} else if answer := incident.Incident.Entity.Delegated(practice.Practice); breach.LettersDelegated(answer) || answer == "" {
		// What a practice answers changes the folder and not its letter, which takes longest.
		dated := letterDate(incident.Incident, on)
		from := hashOf("letter proof", PacketProgram(), papersHash(incident.Incident, practice), classesOf(practice.Tally), practice.Tally.Residents, dated)
		made.writeUnlessMade(folder.LetterProof(in.PracticeKey), from, func() ([]byte, error) {
			return papers.Proof(incident.Incident, practice.Practice, classesOf(practice.Tally), practice.Tally.Residents, dated, practice.Corrections...)
		})
	}
	for _, o := range plan.Obligations {
		if o.Kind != breach.MediaNotice {
			continue
		}
		made.write(folder.Media(o.Jurisdiction, in.PracticeKey), func() ([]byte, error) {
			return papers.MediaRelease(mediaInput(incident.Incident, practice, o.Obligation, on))
		})
	}
	if postingOwed(plan) && papers.TollFree(incident.Incident, practice.Practice) != "" {
		made.writePosting(folder, in.PracticeKey, postingInput(incident.Incident, practice))
	}
	if made.err != nil {
		return made.err
	}
	return a.Store.SavePapers(ctx, in.IncidentID, in.PracticeKey, papersOf(incident, practice, plan, made.files))
}

// mediaInput is what the press release under a duty is made of.
func mediaInput(incident breach.Incident, practice casebook.Practice, o breach.Obligation, on civil.Date) papers.MediaInput {
	return papers.MediaInput{
		Incident: incident, Practice: practice.Practice, Group: practice.Group, State: o.Jurisdiction,
		Residents: o.Count, Classes: classesOf(countedTally(practice)), DatedOn: letterDate(incident, on),
	}
}

// oldestRequest is how long ago papers may have been asked for: longer than any step
// is tried, so that each try of it gives the same bytes.
const oldestRequest = 7 * 24 * time.Hour

// paperDay is the day that papers asked for at an instant are dated by. Nobody has
// papers dated in the future, or back.
func (a *Activities) paperDay(at time.Time) (civil.Date, error) {
	now := a.Now()
	if at.After(now.Add(clockSkew)) || now.Sub(at) > oldestRequest {
		return civil.Date{}, breach.Refuse("not_now", "It is asked for again by itself, with the time that it is then.",
			"papers were asked for as of %s, and it is %s", at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return civil.OfTime(at.In(a.Zone)), nil
}

// papersOf is what the files were made from.
func papersOf(incident casebook.Incident, practice casebook.Practice, plan casebook.Plan, files []casebook.File) casebook.Papers {
	return casebook.Papers{
		SHA256: papersHash(incident.Incident, practice), PacketSHA256: packetHash(incident.Incident, practice, plan),
		WorksheetSHA256: worksheetHash(incident.Incident, practice, plan),
		ListSHA256:      practice.ListSHA256, ListNumber: practice.ListNumber, Files: files,
	}
}

// eachListed goes through the people of the practice's list. People dead for more than
// 50 years are not on it: their records are no protected health information (45 CFR
// 160.103).
func (a *Activities) eachListed(ctx context.Context, ref PracticeRef, discovered civil.Date, do func(*breach.Person) error) error {
	return a.Store.People(ctx, ref.IncidentID, ref.PracticeKey, func(p *breach.Person) error {
		if !p.ProtectedOn(discovered) {
			return nil
		}
		return do(p)
	})
}

// writePeople streams the practice's own people, and nobody else's, to its folder.
func (a *Activities) writePeople(ctx context.Context, ref PracticeRef, path string, discovered civil.Date) (outfolder.Written, error) {
	file, err := a.Out.CreatePatientFile(path)
	if err != nil {
		return outfolder.Written{}, err
	}
	defer file.Abort()
	list := papers.WritePeopleCSV(file)
	err = a.eachListed(ctx, ref, discovered, func(p *breach.Person) error { return list.Add(*p) })
	if err != nil {
		return outfolder.Written{}, err
	}
	if err := list.Flush(); err != nil {
		return outfolder.Written{}, err
	}
	return file.Commit(ctx)
}

// paperSet collects the files written for a practice until one fails.
type paperSet struct {
	// The set lives no longer than the step that writes it.
	ctx    context.Context
	out    outfolder.Folder
	folder outfolder.Incident
	// before are the files as they were noted last; none where nobody knows.
	before []casebook.File
	files  []casebook.File
	err    error
}

func (s *paperSet) write(path string, content func() ([]byte, error)) {
	if s.err != nil {
		return
	}
	made, err := content()
	if err != nil {
		s.err = err
		return
	}
	written, err := s.out.WriteFile(s.ctx, path, made)
	s.add(written, err)
}

// writeUnlessMade is write for what need not be made again: where it was made from the
// same, and lies there as it was written, it stays.
func (s *paperSet) writeUnlessMade(path, from string, content func() ([]byte, error)) {
	if s.err != nil {
		return
	}
	i := slices.IndexFunc(s.before, func(f casebook.File) bool { return f.Path == s.folder.Relative(path) })
	if i >= 0 && s.before[i].MadeFrom == from {
		there, err := s.out.Find(s.ctx, path)
		if err == nil && there.SHA256 == s.before[i].SHA256 {
			s.files = append(s.files, s.before[i])
			return
		}
	}
	s.write(path, content)
	if s.err == nil {
		s.files[len(s.files)-1].MadeFrom = from
	}
}

// remove takes away a file that was made for people who are not on the list any more.
func (s *paperSet) remove(path string) {
	if s.err != nil {
		return
	}
	s.err = s.out.Remove(s.ctx, path)
}

func (s *paperSet) add(written outfolder.Written, err error) {
	if s.err != nil || err != nil {
		if s.err == nil {
			s.err = err
		}
		return
	}
	s.files = append(s.files, casebook.File{Path: s.folder.Relative(written.Path), SHA256: written.SHA256, Bytes: written.Bytes})
}

// papersHash identifies what is sent in the practice's name: what approvals are bound to.
func papersHash(incident breach.Incident, p casebook.Practice) string {
	said, delayed := incident.OnPaper()
	parts := []any{"papers", templates.SHA256(), said, delayed, p.Practice.OnPaper(), p.ListSHA256}
	if len(p.Corrections) > 0 {
		// What its corrected letters say of the ones before.
		parts = append(parts, p.Corrections)
	}
	return hashOf(parts...)
}

// packetHash identifies what is owed, to whom and by when, as the practice's papers
// say it. What was done about it is not in it: a notice that was sent stays the notice
// of its packet (see worksheetHash).
func packetHash(incident breach.Incident, p casebook.Practice, plan casebook.Plan) string {
	parts := []any{"packet", papersHash(incident, p), incident.Entity.Delegated(p.Practice), plan.Discovered, plan.Notifiable, obligationsOf(plan)}
	if p.Practice.DefaultDelegation != "" {
		// What its notice says becomes of its silence.
		parts = append(parts, p.Practice.DefaultDelegation, p.Practice.DefaultDays)
	}
	return hashOf(parts...)
}

func hashOf(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil {
		// Only structs of strings, numbers and dates come here; they always marshal.
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// letterDate is the day printed on letters: the planned day of mailing, or on if that is later.
func letterDate(incident breach.Incident, on civil.Date) civil.Date {
	return civil.Later(incident.Letters.MailBy, on)
}

// countedTally is the tally HHS and media look at: the counting entity's.
func countedTally(p casebook.Practice) breach.Tally {
	if p.Group != nil {
		return p.Group.Tally
	}
	return p.Tally
}

func obligationsOf(plan casebook.Plan) []breach.Obligation {
	list := make([]breach.Obligation, len(plan.Obligations))
	for i, o := range plan.Obligations {
		list[i] = o.Obligation
	}
	return list
}

func classesOf(t breach.Tally) []breach.DataClass {
	var classes []breach.DataClass
	for _, c := range breach.DataClasses() {
		if t.Classes[c] > 0 {
			classes = append(classes, c)
		}
	}
	return classes
}
