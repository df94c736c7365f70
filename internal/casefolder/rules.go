package casefolder

// Severity says whether a problem refuses the case or only wants a look.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Rule is one check of the case folder. Its ID is stable and never used again
// for another check.
type Rule struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Fix      string   `json:"fix"`
	Severity Severity `json:"severity"`
}

// Rules lists every check: errors before warnings, in the order of their IDs.
func Rules() []Rule {
	rules := make([]Rule, 0, len(errorRules)+len(warningRules))
	for _, r := range errorRules {
		rules = append(rules, Rule{ID: r.id, Title: r.title, Fix: r.fix, Severity: SeverityError})
	}
	for _, r := range warningRules {
		rules = append(rules, Rule{ID: r.id, Title: r.title, Fix: r.fix, Severity: SeverityWarning})
	}
	return rules
}

type ruleText struct{ id, title, fix string }

// Whole files and rows.
const (
	ruleEmptyFile     = "E001"
	ruleNotCSV        = "E002"
	ruleSeparator     = "E003"
	ruleNoHeader      = "E004"
	ruleMissingColumn = "E005"
	ruleTwiceColumn   = "E006"
	ruleColumnName    = "E007"
	ruleFieldCount    = "E008"
	ruleQuotes        = "E009"
	ruleNoRows        = "E010"
	ruleRowTooLong    = "E011"
	ruleColumnLike    = "E012"
)

// Cells of both lists.
const (
	ruleUTF8        = "E101"
	ruleControl     = "E102"
	ruleFormula     = "E103"
	ruleTooLong     = "E104"
	ruleSSN         = "E105"
	ruleCard        = "E106"
	ruleRequired    = "E107"
	ruleDate        = "E108"
	ruleSerialDate  = "E109"
	ruleWord        = "E110"
	ruleKey         = "E111"
	ruleFuture      = "E112"
	ruleSpreadsheet = "E113"
	ruleState       = "E114"
	rulePlaceholder = "E115"

	ruleNoDate       = "E116"
	ruleDecodedTwice = "E117"
	ruleLostLetters  = "E118"
	ruleCountry      = "E119"
	ruleSaysNothing  = "E120"
	ruleUnprintable  = "E121"
)

// Rows of practices.csv.
const (
	ruleTwicePractice = "E201"
	ruleNPI           = "E202"
	rulePracticeEmail = "E203"
	ruleBAADays       = "E204"
	ruleTimezone      = "E205"
	ruleKeyCase       = "E206"
	ruleHalfDefault   = "E207"
	ruleSameEmail     = "E208"
	ruleNewPractice   = "E220"
)

// Rows of findings.csv.
const (
	ruleUnknownPractice = "E301"
	ruleTwicePerson     = "E302"
	ruleDataClass       = "E303"
	ruleDeathBirth      = "E304"
	ruleLanguage        = "E305"
	ruleRemoval         = "E306"
	ruleKinOfLiving     = "E307"
	ruleCode            = "E308"
	ruleTwiceCode       = "E309"
)

// The incident.
const (
	ruleYAML           = "E401"
	ruleUnknownKey     = "E402"
	ruleTwiceKey       = "E403"
	ruleType           = "E404"
	ruleDateOrder      = "E405"
	ruleBeforeLaw      = "E406"
	ruleSecurity       = "E407"
	ruleExclusion      = "E408"
	ruleLowProbability = "E409"
	ruleHold           = "E410"
	ruleNumber         = "E411"
	ruleEntityEmail    = "E412"
	ruleImputed        = "E413"
	ruleReturnAddress  = "E421"
	ruleForbiddenCount = "E422"
	ruleEnvelope       = "E423"
	ruleTranslation    = "E424"
	ruleLanguageReason = "E425"
	ruleOwnLanguage    = "E426"
	ruleTaglines       = "E428"
	ruleMedia          = "E427"
)

// Rows of a list of letters that came back.
const (
	ruleUnknownLetter = "E501"
	ruleTwiceLetter   = "E502"
	ruleTooEarly      = "E503"
)

// Warnings.
const (
	warnUnknownColumn = "W001"
	warnEmptyRow      = "W002"
	warnNoFindings    = "W003"
	warnOpenPairs     = "W004"

	warnNoContact       = "W101"
	warnNoOfficer       = "W102"
	warnNoWindow        = "W103"
	warnLongWindow      = "W104"
	warnAgent           = "W105"
	warnDelegation      = "W106"
	warnNotified        = "W107"
	warnPracticeEmpty   = "W108"
	warnPracticeAddress = "W109"
	warnUnreadEmail     = "W110"

	warnNoState           = "W201"
	warnNoAddress         = "W202"
	warnZIP               = "W203"
	warnPersonEmail       = "W204"
	warnAgreedNoEmail     = "W205"
	warnMinor             = "W206"
	warnDeceased          = "W207"
	warnRepresentative    = "W208"
	warnPostalCode        = "W209"
	warnMinorInConfidence = "W210"
	warnZIPState          = "W211"
	warnLanguage          = "W212"
	warnPassedOver        = "W213"
	warnDeathDay          = "W214"
	warnCountry           = "W215"
	warnCodeUnused        = "W216"
	warnNoCode            = "W217"
	warnZIPZeros          = "W218"
	warnNameWord          = "W219"
	warnHeldScript        = "W221"
	warnHeldTooLong       = "W222"
	warnLanguages         = "W223"

	warnHoldNoEnd  = "W301"
	warnLongText   = "W302"
	warnMailBy     = "W303"
	warnHHSFields  = "W304"
	warnNoInquiry  = "W305"
	warnKeysUnsure = "W306"
	warnOccurred   = "W307"
	warnRepeats    = "W308"
	warnNumbers    = "W321"
)
