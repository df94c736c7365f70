package casefolder

import (
	"slices"
	"strings"
)

// column is one column of a list and what its cells may hold.
type column struct {
	name string
	// required columns must be there, and every row must fill them.
	required bool
	// most is the largest number of characters.
	most  int
	holds content
}

// content decides which of the checks against smuggled numbers and formulas a cell meets.
type content uint8

const (
	plainText    content = iota
	personName           // a part of somebody's name
	businessName         // a company's, which may end in a question mark
	placeName            // a line of an address
	opaqueKey            // a person's key or code: nine digits alone are refused as in text
	ownKey               // a practice's key, often a nine-digit customer number
	telephone            // may start with +, may be nine digits
	digits               // ZIP, NPI, days: nine digits are a ZIP+4
	wordOrDate           // checked against its own form, which no number passes
	mailbox              // an e-mail address: the part before @ may be digits
)

// isText reports what people write in words, in which nine digits alone mean a
// number that must not be there.
func (c content) isText() bool {
	switch c {
	case plainText, personName, businessName, placeName:
		return true
	}
	return false
}

// The columns of practices.csv, in the contract's order.
const (
	pKey = iota
	pNPI
	pLegalName
	pDBA
	pAddress1
	pAddress2
	pCity
	pState
	pZIP
	pPrivacyOfficer
	pEmail
	pSecondEmail
	pPhone
	pTollFree
	pWebsite
	pBAANoticeDays
	pAgent
	pDelegation
	pDefaultDelegation
	pDefaultDays
	pNotifiedOn
	pCountingEntity
	pPart2Program
	pCALicensedFacility
	pNYGeneralHospital
	pInsurer
	pFederalPlan
	pOwnership
	pTimezone
)

var practiceColumns = []column{
	pKey:                {"practice_key", true, 64, ownKey},
	pNPI:                {"npi", false, 64, digits},
	pLegalName:          {"legal_name", true, 256, businessName},
	pDBA:                {"dba", false, 256, businessName},
	pAddress1:           {"address1", false, 256, placeName},
	pAddress2:           {"address2", false, 256, placeName},
	pCity:               {"city", false, 256, placeName},
	pState:              {"state", false, 64, wordOrDate},
	pZIP:                {"zip", false, 64, digits},
	pPrivacyOfficer:     {"privacy_officer", false, 256, personName},
	pEmail:              {"email", false, 254, mailbox},
	pSecondEmail:        {"second_email", false, 254, mailbox},
	pPhone:              {"phone", false, 64, telephone},
	pTollFree:           {"toll_free", false, 64, telephone},
	pWebsite:            {"website", false, 256, plainText},
	pBAANoticeDays:      {"baa_notice_days", false, 64, digits},
	pAgent:              {"agent", false, 64, wordOrDate},
	pDelegation:         {"delegation", false, 64, wordOrDate},
	pDefaultDelegation:  {"default_delegation", false, 64, wordOrDate},
	pDefaultDays:        {"default_days", false, 64, digits},
	pNotifiedOn:         {"notified_on", false, 64, wordOrDate},
	pCountingEntity:     {"counting_entity", false, 64, ownKey},
	pPart2Program:       {"part2_program", false, 64, wordOrDate},
	pCALicensedFacility: {"ca_licensed_facility", false, 64, wordOrDate},
	pNYGeneralHospital:  {"ny_general_hospital", false, 64, wordOrDate},
	pInsurer:            {"insurer", false, 64, wordOrDate},
	pFederalPlan:        {"federal_plan", false, 64, wordOrDate},
	pOwnership:          {"ownership", false, 64, wordOrDate},
	pTimezone:           {"timezone", false, 64, wordOrDate},
}

// The columns of findings.csv, in the contract's order.
const (
	fPersonKey = iota
	fPracticeKey
	fFirstName
	fMiddleName
	fLastName
	fSuffix
	fBirthDate
	fDeceasedDate
	fRepresentativeName
	fRepresentativeRelation
	fAddress1
	fAddress2
	fCity
	fState
	fZIP
	fCountry
	fEmail
	fEmailAgreedOn
	fPhone
	fLanguage
	fConfidentialAddress
	fDataClasses
	fAcquiredOrViewed
	fSource
	fEnrollmentCode
)

var findingColumns = []column{
	fPersonKey:              {"person_key", true, 64, opaqueKey},
	fPracticeKey:            {"practice_key", true, 64, ownKey},
	fFirstName:              {"first_name", false, 256, personName},
	fMiddleName:             {"middle_name", false, 256, personName},
	fLastName:               {"last_name", true, 256, personName},
	fSuffix:                 {"suffix", false, 256, personName},
	fBirthDate:              {"birth_date", false, 64, wordOrDate},
	fDeceasedDate:           {"deceased_date", false, 64, wordOrDate},
	fRepresentativeName:     {"representative_name", false, 256, personName},
	fRepresentativeRelation: {"representative_relation", false, 64, wordOrDate},
	fAddress1:               {"address1", false, 256, placeName},
	fAddress2:               {"address2", false, 256, placeName},
	fCity:                   {"city", false, 256, placeName},
	fState:                  {"state", false, 64, wordOrDate},
	fZIP:                    {"zip", false, 64, digits},
	fCountry:                {"country", false, 64, placeName},
	fEmail:                  {"email", false, 254, mailbox},
	fEmailAgreedOn:          {"email_agreed_on", false, 64, wordOrDate},
	fPhone:                  {"phone", false, 64, telephone},
	fLanguage:               {"language", false, 64, wordOrDate},
	fConfidentialAddress:    {"confidential_address", false, 64, wordOrDate},
	fDataClasses:            {"data_classes", true, 512, wordOrDate},
	fAcquiredOrViewed:       {"acquired_or_viewed", false, 64, wordOrDate},
	fSource:                 {"source", false, 256, plainText},
	fEnrollmentCode:         {"enrollment_code", false, 64, opaqueKey},
}

// fRemoved is a column of later lists only.
const fRemoved = fEnrollmentCode + 1

// laterColumns are those of a later list: a row may take a person out of a practice.
var laterColumns = append(slices.Clone(findingColumns), column{"removed", false, 64, wordOrDate})

// removes reports whether the row of a later list takes its person out. Such a
// row needs only the two keys and, in source, the reason.
func removes(columns []column, cells []string) bool {
	return isLater(columns) && strings.EqualFold(cells[fRemoved], "yes")
}

func isLater(columns []column) bool {
	return len(columns) > fRemoved && columns[fRemoved].name == "removed"
}

// columnNamed finds the column a header cell names exactly; -1 when there is none.
func columnNamed(columns []column, name string) int {
	for i, c := range columns {
		if c.name == name {
			return i
		}
	}
	return -1
}

// columnLike finds the column whose name differs from the header cell only in
// capitals, spaces and punctuation; -1 when there is none.
func columnLike(columns []column, name string) int {
	for i, c := range columns {
		if bareName(c.name) == bareName(name) {
			return i
		}
	}
	return -1
}

// bareName keeps letters and digits, in lower case.
func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

func columnNames(columns []column, required bool) string {
	var names []string
	for _, c := range columns {
		if c.required || !required {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}
