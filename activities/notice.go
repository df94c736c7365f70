package activities

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// engine is who recorded what the program itself did.
const engine = casebook.Engine

// SendNotice hands the e-mail with the notice to the practice over, once. It is
// done only while the practice's record says that it may be: not during a hold,
// not while it is kept back, not before its papers are made. The intent is written
// before anything is handed over; a message whose outcome is not known is never
// sent again but left to a person. The e-mail carries the notice's text and
// counts, and nothing about any patient.
//
// What cannot be handed over now is no error of the step: the practice's state
// says when it is tried again, and a person can act meanwhile.
func (a *Activities) SendNotice(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	if err := a.sendNotice(ctx, ref); err != nil {
		return PracticeState{}, forTemporal(err)
	}
	state, err := a.refresh(ctx, ref)
	return state, forTemporal(err)
}

func (a *Activities) sendNotice(ctx context.Context, ref PracticeRef) error {
	seen, err := a.weigh(ctx, ref)
	if err != nil {
		return err
	}
	switch notice := seen.practice.Notice; notice.State {
	case casebook.MessageSent:
		return a.noteNotified(ctx, ref, notice)
	case casebook.MessageSending:
		// Whatever may be sent now: this one was handed over before.
		message, err := a.lookUp(ctx, ref, casebook.NoticeStep, notice)
		if err != nil || message.State != casebook.MessageIntended {
			return err
		}
		if seen, err = a.weigh(ctx, ref); err != nil {
			return err
		}
	}
	if !a.stands(seen).NoticeDue {
		return nil
	}
	message, err := a.Store.IntendMessage(ctx, ref.IncidentID, ref.PracticeKey, casebook.NoticeStep)
	if err != nil || message.State != casebook.MessageIntended {
		return err
	}
	if seen.practice.Practice.Email == "" {
		next := message
		next.State = casebook.MessageNoEmail
		_, err = a.Store.MoveMessage(ctx, message.ID, message.State, next)
		return err
	}
	message.Changes = seen.practice.Changes
	return a.handOver(ctx, ref, casebook.NoticeStep, message, seen)
}

// lookUp finds out what became of a message that was handed over by a process
// that did not live to hear the answer.
func (a *Activities) lookUp(ctx context.Context, ref PracticeRef, step string, message casebook.Message) (casebook.Message, error) {
	found, err := a.Mail.Outcome(ctx, message.ID, fileOf(ref, step, message))
	if err != nil {
		return message, err
	}
	next := message
	switch found.Outcome {
	case mail.Accepted:
		next.State, next.ProviderID, next.SentOn = casebook.MessageSent, found.ProviderID, a.handedOn(found)
	case mail.Written:
		next.State, next.ProviderID = casebook.MessageToSend, fileOf(ref, step, message)+".eml"
	case mail.NotTaken:
		next.State = casebook.MessageIntended
	case mail.NotKnown:
		next.State = casebook.MessageUnknown
	}
	if _, err := a.Store.MoveMessage(ctx, message.ID, message.State, next); err != nil || next.State != casebook.MessageSent || step != casebook.NoticeStep {
		return next, err
	}
	return next, a.noteNotified(ctx, ref, next)
}

// letter is an e-mail as it is handed over. What is secret of it stands in no record
// of what the provider answered, who may repeat what it was sent.
type letter struct {
	to            string
	subject, text string
	attached      []mail.Attachment
	secrets       []string
}

// handOver makes the message of a step from what was seen and one attempt to hand it
// over, unless anything has changed since message.Changes: then the practice looks again
// whether it may go out.
func (a *Activities) handOver(ctx context.Context, ref PracticeRef, step string, message casebook.Message, seen view) error {
	if stopped := a.Mail.Ready(); stopped != nil {
		_, err := a.Store.MoveMessage(ctx, message.ID, message.State, a.later(message, stopped))
		return err
	}
	if step == casebook.NoticeStep && !a.Rehearsal && countsFromNotice(seen.plan) {
		if err := a.noticeOfToday(ctx, ref); err != nil {
			// A disk that is full, a file that is gone: said with the practice, where a
			// step that is tried again and again would say it to nobody.
			_, err = a.Store.MoveMessage(ctx, message.ID, message.State, a.later(message, err))
			return err
		}
		var err error
		if seen, err = a.weigh(ctx, ref); err != nil {
			return err
		}
	}
	incident, practice := seen.incident, seen.practice
	made, err := a.letterOf(ctx, ref, step, incident, practice, seen.plan)
	if err != nil {
		_, err = a.Store.MoveMessage(ctx, message.ID, message.State, a.later(message, err))
		return err
	}

	next := message
	next.State, next.PacketSHA256, next.Detail, next.RetryAt = casebook.MessageSending, practice.PacketSHA256, "", time.Time{}
	moved, err := a.Store.MoveMessage(ctx, message.ID, message.State, next)
	if err != nil || !moved {
		return err
	}
	entity := incident.Incident.Entity
	receipt, err := a.Mail.Send(ctx, mail.Message{
		ID: message.ID, From: a.sender(entity), ReplyTo: address(entity.Name, entity.Email),
		To: mail.Address{Name: practice.Practice.PrivacyOfficer, Email: made.to}, File: fileOf(ref, step, message),
		Subject: made.subject, Text: made.text, Date: a.Now(),
		Attachments: made.attached,
	})
	return a.outcome(ctx, ref, step, next, made, receipt, err)
}

// letterOf writes the e-mail of a step.
func (a *Activities) letterOf(ctx context.Context, ref PracticeRef, step string, incident casebook.Incident, practice casebook.Practice, plan casebook.Plan) (letter, error) {
	if step != casebook.NoticeStep {
		return a.followUp(ctx, ref, step, incident, practice, plan)
	}
	input, err := a.noticeInput(ctx, incident, practice, plan, a.today())
	if err != nil {
		return letter{}, err
	}
	content, err := a.noticeFile(ctx, ref)
	if err != nil {
		return letter{}, err
	}
	made := letter{to: practice.Practice.Email, attached: []mail.Attachment{{Name: "notice.pdf", ContentType: "application/pdf", Content: content}}}
	if a.Pages != nil {
		link, err := a.Store.MakePage(ctx, pageOf(ref))
		if err != nil {
			return letter{}, err
		}
		input.Page, input.CodeByEmail = a.pageAddress(link), a.codeByEmail(practice)
		made.secrets = []string{link.String()}
	}
	made.subject, made.text = papers.Email(input, made.attached[0].Name)
	return made, nil
}

// sender is whom e-mail comes from: the address that is set up for it, in the name
// of whoever runs the program. Where none is set up it is the incident's own.
func (a *Activities) sender(entity breach.Entity) mail.Address {
	if a.From.Email != "" {
		return mail.Address{Name: entity.Name, Email: a.From.Email}
	}
	return address(entity.Name, entity.Email)
}

// address is none at all without an e-mail address.
func address(name, email string) mail.Address {
	if email == "" {
		return mail.Address{}
	}
	return mail.Address{Name: name, Email: email}
}

func fileOf(ref PracticeRef, step string, message casebook.Message) string {
	return casebook.StepFile(ref.IncidentID, ref.PracticeKey, step, message.Attempt)
}

// noticeOfToday makes the papers anew of a practice whose own days are counted from the
// day on which its notice goes out: the notice then names the days that are so.
func (a *Activities) noticeOfToday(ctx context.Context, ref PracticeRef) error {
	return a.preparePapers(ctx, PapersInput{PracticeRef: ref, At: a.Now()})
}

// noticeFile is the notice as it lies in the practice's folder. It goes out and cannot be
// called back: one that is not the one on record, because the storage gave an earlier
// one or somebody changed it, is an error, and the step is tried again.
func (a *Activities) noticeFile(ctx context.Context, ref PracticeRef) ([]byte, error) {
	if a.Rehearsal {
		return nil, nil
	}
	folder := a.Out.Incident(ref.IncidentID)
	path := folder.Notice(ref.PracticeKey)
	content, err := a.Out.ReadFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("the notice of practice %s cannot be read: %w", ref.PracticeKey, err)
	}
	files, err := a.Store.PracticeFiles(ctx, pageOf(ref))
	if err != nil {
		return nil, err
	}
	for _, made := range files {
		if made.Path == folder.Relative(path) && made.SHA256 != sumOf(content) {
			return nil, &outfolder.Problem{
				What: path + " is not the notice that was made",
				Todo: "It is tried again by itself, and not sent meanwhile. If it stays, find out who changed it, and put back the one that was made, from a backup.",
			}
		}
	}
	return content, nil
}

// outcome writes down what became of a message. The write must happen even
// when the step is being cancelled, or the message would be left "sending".
func (a *Activities) outcome(ctx context.Context, ref PracticeRef, step string, message casebook.Message, made letter, receipt mail.Receipt, sendErr error) error {
	ctx = context.WithoutCancel(ctx)
	from := message.State
	var (
		rejected    *mail.Rejected
		stopped     *mail.Stopped
		later       *mail.Later
		unavailable *mail.Unavailable
		unknown     *mail.OutcomeUnknown
	)
	switch {
	case sendErr == nil && receipt.Outcome == mail.Written:
		message.State, message.ProviderID = casebook.MessageToSend, receipt.ProviderID
	case sendErr == nil:
		message.State, message.ProviderID, message.SentOn = casebook.MessageSent, receipt.ProviderID, a.handedOn(receipt)
	case errors.As(sendErr, &rejected):
		message.State, message.Detail = casebook.MessageRejected, casebook.Detail(mail.Explain(sendErr))
	case errors.As(sendErr, &unknown):
		message.State, message.Detail = casebook.MessageUnknown, casebook.Detail(mail.Explain(sendErr))
	case errors.As(sendErr, &stopped), errors.As(sendErr, &later), errors.As(sendErr, &unavailable):
		message = a.later(message, sendErr)
		message.State = casebook.MessageIntended
	default:
		// Only a folder that cannot be written: nothing was handed to anybody.
		message = a.later(message, sendErr)
		message.State = casebook.MessageIntended
	}
	for _, secret := range made.secrets {
		message.Detail = strings.ReplaceAll(message.Detail, secret, "(left out)")
	}
	if _, err := a.Store.MoveMessage(ctx, message.ID, from, message); err != nil {
		return err
	}
	if message.State == casebook.MessageSent && step == casebook.NoticeStep {
		return a.noteNotified(ctx, ref, message)
	}
	return nil
}

// handedOn is the day on which the provider took a message: today, unless it was taken
// before and is only found now.
func (a *Activities) handedOn(receipt mail.Receipt) civil.Date {
	if receipt.At.IsZero() {
		return a.today()
	}
	return civil.OfTime(receipt.At.In(a.Zone))
}

// longestPause is how long a message waits at most until it is tried again: no
// longer, so that what was mended is taken up soon.
const longestPause = 5 * time.Minute

// later is the message to be tried again: when the provider says, else after a
// pause that grows.
func (a *Activities) later(message casebook.Message, why error) casebook.Message {
	pause := longestPause
	if message.Tries < 6 {
		pause = min(pause, 5*time.Second<<message.Tries)
	}
	message.RetryAt = a.Now().Add(pause)
	var later *mail.Later
	if errors.As(why, &later) && later.At.After(a.Now()) {
		message.RetryAt = later.At
	}
	message.Tries++
	message.Detail = casebook.Detail(mail.Explain(why))
	return message
}

// errToldBefore: the practice was told already, by another way.
var errToldBefore = errors.New("the practice was told before")

// noteNotified records the fact that fulfils 45 CFR 164.410: the practice was
// told on the day the provider took its notice (docs/adr/0003). What only lies in
// a folder is no notice (docs/adr/0133). Where somebody recorded an earlier day while the
// e-mail was with the provider, the practice was told on that day: a later record would
// take its place and move the practice's clock.
func (a *Activities) noteNotified(ctx context.Context, ref PracticeRef, message casebook.Message) error {
	terms := &casebook.RecordTerms{Fact: breach.Fact{
		Kind: breach.PracticeNotified, On: message.SentOn, Reference: "e-mail " + message.ID,
	}}
	_, err := a.Store.ActOnPractice(ctx, casebook.Act{
		ID: message.ID, IncidentID: ref.IncidentID, PracticeKey: ref.PracticeKey,
		Kind: casebook.ActRecord, Who: engine, At: a.Now(), Record: terms,
	}, func(p casebook.Practice) error {
		if told := p.Facts.On(breach.PracticeNotified, ""); !told.IsZero() && !told.After(message.SentOn) {
			return errToldBefore
		}
		fillCount(p, terms)
		return nil
	})
	if err != nil && !errors.Is(err, errToldBefore) {
		return err
	}
	return a.tellLead(ctx, ref)
}

// decided is weigh, in parts.
func (a *Activities) decided(ctx context.Context, ref PracticeRef) (casebook.Incident, casebook.Practice, casebook.Plan, *time.Location, error) {
	v, err := a.weigh(ctx, ref)
	return v.incident, v.practice, v.plan, v.zone, err
}
