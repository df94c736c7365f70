package board

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"duenotice/internal/casebook"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
	"duenotice/internal/openitems"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
)

// practicePage is one practice's story.
type practicePage struct {
	frame
	Key, Name, Phase, NeedsPerson string
	Facts                         []fact
	Alarms                        []alarm
	LookAt                        []string
	Duties, Open, Account, Papers *table
	Email, History                *table
	Temporal                      string
}

// fact is a word about a practice and what there is to say.
type fact struct{ Name, Value string }

func (p *practicePage) tables() []*table {
	return []*table{p.Duties, p.Open, p.Account, p.Papers, p.Email, p.History}
}

func (q request) practice() error {
	page, err := q.practicePage()
	if err != nil {
		return err
	}
	q.b.show(q.w, http.StatusOK, "practice", page)
	return nil
}

func (q request) practiceCSV() error {
	page, err := q.practicePage()
	if err != nil {
		return err
	}
	return serveTable(q.w, q.Request, page.tables())
}

func (q request) practicePage() (*practicePage, error) {
	key := q.PathValue("key")
	details, err := q.room.store.StatusDetails(q.ctx, q.id, postgres.Filter{Practice: key}, q.b.Now())
	if err != nil {
		return nil, err
	}
	d := &details[0]
	page := &practicePage{frame: q.b.frame("Practice "+key, q.crumb(), Link{"Practices", q.places().page("practices")}), Key: key, Name: d.Name, Phase: string(d.Phase), NeedsPerson: d.NeedsPerson}
	opened, err := q.ofPage(key)
	if err != nil {
		return nil, err
	}
	page.Facts = append(factsOf(d), opened...)
	if !d.AddsUp {
		page.Alarms = append(page.Alarms, alarm{
			"The account does not add up",
			fmt.Sprintf("%s on its lists, %s accounted for. Mail nothing and record nothing for it.", several(d.Findings, "finding is", "findings are"), number(d.Account.Total()-d.Account.In("left"))),
			q.b.Command("status", q.id, "--practice", key),
		})
	}
	for _, w := range d.Warnings {
		page.LookAt = append(page.LookAt, w.Message+" ("+w.Code+")")
	}
	if q.b.TemporalUI != "" {
		page.Temporal = q.b.workflow(q.id, key)
	}
	page.Duties, page.Account = q.duties(d), q.accountOf(d)
	if page.Open, err = q.waitsOf(key, details); err != nil {
		return nil, err
	}
	if page.Papers, err = q.papers(key); err != nil {
		return nil, err
	}
	if page.Email, err = q.email(key); err != nil {
		return nil, err
	}
	page.History, err = q.history(key)
	return page, err
}

// workflow is the address of a workflow in Temporal's UI.
func (s Surroundings) workflow(incident, practice string) string {
	return strings.TrimSuffix(s.TemporalUI, "/") + temporalx.PagePath(s.Namespace, incident, practice)
}

func factsOf(d *casebook.PracticeStatus) []fact {
	delegation := map[string]string{"": "not answered", "all": "everything to us", "letters": "the letters to us", "none": "nothing"}[d.Delegation]
	list := []fact{{"Phase", string(d.Phase)}, {"People", number(d.People)}, {"Delegated", delegation}, {"Notice to it", casebook.NoticeWords(d.Notice)}}
	if len(d.Approvals) > 0 {
		who := strings.Join(d.Approvals, ", ")
		if d.OneAccount {
			who += " (from one account)"
		}
		list = append(list, fact{"Letters approved by", who})
	}
	if d.Delay != nil {
		text := "approved " + d.Delay.ReadyOn.String() + ", not mailed yet"
		if !d.Delay.SentOn.IsZero() {
			text = "approved " + d.Delay.ReadyOn.String() + ", mailed " + d.Delay.SentOn.String()
		}
		list = append(list, fact{"Letters", text})
	}
	return list
}

func (q request) practiceTable(id, caption, empty string, names ...string) *table {
	return &table{
		Headed: true, List: true, ID: id, Caption: caption, Empty: empty, Columns: columns(names...),
		CSV: q.places().practice(q.PathValue("key")) + "/csv/" + id + ".csv",
	}
}

func (q request) duties(d *casebook.PracticeStatus) *table {
	t := q.practiceTable("duties", "What it owes, and what was done", "It owes nothing.",
		"What", "Due", "Done", "Stands", "People#", "Under", "Why", "(Days late#)", "(Kind)", "(Jurisdiction)", "(Rule)")
	for _, o := range d.Obligations {
		due := day(o.Due, o.Late)
		if o.Due.IsZero() {
			due.Text = "not begun"
			if o.NoSetDay() {
				due.Text = "no set day"
			}
		}
		if len(o.Moved) > 0 {
			days := make([]string, len(o.Moved))
			for i, moved := range o.Moved {
				days[i] = moved.String()
			}
			due.Text += " (before: " + strings.Join(days, ", ") + ")"
		}
		t.row(words(o.Title()), due, day(o.SettledOn, false), words(stands(o)), count(o.Count), words(o.Citation), words(o.Why),
			count(o.DaysLate), named(o.Kind, ""), named(o.Jurisdiction, ""), named(o.Rule, ""))
	}
	return t
}

// stands says where a duty stands.
func stands(o casebook.ObligationStatus) string {
	switch {
	case !o.SettledOn.IsZero() && o.DaysLate > 0:
		return "done, " + several(o.DaysLate, "day late", "days late")
	case !o.SettledOn.IsZero():
		return "done"
	case o.DaysLate > 0:
		return "open, " + several(o.DaysLate, "day late", "days late")
	case !o.NotBefore.IsZero():
		return "open, not before " + o.NotBefore.String()
	case o.Stage != "":
		return "open, " + o.Stage
	}
	return "open"
}

func (q request) accountOf(d *casebook.PracticeStatus) *table {
	t := q.practiceTable("account", "Where its people stand", "Nobody is on its list.", "State", "People#", "Why", "(Code)")
	for _, row := range casebook.RowsOf(d.Account) {
		t.row(words(row.State.Words()), count(row.People), words(row.Why(number)), named(string(row.State), ""))
	}
	return t
}

func (q request) waitsOf(key string, details []casebook.PracticeStatus) (*table, error) {
	from := openitems.Sources{Practices: details, NoKeys: true}
	var err error
	if from.Notices, err = q.room.store.NoticesOf(q.ctx, q.id, []string{key}); err != nil {
		return nil, err
	}
	if from.Heard, err = q.room.store.Heard(q.ctx, q.id, key); err != nil {
		return nil, err
	}
	if from.Disputes, err = q.room.store.OpenDisputes(q.ctx, q.id); err != nil {
		return nil, err
	}
	if from.Troubles, err = q.b.troubles(q.ctx, q.room.store, q.id); err != nil {
		return nil, err
	}
	from.Troubles = slices.DeleteFunc(from.Troubles, func(t casebook.Trouble) bool { return t.Practice != key })
	t := itemTable(q.places(), openitems.In(q.facts, q.b.today(), q.b.Command, from))
	t.CSV = q.places().practice(key) + "/csv/open.csv"
	return t, nil
}

// papers are named by path and hash. None is linked: a browser keeps what it opens, and
// some of them have patients.
func (q request) papers(key string) (*table, error) {
	files, err := q.room.store.FilesOf(q.ctx, q.id, key)
	t := q.practiceTable("papers", "Papers made", "No paper was made yet.", "File", "SHA-256", "Bytes#")
	for _, f := range files {
		t.row(code(f.Path), code(f.SHA256), count(int(f.Bytes)))
	}
	return t, err
}

func (q request) email(key string) (*table, error) {
	messages, err := q.room.store.MessagesOf(q.ctx, q.id, key)
	t := q.practiceTable("email", "E-mail to it", "No e-mail to it was begun.", "What", "Attempt#", "What became of it", "Since", "Why")
	for _, m := range messages {
		what := strings.ReplaceAll(m.Step, "_", " ")
		t.row(words(what), count(m.Attempt), words(casebook.NoticeWords(m.State)), moment(q.b.moment(m.MovedAt)), words(m.Cause()))
	}
	return t, err
}

// history is what the ledger has of the practice and of the incident, acts among it, the
// newest first. Who looked at people is shown to whoever may oversee that.
func (q request) history(key string) (*table, error) {
	t := q.practiceTable("history", "What was done, the newest first", "Nothing was done yet.", "When", "Who", "What", "Detail", "Entry")
	entries, err := q.room.store.StoryOf(q.ctx, q.id, key)
	if err != nil {
		return nil, err
	}
	if !q.reader.seesLooks(q.id) {
		entries = withoutLooks(entries)
	}
	events, err := evidence.Tell(entries)
	if err != nil {
		t.Empty = "The ledger cannot be read: " + err.Error()
		return t, nil //nolint:nilerr // the rest of the practice is still to be seen; verify names the entry
	}
	for _, e := range slices.Backward(events) {
		t.row(moment(at(e)), words(e.Who), words(e.What), words(e.Detail), named(e.Entry, ""))
	}
	return t, nil
}

// withoutLooks leaves out who looked at people.
func withoutLooks(entries []ledger.Entry) []ledger.Entry {
	return slices.DeleteFunc(entries, func(e ledger.Entry) bool {
		body, err := e.Decode()
		return err == nil && body.Kind == ledger.KindReveal
	})
}

// at is when an entry was written, in UTC to the second.
func at(e papers.BinderEvent) string {
	if len(e.At) < len("2006-01-02T15:04:05") {
		return e.At
	}
	return e.At[:10] + " " + e.At[11:19] + " UTC"
}
