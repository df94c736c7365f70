package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestSheetsAndTheirFronts(t *testing.T) {
	t.Parallel()
	both, one := breach.PrintRun{}, breach.PrintRun{Sides: 1}
	for pages, sheets := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2} {
		require.Equal(t, sheets, both.Sheets(pages), "%d pages", pages)
		require.Equal(t, pages, one.Sheets(pages), "%d pages", pages)
	}
	var fronts []int
	for page := 1; page <= 4; page++ {
		fronts = append(fronts, both.SheetOf(page))
		require.Equal(t, page, one.SheetOf(page))
	}
	require.Equal(t, []int{1, 0, 2, 0}, fronts)
}

func TestTheClassOfALetter(t *testing.T) {
	t.Parallel()
	here, abroad := breach.Person{}, breach.Person{Country: "CA"}
	require.Equal(t, breach.FirstClass, breach.PrintRun{}.ClassTo(&here))
	require.Equal(t, breach.FirstClassPresorted, breach.PrintRun{Class: breach.FirstClassPresorted}.ClassTo(&here))
	require.Equal(t, breach.International, breach.PrintRun{Class: breach.FirstClassPresorted}.ClassTo(&abroad))
}

// A serial number is as long as the mailer leaves room for, and none is used twice.
func TestTrackingCodes(t *testing.T) {
	t.Parallel()
	six := breach.PrintRun{MailerID: "012345", ServiceType: "270", FirstSerial: 500}
	code, err := six.Tracking(1)
	require.NoError(t, err)
	require.Equal(t, "00270012345000000501", code)
	nine := breach.PrintRun{MailerID: "900000001", ServiceType: "040", BarcodeID: "10"}
	code, err = nine.Tracking(999_999)
	require.NoError(t, err)
	require.Equal(t, "10040900000001999999", code)
	_, err = nine.Tracking(1_000_000)
	refusal, is := breach.AsRefusal(err)
	require.True(t, is)
	require.Equal(t, "serials_used_up", refusal.Code)

	require.Equal(t, 1, six.LetterOf("00270012345000000501"))
	require.Equal(t, 999_999, nine.LetterOf("10040900000001999999"))
	for of, code := range map[string]string{
		"a letter before the first": "00270012345000000500", "another service": "00271012345000000501", "another mailer": "00270012346000000501",
		"another barcode identifier": "01270012345000000501", "half a code": "0027001234", "no code": "", "no digits": "0027001234500000050A",
	} {
		require.Zero(t, six.LetterOf(code), of)
	}
	require.Zero(t, breach.PrintRun{}.LetterOf("00270012345000000501"), "a mailer without a number")
	require.True(t, six.SameTracking(breach.PrintRun{MailerID: "012345", ServiceType: "270", BarcodeID: "00", FirstSerial: 500, Sides: 1}))
	require.False(t, six.SameTracking(breach.PrintRun{MailerID: "012345", ServiceType: "270", FirstSerial: 501}))
	require.False(t, six.SameTracking(breach.PrintRun{}))
}

func TestTheRoutingCodeIsTheAddresssZIP(t *testing.T) {
	t.Parallel()
	for zip, want := range map[string]string{"23220": "23220", "232201234": "232201234", "23220-1234": "232201234", "": "", "00000": ""} {
		require.Equal(t, want, breach.RoutingOf(&breach.Person{ZIP: zip}), zip)
	}
	require.Empty(t, breach.RoutingOf(&breach.Person{ZIP: "12345", Country: "DE"}))
}

func TestPrintingPausesAtTheLine(t *testing.T) {
	t.Parallel()
	usual := breach.HaltLine{}
	for name, c := range map[string]struct {
		line          breach.HaltLine
		now, accepted breach.HaltCounts
		want          []string
	}{
		"nothing":                         {usual, breach.HaltCounts{Printed: 1000}, breach.HaltCounts{}, nil},
		"just below":                      {usual, breach.HaltCounts{Printed: 1000, Returned: 99, FailedChecks: 9, Disputed: 99}, breach.HaltCounts{}, nil},
		"one in ten came back":            {usual, breach.HaltCounts{Printed: 1000, Returned: 100}, breach.HaltCounts{}, []string{breach.HaltReturned}},
		"of few letters nine":             {usual, breach.HaltCounts{Printed: 12, Returned: 9}, breach.HaltCounts{}, nil},
		"of few letters ten":              {usual, breach.HaltCounts{Printed: 12, Returned: 10}, breach.HaltCounts{}, []string{breach.HaltReturned}},
		"a line of one's own":             {breach.HaltLine{ReturnedPercent: 2, FailedChecks: 1, Disputed: 3}, breach.HaltCounts{Printed: 1000, Returned: 20, FailedChecks: 1, Disputed: 3}, breach.HaltCounts{}, []string{breach.HaltReturned, breach.HaltFailed, breach.HaltDisputed}},
		"accepted":                        {usual, breach.HaltCounts{Printed: 1000, Returned: 100}, breach.HaltCounts{Printed: 1000, Returned: 100}, nil},
		"as many again after it":          {usual, breach.HaltCounts{Printed: 2000, Returned: 300}, breach.HaltCounts{Printed: 1000, Returned: 100}, []string{breach.HaltReturned}},
		"a percentage is never undershot": {usual, breach.HaltCounts{Printed: 1001, Returned: 100}, breach.HaltCounts{}, nil},
	} {
		var kinds []string
		for _, r := range c.line.Halted(c.now, c.accepted) {
			kinds = append(kinds, r.Kind)
			require.NotEmpty(t, r.Words())
		}
		require.Equal(t, c.want, kinds, name)
	}
}

// How letters are printed changes no word of them, so that approvals stay.
func TestThePrintRunIsNotOnPaper(t *testing.T) {
	t.Parallel()
	before, _ := breach.Incident{ID: "EX-1"}.OnPaper()
	after, _ := breach.Incident{ID: "EX-1", PrintRun: breach.PrintRun{Sides: 1, MailerID: "123456"}}.OnPaper()
	require.Equal(t, before, after)
}
