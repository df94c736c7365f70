package activities

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// noticeWaits reports whether the notice to the practice may be handed over as far
// as its e-mail goes: it was not yet, it is not kept back, and its time has come.
func noticeWaits(incident casebook.Incident, p casebook.Practice, now time.Time) bool {
	switch p.Notice.State {
	case casebook.MessageNone:
		return !incident.NoticesKeptBack
	case casebook.MessageIntended:
		return !now.Before(p.Notice.RetryAt)
	case casebook.MessageSending:
		return true
	}
	return false
}

// noticeRetry is when a notice that could not be handed over is tried again.
func noticeRetry(p casebook.Practice, now time.Time) (at time.Time, reason string, ok bool) {
	at = p.Notice.RetryAt
	if p.Notice.State != casebook.MessageIntended || !at.After(now) {
		return time.Time{}, "", false
	}
	return at, "The e-mail with the notice could not be handed over and is tried again", true
}

// noticeNeed says what a person must do about a notice that is owed, "" when
// nothing: it goes out by itself, or it is not known yet that it does not.
func noticeNeed(incident casebook.Incident, p casebook.Practice) string {
	const another = "or tell the practice another way and record it (record practice_notified)"
	m := p.Notice
	switch m.State {
	case casebook.MessageNone:
		if incident.NoticesKeptBack {
			return "its notice is kept back (notify)"
		}
	case casebook.MessageIntended:
		if m.Detail != "" {
			return "its notice could not be handed over: " + m.Cause() + ". It is tried again by itself"
		}
	case casebook.MessageToSend:
		if m.PacketSHA256 != p.PacketSHA256 {
			return fmt.Sprintf("its notice lies in the outbox, %s, and is of earlier papers: have it written anew (notify), %s", m.ProviderID, another)
		}
		return fmt.Sprintf("its notice lies in the outbox, %s: send it and record it (record practice_notified)", m.ProviderID)
	case casebook.MessageNoEmail:
		if p.Practice.Email == "" {
			return "the practice has no e-mail address: send its notice by post (notify --post prints it) and record it (record practice_notified)"
		}
		return "the practice had no e-mail address: send its notice (notify), " + another
	case casebook.MessageRejected:
		return "the e-mail to the practice was refused (" + m.Cause() + "; notify --list has the provider's words): mend the cause and send it again (notify), " + another
	case casebook.MessageBounced, casebook.MessageAgain:
		return "the e-mail to the practice did not arrive (" + cmp.Or(m.Cause(), "no reason given") + "), and nothing further is sent there: print its notice for the post (notify --post), correct its address (practice contact) and send it again (notify), " + another
	case casebook.MessageUnknown:
		return "it is not known whether the e-mail to the practice arrived: ask, then record it (record practice_notified) or send it again (notify)"
	}
	return ""
}

// told reports whether the practice was told as far as is recorded.
func told(p casebook.Practice) bool { return !p.ToldOn().IsZero() }

// allowedNotify decides whether a practice's notice may be sent as the attempt
// that the act names: one that may have arrived, or lies in the outbox as it would
// be written again, is not.
func (a *Activities) allowedNotify(incident casebook.Incident, p casebook.Practice, act casebook.Act) error {
	if err := named(act); err != nil {
		return err
	}
	m, terms := p.Notice, act.Notify
	if terms != nil && terms.Step != "" {
		return allowedAgain(p, *terms)
	}
	switch {
	case terms == nil || p.Phase == casebook.PhaseClosed:
		return breach.Refuse("closed", "", "practice %s is closed", p.Practice.Key)
	case incident.Incident.Entity.Role == breach.CoveredEntity:
		return breach.Refuse("no_notice", "", "a covered entity that runs this program has no practice to tell")
	case terms.Attempt <= m.Attempt:
		return errAlready // another command asked for it a moment ago
	case told(p):
		return breach.Refuse("told_already", "If that notice did not arrive, record it first (record notice_bounced).",
			"practice %s was told on %s", p.Practice.Key, p.ToldOn())
	case terms.Attempt != m.Attempt+1:
		return breach.Refuse("changed_since_looked", "Give the command again.", "the notice of practice %s is at attempt %d by now", p.Practice.Key, m.Attempt)
	case p.Practice.Email == "":
		return breach.Refuse("no_email", "Send it by post, then record it (record practice_notified).", "practice %s has no e-mail address", p.Practice.Key)
	}
	switch m.State {
	case casebook.MessageIntended, casebook.MessageSending:
		return errAlready // it is on its way
	case casebook.MessageToSend:
		if a.Mail.Name() == folderSender && m.PacketSHA256 == p.PacketSHA256 {
			return errAlready // the same would be written again
		}
	}
	return nil
}

// allowedAgain decides whether e-mail may go to a practice's address again from which
// it came back.
func allowedAgain(p casebook.Practice, terms casebook.NotifyTerms) error {
	step, m, stopped := p.CameBack()
	switch {
	case p.Phase == casebook.PhaseClosed:
		return breach.Refuse("closed", "", "practice %s is closed", p.Practice.Key)
	case !stopped:
		return errAlready // somebody said so, or corrected the address
	case step != terms.Step || m.Attempt != terms.Attempt:
		return breach.Refuse("changed_since_looked", "Look with status --practice, then give the command again.",
			"another e-mail to practice %s came back meanwhile", p.Practice.Key)
	case p.Practice.Email == "":
		return breach.Refuse("no_email", "Write by post (notify --post --reminders).", "practice %s has no e-mail address", p.Practice.Key)
	}
	return nil
}

// fillMessage has a record of an e-mail that did not arrive say which one it was.
func fillMessage(p casebook.Practice, terms *casebook.RecordTerms) {
	fact := &terms.Fact
	if fact.Kind != breach.ReminderBounced || casebook.MessageReferred(fact.Reference) != "" {
		return
	}
	if _, m, known := p.MessageOf(fact.Reference); known {
		fact.Reference = strings.TrimSuffix(casebook.MessageReference(m.ID)+": "+fact.Reference, ": ")
	}
}

// allowedBounce refuses that a notice, or what followed it, came back which never went out.
func allowedBounce(p casebook.Practice, fact breach.Fact) error {
	if fact.Kind == breach.ReminderBounced {
		return allowedReminderBounce(p, fact)
	}
	if fact.Kind != breach.NoticeBounced {
		return nil
	}
	switch {
	case p.Practice.Key == "":
		return breach.Refuse("no_practice", "Give it with --practice, or give all of them with --from.", "a notice that did not arrive is one practice's")
	case !told(p) && slices.Contains(p.Facts, fact):
		return errAlready
	case told(p) && p.ToldOn().After(fact.On):
		return breach.Refuse("before_notice", "Check the day.", "practice %s was told on %s, after %s",
			p.Practice.Key, p.ToldOn(), fact.On)
	case !told(p) && p.Notice.State != casebook.MessageToSend && p.Notice.State != casebook.MessageUnknown:
		return breach.Refuse("no_notice", "Look with status --practice.", "no notice to practice %s went out that could have come back", p.Practice.Key)
	}
	return nil
}

func allowedReminderBounce(p casebook.Practice, fact breach.Fact) error {
	_, m, known := p.MessageOf(fact.Reference)
	switch {
	case p.Practice.Key == "":
		return breach.Refuse("no_practice", "Give it with --practice, or give all of them with --from.", "an e-mail that did not arrive is one practice's")
	case known && (m.State == casebook.MessageBounced || m.State == casebook.MessageAgain), !known && casebook.MessageReferred(fact.Reference) != "":
		return errAlready // or it was sent again since
	case !known || m.State != casebook.MessageSent && m.State != casebook.MessageUnknown:
		return breach.Refuse("no_reminder", "Look with status --practice. Of the notice itself record notice_bounced.",
			"no reminder or code to practice %s went out that could have come back", p.Practice.Key)
	}
	return nil
}

// folderSender is the name of the sender that only writes files.
const folderSender = "eml"

// countsFromNotice: the practice's own days are counted from the day on which it
// is told (45 CFR 164.404(a)(2)), and it was not told yet.
func countsFromNotice(plan casebook.Plan) bool { return plan.Notifiable && plan.Discovered.IsZero() }

// noticeInput is what the notice to the practice, and the e-mail with it, are made
// from. A notice that starts the practice's clock names the days that follow from
// the day on which it goes out.
func (a *Activities) noticeInput(ctx context.Context, incident casebook.Incident, p casebook.Practice, plan casebook.Plan, on civil.Date) (papers.NoticeInput, error) {
	if countsFromNotice(plan) {
		zone, err := time.LoadLocation(p.Practice.ZoneName())
		if err != nil {
			return papers.NoticeInput{}, err
		}
		peers, err := a.peers(ctx, incident.Incident, p)
		if err != nil {
			return papers.NoticeInput{}, err
		}
		toldNow := p
		toldNow.Facts = append(breach.Facts{{Kind: breach.PracticeNotified, On: on}}, p.Facts...)
		if plan, err = a.decide(incident, toldNow, peers, zone); err != nil {
			return papers.NoticeInput{}, err
		}
	}
	return papers.NoticeInput{
		Incident: incident.Incident, Practice: p.Practice, Tally: p.Tally, Obligations: obligationsOf(plan),
		Discovered: plan.Discovered, DatedOn: on, Delegation: p.Practice.Delegation, Told: p.ToldOn(),
	}, nil
}
