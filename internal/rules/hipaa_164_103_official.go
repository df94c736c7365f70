package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

/*
45 CFR 164.103: "Law enforcement official means an officer or employee of any
agency or authority of the United States, a State, a territory, a political
subdivision of a State or territory, or an Indian tribe, who is empowered by
law to: (1) Investigate or conduct an official inquiry into a potential
violation of law; or (2) Prosecute or otherwise conduct a criminal, civil, or
administrative proceeding arising from an alleged violation of law."
*/
var lawEnforcementOfficial = &rule{Rule: Rule{
	ID: "hipaa.164.103.official", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Law enforcement official",
	Text:     "Only an officer or employee of a public authority (federal, State, territorial, local or tribal) who may investigate or prosecute a violation of law can hold a notice. A forensic firm, an insurer or one's own counsel cannot. The authority is recognised by its name, such as a police department, a sheriff, an attorney general or the FBI; what is not recognised moves no day until a person confirms that it is a public authority.",
	Citation: "45 CFR 164.103, law enforcement official; 164.412", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"unrecognised", "no delay until confirmed (public_authority: yes)"}},
}}

// publicWords and publicPhrases are what only public authorities that
// investigate or prosecute have in their names, as normalised by agencyWords.
// privateWords and privatePhrases are what private bodies have.
var (
	publicWords = []string{
		"fbi", "doj", "dhs", "usss", "hsi", "dea", "atf", "ncis", "afosi", "usao", "ausa", "uspis", "oig", "irs", "nypd", "lapd",
		"police", "sheriff", "sheriffs", "constable", "constables", "marshal", "marshals", "trooper", "troopers",
		"prosecutor", "prosecutors", "prosecuting", "bureau",
	}
	publicPhrases = []string{
		"attorney general", "attorneys general", "solicitor general", "district attorney", "district attorneys", "county attorney", "city attorney",
		"state attorney", "states attorney", "commonwealth attorney", "commonwealths attorney", "us attorney", "us attorneys", "u s attorney",
		"united states attorney", "united states attorneys", "circuit attorney", "secret service", "department of justice", "justice department", "homeland security",
		"department of public safety", "inspector general", "postal inspector", "postal inspectors", "postal inspection", "postal inspection service",
		"highway patrol", "state patrol", "criminal investigation", "criminal investigations", "criminal investigative", "internal revenue service",
		"office for civil rights",
	}
	privateWords = []string{
		"llp", "llc", "inc", "incorporated", "pllc", "ltd", "limited", "corp", "plc", "company", "insurance", "insurer", "insurers", "insureds", "underwriters", "reinsurance",
		"forensic", "forensics", "counsel", "consulting", "consultants", "advisors", "solutions",
	}
	privatePhrases = []string{"law firm", "law offices", "at law", "credit bureau", "farm bureau", "business bureau", "service bureau", "credit union", "incident response"}
)

// authority is what the name of a statement's agency, or a person, says of it.
type authority int

const (
	authorityUnknown authority = iota
	authorityPublic
	authorityPrivate
	// authorityEither has words of both in its name.
	authorityEither
)

// authorityOf says whose statement it is: as a person answered, else by the
// agency's name. word is what gave a private body away.
func authorityOf(h breach.Hold) (is authority, word string) {
	switch h.PublicAuthority {
	case breach.Yes:
		return authorityPublic, ""
	case breach.No:
		return authorityPrivate, ""
	}
	name := agencyWords(h.Agency)
	public := found(name, publicWords) + found(name, publicPhrases)
	word = found(name, privateWords)
	if word == "" {
		word = found(name, privatePhrases)
	}
	switch {
	case public != "" && word == "":
		return authorityPublic, ""
	case public != "":
		return authorityEither, word
	case word != "":
		return authorityPrivate, word
	}
	return authorityUnknown, ""
}

// agencyWords is a name as small letters, each word between blanks; F.B.I. is
// fbi and sheriff's is sheriff.
func agencyWords(name string) string {
	name = strings.NewReplacer(".", "", "'s", "", "’s", "", "'", "", "’", "").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80 })
	return " " + strings.Join(words, " ") + " "
}

func found(name string, words []string) string {
	for _, word := range words {
		if strings.Contains(name, " "+word+" ") {
			return word
		}
	}
	return ""
}

// notAnOfficial says why a statement is not taken for a law-enforcement
// official's, "" when it is.
func notAnOfficial(h breach.Hold) string {
	is, word := authorityOf(h)
	switch {
	case is == authorityPublic:
		return ""
	case h.PublicAuthority == breach.No:
		return fmt.Sprintf("%q is no public authority, as was recorded", h.Agency)
	case is == authorityPrivate:
		return fmt.Sprintf("%q by the word %q is no public authority", h.Agency, word)
	case is == authorityEither:
		return fmt.Sprintf("%q by the word %q may be no public authority", h.Agency, word)
	}
	return fmt.Sprintf("%q is not known to be a public authority", h.Agency)
}
