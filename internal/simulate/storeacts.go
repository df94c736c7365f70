package simulate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// Authorise lets everybody: a rehearsal's people are invented.
func (s *store) Authorise(context.Context, casebook.Act) (string, error) { return "", nil }

func (s *store) ActOnPractice(_ context.Context, act casebook.Act, check func(casebook.Practice) error) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(act.IncidentID, act.PracticeKey)
	if err != nil || s.acts[act.ID] {
		return false, err
	}
	if err := check(s.record(f)); err != nil {
		return false, err
	}
	s.acts[act.ID] = true
	s.seq++
	f.Changes++
	switch {
	case act.Assess != nil:
		f.Assessments = append(f.Assessments, casebook.Assessment{Who: act.Who, Conclusion: act.Assess.Conclusion, Factors: act.Assess.Factors})
	case act.Approve != nil:
		s.approve(f, act)
	case act.Delegate != nil:
		f.Practice.Practice.Delegation = act.Delegate.Delegation
		move := account.Undelegate
		if breach.LettersDelegated(act.Delegate.Delegation) {
			move = account.Delegate
		}
		f.Account, _ = f.Account.Apply(move, -1, nil, nil)
		f.holdDisputed()
		if act.Who == casebook.Engine {
			s.diary.note(f, s.now(), Event{Event: EventDefault, Text: "the practice did not answer: its contract's default holds, " + act.Delegate.Delegation})
		}
	case act.Record != nil:
		s.moveByRecord(f, act)
		s.markMailed(act)
		f.facts = append(f.facts, recorded{s.seq, act.Record.Fact})
		concludeNotice(f, act)
		f.noteTold(act.Record.Fact, true)
	case act.Notify != nil && act.Notify.Step != "":
		// A rehearsal sends nothing but notices.
	case act.Notify != nil:
		f.Notice = intended(act.IncidentID, act.PracticeKey, casebook.NoticeStep, act.Notify.Attempt)
	case act.Contact != nil:
		f.Practice.Practice.PrivacyOfficer, f.Practice.Practice.Email, f.Practice.Practice.Phone = act.Contact.PrivacyOfficer, act.Contact.Email, act.Contact.Phone
		f.PapersSHA256 = "" // made and approved anew
	case act.Dispute != nil:
		f.dispute(*act.Dispute)
	default:
		return false, fmt.Errorf("%q without its terms is not an act on a practice", act.Kind)
	}
	return true, nil
}

// dispute holds back as many letters as people are disputed, or lets them go. Who they
// are a rehearsal does not know: it has no rows of people.
func (f *file) dispute(terms casebook.DisputeTerms) {
	n := len(terms.PersonKeys)
	if terms.Keep {
		n = min(n, f.Disputed)
		f.Disputed -= n
		disputed := func(l account.Line) bool { return l.Why == string(breach.HeldDisputed) }
		f.Account, _ = f.Account.Apply(account.Keep, n, disputed, func(l *account.Line) { l.Why = "" })
		return
	}
	f.Disputed = min(f.Disputed+n, f.Account.Total()) // somebody disputed twice is disputed once
	f.holdDisputed()
}

// holdDisputed holds back letters of those whom the practice disputes, as
// internal/postgres does whenever a letter begins to wait.
func (f *file) holdDisputed() {
	held := 0
	for _, l := range f.Account {
		if l.Why == string(breach.HeldDisputed) {
			held += l.People
		}
	}
	f.Account, _ = f.Account.Apply(account.Dispute, max(0, f.Disputed-held), nil, func(l *account.Line) { l.Why = string(breach.HeldDisputed) })
}

// FirstRecorded goes through what was recorded for the incident and its practices.
func (s *store) FirstRecorded(context.Context, string) (breach.Facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first breach.Facts
	add := func(f breach.Fact) {
		i := slices.IndexFunc(first, func(o breach.Fact) bool { return o.Kind == f.Kind && o.Jurisdiction == f.Jurisdiction })
		if i < 0 {
			first = append(first, breach.Fact{Kind: f.Kind, Jurisdiction: f.Jurisdiction, On: f.On})
		} else {
			first[i].On = civil.Earlier(first[i].On, f.On)
		}
	}
	for _, r := range s.facts {
		add(r.fact)
	}
	for _, key := range s.keys {
		f := s.files[key]
		if told := f.Practice.Practice.NotifiedOn; !told.IsZero() {
			add(breach.Fact{Kind: breach.PracticeNotified, On: told})
		}
		for _, r := range f.facts {
			add(r.fact)
		}
	}
	return first, nil
}

// AgenciesToTell goes through the plans of one practice, or of all.
func (s *store) AgenciesToTell(_ context.Context, _, practiceKey string) ([]casebook.AgencyDuty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var owed []casebook.AgencyDuty
	for _, key := range s.keys {
		if practiceKey != "" && key != practiceKey {
			continue
		}
		for _, o := range s.files[key].plan.Obligations {
			if o.Kind == breach.RegulatorNotice || o.Kind == breach.FacilityNotice {
				owed = append(owed, casebook.AgencyDuty{Obligation: o.Obligation, Open: o.SettledOn.IsZero()})
			}
		}
	}
	return owed, nil
}

// noteTold keeps with each duty that a record is about the number that was told;
// own: the record's number is of this practice alone.
func (f *file) noteTold(fact breach.Fact, own bool) {
	for _, o := range f.plan.Obligations {
		if !rules.TellsNumber(o.Obligation, fact) {
			continue
		}
		told := maps.Clone(f.Told)
		if told == nil {
			told = map[string]int{}
		}
		told[o.ID()] = o.Count
		if own && fact.Count > 0 {
			told[o.ID()] = fact.Count
		}
		f.Told = told
	}
}

func (s *store) approve(f *file, act casebook.Act) {
	f.approvals[act.Approve.SHA256] = append(f.approvals[act.Approve.SHA256], casebook.Approval{Who: act.Who, At: act.At})
}

// waiting is what waits for one more approval, and for who's.
func (s *store) waiting(who string) (keys []string, hash string) {
	h := sha256.New()
	for _, key := range s.keys {
		f := s.files[key]
		given := f.approvals[f.PapersSHA256]
		own := slices.ContainsFunc(given, func(a casebook.Approval) bool { return breach.SamePerson(a.Who, who) })
		if f.Phase == casebook.PhaseApproval && f.PapersSHA256 != "" && !own && len(given) < s.incident.Incident.ApproversNeeded() {
			keys = append(keys, key)
			fmt.Fprintf(h, "%s %s\n", key, f.PapersSHA256)
		}
	}
	return keys, hex.EncodeToString(h.Sum(nil))
}

func (s *store) ApproveAll(_ context.Context, act casebook.Act) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys, hash := s.waiting(act.Who)
	switch {
	case len(keys) == 0:
		return 0, breach.Refuse("nothing_waits", "", "nothing of %s waits for an approval of %s", act.IncidentID, act.Who)
	case hash != act.Approve.SHA256:
		return 0, breach.Refuse("changed_since_looked", "", "what waits for approval in %s changed since you looked at it", act.IncidentID)
	}
	for _, key := range keys {
		f := s.files[key]
		one := act
		one.Approve = &casebook.ApproveTerms{SHA256: f.PapersSHA256}
		s.approve(f, one)
		f.Changes++
	}
	return len(keys), nil
}

func (s *store) ActOnIncident(_ context.Context, act casebook.Act) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.acts[act.ID] {
		return false, nil
	}
	if act.Record != nil {
		told := map[string]breach.Facts{}
		for key, f := range s.files {
			told[key] = f.told()
		}
		if err := casebook.MayTellForAll(act.Record.Fact, told); err != nil {
			return false, err
		}
	}
	facts := &s.incident.Incident
	for _, f := range s.files {
		f.Changes++
	}
	switch {
	case act.Hold != nil:
		facts.Holds = append(slices.Clone(facts.Holds), *act.Hold)
	case act.Adopt != nil, act.Resume != nil: // nothing is printed here
	case act.Notify != nil:
		s.incident.NoticesKeptBack = false
	case act.Replan != nil:
		s.incident.RulebookVersion, s.incident.RulebookSHA256 = act.Replan.ToVersion, act.Replan.ToSHA256
	case act.Release != nil:
		if err := release(facts, act.Release.On); err != nil {
			return false, err
		}
	case act.Record != nil:
		switch act.Record.Fact.Kind {
		case breach.DeterminedFact:
			facts.Determined = act.Record.Fact.On
		case breach.MaterialDeterminedFact:
			facts.MaterialDetermined = act.Record.Fact.On
		}
		s.markMailed(act)
		s.seq++
		s.facts = append(s.facts, recorded{s.seq, act.Record.Fact})
		for _, f := range s.files {
			s.moveByRecord(f, act)
			concludeNotice(f, act)
			f.noteTold(act.Record.Fact, len(s.files) == 1)
		}
	default:
		return false, fmt.Errorf("%q without its terms is not an act on an incident", act.Kind)
	}
	s.acts[act.ID] = true
	return true, nil
}

// told is what was recorded for this practice alone.
func (f *file) told() breach.Facts {
	records := make([]breach.Fact, len(f.facts))
	for i, r := range f.facts {
		records[i] = r.fact
	}
	return breach.FactsOf(records)
}

// moveByRecord moves those of whom a recorded fact says that they were told, as
// internal/postgres does. A person told otherwise is one of those who wait longest.
// Letters are mailed with the last of the batches that they may be in.
func (s *store) moveByRecord(f *file, act casebook.Act) {
	terms := *act.Record
	on := terms.Fact.On
	switch terms.Fact.Kind {
	case breach.LettersMailed:
		left := func(b casebook.MailedBatch) bool { return b.MailedOn.IsZero() }
		if act.PracticeKey == "" && len(terms.Batches) > 0 && slices.ContainsFunc(s.batches(f.Practice.Practice.Key), left) {
			return
		}
		f.Account, _ = f.Account.Apply(account.Mail, -1, nil, func(l *account.Line) { l.MailedOn = on })
	case breach.PracticeMailed:
		if terms.Fact.Count >= f.Account.In(account.PracticeMails.From...) {
			f.Account, _ = f.Account.Apply(account.PracticeMails, -1, nil, func(l *account.Line) { l.Why, l.ToldOn = account.ByPractice, on })
		}
	case breach.PostingStarted:
		f.Account, _ = f.Account.Apply(account.Substitute, -1, func(l account.Line) bool { return l.Why != account.Kin && l.Why != account.ByEmail },
			func(l *account.Line) { l.Why, l.ToldOn = account.BySubstitute, on })
	case breach.EmailsSent:
		byEmail := func(l account.Line) bool { return l.Why == account.ByEmail }
		told, owed := f.Account.Apply(account.TellByEmail, -1, byEmail, func(l *account.Line) { l.Why, l.ToldOn = account.ByEmail, on })
		if terms.Fact.Count >= owed {
			f.Account = told
		}
	case breach.ToldOtherwise:
		f.Account, _ = f.Account.Apply(account.TellByHand, 1, nil, func(l *account.Line) { l.Why, l.ToldOn = account.ByHand, on })
	}
}

// concludeNotice lets the e-mail with the notice follow what was recorded, as
// internal/postgres does.
func concludeNotice(f *file, act casebook.Act) {
	state := f.Notice.State
	switch {
	case act.Who == engine || state == casebook.MessageNone:
	case act.Record.Fact.Kind == breach.PracticeNotified && state != casebook.MessageSent && state != casebook.MessageSending:
		f.Notice.State = casebook.MessageRecorded
	case act.Record.Fact.Kind == breach.NoticeBounced:
		f.Notice.State, f.Notice.Detail = casebook.MessageBounced, act.Record.Fact.Reference
	}
}

// engine is who recorded what the program itself did.
const engine = casebook.Engine

func release(facts *breach.Incident, on string) error {
	day, err := civil.Parse(on)
	if err != nil {
		return err
	}
	facts.Holds = slices.Clone(facts.Holds)
	released := false
	for i := range facts.Holds {
		if facts.Holds[i].ReleasedOn.IsZero() {
			facts.Holds[i].ReleasedOn, released = day, true
		}
	}
	if !released {
		return breach.Refuse("no_hold", "", "incident %s has no law-enforcement hold that is not released", facts.ID)
	}
	return nil
}
