package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
)

// PostStore keeps batches of letters to practices.
type PostStore interface {
	// ClaimPost gives who prints the next batch that nobody else prints; ok is false
	// where there is none. HoldPost keeps the claim, and fails where it was lost.
	ClaimPost(ctx context.Context, who string) (b casebook.PostBatch, ok bool, err error)
	HoldPost(ctx context.Context, batchID int, who string) error
	// LeavePost gives the claim up.
	LeavePost(ctx context.Context, batchID int, who string) error
	// VoidPostCodes ends the codes that an earlier attempt at the batch made.
	VoidPostCodes(ctx context.Context, of packet.Practice, since time.Time) error
	// SavePost notes that the batch's files are on the disk, and which pieces were held.
	SavePost(ctx context.Context, b casebook.PostBatch, who string, made casebook.Batch) error
}

// notDue is why a letter was not printed: its practice was told, or answered, since it was planned.
const notDue = "not_due"

// allowedPost decides whether letters to practices may be printed.
func (a *Activities) allowedPost(ctx context.Context, incident casebook.Incident, terms casebook.NotifyTerms) error {
	switch {
	case terms.Post != casebook.PostNotice && terms.Post != casebook.PostReminder:
		return breach.Refuse("unknown_post", "", "%q is no kind of letter to a practice", terms.Post)
	case incident.Incident.Entity.Role == breach.CoveredEntity:
		return breach.Refuse("no_notice", "", "a covered entity that runs this program has no practice to tell")
	case onHold(incident.Incident.Holds, breach.CoversPractice, a.Zone, a.Now()):
		return breach.Refuse("on_hold", "Give the command again when the hold has ended.", "a law-enforcement hold delays notices to practices (45 CFR 164.412)")
	}
	return a.postKnown(ctx, incident.Incident.ID)
}

// postDue reports whether a practice gets a letter of a kind by post now: the one
// place where that is decided, for whatever was planned.
func (a *Activities) postDue(kind string, incident casebook.Incident, p casebook.Practice, plan casebook.Plan, zone *time.Location) bool {
	s := a.standing(incident, p, plan, zone)
	if !s.Notifiable || s.AssessmentPending || s.Phase == casebook.PhaseClosed || onHold(incident.Incident.Holds, breach.CoversPractice, zone, a.Now()) {
		return false
	}
	open := noticeOpen(openObligations(plan))
	if kind == casebook.PostNotice {
		return open && !slices.Contains([]string{casebook.MessageSending, casebook.MessageSent}, p.Notice.State)
	}
	told := p.ToldOn()
	if open || told.IsZero() || !p.Silent() {
		return false
	}
	first := 0 // nobody is reminded of what came yesterday, unless e-mail does not come at all
	if days := incident.Incident.ReminderDays(); len(days) > 0 && s.EmailStopped == "" {
		first = days[0]
	}
	return !civil.OfTime(a.Now().In(zone)).Before(told.AddDays(first))
}

// PrintPost prints the next batch of letters to practices that nobody prints, as who.
// printed is false where there is none. A batch is finished when its files are on
// disk and the database says so. Codes lie nowhere but in letters.pdf, so that a
// batch which does not lie there whole is printed with new ones, and the others are ended.
//
// It is no method, because each exported one is a step that a worker offers.
func PrintPost(ctx context.Context, a *Activities, store PostStore, who string) (b casebook.PostBatch, printed bool, err error) {
	b, ok, err := store.ClaimPost(ctx, who)
	if err != nil || !ok {
		return b, false, err
	}
	if err := a.printPost(ctx, store, &b, who); err != nil {
		if ctx.Err() != nil {
			// The worker ends: another takes it up at once. After a failure the claim
			// runs out first, so that what fails is not tried without a pause.
			err = errors.Join(err, store.LeavePost(context.WithoutCancel(ctx), b.ID, who))
		}
		return b, false, err
	}
	return b, true, nil
}

// holdEvery is how many letters are made between two signs that the batch is still held.
const holdEvery = 20

func (a *Activities) printPost(ctx context.Context, store PostStore, b *casebook.PostBatch, who string) error {
	lies, done, err := a.postLies(ctx, *b)
	if err != nil {
		return err
	}
	if done != nil {
		b.Pieces = lies.Pieces
		return store.SavePost(ctx, *b, who, *done)
	}
	incident, err := a.Store.Incident(ctx, b.IncidentID)
	if err != nil {
		return err
	}
	letters, err := papers.NewPostBatch(incident.Incident, a.today())
	if err != nil {
		return err
	}
	made := casebook.Batch{Name: casebook.PostBatchName(b.Number), Number: b.Number}
	var pieces []papers.Piece
	var held []casebook.HeldPost
	for i := range b.Pieces {
		if i%holdEvery == 0 {
			if err := store.HoldPost(ctx, b.ID, who); err != nil {
				return err
			}
		}
		piece, why, err := a.postPiece(ctx, store, letters, *b, b.Pieces[i])
		if err != nil {
			return err
		}
		if b.Pieces[i].Held = why; why != "" {
			held = append(held, casebook.HeldPost{PracticeKey: b.Pieces[i].PracticeKey, Why: why})
			continue
		}
		pieces, made.Pages = append(pieces, piece), made.Pages+piece.Pages
	}
	made.Pieces = len(pieces)
	if err := store.HoldPost(ctx, b.ID, who); err != nil {
		return err
	}
	if err := a.writePost(ctx, *b, letters, pieces, held, &made); err != nil {
		return err
	}
	return store.SavePost(ctx, *b, who, made)
}

// postPiece makes one letter, or says why it is not made.
func (a *Activities) postPiece(ctx context.Context, store PostStore, letters *papers.PostBatch, b casebook.PostBatch, p casebook.PostPiece) (piece papers.Piece, why string, err error) {
	ref := PracticeRef{IncidentID: b.IncidentID, PracticeKey: p.PracticeKey}
	incident, practice, plan, zone, err := a.decided(ctx, ref)
	if err != nil {
		return piece, "", err
	}
	if !a.postDue(b.Kind, incident, practice, plan, zone) {
		return piece, notDue, nil
	}
	if back := papers.HoldsBackPost(practice.Practice); back != nil {
		return piece, string(back.Reason), nil
	}
	input, err := a.noticeInput(ctx, incident, practice, plan, a.today())
	if err != nil {
		return piece, "", err
	}
	in := papers.PostInput{
		NoticeInput: input, PieceID: fmt.Sprintf("N%03d-%04d", b.Number, p.Number), Reminder: b.Kind == casebook.PostReminder,
	}
	if a.Pages != nil {
		if err := store.VoidPostCodes(ctx, pageOf(ref), b.PlannedAt); err != nil {
			return piece, "", err
		}
		link, err := a.Store.MakePage(ctx, pageOf(ref))
		if err != nil {
			return piece, "", err
		}
		until := a.Now().Add(codeLife)
		code, err := a.Store.GiveCode(ctx, pageOf(ref), codeByPost, engine, until)
		if err != nil {
			return piece, "", err
		}
		in.Page, in.Opened = a.pageAddress(link), !practice.Page.OpenedAt.IsZero()
		in.Code, in.CodeUntil = code.String(), civil.OfTime(until.In(a.Zone))
	}
	piece, err = letters.Add(in)
	return piece, "", err
}

// writePost writes the files of a batch. They are protected as those of patients'
// letters are: link and code together open a practice's list. Its record is there before
// the manifest says that it is whole.
func (a *Activities) writePost(ctx context.Context, b casebook.PostBatch, letters *papers.PostBatch, pieces []papers.Piece, held []casebook.HeldPost, made *casebook.Batch) error {
	folder := a.Out.Incident(b.IncidentID)
	m := manifest{PlannedAt: b.PlannedAt, Batch: made.Name, Pieces: made.Pieces, Pages: made.Pages, Held: len(held)}
	m.Sheets, m.BySheets, m.Classes = papers.Sums(pieces)
	pdf, err := a.batchFile(ctx, &m, folder.Letters(made.Name), len(pieces) > 0, func(w io.Writer) error {
		_, err := letters.WriteTo(w)
		return err
	})
	if err != nil {
		return err
	}
	list, err := a.batchFile(ctx, &m, folder.Pieces(made.Name), true, func(w io.Writer) error { return papers.PiecesCSV(w, pieces) })
	if err != nil {
		return err
	}
	_, err = a.batchFile(ctx, &m, folder.Held(made.Name), len(held) > 0, func(w io.Writer) error { return papers.PostHeldCSV(w, held) })
	if err != nil {
		return err
	}
	made.PDFSHA256, made.PDFBytes, made.CSVSHA256, made.CSVBytes = pdf.SHA256, pdf.Bytes, list.SHA256, list.Bytes
	made.PrintedAt = a.Now()
	if err := a.recordPost(ctx, b, *made); err != nil {
		return err
	}
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	_, err = a.Out.WriteFile(ctx, folder.Manifest(made.Name), append(content, '\n'))
	return err
}
