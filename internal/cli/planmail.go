package cli

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/internal/plan"
	"duenotice/internal/postage"
)

// printMail says what the mailing takes: sheets, postage, and the days that keep the last
// one. It reckons with the words of this case as they would be typeset, and with mail
// within the United States.
func (p *program) printMail(d *plan.Document, c *casefolder.Case) {
	if d.Totals.Letters == 0 {
		return
	}
	dated := civil.Later(c.Incident.Letters.MailBy, d.AsOf)
	_, pieces, err := papers.TestBatch(c.Incident, c.Practices, dated)
	if err != nil || len(pieces) == 0 {
		return // what is wrong with the words, validate has said
	}
	// The plainest first; some States' texts make a letter longer.
	usual, most := pieces[0].Mail.Sheets, 0
	for i := range pieces {
		most = max(most, pieces[i].Mail.Sheets)
	}
	p.say("\nTHE MAIL")
	t := p.lines(2)
	each := count(usual, "sheet", "sheets") + " each"
	if most > usual {
		each += fmt.Sprintf(", %d where a State asks for more", most)
	}
	t.row("  paper", fmt.Sprintf("%s, %s: about %s", count(d.Totals.Letters, "letter", "letters"), each, count(d.Totals.Letters*usual, "sheet", "sheets")))
	t.row("  postage", postageWords(c.Incident.PrintRun, d.Totals.Letters, usual, dated))
	if due := firstNotice(d); !due.IsZero() {
		days := postage.Before(due)
		t.row("  days", fmt.Sprintf("mail by %s, so that letters which come back are here by %s; the notice to people is due %s", days.MailBy, days.ReturnsBy, days.Due))
	}
	if worry := (breach.AddressCheck{On: c.Incident.PrintRun.AddressesCheckedOn}).Worry(dated); worry != "" {
		t.row("  addresses", worry)
	}
	t.print()
}

// postageWords is what letters cost, or why nobody here knows it.
func postageWords(run breach.PrintRun, letters, sheets int, on civil.Date) string {
	class, rates := run.ClassTo(&breach.Person{}), postage.On(on)
	cents, known := rates.Cents(class, sheets)
	if !known {
		return class + ": ask the mail house, its rate depends on how far it sorts"
	}
	total := letters * cents
	return fmt.Sprintf("about $%s.%02d as %s, $%d.%02d each (rates from %s, looked up %s: %s)", number(total/100), total%100, class, cents/100, cents%100, rates.From, rates.AsOf, rates.Source)
}

// firstNotice is the first last day of a notice to people; zero where there is none.
func firstNotice(d *plan.Document) (due civil.Date) {
	for _, practice := range d.Practices {
		for _, o := range practice.Obligations {
			if o.Kind == breach.IndividualNotice && !o.Due.IsZero() && (due.IsZero() || o.Due.Before(due)) {
				due = o.Due
			}
		}
	}
	return due
}
