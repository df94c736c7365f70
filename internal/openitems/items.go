// Package openitems says what of an incident waits for somebody: for whom, until when,
// and with which command it is reported as done. report open prints it, and the
// officers' board shows and counts it. It reads what is stored and works out nothing
// of where a practice stands.
package openitems

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// For whom something waits.
const (
	ForOfficer  = "officer"
	ForApprover = "approver"
	ForPractice = "practice"
	ForOperator = "operator"
)

// Whoms lists them.
var Whoms = []string{ForOfficer, ForApprover, ForPractice, ForOperator}

// Kinds of item.
const (
	Step    = "step"
	Duty    = "duty"
	Notice  = "notice"
	Letter  = "letter"
	Dispute = "dispute"
	Page    = "page"
	Post    = "post"
	Account = "account"
	Trouble = "trouble"
)

// Item is one thing that waits for somebody.
type Item struct {
	// Practice is the practice's key, Name its name; "" where it concerns no single one.
	Practice, Name string
	// Kind is one of the above, What says it in words, Whom is one of Whoms.
	Kind, What, Whom string
	// Due is zero where it has no day.
	Due  civil.Date
	Late bool
	// Do is the command to give, or for a trouble what to do; "" where nothing can be
	// done yet.
	Do string
}

// Sources are what is stored of an incident, or of some of its practices.
type Sources struct {
	Practices []casebook.PracticeStatus
	Notices   []casebook.Notice
	// Held are the letters that are held back, an item each.
	Held []casebook.HeldLetter
	// Disputes are people of whom a practice says that they are not its patients, an item
	// for each practice.
	Disputes []casebook.OpenDispute
	// NoKeys counts people instead of naming their keys: letters that are held back have an
	// item for each practice and reason, from its account.
	NoKeys bool
	// Troubles have their Step in words.
	Troubles []casebook.Trouble
	// Heard shows whether practices heard of their notice; Posted are batches of letters to
	// practices.
	Heard  []casebook.Heard
	Posted []casebook.PostBatchState
	// Halted is why printing pauses.
	Halted []breach.HaltReason
	// Recalls are the letters that were taken back.
	Recalls []casebook.Recall
}

// Command writes a command as the person would type it.
type Command func(words ...string) string

// In lists what waits in an incident on a day, by due day and then by practice; what has
// no day comes last.
func In(incident casebook.Incident, today civil.Date, command Command, from Sources) []Item {
	l := list{in: incident, today: today, command: command, of: make(map[string]*casebook.PracticeStatus, len(from.Practices)), notified: map[string]bool{}}
	for i := range from.Practices {
		l.of[from.Practices[i].Key] = &from.Practices[i]
	}
	for _, n := range from.Notices {
		l.notice(n)
	}
	for i := range from.Practices {
		l.step(&from.Practices[i])
		l.duties(&from.Practices[i])
		l.posting(&from.Practices[i])
		if from.NoKeys {
			l.heldIn(&from.Practices[i])
		}
	}
	for _, h := range from.Held {
		l.held(h)
	}
	l.disputes(from.Disputes, from.NoKeys)
	for _, s := range casebook.Silences(incident.Incident, from.Heard) {
		l.silent(s)
	}
	for _, b := range from.Posted {
		l.posted(b)
	}
	if len(from.Halted) > 0 {
		l.halted(from.Halted)
	}
	for _, r := range from.Recalls {
		l.recalled(r)
	}
	for _, t := range from.Troubles {
		l.trouble(t)
	}
	Sort(l.items)
	return l.items
}

// Sort puts things that wait by due day and then by practice, what has no day last. What In
// lists of some practices after what it lists of others is sorted as what it lists of all.
func Sort(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(ByDay(a.Due, b.Due), cmp.Compare(a.Practice, b.Practice))
	})
}

// ByDay puts earlier days first and no day last.
func ByDay(a, b civil.Date) int {
	switch {
	case a == b:
		return 0
	case b.IsZero(), !a.IsZero() && a.Before(b):
		return -1
	}
	return 1
}

// list gathers what waits in an incident from what is stored of it.
type list struct {
	in      casebook.Incident
	today   civil.Date
	command Command
	of      map[string]*casebook.PracticeStatus
	items   []Item
	// notified are the practices whose notice is among the items.
	notified map[string]bool
}

func (l *list) add(d *casebook.PracticeStatus, it Item) {
	it.Practice, it.Name = d.Key, d.Name
	l.items = append(l.items, it)
}

// record is the command that records a fact of a practice.
func (l *list) record(key, fact string, more ...string) string {
	words := append([]string{"record", l.in.Incident.ID, "--practice", key, "--fact", fact}, more...)
	return l.command(append(words, "--on", l.today.String(), "--by", "YOUR NAME")...)
}

// stepWaits says for whom a practice waits in the phases that are a person's step. In
// the other phases only its duties, notices and letters wait.
var stepWaits = map[casebook.Phase]string{
	casebook.PhaseRiskAssessment: ForOfficer, casebook.PhaseDelegation: ForPractice, casebook.PhaseApproval: ForApprover,
	casebook.PhaseLettersReady: ForOfficer, casebook.PhaseAcknowledgment: ForPractice,
}

// step adds what the practice's phase waits for, and that its people do not add up.
func (l *list) step(d *casebook.PracticeStatus) {
	due, late := firstDue(d, func(casebook.ObligationStatus) bool { return true })
	if whom, is := stepWaits[d.Phase]; is {
		l.add(d, Item{
			Kind: Step, What: string(d.Phase), Whom: whom, Due: due, Late: late, Do: Hint(l.command, d.Phase, l.in.Incident.ID, d.Key, l.today),
		})
	}
	if !d.AddsUp {
		l.add(d, Item{
			Kind: Account, What: "the account of its people does not add up to its list: mail and record nothing for it", Whom: ForOperator,
			Do: l.command("status", l.in.Incident.ID, "--practice", d.Key),
		})
	}
}

// duties adds the practice's open duties that have a day, or never get one by law. The
// notice to the practice is the program's to send: it waits for a person only when it
// did not go out, which notice says, or when it is late.
func (l *list) duties(d *casebook.PracticeStatus) {
	for _, o := range d.Obligations {
		begun := !o.Due.IsZero() || o.NoSetDay()
		if !o.SettledOn.IsZero() || !begun || o.FirstToPractice() && (l.notified[d.Key] || !o.Late) {
			continue
		}
		it := Item{Kind: Duty, What: o.Title(), Whom: whose(l.in.Incident.Entity, d.Delegation, o.Obligation), Due: o.Due, Late: o.Late}
		if o.Kind == breach.MediaNotice {
			it.What += l.outlets(d, o.Jurisdiction)
		}
		if o.NotBefore.After(l.today) {
			it.What += ", not before " + o.NotBefore.String()
		} else {
			it.Do = l.fulfil(d, o.Obligation)
		}
		l.add(d, it)
	}
}

// outlets says of a State's media which of those that are listed were told, and which not.
func (l *list) outlets(d *casebook.PracticeStatus, state string) string {
	told, missing, _ := breach.MediaOf(l.in.Incident.Media, state).Told(d.MediaSent, civil.Date{})
	var said string
	if len(missing) > 0 {
		said += "; to be told: " + strings.Join(missing, ", ")
	}
	for _, f := range told {
		said += fmt.Sprintf("; %s told on %s", f.Outlet, f.On)
	}
	return said
}

// posting adds a notice that is not on its page: whoever's the page is, an officer sees to it.
func (l *list) posting(d *casebook.PracticeStatus) {
	if d.Posting == nil || !d.Posting.Amiss() {
		return
	}
	l.add(d, Item{
		Kind: Duty, What: fmt.Sprintf("%s: since %s not on %s: %s", postingAmiss, d.Posting.Since, d.Posting.URL, d.Posting.Problem), Whom: ForOfficer,
		Do: l.command("record", l.in.Incident.ID, "--practice", d.Key, "--fact", breach.PostingGap, "--on", d.Posting.Since.String(), "--reference", "WHY THE DAYS COUNT", "--by", "YOUR NAME"),
	})
}

// postingAmiss begins what is said of a notice that is not on its page.
const postingAmiss = "the notice is to be put back on its page"

// whose says who fulfils a duty, by what the practice has delegated. What nobody has
// answered yet waits for the practice.
func whose(entity breach.Entity, delegation string, o breach.Obligation) string {
	if o.CarriedOutBy(entity.Delegated(breach.Practice{Delegation: delegation})) == breach.ByUs {
		return ForOfficer
	}
	return ForPractice
}

// fulfil is the command that records a duty as done.
func (l *list) fulfil(d *casebook.PracticeStatus, o breach.Obligation) string {
	by := rules.SettledBy(o)
	if len(by) == 0 {
		return l.command("status", l.in.Incident.ID, "--practice", d.Key)
	}
	fact, more := by[0], []string(nil)
	switch {
	case fact == breach.LettersMailed:
		if !l.in.Incident.Entity.WritesLetters(breach.Practice{Delegation: d.Delegation}) {
			fact, more = breach.PracticeMailed, []string{"--count", "NUMBER"}
		}
	case o.Form == breach.FormKept:
		fact = breach.PostingEnded // it was put up before
	case fact == breach.HHSFiled:
		more = []string{"--reference", "TRACKING-NUMBER"}
	}
	if place := rules.PlaceOf(o); place != "" {
		more = append(more, "--jurisdiction", place)
	}
	if o.Kind == breach.MediaNotice {
		if _, missing, _ := breach.MediaOf(l.in.Incident.Media, o.Jurisdiction).Told(d.MediaSent, civil.Date{}); len(missing) > 0 {
			more = append(more, "--outlet", missing[0])
		}
	}
	return l.record(d.Key, fact, more...)
}

// noticeWaits says whether the notice to a practice that has not been told waits for a
// person, in words; keptBack is the incident's.
func noticeWaits(state string, keptBack bool) (what string, waits bool) {
	switch state {
	case casebook.MessageNone:
		return "notice to the practice: kept back", keptBack // else it is on its way by itself
	case casebook.MessageRejected, casebook.MessageBounced, casebook.MessageAgain, casebook.MessageToSend, casebook.MessageUnknown, casebook.MessageNoEmail:
		return "notice to the practice: " + casebook.NoticeWords(state), true
	}
	return "", false // being handed over, or done
}

// notice adds a notice to a practice that a person must see to.
func (l *list) notice(n casebook.Notice) {
	key := n.Practice.Key
	d := l.of[key]
	if !n.Owed || d == nil {
		return
	}
	what, waits := noticeWaits(n.Message.State, l.in.NoticesKeptBack)
	if !waits {
		return
	}
	it := Item{Kind: Notice, What: what, Whom: ForOfficer}
	switch n.Message.State {
	case casebook.MessageNone, casebook.MessageRejected, casebook.MessageBounced, casebook.MessageAgain:
		it.Do = l.command("notify", l.in.Incident.ID, "--practice", key, "--by", "YOUR NAME")
	default:
		it.Do = l.record(key, breach.PracticeNotified)
	}
	if cause := n.Message.Cause(); cause != "" {
		it.What += ": " + cause
	}
	if n.Message.State == casebook.MessageBounced {
		it.What += ". By post (notify --post), or correct its address (practice contact) and send it again"
	}
	it.Due, it.Late = firstDue(d, func(o casebook.ObligationStatus) bool { return o.FirstToPractice() })
	l.notified[key] = true
	l.add(d, it)
}

// heldIn adds the letters of a practice that are held back, by reason.
func (l *list) heldIn(d *casebook.PracticeStatus) {
	people := map[string]int{}
	for _, line := range d.Account {
		if line.State == account.Held && line.Why != string(breach.HeldDisputed) { // that waits as a dispute
			people[line.Why] += line.People
		}
	}
	for _, why := range slices.Sorted(maps.Keys(people)) {
		it := Item{
			Kind: Letter, What: fmt.Sprintf("letters held back: %d, %s", people[why], breach.HeldReason(why).Words()), Whom: ForOfficer,
			Do: l.command("status", l.in.Incident.ID, "--held"),
		}
		if why == string(breach.HeldLanguage) {
			it.Do = l.giveLanguage()
		}
		it.Due, it.Late = firstDue(d, func(o casebook.ObligationStatus) bool { return rules.OfPeople(o.Obligation) })
		l.add(d, it)
	}
}

// giveLanguage is what lets letters go that are held back for their language: incident.yaml
// with a translation, or with a decision.
func (l *list) giveLanguage() string {
	return l.command("amend", l.in.Incident.ID, "--incident", "FILE", "--by", "YOUR NAME")
}

// held adds a letter that is held back: its person is still owed.
func (l *list) held(h casebook.HeldLetter) {
	d := l.of[h.PracticeKey]
	if d == nil || h.Why == string(breach.HeldDisputed) { // that waits as a dispute
		return
	}
	it := Item{
		Kind: Letter, What: fmt.Sprintf("letter to person %s is held back: %s", h.PersonKey, breach.HeldReason(h.Why).Words()), Whom: ForOfficer,
		Do: l.record(h.PracticeKey, breach.ToldOtherwise, "--person", h.PersonKey, "--reference", "HOW"),
	}
	if h.Why == string(breach.HeldLanguage) {
		it.Do = l.giveLanguage()
	}
	it.Due, it.Late = firstDue(d, func(o casebook.ObligationStatus) bool { return rules.OfPeople(o.Obligation) })
	l.add(d, it)
}

// keysShown is how many people's keys are named one by one.
const keysShown = 20

// halted adds that printing pauses: an officer finds out why, and lets it go on.
func (l *list) halted(reasons []breach.HaltReason) {
	l.items = append(l.items, Item{
		Kind: Letter, What: "printing has paused: " + breach.HaltWords(reasons), Whom: ForOfficer,
		Do: l.command("resume", l.in.Incident.ID, "--reason", "WHAT YOU FOUND", "--by", "YOUR NAME"),
	})
}

// recalled adds the question whether letters that were taken back after they were mailed
// disclosed something to somebody.
func (l *list) recalled(r casebook.Recall) {
	if !r.Asks() {
		return
	}
	l.items = append(l.items, Item{
		Kind: Letter, Whom: ForOfficer,
		What: fmt.Sprintf("letters of recall %d were mailed: %d, and %s. Was one of them itself a disclosure?", r.Number, r.Mailed, breach.RecallWords(r.Why)),
		Do:   l.command("recall", l.in.Incident.ID, "--number", strconv.Itoa(r.Number), "--disclosure", "yes|no", "--reason", "HOW YOU KNOW", "--by", "YOUR NAME"),
	})
}

// disputes adds a thing for each practice that says that people are not its patients.
func (l *list) disputes(all []casebook.OpenDispute, noKeys bool) {
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
		it := Item{
			Kind: Dispute, What: "the practice says that these are not its patients: " + strings.Join(named, ", "), Whom: ForOfficer,
			Do: l.command("practice", "dispute", l.in.Incident.ID, "--practice", key, "--person", strings.Join(named, ","), "--keep", "--reason", "HOW YOU KNOW", "--by", "YOUR NAME"),
		}
		if more := len(keys[key]) - len(named); more > 0 {
			it.What += fmt.Sprintf(" and %d more", more)
		}
		if noKeys {
			it.What = fmt.Sprintf("the practice says of people that they are not its patients: %d", len(keys[key]))
			it.Do = l.command("report", "open", l.in.Incident.ID)
		}
		it.Due, it.Late = firstDue(d, func(o casebook.ObligationStatus) bool { return rules.OfPeople(o.Obligation) })
		l.add(d, it)
	}
}

// trouble adds what the program could not do.
func (l *list) trouble(t casebook.Trouble) {
	it := Item{Practice: t.Practice, Kind: Trouble, What: t.Text(), Whom: ForOperator, Do: t.Todo}
	if d := l.of[t.Practice]; d != nil {
		it.Name = d.Name
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
