package casefolder

import (
	"strings"

	"duenotice/internal/breach"
)

// lookAlikes are names by which other programs call what a column holds, without
// capitals, spaces and punctuation. A number that means something elsewhere, such
// as a record number, is no person_key, and so is not among them.
var lookAlikes = map[string]string{}

func init() {
	for column, names := range map[string]string{
		"person_key":              "personid personkeyid individualid individualkey",
		"practice_key":            "practiceid practice clinicid clinickey facilityid facilitykey siteid",
		"first_name":              "first fname firstnm givenname given forename namefirst patientfirstname ptfirstname",
		"middle_name":             "middle mi middleinitial mname namemiddle",
		"last_name":               "last lname lastnm surname familyname family namelast patientlastname ptlastname",
		"suffix":                  "namesuffix generation",
		"birth_date":              "dob dateofbirth birthday bdate born birthdt dobdate patientdob",
		"deceased_date":           "dod dateofdeath deathdate died deceased deceaseddt deathdt dateofdecease isdeceased",
		"representative_name":     "representative guardian guardianname guarantor guarantorname responsibleparty nextofkin personalrepresentative parentname",
		"representative_relation": "relation relationship guardianrelation relationtopatient guarantorrelationship",
		"address1":                "address addr address01 addr1 addressline1 addressline street street1 streetaddress mailingaddress address1line line1 addr01",
		"address2":                "addr2 addressline2 street2 apt apartment unit line2 address02 addr02 address3 addressline3",
		"city":                    "town cityname municipality mailingcity",
		"state":                   "st statecode statename stateprovince province mailingstate usstate",
		"zip":                     "zipcode zip5 zip4 zipplus4 zippostalcode postalcode postcode postal mailingzip",
		"country":                 "countrycode countryname nation mailingcountry",
		"email":                   "emailaddress emailaddr email1 mail primaryemail",
		"email_agreed_on":         "emailconsent emailconsentdate emailagreed emailagreeddate emailagreement consentdate",
		"phone":                   "phonenumber phone1 phoneno telephone tel telephonenumber mobile cell cellphone homephone",
		"language":                "lang preferredlanguage primarylanguage languagecode",
		"confidential_address":    "confidential confidentialcommunication confidentialaddressflag",
		"data_classes":            "dataclass datatypes datatype dataelements elements exposeddata datacategories phitypes",
		"acquired_or_viewed":      "acquired viewed accessed exfiltrated",
		"enrollment_code":         "activationcode enrolmentcode enrollcode membershipnumber redemptioncode monitoringcode promocode",
		"removed":                 "remove delete deleted",

		"legal_name":      "name practicename legalentity legalentityname coveredentity",
		"dba":             "doingbusinessas tradename",
		"privacy_officer": "officer contact contactname privacycontact",
		"toll_free":       "tollfreenumber tollfreephone",
		"website":         "url web homepage webaddress site",
		"baa_notice_days": "baadays noticedays contractdays baanotice",
		"delegation":      "delegated delegate delegates",
		"notified_on":     "notified notifieddate datenotified noticedate",
		"counting_entity": "parententity affiliatedentity ace",
		"timezone":        "tz zone timezonename",

		"piece_id":    "piece reference ref letterid letter",
		"returned_on": "returned returndate returneddate datereturned cameback",
		"reason":      "returnreason reasoncode",
	} {
		for name := range strings.FieldsSeq(names) {
			lookAlikes[name] = column
		}
	}
}

// otherThings are names one slip away from a column that mean something else.
var otherThings = map[string]bool{"county": true, "insured": true, "stats": true, "agency": true, "season": true, "estate": true}

// columnMeant finds the column that a header cell seems to mean: by another name
// of it, or by one slip of the keyboard; -1 when there is none.
func columnMeant(columns []column, name string) int {
	bare := bareName(name)
	if meant, ok := lookAlikes[bare]; ok {
		return columnNamed(columns, meant)
	}
	if otherThings[bare] {
		return -1
	}
	for i, c := range columns {
		if known := bareName(c.name); len(known) > 4 && isNearly(bare, known) {
			return i
		}
	}
	return -1
}

// isNearly reports two words that differ by one letter too many, too few, other
// or in another order. Digits count as themselves: address3 is not address2.
func isNearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	switch {
	case len(a) < len(b):
		return a[at:] == b[at+1:] && !isDigit(b[at])
	case at == len(a):
		return true
	case isDigit(a[at]) || isDigit(b[at]):
		return false
	}
	return a[at+1:] == b[at+1:] || at+1 < len(a) && a[at] == b[at+1] && a[at+1] == b[at] && a[at+2:] == b[at+2:]
}

// ignoredColumn is what columns of incident.yaml says of a header that stands for
// no column.
const ignoredColumn = "ignore"

// headerNames are what people said of their own column names: columns of
// incident.yaml, and those to leave out.
type headerNames struct {
	exact, bare map[string]string
}

func newHeaderNames(columns map[string]string, ignore []string) headerNames {
	n := headerNames{map[string]string{}, map[string]string{}}
	for _, header := range ignore {
		n.add(header, ignoredColumn)
	}
	for header, column := range columns {
		n.add(header, column)
	}
	return n
}

func (n headerNames) add(header, column string) {
	n.exact[nfc(strings.TrimSpace(header))] = column
	if bare := bareName(header); bare != "" {
		n.bare[bare] = column
	}
}

// of returns the column that a header was said to be, ignoredColumn, or "".
func (n headerNames) of(header string) string {
	if column, ok := n.exact[nfc(strings.TrimSpace(header))]; ok {
		return column
	}
	return n.bare[bareName(header)]
}

// isAnyColumn reports a column of any list.
func isAnyColumn(name string) bool {
	return columnNamed(practiceColumns, name) >= 0 || columnNamed(laterColumns, name) >= 0 || columnNamed(returnColumns, name) >= 0 || columnNamed(addressColumns, name) >= 0
}

// columnWords reads columns of incident.yaml: what the lists' own column names mean.
func (s *section) columnWords() map[string]string {
	node := s.values["columns"]
	inner := s.mapping("columns", node)
	if len(inner) == 0 {
		return nil
	}
	columns := make(map[string]string, len(inner))
	for _, pair := range inner {
		path := "columns"
		if isColumnName(pair.key) {
			path += "." + pair.key
		}
		text, ok := s.scalar(pair.value, path, pair.line)
		switch {
		case !ok:
		case pair.key == "":
			s.noteFix(pair.line, path, ruleType, path+" has a key that is no column name", `Write the column name of the list in quotation marks: {"Zip Code": zip}.`)
		case text != ignoredColumn && !isAnyColumn(text):
			s.noteFix(pair.line, path, ruleWord, path+" is not the name of a column", "Write one of the column names of docs/case-folder.md, or ignore.")
		default:
			columns[pair.key] = text
		}
	}
	return columns
}

// ListOptions is what a list of a running incident is read by, beside its practices.
type ListOptions struct {
	// Incident has the columns' own names and what is offered to people.
	Incident breach.Incident
	// IgnoreColumns are headers to leave out without a word.
	IgnoreColumns []string
}

func (o ListOptions) headers() headerNames {
	return newHeaderNames(o.Incident.Columns, o.IgnoreColumns)
}
