package casefolder

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

var (
	printRunKeys = strings.Fields("sides class contact mailer_id service_type barcode_id first_serial addresses_checked_on halt")
	haltKeys     = strings.Fields("returned_percent failed_checks disputed")
)

// Bounds beyond which nobody means what stands there.
const (
	mostSerial  = 999_999_999
	mostLetters = 10_000_000
)

// printRun reads how letters are printed and mailed.
func (s *section) printRun(today civil.Date) breach.PrintRun {
	r := s.sub("print_run", printRunKeys)
	run := breach.PrintRun{
		Sides: r.number("sides", 1, 2), Class: r.word("class", breach.MailClasses), Contact: r.text("contact"),
		MailerID:    r.code("mailer_id", "6 digits, or 9 of which the first is a 9", isMailerID),
		ServiceType: r.code("service_type", "3 digits", func(code string) bool { return len(code) == 3 }),
		BarcodeID:   r.code("barcode_id", "2 digits, of which the second is 0 to 4", func(code string) bool { return len(code) == 2 && code[1] <= '4' }),
		FirstSerial: r.number("first_serial", 0, mostSerial),
	}
	run.AddressesCheckedOn = r.date("addresses_checked_on", today, true)
	halt := r.sub("halt", haltKeys)
	run.Halt = breach.HaltLine{
		ReturnedPercent: halt.number("returned_percent", 1, 100), FailedChecks: halt.number("failed_checks", 1, mostLetters), Disputed: halt.number("disputed", 1, mostLetters),
	}
	if run.MailerID != "" {
		r.required("service_type", run.ServiceType)
	}
	return run
}

// isMailerID reports a mailer ID by its length: those of 9 digits begin with a 9, and
// those of 6 digits with any other (USPS-B-3200, table 2).
func isMailerID(code string) bool {
	return len(code) == 6 && code[0] != '9' || len(code) == 9 && code[0] == '9'
}

// code reads digits of which the first may be a zero.
func (s *section) code(key, form string, is func(string) bool) string {
	code := s.checked(key, shortText, digits)
	if code == "" || isNumber(code) && is(code) {
		return code
	}
	s.noteFix(s.lineFor(key), s.path+key, ruleNumber, fmt.Sprintf("%s%s is not %s", s.path, key, form), "Write "+form+".")
	return ""
}
