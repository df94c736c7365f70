package tracingfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/tracingfile"
)

var eastern = time.FixedZone("EST", -5*3600)

func read(file string) (scans []tracingfile.Scan, err error) {
	err = tracingfile.Read(strings.NewReader(file), eastern, func(s *tracingfile.Scan) error {
		scans = append(scans, *s)
		return nil
	})
	return scans, err
}

// TestBothFormsSayTheSame: a feed as JSON, and an export as delimited text.
func TestBothFormsSayTheSame(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return v
	}
	want := []tracingfile.Scan{
		{Tracking: "00270900000001004001", At: at("2026-04-18T05:06:07Z"), Operation: "919", Facility: "200019998", Kind: breach.ScanSeen},
		{Tracking: "00270900000001004002", At: at("2026-04-19T14:00:00Z"), Operation: "517", Facility: "20001", Kind: breach.ScanDelivered},
		{Tracking: "00270900000001004003", At: at("2026-04-19T05:06:07Z"), Kind: breach.ScanForwarded},
		{Tracking: "00270900000001004004", At: at("2026-04-20T05:06:07Z"), Kind: breach.ScanReturning},
	}
	feed := `{"recordCount": 4, "meta": {"events": []}, "events": [
		{"imb": "0027090000000100400120001", "scanDatetime": "2026-04-18T05:06:07Z", "scanEventCode": "919", "scanFacilityZip": "20001-9998", "handlingEventType": "A", "pieceCount": 1},
		{"imb": "00270900000001004002", "scanDatetime": "2026-04-19T09:00:00", "scanEventCode": "517", "scanFacilityZip": "20001", "handlingEventType": "L"},
		{"imb": "00-270-900000001-004003", "scanDatetime": "2026-04-19T05:06:07.123Z", "handlingEventType": "A", "mailPhase": "Forwarded"},
		{"imb": "00270900000001004004", "scanDatetime": "2026-04-20T05:06:07Z", "handlingEventTypeDescription": "Return to sender"}]}`
	list := "IMb|Scan Datetime|Scan Event Code|Scan Facility Zip|Handling Event Type|Mail Phase\r\n" +
		"0027090000000100400120001|2026-04-18T05:06:07Z|919|20001-9998|A|\r\n" +
		"00270900000001004002|2026-04-19 09:00:00|517|20001|L|\r\n" +
		"00270900000001004003|04/19/2026 00:06:07|||A|Forwarded\r\n" +
		"00270900000001004004|2026-04-20T05:06:07Z|||A|Return to Sender\r\n"
	want[0].Facility = "20001-9998"
	for form, file := range map[string]string{"json": feed, "delimited": list, "with a mark": "\ufeff" + list, "commas": strings.ReplaceAll(list, "|", ",")} {
		got, err := read(file)
		require.NoError(t, err, form)
		require.Len(t, got, 4, form)
		for i := range got {
			require.Positive(t, got[i].Line)
			got[i].Line = 0
		}
		require.Equal(t, want, got, form)
	}
}

// TestAFileOfScansThatIsNotWholeIsRefused with where it breaks off.
func TestAFileOfScansThatIsNotWholeIsRefused(t *testing.T) {
	t.Parallel()
	const event = `{"imb": "00270900000001004001", "scanDatetime": "2026-04-18T05:06:07Z"}`
	for name, c := range map[string]struct{ file, want string }{
		"empty":              {"", "line 1"},
		"white":              {" \r\n", "line 1"},
		"other JSON":         {`{"things": []}`, "no list of events"},
		"no list":            {`{"events": 3}`, "no list of events"},
		"cut":                {`{"events": [` + event, "does not end"},
		"cut in an event":    {`{"events": [` + event + `, {"imb": "0027`, "line 2"},
		"no JSON":            {`{"events": [nothing]}`, "line 1"},
		"an event of none":   {`[` + event + `, {}]`, "line 2"},
		"a short barcode":    {`[{"imb": "0027", "scanDatetime": "2026-04-18T05:06:07Z"}]`, "barcode"},
		"no time":            {`[{"imb": "00270900000001004001", "scanDatetime": "yesterday"}]`, "scanDatetime"},
		"no header":          {"00270900000001004001,2026-04-18T05:06:07Z\n", "line 1"},
		"a column twice":     {"imb,imb,scanDatetime\n", "twice"},
		"a row that is long": {"imb,scanDatetime\n00270900000001004001,2026-04-18T05:06:07Z\na,b,c\n", "line 3"},
		"quotes":             {"imb,scanDatetime\n\"00,\n", "line"},
	} {
		_, err := read(c.file)
		refusal, is := breach.AsRefusal(err)
		require.True(t, is, "%s: %v", name, err)
		require.Equal(t, "tracing_file", refusal.Code, name)
		require.Contains(t, refusal.Message, c.want, name)
	}
}

func FuzzScans(f *testing.F) {
	f.Add(`{"events": [{"imb": "00270900000001004001", "scanDatetime": "2026-04-18T05:06:07Z", "handlingEventType": "L"}]}`)
	f.Add("imb|scanDatetime\n00270900000001004001|2026-04-18 05:06:07\n")
	f.Add("[[]]")
	f.Fuzz(func(t *testing.T, file string) {
		scans, err := read(file)
		for _, s := range scans {
			require.Len(t, s.Tracking, 20)
			require.False(t, s.At.IsZero())
			require.Contains(t, breach.ScanKinds, s.Kind)
			require.LessOrEqual(t, len(s.Operation), 16)
		}
		if _, is := breach.AsRefusal(err); err != nil && !is {
			t.Fatalf("an error that is no refusal: %v", err)
		}
	})
}
