package casefolder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

const addressHeader = "token,first_name,last_name,address1,address2,city,state,zip,plus4,delivery_point,dpv,ncoa,move_type,moved_on\n"

func readAddresses(t testing.TB, content string, sink casefolder.Sink) (*casefolder.CheckedAddresses, casefolder.Report) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "checked.csv")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	list, report, err := casefolder.ReadCheckedAddresses(t.Context(), path, casefolder.ListOptions{}, today, sink)
	require.NoError(t, err)
	return list, report
}

func TestAddressesThatWereChecked(t *testing.T) {
	t.Parallel()
	list, report := readAddresses(t, addressHeader+
		"AAAA,QUILLA,EXEMPLAR,9 NEW ST,,ELKO,nv,89801,0001,09,Y,A,Individual,202602\n"+
		"AAAA,QUILLA,EXEMPLAR,,,,,,,,,02,,\n"+
		"BBBB,,MUSTER,1 Elm Ct,,Reno,NV,89501-1234,,,N,00,,2026-02-03\n", nil)
	require.False(t, report.Refused(), "%+v", report)
	require.Equal(t, []breach.CheckedAddress{
		{Line: 2, Token: "AAAA", FirstName: "QUILLA", LastName: "EXEMPLAR", Address1: "9 NEW ST", City: "ELKO", State: "NV", ZIP: "89801-0001", DeliveryPoint: "09",
			DPV: "y", NCOA: "a", MoveType: "individual", MovedOn: civil.MustParse("2026-02-01")},
		{Line: 3, Token: "AAAA", FirstName: "QUILLA", LastName: "EXEMPLAR", NCOA: "02"},
		{Line: 4, Token: "BBBB", LastName: "MUSTER", Address1: "1 Elm Ct", City: "Reno", State: "NV", ZIP: "89501-1234", DPV: "n", NCOA: "00", MovedOn: civil.MustParse("2026-02-03")},
	}, list.Rows)
	require.Len(t, list.SHA256, 64)

	for name, c := range map[string]struct{ row, want string }{
		"nothing":                     {"", "E010 checked.csv:0"},
		"nobody's":                    {",A,B,,,,,,,,,,,", "E107 checked.csv:2 token"},
		"without a name":              {"AAAA,,,,,,,,,,,,,", "E107 checked.csv:2 last_name"},
		"no code of validation":       {"AAAA,A,B,,,,,,,,X,,,", "E110 checked.csv:2 dpv"},
		"no code of changes":          {"AAAA,A,B,,,,,,,,,99,,", "E110 checked.csv:2 ncoa"},
		"a code that lost its zero":   {"AAAA,A,B,,,,,,,,,2,,", "E113 checked.csv:2 ncoa"},
		"four digits that lost zeros": {"AAAA,A,B,,,,,89801,12,,,,,", "E113 checked.csv:2 plus4"},
		"a move without a day":        {"AAAA,A,B,9 NEW ST,,ELKO,NV,89801,,,,A,family,", "E107 checked.csv:2 moved_on"},
		"a move of nobody knows whom": {"AAAA,A,B,9 NEW ST,,ELKO,NV,89801,,,,A,,202602", "E107 checked.csv:2 move_type"},
		"in no month":                 {"AAAA,A,B,,,,,,,,,,,202613", "E108 checked.csv:2 moved_on"},
		"in no State":                 {"AAAA,A,B,,,,ZZ,,,,,,,", "E114 checked.csv:2 state"},
	} {
		var got []string
		_, report := readAddresses(t, addressHeader+c.row+"\n", func(p casefolder.Problem) error {
			got = append(got, place(p))
			return nil
		})
		require.Equal(t, []string{c.want}, got, name)
		require.True(t, report.Refused(), name)
	}
}

func FuzzCheckedAddresses(f *testing.F) {
	f.Add("AAAA,QUILLA,EXEMPLAR,9 NEW ST,,ELKO,nv,89801,0001,09,Y,A,Individual,202602\n")
	f.Add("AAAA,QUILLA," + canary + ",,,,,,,,N,02,,\nAAAA,,X,,,,,,,,,,,2026-13\n")
	f.Add("=1,\"" + canary + "\n,,,,,,,\n" + strings.Repeat(",", 20))
	path := filepath.Join(f.TempDir(), "checked.csv")
	f.Fuzz(func(t *testing.T, rows string) {
		require.NoError(t, os.WriteFile(path, []byte(addressHeader+rows), 0o600))
		list, report, err := casefolder.ReadCheckedAddresses(t.Context(), path, casefolder.ListOptions{}, today, noEcho(t))
		require.NoError(t, err)
		counts := report.Files[0]
		require.Equal(t, counts.Rows, counts.OK+counts.Warned+counts.Refused)
		if report.Refused() {
			return
		}
		require.Len(t, list.Rows, counts.Rows)
		for _, row := range list.Rows {
			require.True(t, breach.IsKey(row.Token))
			require.NotEmpty(t, row.LastName)
			require.False(t, row.Moves() && row.MovedOn.IsZero())
		}
	})
}
