package activities

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/mail"
	"duenotice/internal/papers"
)

// noticeStep names the e-mail that carries a practice's notice in the outbox.
const noticeStep = "practice_notice"

// messageSpace makes message IDs of our own from incident, practice and step,
// so that the same step always has the same ID.
var messageSpace = uuid.MustParse("6f1f3f0e-6a55-5c0e-9d8e-3d2f1a7b9c10")

// engine is who recorded what the program itself did.
const engine = "duenotice"

// SendNotice e-mails the notice to the practice, once. The intent is written
// before anything is handed over; a message whose outcome is not known is
// never sent again but left to a person. The e-mail carries the notice's text
// and counts, and nothing about any patient.
func (a *Activities) SendNotice(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	if err := a.sendNotice(ctx, ref); err != nil {
		return PracticeState{}, failed(err)
	}
	state, err := a.refresh(ctx, ref)
	return state, failed(err)
}

func (a *Activities) sendNotice(ctx context.Context, ref PracticeRef) error {
	id := uuid.NewSHA1(messageSpace, []byte(ref.IncidentID+"\x00"+ref.PracticeKey+"\x00"+noticeStep)).String()
	message, err := a.Store.IntendMessage(ctx, id, ref.IncidentID, ref.PracticeKey, noticeStep)
	if err != nil {
		return err
	}
	if message.State == casebook.MessageSending {
		if message, err = a.lookUp(ctx, message); err != nil {
			return err
		}
	}
	switch message.State {
	case casebook.MessageSent:
		return a.noteNotified(ctx, ref, message)
	case casebook.MessageIntended:
		return a.handOver(ctx, ref, message)
	}
	return nil
}

// lookUp finds out what became of a message that was handed over by a process
// that did not live to hear the answer.
func (a *Activities) lookUp(ctx context.Context, message casebook.Message) (casebook.Message, error) {
	sent, known, err := a.Mail.Sent(ctx, message.ID)
	if err != nil {
		return message, err
	}
	next := message
	switch {
	case !known:
		next.State = casebook.MessageUnknown
	case sent:
		next.State, next.SentOn = casebook.MessageSent, a.today()
	default:
		next.State = casebook.MessageIntended
	}
	_, err = a.Store.MoveMessage(ctx, message.ID, message.State, next)
	return next, err
}

func (a *Activities) handOver(ctx context.Context, ref PracticeRef, message casebook.Message) error {
	incident, practice, plan, err := a.decided(ctx, ref)
	if err != nil {
		return err
	}
	next := message
	if practice.Practice.Email == "" {
		next.State = casebook.MessageNoEmail
		_, err = a.Store.MoveMessage(ctx, message.ID, message.State, next)
		return err
	}
	var content []byte
	if !a.Rehearsal {
		content, err = os.ReadFile(a.Out.Incident(ref.IncidentID).Notice(ref.PracticeKey))
	}
	if err != nil {
		return fmt.Errorf("the notice of practice %s is not in the output folder: %w", ref.PracticeKey, err)
	}
	subject, text := papers.Email(noticeInput(incident, practice, plan, a.today()))

	next.State = casebook.MessageSending
	moved, err := a.Store.MoveMessage(ctx, message.ID, message.State, next)
	if err != nil || !moved {
		return err
	}
	receipt, err := a.Mail.Send(ctx, mail.Message{
		ID: message.ID, From: a.From, To: mail.Address{Name: practice.Practice.PrivacyOfficer, Email: practice.Practice.Email},
		Subject: subject, Text: text, Date: a.Now(),
		Attachments: []mail.Attachment{{Name: "notice.pdf", ContentType: "application/pdf", Content: content}},
	})
	return a.outcome(ctx, ref, next, receipt, err)
}

// outcome writes down what became of a message. The write must happen even
// when the step is being cancelled, or the message would be left "sending".
func (a *Activities) outcome(ctx context.Context, ref PracticeRef, message casebook.Message, receipt mail.Receipt, sendErr error) error {
	ctx = context.WithoutCancel(ctx)
	from := message.State
	var (
		rejected    *mail.Rejected
		later       *mail.Later
		unavailable *mail.Unavailable
		retry       error
	)
	switch {
	case sendErr == nil:
		message.State, message.ProviderID, message.SentOn = casebook.MessageSent, receipt.ProviderID, a.today()
	case errors.As(sendErr, &rejected):
		message.State, message.Detail = casebook.MessageRejected, rejected.Error()
	case errors.As(sendErr, &later):
		message.State = casebook.MessageIntended
		retry = temporal.NewApplicationErrorWithOptions("the mail provider asks to wait", "mail_later",
			temporal.ApplicationErrorOptions{NextRetryDelay: max(time.Second, later.At.Sub(a.Now()))})
	case errors.As(sendErr, &unavailable):
		message.State = casebook.MessageIntended
		retry = sendErr
	default:
		message.State = casebook.MessageUnknown
	}
	if _, err := a.Store.MoveMessage(ctx, message.ID, from, message); err != nil {
		return err
	}
	if message.State == casebook.MessageSent {
		return a.noteNotified(ctx, ref, message)
	}
	return retry
}

// noteNotified records the fact that fulfils 45 CFR 164.410: the practice was
// told on the day the provider took its notice (docs/adr/0003).
func (a *Activities) noteNotified(ctx context.Context, ref PracticeRef, message casebook.Message) error {
	terms := &casebook.RecordTerms{Fact: breach.Fact{
		Kind: breach.PracticeNotified, On: message.SentOn, Reference: "e-mail " + message.ID,
	}}
	_, err := a.Store.ActOnPractice(ctx, casebook.Act{
		ID: message.ID, IncidentID: ref.IncidentID, PracticeKey: ref.PracticeKey,
		Kind: casebook.ActRecord, Who: engine, At: a.Now(), Record: terms,
	}, func(p casebook.Practice) error {
		fillCount(p, terms)
		return nil
	})
	if err != nil {
		return err
	}
	return a.tellLead(ctx, ref)
}

// decided loads a practice with the plan the law makes of it now.
func (a *Activities) decided(ctx context.Context, ref PracticeRef) (casebook.Incident, casebook.Practice, casebook.Plan, error) {
	incident, err := a.Store.Incident(ctx, ref.IncidentID)
	if err != nil {
		return incident, casebook.Practice{}, casebook.Plan{}, err
	}
	practice, err := a.Store.Practice(ctx, ref.IncidentID, ref.PracticeKey)
	if err != nil {
		return incident, practice, casebook.Plan{}, err
	}
	zone, err := time.LoadLocation(practice.Practice.ZoneName())
	if err != nil {
		return incident, practice, casebook.Plan{}, err
	}
	peers, err := a.peers(ctx, incident.Facts, practice)
	if err != nil {
		return incident, practice, casebook.Plan{}, err
	}
	plan, err := a.decide(incident, practice, peers, zone)
	return incident, practice, plan, err
}
