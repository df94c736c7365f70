package pages

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
)

// form is one that a practice fills in: what it typed so far, and what is wrong with it.
type form struct {
	// ID is chosen with the form: sent twice it is one answer.
	ID     string
	Values url.Values
	// Wrong are the fields that have to be put right, in the order of the form.
	Wrong []wrong
}

// wrong is one field and the key of the words that say what is wrong with it.
type wrong struct{ Field, Words string }

// Fields that forms have, with the most characters of each.
const (
	fieldID         = "id"
	fieldName       = "name"
	fieldTitle      = "title"
	fieldDelegation = "delegation"
	fieldOfficer    = "privacy_officer"
	fieldEmail      = "email"
	fieldPhone      = "phone"
	fieldReason     = "reason"
	fieldWhat       = "what"
	fieldOn         = "on"
	fieldCount      = "count"
	fieldReference  = "reference"
	fieldProof      = "proof"
	fieldPerson     = "person"
	fieldAgree      = "agree"
)

var longest = map[string]int{
	fieldName: 100, fieldTitle: 100, fieldOfficer: 100, fieldEmail: 254, fieldPhone: 40, fieldReason: 2000, fieldReference: 200, fieldCount: 9, fieldOn: 10,
}

// newForm is an empty one, or the one that was sent.
func (v *visit) newForm() *form {
	f := &form{ID: uuid.NewString(), Values: url.Values{}}
	if v.posted() {
		f.Values = v.r.PostForm
		if v.r.MultipartForm != nil {
			f.Values = v.r.MultipartForm.Value
		}
		if id, err := uuid.Parse(f.Values.Get(fieldID)); err == nil {
			f.ID = id.String()
		}
	}
	return f
}

// Get is what was typed into a field, without spaces around it.
func (f *form) Get(field string) string { return strings.TrimSpace(f.Values.Get(field)) }

// All is what was chosen of a field that can be there several times.
func (f *form) All(field string) []string { return f.Values[field] }

func (f *form) wrong(field, words string) {
	for _, w := range f.Wrong {
		if w.Field == field {
			return // one thing at a time
		}
	}
	f.Wrong = append(f.Wrong, wrong{field, words})
}

// Problem is the key of what is wrong with a field, "" for nothing.
func (f *form) Problem(field string) string {
	for _, w := range f.Wrong {
		if w.Field == field {
			return w.Words
		}
	}
	return ""
}

// text takes a field whose text anybody can read later.
func (f *form) text(field string, needed bool) string {
	text := f.Get(field)
	switch {
	case text == "" && needed:
		f.wrong(field, "wrong."+field+".missing")
	case utf8.RuneCountInString(text) > longest[field]:
		f.wrong(field, "wrong.long")
	case casebook.Readable(field, text) != nil:
		f.wrong(field, "wrong.unreadable")
	}
	return text
}

// person takes a field with somebody's name or title: one that nobody takes for another.
func (f *form) person(field string, needed bool) string {
	text := f.text(field, needed)
	if breach.CheckPersonName(field, text) != nil {
		f.wrong(field, "wrong.unclear")
	} else if text != "" && breach.PersonNamed(text) == "" {
		f.wrong(field, "wrong."+field+".missing")
	}
	return text
}

// signed begins an answer with who signs it.
func (f *form) signed(kind string) packet.Answer {
	return packet.Answer{Kind: kind, Name: f.person(fieldName, true), Title: f.person(fieldTitle, true)}
}

// input is a field as a template shows it.
type input struct {
	Name, Type, Autocomplete string
	Value                    string
	Longest                  int
	// Hint and Problem are keys of words, "" for none.
	Hint, Problem string
	Needed        bool
	// Described are the ids of what says more about it.
	Described string
}

// field is what the template "input" shows of a form's field; kind is an input's type.
func (w words) field(f *form, name, kind, autocomplete string, needed bool) input {
	in := input{Name: name, Type: kind, Autocomplete: autocomplete, Value: f.Get(name), Longest: longest[name], Problem: f.Problem(name), Needed: needed}
	var described []string
	if w.hasText("field." + name + ".hint") {
		in.Hint = "field." + name + ".hint"
		described = append(described, name+"-hint")
	}
	if in.Problem != "" {
		described = append(described, name+"-problem")
	}
	in.Described = strings.Join(described, " ")
	return in
}

// asked is a page with a form.
type asked struct {
	*packet.Page
	Form *form
	// Review: everything is filled in, and is shown once more before it is sent.
	Review bool
	// Choices are what can be told (told.go), People whom it is about (dispute.go).
	Choices []choice
	People  []person
}

// answered looks at the whole answer once more and takes it in. It shows the form
// again, as name, where something of it is not to be read.
func (v *visit) answered(ctx context.Context, name string, a asked, answer packet.Answer) (reply, error) {
	if len(a.Form.Wrong) == 0 {
		// Each field was looked at by itself. This is for what only the whole shows, such as
		// letters of two scripts in a name and its title.
		act, err := answer.Act(v.Of)
		if err == nil {
			err = act.Readable()
		}
		if _, refused := breach.AsRefusal(err); refused {
			a.Form.wrong(fieldName, "wrong.unclear")
		} else if err != nil {
			return nil, err
		}
	}
	if len(a.Form.Wrong) > 0 {
		a.Review = false
		return v.show(http.StatusUnprocessableEntity, name, a), nil
	}
	id, err := answerID(a.Form.ID, answer)
	if err != nil {
		return nil, err
	}
	if _, err := v.Answer(ctx, id, answer, v.proof.content); err != nil {
		return nil, err
	}
	return v.to("/answers/" + id.String()), nil
}

// answerID is of a form and what it says: the same form sent twice is one answer, and
// one that was changed after somebody went back in the browser is another.
func answerID(formID string, answer packet.Answer) (uuid.UUID, error) {
	content, _, err := answer.Encode()
	if err != nil {
		return uuid.UUID{}, err
	}
	sum := sha256.Sum256(content)
	space, err := uuid.Parse(formID)
	if err != nil {
		return uuid.UUID{}, err
	}
	return uuid.NewSHA1(space, sum[:]), nil
}

// optionOf is one of the answers of a choice, as the template "choice" shows it.
type optionOf struct {
	Value, Sender string
	Chosen        bool
}

func option(f *form, field, value, sender string) optionOf {
	return optionOf{Value: value, Sender: sender, Chosen: f.Get(field) == value}
}
