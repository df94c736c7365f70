package repair_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
	"duenotice/internal/intake/repair"
)

var today = civil.Of(2026, time.November, 29)

func TestDatesAreReadOrRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		dates   repair.Dates
		want    string
		used    []string
		refusal string
	}{
		{"1980-01-02", repair.Dates{}, "1980-01-02", nil, ""},
		{"1/2/1980", repair.Dates{}, "", nil, repair.DateOpen},
		{"1/2/1980", repair.Dates{Order: repair.MDY}, "1980-01-02", []string{repair.SlashedDate}, ""},
		{"1/2/1980", repair.Dates{Order: repair.DMY}, "1980-02-01", []string{repair.SlashedDate}, ""},
		{"1/2/1980", repair.Dates{Order: repair.MDY, Native: true}, "1980-01-02", nil, ""},
		{"3/3/1980", repair.Dates{}, "1980-03-03", []string{repair.SlashedDate}, ""},
		{"13/2/1980", repair.Dates{}, "1980-02-13", []string{repair.SlashedDate}, ""},
		{"13/2/1980", repair.Dates{Order: repair.MDY}, "", nil, repair.DateBad},
		{"1/13/80", repair.Dates{}, "1980-01-13", []string{repair.SlashedDate}, ""},
		{"1/13/12", repair.Dates{}, "", nil, repair.DateCentury},
		{"2/30/1980", repair.Dates{}, "", nil, repair.DateBad},
		{"1/13/1980 12:00:00 AM", repair.Dates{}, "1980-01-13", []string{repair.SlashedDate}, ""},
		{"29221", repair.Dates{}, "1980-01-01", []string{repair.SerialDate}, ""},
		{"29221", repair.Dates{Serial: true}, "1980-01-01", nil, ""},
		{"27759", repair.Dates{Serial: true, Date1904: true}, "1980-01-01", nil, ""},
		{"29221.5", repair.Dates{}, "1980-01-01", []string{repair.SerialDate}, ""},
		{"1980", repair.Dates{}, "", nil, repair.DatePartial},
		{"1980-05", repair.Dates{}, "", nil, repair.DatePartial},
		{"19800102", repair.Dates{}, "1980-01-02", []string{repair.WrittenDate}, ""},
		{"2-Jan-1980", repair.Dates{}, "1980-01-02", []string{repair.WrittenDate}, ""},
		{"1980-01-02T00:00:00Z", repair.Dates{}, "1980-01-02", []string{repair.TimedDate}, ""},
		{"1900-01-01", repair.Dates{}, "", []string{repair.NoValue}, ""},
		{"UNKNOWN", repair.Dates{}, "", []string{repair.NoValue}, ""},
		{"NaN", repair.Dates{}, "", []string{repair.NoValue}, ""},
		{"soon", repair.Dates{}, "", nil, repair.DateBad},
	} {
		c.dates.Today = today
		date, used, refusal := repair.Date(c.text, c.dates)
		require.Equal(t, c.want, date, c.text)
		require.Equal(t, c.used, used, c.text)
		require.Equal(t, c.refusal, refusal, c.text)
	}
}

func TestCellsAreMendedOnlyWithCertainty(t *testing.T) {
	t.Parallel()
	all, err := repair.NewSet([]string{repair.All})
	require.NoError(t, err)
	for _, c := range []struct {
		column, text, want string
		used               []string
		refusal            string
	}{
		{"last_name", "MuÃ±oz", "Muñoz", []string{repair.DecodedTwice}, ""},
		{"last_name", "Oâ€™Brien", "O’Brien", []string{repair.DecodedTwice}, ""},
		{"last_name", "Mu?oz", "Mu?oz", nil, repair.LettersLost},
		{"last_name", "Mu\ufffdoz", "Mu\ufffdoz", nil, repair.LettersLost},
		{"last_name", "  De   La Cruz ", "De La Cruz", []string{repair.Spaces}, ""},
		{"last_name", "Null", "Null", nil, ""},
		{"middle_name", "NMN", "", []string{repair.NoValue}, ""},
		{"city", "Spring\nfield", "Spring field", []string{repair.LineBreaks}, ""},
		{"phone", "5.551234567E+09", "5551234567", []string{repair.Scientific}, ""},
		{"phone", "5.55E+09", "5.55E+09", nil, repair.DigitsLost},
		{"zip", "75001.0", "75001", []string{repair.DecimalZero}, ""},
		{"zip", "'01013", "01013", []string{repair.Apostrophe}, ""},
		{"zip", "nan", "", []string{repair.NoValue}, ""},
		{"email", "#N/A", "", []string{repair.NoValue}, ""},
		{"address1", "4.0 Mile Rd", "4.0 Mile Rd", nil, ""},
	} {
		text, used, refusal := repair.Cell(c.column, c.text, all)
		require.Equal(t, c.want, text, c.text)
		require.Equal(t, c.used, used, c.text)
		require.Equal(t, c.refusal, refusal, c.text)
	}
	text, used, _ := repair.Cell("city", "Oak  Park", repair.Set{})
	require.Equal(t, "Oak  Park", text, "what only looks better is offered and not done")
	require.Equal(t, []string{repair.Spaces}, used)
}

func TestZIPsGetTheirZerosBackWhereTheStateAgrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zip, state, want, refusal string }{
		{"1013", "MA", "01013", ""},
		{"1013", "", "01013", ""},
		{"907", "PR", "00907", ""},
		{"10131234", "ma", "010131234", ""},
		{"1013-1234", "MA", "01013-1234", ""},
		{"1013", "TX", "1013", repair.ZIPUnclear},
		{"75001", "TX", "75001", ""},
		{"000", "", "000", repair.ZIPUnclear},
	} {
		fixed, _, refusal := repair.ZIP(c.zip, c.state)
		require.Equal(t, c.want, fixed, c.zip)
		require.Equal(t, c.refusal, refusal, c.zip)
	}
	code, used := repair.State("illinois")
	require.Equal(t, "IL", code)
	require.Equal(t, []string{repair.StateName}, used)
	code, used = repair.State("Bavaria")
	require.Equal(t, "Bavaria", code)
	require.Empty(t, used)
}

func TestNamesInCapitals(t *testing.T) {
	t.Parallel()
	for shouted, want := range map[string]string{
		"SMITH": "Smith", "MCDONALD": "McDonald", "O'BRIEN": "O'Brien", "DE LA CRUZ": "de la Cruz", "VAN DER BERG": "van der Berg",
		"SMITH-JONES": "Smith-Jones", "SMITH III": "Smith III", "SMITH JR": "Smith Jr.", "MACK": "Mack", "D'ANGELO": "D'Angelo",
		"LI": "Li", "MUÑOZ": "Muñoz", "MCKAY-O'NEIL": "McKay-O'neil", "Smith": "Smith", "DO": "Do",
	} {
		require.Equal(t, want, repair.Quiet(shouted, true), shouted)
	}
	for shouted, want := range map[string]string{"JT": "JT", "AJ": "AJ", "JO": "Jo", "J.R.": "J.R.", "MARY ANN": "Mary Ann", "MARIA DE JESUS": "Maria de Jesus"} {
		require.Equal(t, want, repair.Quiet(shouted, false), shouted)
	}
}

func TestNamesInOneCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]repair.Name{
		"DOE, JOHN":           {First: "JOHN", Last: "DOE"},
		"Doe, John M":         {First: "John", Middle: "M", Last: "Doe"},
		"Doe Jr, John":        {First: "John", Last: "Doe", Suffix: "Jr."},
		"Doe, John, III":      {First: "John", Last: "Doe", Suffix: "III"},
		"de la Cruz, Ana Rue": {First: "Ana", Middle: "Rue", Last: "de la Cruz"},
	} {
		n, ok := repair.SplitComma(text)
		require.True(t, ok, text)
		require.Equal(t, want, n, text)
	}
	_, ok := repair.SplitComma("Smith, Jr")
	require.False(t, ok, "a suffix is no first name")
	require.Equal(t, repair.Name{First: "Ana", Middle: "Rue", Last: "de la Cruz"}, repair.SplitWhole("Ana Rue de la Cruz"))
	require.Equal(t, repair.Name{First: "John", Last: "Doe", Suffix: "Jr."}, repair.SplitWhole("John Doe, Jr."))
	require.Equal(t, repair.Name{Last: "Cher"}, repair.SplitWhole("Cher"))
}

func TestAddressesInOneCell(t *testing.T) {
	t.Parallel()
	oak := repair.Address{Line1: "1 Oak St", City: "Springfield", State: "IL", ZIP: "62701"}
	for text, want := range map[string]struct {
		repair.Address
		more int
		ok   bool
	}{
		"1 Oak St, Springfield, IL 62701":                            {oak, 0, true},
		"1 Oak St\nSpringfield, IL 62701":                            {oak, 0, true},
		"1 Oak St, Springfield, IL 62701; 2 Elm Ave, Reno, NV 89501": {oak, 1, true},
		"1 Oak St; 2 Elm Ave":                                        {repair.Address{Line1: "1 Oak St"}, 1, true},
		"1 Oak St, Apt 2":                                            {repair.Address{Line1: "1 Oak St, Apt 2"}, 0, false},
	} {
		a, more, ok := repair.SplitAddress(text)
		require.Equal(t, want.ok, ok, text)
		require.Equal(t, want.Address, a, text)
		require.Equal(t, want.more, more, text)
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"MuÃ±oz", "5.55E+09", "1013.0", "'01", "Oâ€™Brien", "\x00", "DE LA CRUZ"} {
		f.Add("last_name", s)
		f.Add("zip", s)
	}
	all, err := repair.NewSet([]string{repair.All})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, column, s string) {
		once, _, refusal := repair.Cell(column, s, all)
		if refusal != "" {
			return
		}
		again, used, refusal := repair.Cell(column, once, all)
		require.Empty(t, refusal, "what was mended is not refused")
		require.Equal(t, once, again, "mended once is mended: %v", used)
		repair.Quiet(s, true)
		repair.SplitComma(s)
		repair.SplitWhole(s)
		repair.SplitAddress(s)
		repair.Date(s, repair.Dates{Today: today})
	})
}
