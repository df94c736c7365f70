package papers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// NoticeInput is what a practice is told. The tally is the practice's own.
type NoticeInput struct {
	Incident    breach.Incident
	Practice    breach.Practice
	Tally       breach.Tally
	Obligations []breach.Obligation
	// Discovered is the day the practice's own clocks count from.
	Discovered civil.Date
	DatedOn    civil.Date
	Delegation string
	// Told is the day on which the practice was told; zero in what tells it.
	Told civil.Date
	// Page is the address of its page, "" where there is none: a secret of the
	// practice's, for an e-mail or letter to it and for nothing else.
	Page string
	// CodeByEmail: the code for it goes to the practice's second mailbox.
	CodeByEmail bool
	// Opened: somebody of the practice has been on the page.
	Opened bool
}

// toldOn is the day from which the practice's time to answer counts: what tells it
// does so on its own day.
func (in NoticeInput) toldOn() civil.Date {
	if in.Told.IsZero() {
		return in.DatedOn
	}
	return in.Told
}

type noticeView struct {
	incidentView
	Practice, LegalName, Key, To string
	People                       string
	// Delegated is the practice's answer in words, empty while there is none.
	Delegated string
	// Silence is what becomes of the practice without an answer.
	Silence string
	// AnswerBy is the day by which letters have to be asked for; First is the first date there is.
	AnswerBy, First                               string
	Dates                                         []dateView
	Reach                                         string
	OwnClock                                      string
	Environment, BreachType, Location             string
	Classes                                       []countView
	Residents                                     []countView
	UnknownResidence, NoAddress, Minors, Deceased string
	// Nobody of the practice is on the list any more, and nothing is owed.
	Nobody bool
}

type dateView struct{ Due, What, Who, Citation string }

type countView struct{ Name, Count string }

// Notice is the business associate's notice to a practice (45 CFR 164.410):
// page 1 says what to do, in words for whoever opens the mail. It holds counts
// and no patient data; the people are in people.csv.
func Notice(in NoticeInput) ([]byte, error) {
	if err := requireElements(in.Incident, in.DatedOn); err != nil {
		return nil, err
	}
	text, err := render(noticeText, viewNotice(in))
	if err != nil {
		return nil, err
	}
	return typeset(fmt.Sprintf("Notice to %s · incident %s", oneLine(in.Practice.Name()), oneLine(in.Incident.ID)), text, in.DatedOn)
}

// noticePages are the notice's pages, laid out for another document.
func noticePages(in NoticeInput) ([][]placed, error) {
	text, err := render(noticeText, viewNotice(in))
	if err != nil {
		return nil, err
	}
	if text, err = marked(text, false); err != nil {
		return nil, err
	}
	return paginate(layOut(parse(text)), topMargin), nil
}

func viewNotice(in NoticeInput) noticeView {
	p := in.Practice
	v := noticeView{
		incidentView: viewIncident(in.Incident, in.DatedOn),
		Practice:     data(p.Name()), LegalName: data(p.LegalName), Key: data(p.Key), To: addressee(p),
		People: thousands(in.Tally.People), Delegated: delegationWords[in.Delegation],
		Silence: silence(p, fmt.Sprintf("within %d days of this notice", p.DefaultDays)),
		Dates:   dates(in.Obligations, in.Delegation), First: "none", Reach: reach(in.Incident.Entity),
		Environment: data(in.Incident.Environment), BreachType: data(in.Incident.BreachType),
		Location:         data(enumerate(in.Incident.Location)),
		UnknownResidence: some(in.Tally.UnknownResidence), NoAddress: some(in.Tally.NoUsableAddress),
		Minors: some(in.Tally.Minors), Deceased: some(in.Tally.Deceased),
		Nobody: in.Tally.People == 0 && len(in.Obligations) == 0,
	}
	if !in.Discovered.IsZero() && in.Discovered != in.Incident.Discovered {
		v.OwnClock = in.Discovered.Long()
	}
	if first := firstDue(in.Obligations); !first.IsZero() {
		v.First = first.Long()
	}
	if mailBy := in.Incident.Letters.MailBy; in.Delegation == "" && !mailBy.IsZero() && !mailBy.Before(in.DatedOn) {
		v.AnswerBy = mailBy.Long()
	}
	for _, class := range breach.DataClasses() {
		if n := in.Tally.Classes[class]; n > 0 {
			v.Classes = append(v.Classes, countView{class.Plain(), thousands(n)})
		}
	}
	for _, state := range slices.Sorted(maps.Keys(in.Tally.Residents)) {
		if n := in.Tally.Residents[state]; n > 0 {
			v.Residents = append(v.Residents, countView{breach.StateName(state), thousands(n)})
		}
	}
	return v
}

var delegationWords = map[string]string{
	breach.DelegateAll:     "“all”: we write to your patients, report to HHS and tell the media and State agencies for you",
	breach.DelegateLetters: "“letters”: we write to your patients; you report to HHS and tell the media and State agencies",
	breach.DelegateNone:    "“none”: you notify your patients, HHS, the media and State agencies yourself",
}

// addressee is whom the notice is for: the privacy officer by name where there is one.
func addressee(p breach.Practice) string {
	to := []string{"Privacy Officer"}
	if officer := data(p.PrivacyOfficer); officer != "" {
		to = []string{officer + ", Privacy Officer"}
	}
	to = append(to, data(p.LegalName))
	for _, part := range []string{p.Address1, p.Address2, strings.TrimSpace(p.City + ", " + p.State + " " + p.ZIP)} {
		if part = data(part); strings.Trim(part, ", ") != "" {
			to = append(to, part)
		}
	}
	return strings.Join(to, ", ")
}

// dates lists the practice's duties by day; what has no day yet comes last,
// with what starts its clock. The notice itself is not one of them.
func dates(obligations []breach.Obligation, delegation string) []dateView {
	ordered := slices.DeleteFunc(slices.Clone(obligations), breach.Obligation.ToPractice)
	slices.SortStableFunc(ordered, byDue)
	var list []dateView
	for _, o := range ordered {
		v := dateView{Due: o.Due.Long(), What: data(DutyWords(o)), Who: whoWords[o.CarriedOutBy(delegation)], Citation: data(o.Citation)}
		if o.Due.IsZero() {
			v.Due = "not running yet"
			switch {
			case o.NoSetDay():
				v.Due = "no set day"
			case o.Trigger != "":
				v.What += ". Its time starts with: " + data(strings.ReplaceAll(o.Trigger, "_", " "))
			}
		}
		if !o.NotBefore.IsZero() {
			v.What += ". Not before " + o.NotBefore.Long()
		}
		list = append(list, v)
	}
	return list
}

// byDue orders duties by their day; one without a day comes last.
func byDue(a, b breach.Obligation) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	return a.Due.Compare(b.Due)
}

var whoWords = map[string]string{breach.ByUs: "we, for you", breach.ByPractice: "you", breach.Undecided: "to be decided"}

// DutyWords is an obligation in a clerk's words, as in the notice.
func DutyWords(o breach.Obligation) string {
	words := o.Title()
	switch o.Kind {
	case breach.IndividualNotice:
		words = "Letters to your patients"
	case breach.StateIndividualNotice:
		words = "Letters to your patients in " + breach.StateName(o.Jurisdiction) + ", by that State’s law"
	case breach.SubstituteNotice:
		words = "Notice to patients without a usable address, by telephone, e-mail or other means"
		if o.Form == breach.FormConspicuous {
			words = "Notice to patients without a usable address: 90 days on your web site’s home page or in major media, and a toll-free number"
		}
		if o.Form == breach.FormKept {
			words = "Keep that notice up, and its toll-free number active, for 90 days"
		}
	case breach.MediaNotice:
		words = "Notice to the media in " + breach.StateName(o.Jurisdiction)
	case breach.HHSNotice:
		words = "Report to HHS, at the time of the letters"
		if o.Form == breach.FormAnnualLog {
			words = "Report to HHS, in the yearly log"
		}
		if o.Form == breach.FormAddendum {
			words = "Addendum to the report to HHS, with the final number"
		}
		if o.Regime == "part2" {
			words += ", on the form for 42 CFR Part 2"
		}
	case breach.RegulatorNotice, breach.CRANotice, breach.FacilityNotice:
		words = "Notice to " + o.Recipient
		if o.Form == breach.FormUpdate {
			words = o.Title()
		}
	}
	return words
}

func firstDue(obligations []breach.Obligation) civil.Date {
	var first civil.Date
	for _, o := range obligations {
		if !o.ToPractice() {
			first = civil.Earlier(first, o.Due)
		}
	}
	return first
}

// some is a count, or nothing for none.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return thousands(n)
}

// thousands writes a count with its commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
