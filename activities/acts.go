package activities

import (
	"context"
	"errors"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// errAlready says that the act was done before: the same act twice is the same act once.
var errAlready = errors.New("done before")

// ActOnPractice carries out what a person decided about one practice, writes
// the act down in the same transaction, and returns where the practice stands.
func (a *Activities) ActOnPractice(ctx context.Context, act casebook.Act) (ActResult, error) {
	act.At = a.Now()
	incident, err := a.authorised(ctx, &act)
	if err != nil {
		return ActResult{}, forTemporal(err)
	}
	// Before anything is written: what follows from the act could not be decided.
	if _, err := a.rulebook(incident); err != nil {
		return ActResult{}, forTemporal(err)
	}
	if err := a.nameAgency(ctx, &act); err != nil {
		return ActResult{}, forTemporal(err)
	}
	named := a.nameBatches(ctx, &act)
	if named != nil && !errors.Is(named, errAlready) {
		return ActResult{}, forTemporal(named)
	}
	fresh, err := a.Store.ActOnPractice(ctx, act, func(p casebook.Practice) error {
		if err := a.allowed(incident, p, act); err != nil {
			return err
		}
		return named
	})
	if errors.Is(err, errAlready) {
		fresh, err = false, nil
	}
	if err != nil {
		return ActResult{}, forTemporal(err)
	}
	ref := PracticeRef{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey}
	if err := a.tellLead(ctx, ref); err != nil {
		return ActResult{}, err
	}
	if act.Record != nil && act.Record.Fact.Kind == breach.LettersMailed {
		if err := a.tellSharing(ctx, ref); err != nil {
			return ActResult{}, err
		}
	}
	state, err := a.refresh(ctx, ref)
	return ActResult{Fresh: fresh, Practices: 1, State: state}, forTemporal(err)
}

// Try decides whether an act on a practice would be done, and writes nothing.
// repeated is true when it would be the same as one that was done. It is no method,
// because each exported one is a step that a worker offers.
func Try(ctx context.Context, a *Activities, act casebook.Act) (repeated bool, err error) {
	incident, err := a.Store.Incident(ctx, act.IncidentID)
	if err != nil {
		return false, err
	}
	if err := a.nameAgency(ctx, &act); err != nil {
		return false, err
	}
	practice, err := a.Store.Practice(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return false, err
	}
	err = a.allowed(incident, practice, act)
	if errors.Is(err, errAlready) {
		return true, nil
	}
	return false, err
}

func (a *Activities) allowed(incident casebook.Incident, p casebook.Practice, act casebook.Act) error {
	if act.Kind == casebook.ActNotify {
		return a.allowedNotify(incident, p, act)
	}
	p, today := a.asOnPage(p, act)
	return allowed(incident.Incident, p, act, today)
}

// ActOnIncident carries out an act on the whole incident. The practices' own
// workflows are told afterwards (TellPractices).
func (a *Activities) ActOnIncident(ctx context.Context, act casebook.Act) (ActResult, error) {
	act.At = a.Now()
	incident, err := a.authorised(ctx, &act)
	if err != nil {
		return ActResult{}, forTemporal(err)
	}
	if err := a.nameAgency(ctx, &act); err != nil {
		return ActResult{}, forTemporal(err)
	}
	err = a.allowedOnIncident(ctx, incident, act)
	if err == nil && act.Kind == casebook.ActReplan {
		err = a.allowedReplan(incident, *act.Replan)
	}
	if err == nil {
		err = a.nameBatches(ctx, &act)
	}
	if errors.Is(err, errAlready) {
		return ActResult{Practices: incident.Practices}, nil
	}
	if err != nil {
		return ActResult{}, forTemporal(err)
	}
	if act.Kind == casebook.ActApprove {
		approved, err := a.Store.ApproveAll(ctx, act)
		return ActResult{Fresh: approved > 0, Practices: approved}, forTemporal(err)
	}
	fresh, err := a.Store.ActOnIncident(ctx, act)
	return ActResult{Fresh: fresh, Practices: incident.Practices}, forTemporal(err)
}

// authorised fills in whose act it is, before anything else of it is looked at
// or completed: what somebody asked for is the act as it came.
func (a *Activities) authorised(ctx context.Context, act *casebook.Act) (casebook.Incident, error) {
	incident, err := a.Store.Incident(ctx, act.IncidentID)
	if err != nil {
		return incident, err
	}
	act.Identity, err = a.Store.Authorise(ctx, *act)
	return incident, err
}

// allowed decides whether an act on a practice may be done. It returns a
// *breach.Refusal that says why not, or errAlready.
func allowed(incident breach.Incident, p casebook.Practice, act casebook.Act, today civil.Date) error {
	if err := named(act); err != nil {
		return err
	}
	if p.Phase == casebook.PhaseClosed && act.Kind != casebook.ActRecord && act.Kind != casebook.ActAssess {
		return breach.Refuse("closed", "New evidence opens it again: an assessment (assess), a fact (record) or a list (amend).", "practice %s is closed", p.Practice.Key)
	}
	if err := allowedOnPage(incident, p, act); err != nil {
		return err
	}
	switch act.Kind {
	case casebook.ActAssess:
		return allowedAssess(p, act)
	case casebook.ActApprove:
		return allowedApprove(incident, p, act)
	case casebook.ActDelegate:
		return allowedDelegate(incident, p, *act.Delegate)
	case casebook.ActRecord:
		fillCount(p, act.Record)
		fillMessage(p, act.Record)
		FillSender(incident, p, act)
		if err := oneSender(incident, p, act); err != nil {
			return err
		}
		return allowedRecord(incident, p, *act.Record, today)
	case casebook.ActContact:
		return allowedContact(p, *act.Contact)
	case casebook.ActDispute:
		return allowedDispute(p, *act.Dispute)
	}
	return breach.Refuse("unknown_act", "", "%q is not an act on a practice", act.Kind)
}

func named(act casebook.Act) error {
	if who := breach.PersonNamed(act.Who); who == "" || breach.SamePerson(who, engine) {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	return act.Readable()
}

func allowedAssess(p casebook.Practice, act casebook.Act) error {
	terms := act.Assess
	switch terms.Conclusion {
	case breach.Presumed:
	case breach.LowProbability:
		if missing := terms.Factors.Missing(); len(missing) > 0 {
			return breach.Refuse("factors_missing", "Answer all four in the file given with --factors.",
				"a low probability of compromise needs all four factors of 45 CFR 164.402(2); without an answer: %s", strings.Join(missing, ", "))
		}
		if p.Account.AnyLetter() {
			return breach.Refuse("letters_printed", "",
				"letters of practice %s are already printed as for a breach; a low probability can no longer be concluded here", p.Practice.Key)
		}
	default:
		return breach.Refuse("unknown_conclusion", "It is presumed or low_probability.", "%q is not a conclusion", terms.Conclusion)
	}
	for i := len(p.Assessments) - 1; i >= 0; i-- {
		last := p.Assessments[i]
		if !breach.SamePerson(last.Who, act.Who) {
			continue
		}
		if last.Conclusion == terms.Conclusion && last.Factors == terms.Factors {
			return errAlready
		}
		break
	}
	return nil
}

func allowedApprove(incident breach.Incident, p casebook.Practice, act casebook.Act) error {
	switch {
	case p.PapersSHA256 == "":
		return breach.Refuse("no_papers", "Wait until its papers are made.", "practice %s has no papers to approve yet", p.Practice.Key)
	case act.Approve.SHA256 != p.PapersSHA256:
		return breach.Refuse("changed_since_looked", "Look again with approve --list, then approve.",
			"the papers of practice %s changed since you looked at them", p.Practice.Key)
	case !incident.Entity.WritesLetters(p.Practice):
		return breach.Refuse("not_delegated", "Record its decision with delegate first.",
			"practice %s has not delegated its letters", p.Practice.Key)
	}
	if slices.ContainsFunc(p.Approvals, func(x casebook.Approval) bool { return breach.SamePerson(x.Who, act.Who) }) {
		return errAlready
	}
	return nil
}

func allowedDelegate(incident breach.Incident, p casebook.Practice, terms casebook.DelegateTerms) error {
	switch {
	case !slices.Contains(breach.Delegations, terms.Delegation):
		return breach.Refuse("unknown_delegation", "It is all, letters or none.", "%q is not a delegation", terms.Delegation)
	case incident.Entity.WritesLetters(breach.Practice{}):
		return breach.Refuse("no_delegation", "", "a covered entity that runs this program writes to its own patients; there is nobody to delegate to")
	case terms.Delegation == p.Practice.Delegation:
		return errAlready
	}
	return casebook.MayAnswer(incident.Entity, p, terms.Delegation)
}

func (a *Activities) allowedOnIncident(ctx context.Context, incident casebook.Incident, act casebook.Act) error {
	today := a.today()
	if err := named(act); err != nil {
		return err
	}
	if incident.Phase == casebook.IncidentClosed {
		return ClosedIncident(act.IncidentID)
	}
	switch act.Kind {
	case casebook.ActApprove, casebook.ActAmend, casebook.ActReplan:
		return nil
	case casebook.ActAdopt:
		return a.allowedAdopt(ctx, act.IncidentID, *act.Adopt)
	case casebook.ActResume:
		return a.allowedResume(ctx, incident.Incident, *act.Resume)
	case casebook.ActNotify:
		if act.Notify != nil && act.Notify.Post != "" {
			return a.allowedPost(ctx, incident, *act.Notify)
		}
		if !incident.NoticesKeptBack {
			return errAlready
		}
		return nil
	case casebook.ActHold:
		return allowedHold(*act.Hold, today)
	case casebook.ActRelease:
		if len(incident.Incident.Holds) == 0 {
			return breach.Refuse("no_hold", "", "incident %s has no law-enforcement hold", act.IncidentID)
		}
		on, err := civil.Parse(act.Release.On)
		if err != nil || on.After(today) {
			return breach.Refuse("future", "Release it on the day it ends.", "%s is not a day up to today (%s)", act.Release.On, today)
		}
		return breach.ReleaseFollows(on, incident.Incident.Holds)
	case casebook.ActRecord:
		if act.Record.Fact.Kind == breach.ToldOtherwise {
			return breach.Refuse("no_practice", "Give the practice with --practice.", "%s is of one person of one practice", breach.ToldOtherwise)
		}
		if err := allowedPerson(*act.Record); err != nil {
			return err
		}
		if act.Record.Fact.Sender != "" {
			return breach.Refuse("no_practice", "Give the practice with --practice, or rows with --from.", "who did %s is said of each practice", act.Record.Fact.Kind)
		}
		if act.Record.Fact.Kind == breach.EmailsSent {
			return breach.Refuse("no_practice", "Give the practice with --practice, or rows with --from.", "who was sent an e-mail is recorded for each practice")
		}
		if act.Record.Fact.Kind == breach.PracticeMailed {
			return breach.Refuse("no_practice", "Give --practice.", "%s is of one practice, which says how many letters it mailed", breach.PracticeMailed)
		}
		facts, err := a.Store.FirstRecorded(ctx, act.IncidentID)
		if err != nil {
			return err
		}
		if err := allowedBounce(casebook.Practice{}, act.Record.Fact); err != nil {
			return err
		}
		// errAlready cannot be told here for every practice; the store finds out.
		return allowedFact(incident.Incident, facts, act.Record.Fact, today)
	}
	return breach.Refuse("unknown_act", "", "%q is not an act on an incident", act.Kind)
}

// ClosedIncident refuses an act on the whole of an incident that is closed. New
// evidence concerns a practice, and is taken for that one.
func ClosedIncident(incidentID string) *breach.Refusal {
	return breach.Refuse("closed", "Give it for the practice that it concerns, with --practice: what is then owed again opens the practice and the incident.",
		"incident %s is closed", incidentID)
}

func allowedHold(h breach.Hold, today civil.Date) error {
	switch {
	case h.Kind != breach.OralHold && h.Kind != breach.WrittenHold:
		return breach.Refuse("unknown_kind", "It is oral or written.", "%q is not a kind of statement", h.Kind)
	case strings.TrimSpace(h.Official) == "" || strings.TrimSpace(h.Agency) == "":
		return breach.Refuse("no_official", "Give the official's name and agency.",
			"a hold needs the identity of the law-enforcement official (45 CFR 164.412(b), 164.103)")
	case strings.TrimSpace(h.Statement) == "":
		return breach.Refuse("no_statement", "Give the official's words with --statement.", "a hold needs what the official stated (45 CFR 164.412)")
	case h.PublicAuthority != breach.Unknown && h.PublicAuthority != breach.Yes && h.PublicAuthority != breach.No:
		return breach.Refuse("unknown_answer", "It is yes or no.", "%q does not say whether the agency is a public authority", h.PublicAuthority)
	case h.StatedOn.IsZero() || h.StatedOn.After(today):
		return breach.Refuse("no_day", "Give the day of the statement with --stated-on.", "the statement needs its day, up to today (%s)", today)
	case !h.Until.IsZero() && h.Until.Before(h.StatedOn):
		return breach.Refuse("until_before", "", "the hold would end (%s) before it was stated (%s)", h.Until, h.StatedOn)
	}
	for _, scope := range h.Covers {
		if !slices.Contains(breach.HoldScopes, scope) {
			return breach.Refuse("unknown_scope", "A hold covers: "+strings.Join(breach.HoldScopes, " ")+".", "%q is not something a hold covers", scope)
		}
	}
	return h.CheckTime()
}
