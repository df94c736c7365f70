package papers

import (
	"errors"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// MediaInput is what a press release to the media of one State says.
type MediaInput struct {
	Incident breach.Incident
	Practice breach.Practice
	// Group is the practices counted as one, where there are several; its
	// practices' own names stand in MemberNames when known.
	Group       *breach.Group
	MemberNames []string
	// State is the two-letter code; Residents how many of its residents are affected.
	State     string
	Residents int
	Classes   []breach.DataClass
	DatedOn   civil.Date
}

type mediaView struct {
	incidentView
	Covered, Place, State, Residents string
	// Many: the covered entity's name stands for several practices.
	Many             bool
	Members          []string
	Classes          string
	PracticeContacts []string
	// PressContact and StateText are this State's own, "" for none.
	PressContact, StateText string
}

// MediaRelease is the press release to prominent media outlets of a State (45
// CFR 164.406), in the covered entity's name.
func MediaRelease(in MediaInput) ([]byte, error) {
	text, err := mediaWords(in)
	if err != nil {
		return nil, err
	}
	return typeset(fmt.Sprintf("Media notice · %s · %s", oneLine(in.Practice.Name()), breach.StateName(in.State)), text, in.DatedOn)
}

// MediaReleases are the press releases of one practice to the media of several States,
// each from a page of its own on.
func MediaReleases(all []MediaInput) ([]byte, error) {
	var texts []string
	for _, in := range all {
		text, err := mediaWords(in)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if len(all) == 0 {
		return nil, errors.New("there is no State whose media are to be told")
	}
	name := "Media notices · " + oneLine(all[0].Practice.Name())
	return typeset(name, strings.Join(texts, "\n\n===\n"), all[0].DatedOn)
}

func mediaWords(in MediaInput) (string, error) {
	if err := requireElements(in.Incident, in.DatedOn); err != nil {
		return "", err
	}
	if !breach.IsState(in.State) {
		return "", fmt.Errorf("a media notice is for a State; %q is none (45 CFR 160.103)", in.State)
	}
	if len(in.Classes) == 0 {
		return "", fmt.Errorf("the media notice of practice %s names no kind of information (45 CFR 164.404(c)(1)(B))", in.Practice.Key)
	}
	p := in.Practice
	v := mediaView{
		incidentView: viewIncident(in.Incident, in.DatedOn),
		Covered:      data(p.Name()), State: breach.StateName(in.State), Residents: thousands(in.Residents),
		Classes: plainClasses(in.Classes),
	}
	terms := breach.MediaOf(in.Incident.Media, in.State)
	v.PressContact, v.StateText = data(terms.Contact), prose(terms.Text)
	if in.Group != nil && len(in.Group.Members) > 1 {
		v.Covered, v.Many = fmt.Sprintf("%s and the practices affiliated with it", v.Covered), true
		for _, name := range in.MemberNames {
			v.Members = append(v.Members, data(name))
		}
	}
	if city := data(p.City); city != "" && breach.IsState(p.State) {
		v.Place = city + ", " + breach.StateName(p.State)
	}
	v.PracticeContacts = practiceContacts(p)
	return render(mediaText, v)
}
