package cli

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
)

// For whom something waits.
const (
	forOfficer  = "officer"
	forApprover = "approver"
	forPractice = "practice"
	forOperator = "operator"
)

var waitsFor = []string{forOfficer, forApprover, forPractice, forOperator}

// openItem is one thing that waits for somebody.
type openItem struct {
	// practice is "" where it concerns no single one.
	practice, name string
	// kind is step, duty, notice, letter, page, post, dispute, account or trouble.
	kind, what, whom string
	// due is zero where it has no day.
	due  civil.Date
	late bool
	// do is the command to give, or for a trouble what to do; "" where nothing can be
	// done yet.
	do string
}

// openList gathers what waits in an incident from what is stored of it.
type openList struct {
	p     *program
	in    casebook.Incident
	today civil.Date
	of    map[string]*casebook.PracticeStatus
	items []openItem
	// notified are the practices whose notice is among the items.
	notified map[string]bool
}

func (l *openList) add(d *casebook.PracticeStatus, it openItem) {
	it.practice, it.name = d.Key, d.Name
	l.items = append(l.items, it)
}

// record is the command that records a fact of a practice.
func (l *openList) record(key, fact string, more ...string) string {
	words := append([]string{"record", l.in.Incident.ID, "--practice", key, "--fact", fact}, more...)
	return l.p.command(append(words, "--on", l.today.String(), "--by", "YOUR NAME")...)
}

// stepWaits says for whom a practice waits in the phases that are a person's step. In
// the other phases only its duties, notices and letters wait.
var stepWaits = map[casebook.Phase]string{
	casebook.PhaseRiskAssessment: forOfficer, casebook.PhaseDelegation: forPractice, casebook.PhaseApproval: forApprover,
	casebook.PhaseLettersReady: forOfficer, casebook.PhaseAcknowledgment: forPractice,
}

// step adds what the practice's phase waits for, and that its people do not add up.
func (l *openList) step(d *casebook.PracticeStatus) {
	due, late := firstDue(d, func(casebook.ObligationStatus) bool { return true })
	if whom, is := stepWaits[d.Phase]; is {
		l.add(d, openItem{
			kind: "step", what: string(d.Phase), whom: whom, due: due, late: late, do: phaseHint[d.Phase](l.p, l.in.Incident.ID, d.Key, l.today),
		})
	}
	if !d.AddsUp {
		l.add(d, openItem{
			kind: "account", what: "the account of its people does not add up to its list: mail and record nothing for it", whom: forOperator,
			do: l.p.command("status", l.in.Incident.ID, "--practice", d.Key),
		})
	}
}

// duties adds the practice's open duties that have a day, or never get one by law. The
// notice to the practice is the program's to send: it waits for a person only when it
// did not go out, which notice says, or when it is late.
func (l *openList) duties(d *casebook.PracticeStatus) {
	for _, o := range d.Obligations {
		begun := !o.Due.IsZero() || o.NoSetDay()
		if !o.SettledOn.IsZero() || !begun || o.FirstToPractice() && (l.notified[d.Key] || !o.Late) {
			continue
		}
		it := openItem{kind: "duty", what: o.Title(), whom: l.whose(d, o.Obligation), due: o.Due, late: o.Late}
		if o.NotBefore.After(l.today) {
			it.what += ", not before " + o.NotBefore.String()
		} else {
			it.do = l.fulfil(d, o.Obligation)
		}
		l.add(d, it)
	}
}

// entityActs reports whether the letters, or everything, of a practice are left to
// the entity that runs this program.
func (l *openList) entityActs(d *casebook.PracticeStatus) (letters, everything bool) {
	p := breach.Practice{Delegation: d.Delegation}
	return l.in.Incident.Entity.WritesLetters(p), l.in.Incident.Entity.Delegated(p) == breach.DelegateAll
}

// whose says who fulfils a duty, by what the practice has delegated.
func (l *openList) whose(d *casebook.PracticeStatus, o breach.Obligation) string {
	letters, everything := l.entityActs(d)
	byLetter := rules.OfPeople(o) && o.Kind != breach.SubstituteNotice
	if o.ToPractice() || everything || letters && byLetter {
		return forOfficer
	}
	return forPractice
}

// fulfil is the command that records a duty as done.
func (l *openList) fulfil(d *casebook.PracticeStatus, o breach.Obligation) string {
	by := rules.SettledBy(o)
	if len(by) == 0 {
		return l.p.command("status", l.in.Incident.ID, "--practice", d.Key)
	}
	fact, more := by[0], []string(nil)
	switch {
	case fact == breach.LettersMailed:
		if letters, _ := l.entityActs(d); !letters {
			fact, more = breach.PracticeMailed, []string{"--count", "NUMBER"}
		}
	case o.Form == breach.FormKept:
		fact = breach.PostingEnded // it was put up before
	case fact == breach.HHSFiled:
		more = []string{"--reference", "TRACKING-NUMBER"}
	}
	if agency, is := rules.AgencyToTell(o); is {
		more = append(more, "--jurisdiction", agency)
	} else if o.Kind == breach.HHSNotice && o.Regime == breach.Part2 {
		more = append(more, "--jurisdiction", breach.Part2)
	} else if breach.IsState(o.Jurisdiction) && !rules.OfPeople(o) && !o.ToPractice() {
		more = append(more, "--jurisdiction", o.Jurisdiction)
	}
	return l.record(d.Key, fact, more...)
}

// notice adds a notice to a practice that a person must see to.
func (l *openList) notice(n casebook.Notice) {
	key := n.Practice.Key
	d := l.of[key]
	if !n.Owed || d == nil {
		return
	}
	it := openItem{kind: "notice", what: "notice to the practice: " + noticeWords[n.Message.State], whom: forOfficer}
	switch n.Message.State {
	case casebook.MessageNone:
		if !l.in.NoticesKeptBack {
			return // on its way by itself
		}
		it.what = "notice to the practice: kept back"
		it.do = l.p.command("notify", l.in.Incident.ID, "--practice", key, "--by", "YOUR NAME")
	case casebook.MessageRejected, casebook.MessageBounced:
		it.do = l.p.command("notify", l.in.Incident.ID, "--practice", key, "--by", "YOUR NAME")
	case casebook.MessageToSend, casebook.MessageUnknown, casebook.MessageNoEmail:
		it.do = l.record(key, breach.PracticeNotified)
	default:
		return // being handed over, or done
	}
	if cause := n.Message.Cause(); cause != "" {
		it.what += ": " + cause
	}
	it.due, it.late = firstDue(d, func(o casebook.ObligationStatus) bool { return o.FirstToPractice() })
	if l.notified == nil {
		l.notified = map[string]bool{}
	}
	l.notified[key] = true
	l.add(d, it)
}

// held adds a letter that is held back: its person is still owed.
func (l *openList) held(h casebook.HeldLetter) {
	d := l.of[h.PracticeKey]
	if d == nil || h.Why == string(breach.HeldDisputed) { // that waits as a dispute
		return
	}
	it := openItem{
		kind: "letter", what: fmt.Sprintf("letter to person %s is held back: %s", h.PersonKey, breach.HeldReason(h.Why).Words()), whom: forOfficer,
		do: l.record(h.PracticeKey, breach.ToldOtherwise, "--person", h.PersonKey, "--reference", "HOW"),
	}
	it.due, it.late = firstDue(d, func(o casebook.ObligationStatus) bool { return rules.OfPeople(o.Obligation) })
	l.add(d, it)
}

// silent adds a practice that has a page and says nothing: somebody has to call it. It
// is given the days until the first reminder; one that tried too many codes is not.
func (l *openList) silent(q silentPractice) {
	d := l.of[q.Practice.Practice.Key]
	if d == nil || q.Practice.Page.MadeAt.IsZero() {
		return
	}
	patience := breach.DefaultReminders[0]
	if days := l.in.Incident.ReminderDays(); len(days) > 0 {
		patience = days[0]
	}
	if !q.CodesEnded && l.today.Before(q.told.AddDays(patience)) {
		return
	}
	of := q.Practice.Practice
	it := openItem{kind: "page", whom: forOfficer, due: q.defaultAfter, late: !q.defaultAfter.IsZero() && l.today.After(q.defaultAfter)}
	it.what = "page " + q.what() + ", told on " + q.told.String() + ": call " + firstSet(of.PrivacyOfficer, "the practice")
	if of.Phone != "" {
		it.what += ", " + of.Phone
	}
	if q.defaultTo != "" {
		it.what += "; without an answer: " + q.defaultTo
	}
	it.do = l.p.command("practice", "code", l.in.Incident.ID, "--practice", of.Key, "--by", "YOUR NAME")
	l.add(d, it)
}

// posted adds a batch of letters to practices that is printed and of which somebody has
// to say that it was mailed.
func (l *openList) posted(b postgres.PostBatchState) {
	if b.PrintedAt.IsZero() || b.Unrecorded == 0 {
		return
	}
	l.items = append(l.items, openItem{
		kind: "post", whom: forOfficer,
		what: fmt.Sprintf("%s: %s printed and not recorded as mailed", b.Name, count(b.Unrecorded, "letter to a practice is", "letters to practices are")),
		do:   l.p.command(postRecord(l.in.Incident.ID, b, l.today)...),
	})
}

// disputes adds a thing for each practice that says that people are not its patients.
func (l *openList) disputes(all []postgres.OpenDispute) {
	keys := map[string][]string{}
	var order []string
	for _, o := range all {
		if keys[o.PracticeKey] == nil {
			order = append(order, o.PracticeKey)
		}
		keys[o.PracticeKey] = append(keys[o.PracticeKey], o.PersonKey)
	}
	for _, key := range order {
		d := l.of[key]
		if d == nil {
			continue
		}
		named := keys[key][:min(len(keys[key]), keysShown)]
		it := openItem{
			kind: "dispute", what: "the practice says that these are not its patients: " + strings.Join(named, ", ") + andMore(len(keys[key])-keysShown), whom: forOfficer,
			do: l.p.command("practice", "dispute", l.in.Incident.ID, "--practice", key, "--person", strings.Join(named, ","), "--keep", "--reason", "HOW YOU KNOW", "--by", "YOUR NAME"),
		}
		it.due, it.late = firstDue(d, func(o casebook.ObligationStatus) bool { return rules.OfPeople(o.Obligation) })
		l.add(d, it)
	}
}

// trouble adds what the program could not do.
func (l *openList) trouble(t casebook.Trouble) {
	it := openItem{practice: t.Practice, kind: "trouble", what: troubleText(t), whom: forOperator, do: t.Todo}
	if d := l.of[t.Practice]; d != nil {
		it.name = d.Name
	}
	l.items = append(l.items, it)
}

// firstDue is the first day on which one of a practice's open duties is due, and
// whether that one is late; zero where none of them has a day.
func firstDue(d *casebook.PracticeStatus, of func(casebook.ObligationStatus) bool) (due civil.Date, late bool) {
	for _, o := range d.Obligations {
		if o.SettledOn.IsZero() && !o.Due.IsZero() && of(o) && (due.IsZero() || o.Due.Before(due)) {
			due, late = o.Due, o.Late
		}
	}
	return due, late
}
