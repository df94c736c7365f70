package papers

import (
	"fmt"
	"html"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/posting"
)

// PostingInput is what a notice on a practice's home page says: nothing of anybody.
type PostingInput struct {
	Incident breach.Incident
	Practice breach.Practice
	Classes  []breach.DataClass
}

type postingView struct {
	incidentView
	Covered, Classes, TollFree string
	PracticeContacts           []string
}

// TollFree is the number that a notice on the home page names: the practice's own, or
// the entity's.
func TollFree(i breach.Incident, p breach.Practice) string {
	if own := oneLine(p.TollFree); own != "" {
		return own
	}
	return oneLine(i.Entity.TollFree)
}

// errNoTollFree is of a notice that nobody can call about.
func errNoTollFree(p breach.Practice) error {
	return breach.Refuse("no_toll_free", "Write toll_free into practices.csv, or under entity in incident.yaml, and correct it with amend.",
		"the notice for the home page of practice %s needs a toll-free number (45 CFR 164.404(d)(2)(ii)(B)), and there is none", p.Key)
}

// Posting is the notice for a practice's home page (45 CFR 164.404(d)(2)(ii)), in the
// covered entity's name, once as a page of HTML and once as text. It is refused with
// code "no_toll_free" where neither the practice nor the entity has a toll-free number,
// which the notice has to include.
func Posting(in PostingInput) (page, text []byte, err error) {
	blocks, err := postingBlocks(in)
	if err != nil {
		return nil, nil, err
	}
	return postingHTML(blocks), postingLines(blocks), nil
}

// PostingText is what the page is held against: every sentence of the notice.
func PostingText(in PostingInput) (posting.Text, error) {
	blocks, err := postingBlocks(in)
	if err != nil {
		return nil, err
	}
	var all posting.Text
	for _, b := range blocks {
		if b.kind == title || b.kind == heading {
			all = append(all, posting.Element{Name: unmark(b.text)})
		}
		last := &all[len(all)-1] // the template begins with its title
		if b.kind != heading {
			last.Sentences = append(last.Sentences, sentences(unmark(b.text))...)
		}
	}
	return all, nil
}

func postingBlocks(in PostingInput) ([]block, error) {
	v := postingView{incidentView: viewIncident(in.Incident, in.Incident.Discovered), Covered: data(in.Practice.Name()), Classes: plainClasses(in.Classes), TollFree: data(TollFree(in.Incident, in.Practice))}
	if err := requireElements(in.Incident, in.Incident.Discovered); err != nil {
		return nil, err
	}
	if len(in.Classes) == 0 {
		return nil, fmt.Errorf("the notice for the home page of practice %s names no kind of information (45 CFR 164.404(c)(1)(B))", in.Practice.Key)
	}
	if v.TollFree == "" {
		return nil, errNoTollFree(in.Practice)
	}
	if !v.IsEntity {
		v.PracticeContacts = practiceContacts(in.Practice)
	}
	text, err := render(postingText, v)
	if err != nil {
		return nil, err
	}
	return parse(text), nil
}

// practiceContacts are the ways to reach a practice that it has.
func practiceContacts(p breach.Practice) []string {
	var list []string
	for _, c := range []struct{ label, value string }{
		{"Telephone", p.TollFree}, {"Telephone", p.Phone}, {"E-mail", p.Email}, {"Web site", p.Website},
	} {
		if value := data(c.value); value != "" {
			list = append(list, c.label+": "+value)
		}
	}
	return list
}

// postingHTML is the notice as a page that can be shown as it is, or whose main part can
// be put into a site's own.
func postingHTML(blocks []block) []byte {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
		html.EscapeString(unmark(blocks[0].text)) + "</title>\n</head>\n<body>\n<main>\n")
	inList := false
	for _, block := range blocks {
		if inList != (block.kind == bullet) {
			if inList = !inList; inList {
				b.WriteString("<ul>\n")
			} else {
				b.WriteString("</ul>\n")
			}
		}
		tag := map[blockKind]string{title: "h1", heading: "h2", bullet: "li"}[block.kind]
		if tag == "" {
			tag = "p"
		}
		fmt.Fprintf(&b, "<%s>%s</%[1]s>\n", tag, html.EscapeString(unmark(block.text)))
	}
	if inList {
		b.WriteString("</ul>\n")
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return []byte(b.String())
}

// postingLines is the notice as text, for a site whose pages are made with forms.
func postingLines(blocks []block) []byte {
	var b strings.Builder
	for i, block := range blocks {
		switch {
		case i == 0:
		case block.kind == bullet && blocks[i-1].kind == bullet:
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		if block.kind == bullet {
			b.WriteString("- ")
		}
		b.WriteString(unmark(block.text))
	}
	b.WriteString("\n")
	return []byte(b.String())
}
