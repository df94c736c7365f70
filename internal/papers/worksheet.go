package papers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// WorksheetInput is what the HHS breach portal is answered from. Tally is the
// counting entity's: what HHS counts.
type WorksheetInput struct {
	Incident    breach.Incident
	Practice    breach.Practice
	Tally       breach.Tally
	Obligations []breach.Obligation
	// Discovered is the day the covered entity's clock counts from.
	Discovered civil.Date
	Facts      breach.Facts
	// Account is where each of the practice's people stands: whether and when they
	// were told is read from it, and from no recorded fact.
	Account account.Account
	// Group is the practices reported as one, where there are several.
	Group *breach.Group
}

// worksheetFile is hhs-worksheet.json.
type worksheetFile struct {
	Incident    string      `json:"incident"`
	PracticeKey string      `json:"practice_key"`
	Practice    string      `json:"practice"`
	Note        string      `json:"note"`
	Worksheets  []worksheet `json:"worksheets"`
}

// worksheet is one report: HHS takes an incident that is both a HIPAA and a 42
// CFR Part 2 breach as two.
type worksheet struct {
	Regime string `json:"regime"`
	// Form is immediate, annual_log, or none where nothing is owed under this practice's name.
	Form string     `json:"form"`
	Due  civil.Date `json:"due"`
	// Count is the number of people to report under this regime.
	Count int `json:"count"`
	// FiledOn and Number are when this report was filed and its tracking number, as
	// recorded; zero and empty while it is not.
	FiledOn  civil.Date `json:"filed_on"`
	Number   string     `json:"tracking_number"`
	Citation string     `json:"citation"`
	Note     string     `json:"note"`
	Tabs     []tab      `json:"tabs"`
}

// tab is one of the portal's six tabs.
type tab struct {
	Name   string  `json:"tab"`
	Fields []field `json:"fields"`
}

// Kinds of field, as the portal asks.
const (
	kindOne  = "one"
	kindMany = "many"
	kindText = "text"
	kindLong = "long text"
	kindDate = "date"
	kindYes  = "yes/no"
	kindInt  = "number"
)

// field is one question of the portal with our answer.
type field struct {
	ID      string   `json:"id"`
	Label   string   `json:"label"`
	Kind    string   `json:"kind"`
	Allowed []string `json:"allowed,omitempty"`
	// Answer is empty where we have none; "many" may have several.
	Answer []string `json:"answer"`
	// NeedsPerson: somebody has to answer or check this one before filing.
	NeedsPerson bool   `json:"needs_person"`
	Note        string `json:"note,omitempty"`
}

const worksheetNote = "Answers for the HHS breach portal in its order (https://ocrportal.hhs.gov/ocr/breach/wizard_breach.jsf). " +
	"This program files nothing: a person types them in, attests, and records the tracking number. " +
	"Labels were taken from public descriptions of the portal; where the portal's own differ, the portal is right."

// Worksheet makes hhs-worksheet.json and hhs-worksheet.pdf: every question of
// the portal, in its order, with the answer the case gives and a mark on those
// that need a person. There is one worksheet for HIPAA and, where it is owed,
// one for 42 CFR Part 2.
func Worksheet(in WorksheetInput) (jsonFile, pdfFile []byte, err error) {
	file := newWorksheetFile(in)
	// On one line: programs read it, people have the PDF, and indented it is twice as long.
	if jsonFile, err = json.Marshal(file); err != nil {
		return nil, nil, fmt.Errorf("writing the HHS worksheet: %w", err)
	}
	pdfFile, err = typeset(fmt.Sprintf("HHS worksheet · %s · incident %s", file.Practice, oneLine(file.Incident)), worksheetText(file), in.stamp())
	if err != nil {
		return nil, nil, err
	}
	return append(jsonFile, '\n'), pdfFile, nil
}

// WorksheetAnswers is what hhs-worksheet.json says of the case, to be compared with
// what one that was made earlier says. It typesets nothing.
func WorksheetAnswers(in WorksheetInput) any { return newWorksheetFile(in).Worksheets }

func newWorksheetFile(in WorksheetInput) worksheetFile {
	file := worksheetFile{
		Incident: in.Incident.ID, PracticeKey: in.Practice.Key, Practice: oneLine(in.Practice.LegalName),
		Note: worksheetNote, Worksheets: []worksheet{newWorksheet(in, "hipaa")},
	}
	if _, owed := hhsNotice(in.Obligations, "part2"); owed {
		file.Worksheets = append(file.Worksheets, newWorksheet(in, "part2"))
	}
	return file
}

// stamp dates the PDF: the latest day that its facts know of.
func (in WorksheetInput) stamp() civil.Date {
	day := civil.Later(in.Discovered, in.Incident.Discovered)
	for _, f := range in.Facts {
		day = civil.Later(day, f.On)
	}
	return day
}

// hhsNotice is the report owed under a regime; an addendum to it is another duty.
func hhsNotice(obligations []breach.Obligation, regime string) (breach.Obligation, bool) {
	for _, o := range obligations {
		if o.Kind == breach.HHSNotice && o.Regime == regime && o.Form != breach.FormAddendum {
			return o, true
		}
	}
	return breach.Obligation{}, false
}

func newWorksheet(in WorksheetInput, regime string) worksheet {
	w := worksheet{Regime: regime, Form: "none"}
	o, owed := hhsNotice(in.Obligations, regime)
	switch {
	case owed:
		w.Form, w.Due, w.Citation = o.Form, o.Due, o.Citation
	case in.Group != nil && in.Group.Lead() != in.Practice.Key:
		w.Note = fmt.Sprintf("Reported once for the whole group, by practice %s (45 CFR 164.105). Do not file this one as well.", in.Group.Lead())
	default:
		w.Note = "No report to HHS is owed on the facts we know."
	}
	a := answers{in: in, regime: regime, count: in.Tally.People}
	if owed {
		a.count, w.Count = o.Count, o.Count
	}
	if fact, ok := a.filed(); ok {
		w.FiledOn, w.Number = fact.On, fact.Reference
	}
	w.Tabs = []tab{
		{"General", a.general()},
		{"Contact", a.contact()},
		{"Breach", a.breach()},
		{"Notice of Breach and Actions Taken", a.notices()},
		{"Attestation", a.attestation()},
		{"Summary", a.summary()},
	}
	return w
}

// worksheetText is the worksheet in layout marks, one table for each tab.
func worksheetText(file worksheetFile) string {
	var b strings.Builder
	for i, w := range file.Worksheets {
		if i > 0 {
			b.WriteString("===\n")
		}
		fmt.Fprintf(&b, "### Incident %s · practice %s\n\n# HHS worksheet: %s\n\n", data(file.Incident), data(file.PracticeKey), data(file.Practice))
		fmt.Fprintf(&b, "> **Report under %s: %s.**", regimeNames[w.Regime], formWords[w.Form])
		if !w.Due.IsZero() {
			fmt.Fprintf(&b, " Last day: **%s** (%s).", w.Due.Long(), data(w.Citation))
		}
		switch {
		case !w.FiledOn.IsZero() && w.Number != "":
			fmt.Fprintf(&b, " Filed on **%s**, number **%s**.", w.FiledOn.Long(), data(w.Number))
		case !w.FiledOn.IsZero():
			fmt.Fprintf(&b, " Filed on **%s**; no number is recorded.", w.FiledOn.Long())
		case w.Form != "none":
			b.WriteString(" No report was recorded when this sheet was made.")
		}
		if w.Note != "" {
			fmt.Fprintf(&b, " %s", data(w.Note))
		}
		fmt.Fprintf(&b, "\n> Fields marked **Person** need somebody to answer or check them.\n\n%s\n", data(file.Note))
		for _, t := range w.Tabs {
			fmt.Fprintf(&b, "\n## %s\n\n|! 7 36 45 12\n|= | The portal asks | Our answer |\n", t.Name)
			for _, f := range t.Fields {
				writeField(&b, f)
			}
		}
	}
	return b.String()
}

var regimeNames = map[string]string{"hipaa": "HIPAA", "part2": "42 CFR Part 2"}

var formWords = map[string]string{
	breach.FormImmediate: "at once, with the letters",
	breach.FormAnnualLog: "in the yearly log",
	"none":               "none from this practice",
}

// longAnswer is set below its row: a narrow column would make pages of it.
const longAnswer = 300

func writeField(b *strings.Builder, f field) {
	answer := data(strings.Join(f.Answer, "; "))
	if f.Note != "" {
		answer = strings.TrimPrefix(answer+" ("+data(f.Note)+")", " ")
	}
	mark := ""
	if f.NeedsPerson {
		mark = "**Person**"
	}
	label := data(f.Label)
	if f.Kind == kindMany && f.NeedsPerson && len(f.Allowed) > 0 {
		fmt.Fprintf(b, "| %s | %s | %s | %s\n\n", f.ID, label, data(f.Note), mark)
		for _, choice := range f.Allowed {
			box := "[ ]"
			if slices.Contains(f.Answer, choice) {
				box = "[x]"
			}
			fmt.Fprintf(b, "%s %s\n", box, data(choice))
		}
		b.WriteString("\n")
		return
	}
	if len(f.Answer) == 0 && len(f.Allowed) > 0 {
		label += " — " + data(strings.Join(f.Allowed, " / "))
	}
	if len(answer) > longAnswer && f.Kind == kindLong {
		fmt.Fprintf(b, "| %s | %s | see below | %s\n\n%s\n\n", f.ID, label, mark, prose(strings.Join(f.Answer, "\n\n")))
		return
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s\n", f.ID, label, answer, mark)
}
