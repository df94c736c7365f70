package papers

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/pdffile"
	"duenotice/internal/typeface"
)

// letterView is what a letter says beside incidentView.
type letterView struct {
	incidentView
	// Reader is adult, minor, next_of_kin, estate or represented.
	Reader          string
	You, Your, They string
	We              string
	// Vendor is who keeps the information, in a letter that the practice writes itself.
	Vendor string
	// Practice is the one practice written for; Practices are all when there are more.
	Practice   string
	Practices  []string
	Kind, Them string
	Classes    string
	Delayed    bool
	// Health, Money, Credentials and Identity say which advice the kinds of information ask for.
	Health, Money, Credentials, Identity bool
	// Code says that the person has a code for the credit monitoring, which goes
	// where the mark |@ stands.
	Code bool
	// ForMinors says that what is offered is for minors.
	ForMinors bool
	// Freeze says that there is a credit file to freeze: not of somebody who has died.
	Freeze bool
	// TradeCommission and Bureaus are the offices every letter names.
	TradeCommission string
	Bureaus         []string
	// Head is the name at the letter's top: the practice's, which people know.
	Head string
	// First is the step that the box tells, "" where it tells the offer: death, password,
	// bank, statements or alert.
	First string
	// Told and Covered are what the incident's own texts say already.
	Told    toldDates
	Covered coveredAdvice
	// Corrects says that the letter corrects one of the day it names, why that was wrong
	// (breach.RecallReasons), and a sentence of the officers' own.
	Corrects *correctsView
	// OfState is the text of the State of the address, "" for most; the others
	// are for that text.
	OfState  string
	Offices  []string
	Affected string
	// Taglines say in other languages that help is free, at the letter's end.
	Taglines []string
	// Are is the verb behind Affected.
	Are    string
	Parent string
}

// Kinds of information by the advice they ask for.
var (
	healthClasses     = breach.SetOf("medical_record_number", "diagnosis", "treatment", "medication", "lab_result", "disability", "mental_health", "substance_use_disorder", "health_insurance_id", "claims", "provider_name")
	moneyClasses      = breach.SetOf("financial_account", "payment_card")
	credentialClasses = breach.SetOf("account_credentials")
	identityClasses   = breach.SetOf("ssn", "tin", "drivers_license", "state_id", "passport", "financial_account", "payment_card", "biometric")
)

// bodyKey is all that a letter's words depend on within a batch.
type bodyKey struct {
	practices string
	breach.Variant
	// corrects is what it says of an earlier letter; empty in most.
	corrects breach.Correction
}

// correctsView is what a letter says of the one that it corrects.
// Opening says that it takes the other's place, and names the day.
type correctsView struct{ Opening, Why, Sentence string }

// correcting is what a letter says of an earlier one, nil where it corrects none. The
// recall's number stands in no letter, so that letters that say the same are set alike.
func (l *lettering) correcting(c breach.Correction) *correctsView {
	if c == (breach.Correction{}) {
		return nil
	}
	view := &correctsView{Why: c.Why, Opening: l.say("corrects", "day", l.date(c.MailedOn))}
	if l.tag == breach.English { // the officers write their sentence in English alone
		view.Sentence = data(c.Sentence)
	}
	return view
}

// correctionOf is what of a letter's correction its words depend on.
func correctionOf(l *casebook.Letter) breach.Correction {
	if l.Corrects == nil {
		return breach.Correction{}
	}
	c := *l.Corrects
	c.Recall = 0
	return c
}

// body is a letter's words, laid out once: each page's drawing in the document, where
// the salutation goes on the first, and where the person's code goes.
type body struct {
	pages []pdffile.Content
	// read is what of each page a reader is told, nil in what is printed.
	read []*marking
	// ink is where the first page is printed, for the envelope's window.
	ink        []envelope.Ink
	salutation float64
	code       codePlace
}

// codePlace is where a person's code is written: the page, from 0, and the
// baseline. y is 0 in a letter that has none.
type codePlace struct {
	page int
	x, y float64
}

// delayed reports whether law enforcement asked for a delay of notices to
// people. A letter has to say so (California Civil Code 1798.82(d)(2)(D)).
func delayed(holds []breach.Hold) bool {
	for _, h := range holds {
		if h.Covering(breach.CoversIndividual) {
			return true
		}
	}
	return false
}

// letter is what a letter in the language says.
func (l *lettering) letter(incident breach.Incident, datedOn civil.Date, practices []breach.Practice, variant breach.Variant, of ofState, said sayings) letterView {
	reader, classes := string(variant.Voice), variant.Classes
	view := letterView{
		incidentView: l.incident(incident, datedOn),
		Reader:       reader, You: l.words["you."+reader], Your: l.words["your."+reader], They: l.words["they."+reader], We: l.words["we"], Code: variant.Coded,
		Classes: l.classes(classes.Classes()),
		Delayed: delayed(incident.Holds),
		Health:  classes&healthClasses != 0, Money: classes&moneyClasses != 0,
		Credentials: classes&credentialClasses != 0, Identity: classes&identityClasses != 0,
		Freeze:          variant.Voice != breach.ToNextOfKin && variant.Voice != breach.ToEstate,
		TradeCommission: data(offices().TradeCommission.line()), Bureaus: lines(offices().Bureaus),
		Offices: lines(offices().States[of.state]), Affected: l.residents(of.affected), Parent: data(incident.Entity.Parent),
	}
	for _, t := range incident.Letters.Taglines {
		view.Taglines = append(view.Taglines, data(t.Text))
	}
	if view.Are = l.words["residents.are.many"]; of.affected == 1 {
		view.Are = l.words["residents.are.one"]
	}
	view.WhatHappened, view.WhatWeAreDoing, view.WhatYouCanDo = said.happened, said.doing, said.steps
	plans := 0
	for _, p := range practices {
		view.Practices = append(view.Practices, data(p.Name()))
		if p.Insurer == breach.Yes {
			plans++
		}
	}
	kind := "providers"
	switch {
	case plans == len(practices):
		kind = "plans"
	case plans > 0:
		kind = "both"
	}
	view.Kind, view.Them = l.words["kind."+kind], l.words["them"]
	view.Head = l.list(view.Practices) // of one practice or two, else what they are
	if len(practices) > 2 {
		view.Head = l.words["head."+kind]
	}
	if len(practices) == 1 {
		view.Practice, view.Practices = view.Practices[0], nil
	}
	if view.Freeze {
		view.Offer, view.ForMinors = l.offerTo(incident, variant.Voice), variant.Offer == breach.OfferToMinors
	}
	view.Told, view.Covered = said.told, said.covered
	view.First = firstStep(view)
	return view
}

// firstStep is the step that a letter's box tells, "" where it tells the offer. It is
// one that the incident's own texts do not tell.
func firstStep(v letterView) string {
	switch {
	case !v.Freeze:
		return "death"
	case v.Offer != nil:
		return ""
	case v.Credentials && !v.Covered.Password:
		return "password"
	case v.Money && !v.Covered.Bank:
		return "bank"
	case v.Health && !v.Covered.Statements:
		return "statements"
	}
	return "alert"
}

// letterText fills in the letter, with the text of the State if it has one.
func (l *lettering) letterText(view letterView, state string) (string, error) {
	var err error
	if state != "" {
		if view.OfState, err = l.render(stateName(state), view); err != nil {
			return "", err
		}
	}
	text, err := l.render(letterName, view)
	if err != nil {
		return "", err
	}
	return text, checkText("The letter", text)
}

// layOutLetter lays a letter's words out from top on.
func layOutLetter(text string, top float64) ([][]placed, error) {
	blocks := parse(text)
	if len(blocks) < 2 || blocks[0].kind != letterhead || blocks[1].kind != title {
		return nil, fmt.Errorf("a letter does not begin with a name and its title")
	}
	lines := layOut(blocks[:2])
	lines = append(lines, line{slot: true, size: bodySize, before: 4, height: 13, keep: true})
	lines = append(lines, layOut(blocks[2:])...)
	return letterPages(lines, top), nil
}

// What stands before a letter's words is read before them.
const senderBlock, dateBlock = -2, -1

// drawBody draws laid-out pages into the document, for each letter that has their words.
func (b *LetterBatch) drawBody(in *lettering, pages [][]placed) (body, error) {
	var made body
	for i, lines := range pages {
		seen := &inked{above: b.form.FoldLine()}
		if i > 0 {
			seen = nil
		}
		page, err := b.pdf.drawSeen(seen, func(on *sheet) {
			if i == 0 {
				on.begin(part{block: senderBlock})
				setSender(on, b.from)
				on.begin(part{block: dateBlock})
				on.textRight(in.date(b.datedOn), bodySize, b.from.firstLine())
				on.leave(addressSlot)
			}
			paint(on, lines)
			on.artifact(func() {
				on.textRight(in.page(i+1, len(pages)), 8, footerLine)
				if b.proof {
					on.font(false, 12)
					on.text(4.2*inch, 0.35*inch, "PROOF. NOT FOR MAILING.")
				}
			})
			made.read = append(made.read, on.read)
		})
		if err != nil {
			return body{}, err
		}
		made.pages = append(made.pages, page)
		if i == 0 {
			made.ink = seen.ink
		}
		for _, l := range lines {
			switch {
			case l.slot:
				made.salutation = l.y + l.size*1.05
			case l.code:
				made.code = codePlace{i, sideMargin + endOf(l.line), l.y + l.size*1.05}
			}
		}
	}
	return made, nil
}

// page says which page of how many it is.
func (l *lettering) page(n, of int) string {
	return l.say("page", "page", l.count(n), "pages", l.count(of))
}

// reference is a letter's reference, as it stands at its foot.
func (l *lettering) reference(piece string) string { return l.say("reference", "reference", piece) }

// endOf is where the words of a line end, with a space behind them.
func endOf(l line) float64 {
	end := 0.0
	for _, r := range l.runs {
		end = max(end, r.x+typeface.Width(r.text+" ", r.bold, l.size))
	}
	return end
}

// practiceKeys joins the keys; no key holds a newline.
func practiceKeys(practices []breach.Practice) string {
	if len(practices) == 1 {
		return practices[0].Key
	}
	keys := make([]string, len(practices))
	for i, p := range practices {
		keys[i] = p.Key
	}
	return strings.Join(keys, "\n")
}
