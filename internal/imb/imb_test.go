package imb_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/imb"
)

// The Postal Service publishes what its own encoder makes of these codes, and what it
// refuses: tracking code, routing code, bars, answer ("00" where it encodes).
func TestThePostalServicesOwnVectors(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/usps-vectors.csv")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	encoded, refused := 0, 0
	for _, row := range rows {
		tracking, routing, bars, answer := row[1], row[2], row[3], row[4]
		code, err := imb.Encode(tracking, routing)
		if answer != "00" {
			refused++
			_, is := breach.AsRefusal(err)
			require.True(t, is, "vector %s is refused by the Postal Service: %s", row[0], row[5])
			continue
		}
		encoded++
		require.NoError(t, err, "vector %s", row[0])
		require.Equal(t, bars, code.String(), "vector %s: %s %s", row[0], tracking, routing)
	}
	require.Greater(t, encoded, 100)
	require.Greater(t, refused, 50)
}

// The four examples of USPS-B-3200 itself, one for each length of a routing code.
func TestTheExamplesOfTheSpecification(t *testing.T) {
	t.Parallel()
	for routing, bars := range map[string]string{
		"":            "ATTFATTDTTADTAATTDTDTATTDAFDDFADFDFTFFFFFTATFAAAATDFFTDAADFTFDTDT",
		"01234":       "DTTAFADDTTFTDTFTFDTDDADADAFADFATDDFTAAAFDTTADFAAATDFDTDFADDDTDFFT",
		"012345678":   "ADFTTAFDTTTTFATTADTAAATFTFTATDAAAFDDADATATDTDTTDFDTDATADADTDFFTFA",
		"01234567891": "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA",
	} {
		code, err := imb.Encode("01234567094987654321", routing)
		require.NoError(t, err)
		require.Equal(t, bars, code.String(), routing)
	}
}

// A refusal goes into logs, and a routing code is a part of somebody's address.
func TestARefusalNamesNoDigits(t *testing.T) {
	t.Parallel()
	for _, codes := range [][2]string{{"0123456709498765432", ""}, {"05234567094987654321", ""}, {"01234567094987654321", "221934"}, {"0123456709498765432x", "22193"}} {
		_, err := imb.Encode(codes[0], codes[1])
		refusal, is := breach.AsRefusal(err)
		require.True(t, is)
		require.NotContains(t, refusal.Error(), "221934")
		require.NotContains(t, refusal.Error(), codes[0])
	}
}

// Both ends of every bar come from a bit of their own, and every bit is one of them.
func FuzzEveryCodeHas65Bars(f *testing.F) {
	f.Add("01234567094987654321", "01234567891")
	f.Fuzz(func(t *testing.T, tracking, routing string) {
		code, err := imb.Encode(tracking, routing)
		if err != nil {
			return
		}
		up, down := 0, 0
		for _, bar := range code {
			require.Contains(t, []imb.Bar{imb.Tracker, imb.Ascender, imb.Descender, imb.Full}, bar)
			if bar.Up() {
				up++
			}
			if bar.Down() {
				down++
			}
		}
		// Ten characters have 2 or 5 bits of 13 set, or all others after the check sum.
		require.GreaterOrEqual(t, up+down, 20)
		require.LessOrEqual(t, up+down, 110)
	})
}
