package activities

import (
	"context"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
)

// codeLife is how long a code is good that goes out by itself, by e-mail or on paper:
// as long as the last reminder can take, and a letter on somebody's holiday.
const codeLife = 30 * 24 * time.Hour

// Ways by which a code reaches a practice, as the store knows them.
const (
	codeByEmail = "email"
	codeByPost  = "post"
)

// SendMessage hands over the e-mail that a practice is owed after its notice: the code
// for its page, to its second mailbox, or a reminder. Each is a message of its own,
// sent once, and only while the practice's record says that it may be (silence).
func (a *Activities) SendMessage(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	if err := a.sendMessage(ctx, ref); err != nil {
		return PracticeState{}, forTemporal(err)
	}
	state, err := a.refresh(ctx, ref)
	return state, forTemporal(err)
}

func (a *Activities) sendMessage(ctx context.Context, ref PracticeRef) error {
	seen, err := a.weigh(ctx, ref)
	if err != nil {
		return err
	}
	step := a.stands(seen).MessageDue
	if step == "" {
		return nil
	}
	if before := seen.practice.Messages[step]; before.State == casebook.MessageSending {
		message, err := a.lookUp(ctx, ref, step, before)
		if err != nil || message.State != casebook.MessageIntended {
			return err
		}
	}
	message, err := a.Store.IntendMessage(ctx, ref.IncidentID, ref.PracticeKey, step)
	if err != nil || message.State != casebook.MessageIntended {
		return err
	}
	message.Changes = seen.practice.Changes
	return a.handOver(ctx, ref, step, message, seen)
}

// followUp writes the e-mail of a step after the notice.
func (a *Activities) followUp(ctx context.Context, ref PracticeRef, step string, incident casebook.Incident, practice casebook.Practice, plan casebook.Plan) (letter, error) {
	input, err := a.noticeInput(ctx, incident, practice, plan, a.today())
	if err != nil {
		return letter{}, err
	}
	link, err := a.Store.MakePage(ctx, pageOf(ref))
	if err != nil {
		return letter{}, err
	}
	if step == casebook.CodeStep {
		until := a.Now().Add(codeLife)
		code, err := a.Store.GiveCode(ctx, pageOf(ref), codeByEmail, engine, until)
		if err != nil {
			return letter{}, err
		}
		made := letter{to: practice.Practice.SecondEmail, secrets: []string{code.String()}}
		made.subject, made.text = papers.CodeEmail(input, code.String(), civil.OfTime(until.In(a.Zone)))
		return made, nil
	}
	made := letter{to: practice.Practice.Email, secrets: []string{link.String()}}
	input.Page, input.CodeByEmail, input.Opened = a.pageAddress(link), a.codeByEmail(practice), !practice.Page.OpenedAt.IsZero()
	made.subject, made.text = papers.ReminderEmail(input)
	return made, nil
}

func pageOf(ref PracticeRef) packet.Practice {
	return packet.Practice{IncidentID: ref.IncidentID, Key: ref.PracticeKey}
}

// pageAddress is the address of a practice's page, whose last part is its secret.
func (a *Activities) pageAddress(link packet.Link) string {
	return a.Pages.JoinPath("p", link.String()).String()
}

// codeByEmail reports whether the practice's code goes out by itself: to another
// mailbox than its link, and by a sender that sends. In a folder it would lie beside
// the link.
func (a *Activities) codeByEmail(p casebook.Practice) bool {
	return a.Pages != nil && p.Practice.SecondEmail != "" && a.Mail.Name() != folderSender
}
