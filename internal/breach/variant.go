package breach

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"duenotice/internal/civil"
)

// Voice is how a letter speaks of the person whose information it is: as its reader, a
// parent's child, somebody who died, somebody whom its reader acts for. Of those who died
// it tells next of kin from the personal representative, which Reader does not.
type Voice string

// The voices. They are words of files and of the database.
const (
	ToAdult          Voice = "adult"
	ToParent         Voice = "minor"
	ToNextOfKin      Voice = "next_of_kin"
	ToEstate         Voice = "estate"
	ToRepresentative Voice = "represented"
)

// Voices lists them as they are shown.
var Voices = []Voice{ToAdult, ToParent, ToNextOfKin, ToEstate, ToRepresentative}

// VoiceOn is the voice of a letter dated day to whom ReaderOn says that it speaks.
func (p Person) VoiceOn(day civil.Date) Voice {
	switch p.ReaderOn(day) {
	case ForMinor:
		return ToParent
	case NextOfKin:
		if p.RepresentativeRelation == "personal_representative" {
			return ToEstate
		}
		return ToNextOfKin
	case ForAnother:
		return ToRepresentative
	case Adult:
	}
	return ToAdult
}

// Words says who reads a letter of the voice, for a person who looks at a list of them.
func (v Voice) Words() string {
	switch v {
	case ToAdult:
		return "the person"
	case ToParent:
		return "a child's parent or guardian"
	case ToNextOfKin:
		return "next of kin"
	case ToEstate:
		return "personal representative of the dead"
	case ToRepresentative:
		return "who acts for the person"
	}
	return string(v)
}

// why is what decides for the voice, and by which rule.
func (v Voice) why() string {
	switch v {
	case ToParent:
		return "under 18 on the day of the letter: a parent or guardian reads it (45 CFR 164.502(g)(3))"
	case ToNextOfKin:
		return "known to be dead: the next of kin reads it (45 CFR 164.404(d)(1)(ii))"
	case ToEstate:
		return "known to be dead, with a personal representative, who reads it (45 CFR 164.404(d)(1)(ii), 164.502(g)(4))"
	case ToRepresentative:
		return "the list names a guardian or personal representative, who reads it (45 CFR 164.502(g)(2), 164.404(d)(1))"
	case ToAdult:
	}
	return "of age, or of no known day of birth, and nobody acts for them: they read it themselves (45 CFR 164.404(d)(1)(i))"
}

// OfferKind is which credit monitoring a letter offers, "" for none.
type OfferKind string

// The kinds of offer. They are words of files and of the database.
const (
	NoOffer       OfferKind = ""
	OfferToAll    OfferKind = "all"
	OfferToMinors OfferKind = "minors"
)

// Variant is all that a letter's words depend on beside its practices, its incident and its
// day: two people of one variant and one practice get the same words but for name, address
// and code. papers.VariantOf says which one somebody's letter is.
type Variant struct {
	Voice Voice `json:"reader"`
	// ActsForSelf: by age or by the list somebody else would read it, and for this care
	// the person does (ActsForSelf as a relation). It changes no word, and whoever
	// approves letters is to see how many of them there are.
	ActsForSelf bool `json:"acts_for_self,omitempty"`
	// Language is its text's, BCP 47; LanguageReason is why it is that, "" where nobody
	// asked for another. A reason changes no word.
	Language       string         `json:"language"`
	LanguageReason LanguageReason `json:"language_reason,omitempty"`
	// State is the State of the address if its law asks for words of its own, else "".
	State string    `json:"state,omitempty"`
	Offer OfferKind `json:"offer,omitempty"`
	// Coded: the person has a code of their own for what is offered.
	Coded   bool         `json:"code,omitempty"`
	Classes DataClassSet `json:"data_classes"`
}

// Key tells the variant from every other, and is the same for ever: the first twelve
// hexadecimal digits of a hash of what it is.
func (v Variant) Key() string {
	b, err := json.Marshal(v)
	if err != nil {
		// Words and bits alone, which always marshal.
		panic(fmt.Sprintf("breach: a letter's variant cannot be written: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// Reasons says by which rule each part of the variant is as it is, a sentence each.
func (v Variant) Reasons() []string {
	reasons := []string{v.Voice.why()}
	if v.ActsForSelf {
		reasons[0] = "the list says that they act for themselves for this care: they read it themselves (45 CFR 164.502(g)(3)(i), (g)(5))"
	}
	if v.LanguageReason != "" && v.LanguageReason != LanguageUsual {
		reasons = append(reasons, "its language is "+v.Language+": "+v.LanguageReason.Words())
	}
	if v.State != "" {
		reasons = append(reasons, "the address is in "+StateName(v.State)+", whose law asks for words of its own")
	}
	switch {
	case v.Offer == OfferToAll:
		reasons = append(reasons, "credit_monitoring in incident.yaml is offered")
	case v.Offer == OfferToMinors:
		reasons = append(reasons, "credit_monitoring.minors in incident.yaml is offered in place of what adults are offered")
	case v.Voice == ToNextOfKin || v.Voice == ToEstate:
		reasons = append(reasons, "nothing is offered: credit monitoring cannot be opened for the dead")
	}
	if v.Coded {
		reasons = append(reasons, "the list has a code of the person's own for what is offered")
	}
	return reasons
}

// OfferTo is the credit monitoring that a letter of the voice offers, and which it is: to
// the dead none, to minors what is for them where there is such a thing.
func (i Incident) OfferTo(v Voice) (CreditMonitoring, OfferKind) {
	c := i.CreditMonitoring
	switch {
	case v == ToNextOfKin || v == ToEstate || c.Provider == "":
		return CreditMonitoring{}, NoOffer
	case v == ToParent && c.Minors.Provider != "":
		m := c.Minors
		return CreditMonitoring{Provider: m.Provider, Months: m.Months, EnrollURL: m.EnrollURL, Phone: m.Phone, EnrollBy: m.EnrollBy}, OfferToMinors
	}
	c.Minors = MinorsMonitoring{}
	return c, OfferToAll
}
