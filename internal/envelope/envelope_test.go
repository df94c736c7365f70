package envelope_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/envelope"
)

const inch = 72.0

func forms(t *testing.T) []envelope.Form {
	t.Helper()
	var all []envelope.Form
	for _, name := range (envelope.Forms{}).Names() {
		form, there := envelope.Forms{}.Named(name)
		require.True(t, there)
		all = append(all, form)
	}
	require.Len(t, all, 3)
	return all
}

// TestBuiltInFormsAreWithoutFault but for the name, which is the program's own.
func TestBuiltInFormsAreWithoutFault(t *testing.T) {
	t.Parallel()
	for _, form := range forms(t) {
		form.Name = "mine"
		require.Empty(t, form.Check(), form.Name)
	}
	require.Equal(t, forms(t)[0], envelope.Form{}.OrStandard())
}

// seen is what a window shows of a page whose sheet lies right and down in the
// envelope: as it is held in hand, and not as the form works it out.
func seen(f envelope.Form, w envelope.Window, right, down float64) envelope.Area {
	top := f.Height - w.Bottom - w.Height
	return envelope.Area{Left: (w.Left - right) * inch, Top: (top - down) * inch, Right: (w.Left + w.Width - right) * inch, Bottom: (top + w.Height - down) * inch}
}

// TestTheAddressAreaIsWhatEveryPlaceShows slides the sheet through each form: its
// address area is seen with the clear space at every place, nothing larger is, and
// what is seen at any place keeps from the letter's words.
func TestTheAddressAreaIsWhatEveryPlaceShows(t *testing.T) {
	t.Parallel()
	const steps, tiny = 12, 0.01
	for _, f := range forms(t) {
		area := f.AddressArea()
		most := envelope.Area{Left: -1000, Top: -1000, Right: 1000, Bottom: 1000}
		for i := range steps + 1 {
			for j := range steps + 1 {
				right := f.Seam + (f.Width-8.5-2*f.Seam)*float64(i)/steps
				down := f.Seam + (f.Height-f.Fold-2*f.Seam)*float64(j)/steps
				at := seen(f, f.Address, right, down)
				most = envelope.Area{
					Left: max(most.Left, at.Left), Top: max(most.Top, at.Top), Right: min(most.Right, at.Right), Bottom: min(most.Bottom, at.Bottom),
				}
				require.Less(t, at.Bottom, f.BodyTop(), f.Name)
			}
		}
		space := envelope.LeastClear * inch
		require.InDelta(t, most.Left+space, area.Left, tiny)
		require.InDelta(t, most.Top+space, area.Top, tiny)
		require.InDelta(t, most.Right-space, area.Right, tiny)
		require.InDelta(t, most.Bottom-space, area.Bottom, tiny)
	}
}

// TestAFaultOfAPageIsSeen puts ink at the places where it is wrong, for each form.
func TestAFaultOfAPageIsSeen(t *testing.T) {
	t.Parallel()
	for _, f := range forms(t) {
		in := f.AddressArea()
		good := envelope.Ink{Area: in, Of: envelope.OfAddress}
		sender := envelope.Ink{Area: f.ReturnArea(), Of: envelope.OfReturn}
		words := envelope.Ink{Area: envelope.Area{Left: 54, Top: f.BodyTop(), Right: 500, Bottom: f.BodyTop() + 300}}
		require.Equal(t, envelope.NoFault, f.Shows([]envelope.Ink{words, sender}, []envelope.Ink{good}), f.Name)
		require.Equal(t, envelope.NothingShows, f.Shows([]envelope.Ink{words, sender}), f.Name)

		for name, out := range map[string]envelope.Area{
			"left": {Left: in.Left - 1, Top: in.Top, Right: in.Right, Bottom: in.Bottom}, "above": {Left: in.Left, Top: in.Top - 1, Right: in.Right, Bottom: in.Bottom},
			"right": {Left: in.Left, Top: in.Top, Right: in.Right + 1, Bottom: in.Bottom}, "below": {Left: in.Left, Top: in.Top, Right: in.Right, Bottom: in.Bottom + 1},
		} {
			require.Equal(t, envelope.AddressHidden, f.Shows([]envelope.Ink{{Area: out, Of: envelope.OfAddress}}), "%s %s", f.Name, name)
		}
		// A word of the letter just beside what the window always shows, where it shows at some place.
		beside := envelope.Ink{Area: envelope.Area{Left: in.Right + 12, Top: in.Top, Right: in.Right + 20, Bottom: in.Bottom}}
		require.Equal(t, envelope.LetterShows, f.Shows([]envelope.Ink{good, beside}), f.Name)
		if f.Return != (envelope.Window{}) {
			hidden := sender
			hidden.Right++
			require.Equal(t, envelope.ReturnHidden, f.Shows([]envelope.Ink{good, hidden}))
			above := envelope.Ink{Area: envelope.Area{Left: sender.Right + 12, Top: sender.Top, Right: sender.Right + 20, Bottom: sender.Bottom}}
			require.Equal(t, envelope.LetterShows, f.Shows([]envelope.Ink{good, above}))
		}
	}
}

func TestFormsAreChosenByName(t *testing.T) {
	t.Parallel()
	mine := envelope.Form{Name: "mine", Width: 9.5}
	all := envelope.Forms{Own: []envelope.Form{mine}, Default: "mine"}
	got, there := all.Named("")
	require.True(t, there)
	require.Equal(t, mine, got)
	got, there = all.Named("6x9")
	require.True(t, there)
	require.Equal(t, "6x9", got.Name)
	_, there = all.Named("#9")
	require.False(t, there)
	require.Equal(t, []string{"#10", "#10 double window", "6x9", "mine"}, all.Names())
	require.False(t, envelope.IsBuiltIn(""))
	require.False(t, envelope.IsBuiltIn("mine"))
}

func TestSortingMachinesReadCapitalsWithoutPunctuation(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"45 Maple Court, Apt. 7B":         "45 MAPLE COURT APT 7B",
		"Richmond, VA 23220-1234":         "RICHMOND VA 23220-1234",
		"P.O. Box 12":                     "PO BOX 12",
		"123 1/2 St. Mary's Rd (rear)":    "123 1/2 ST MARYS RD REAR",
		"39.2 Road; #4":                   "39.2 ROAD #4",
		"Peña Blanca, NM":                 "PENA BLANCA NM",
		"Straußstraße – 5":                "STRAUSSSTRASSE - 5",
		"  ":                              "",
		"Łódź ul. Świętego Józefa 3":      "LODZ UL SWIETEGO JOZEFA 3",
		"رقم 5، شارع الملك":               "رقم 5 شارع الملك",
		"שָׂרָה בן־דוד, רחוב 5":           "שָׂרָה בן־דוד רחוב 5",
		"თბილისი, ქუჩა 3":                 "თბილისი ქუჩა 3",
		"東京都千代田区1-1":                      "東京都千代田区1-1",
		"c/o O’Brien & Sons":              "C/O OBRIEN & SONS",
		"Ko‘olau\tRoad":                   "KOOLAU ROAD",
		"5-7 Rue de l'Église, Saint-Lô 2": "5-7 RUE DE LEGLISE SAINT-LO 2",
	} {
		got := envelope.Machine(line, false)
		require.Equal(t, want, got)
		require.Equal(t, got, envelope.Machine(got, false), "a second time it is the same")
	}
	require.Equal(t, "ŁUKASZ NGUYỄN", envelope.Machine("Łukasz Nguyễn", true), "a name keeps its marks")
	require.Equal(t, "DANGELO OBRIEN-NUÑEZ", envelope.Machine("D’Angelo O'Brien-Nuñez", true))
	require.Equal(t, "ΑΛΕΞΑΝΔΡΑ ΠΑΠΑΔΟΠΟΥΛΟΥ", envelope.Machine("Αλεξάνδρα Παπαδοπούλου", true))
	require.Equal(t, "ΝΙΚΟΛΑΪΔΗΣ", envelope.Machine("Νικολαΐδης", true), "with one mark, as a capital has it")
}
