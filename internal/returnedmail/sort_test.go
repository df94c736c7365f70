package returnedmail_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/acsfile"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/returnedmail"
)

var (
	printedOn = civil.MustParse("2026-04-10")
	on        = civil.MustParse("2026-04-18")
	today     = civil.MustParse("2026-04-20")
	reno      = acsfile.Address{Line1: "9 NEW AVE", City: "RENO", State: "NV", ZIP: "89501"}
	elko      = acsfile.Address{Line1: "8 NEW AVE", City: "ELKO", State: "NV", ZIP: "89801"}
)

func nixie(id string) acsfile.Record {
	return acsfile.Record{Keyline: id, On: on, Nixie: true, Code: 'N', Action: 'R'}
}

func order(id string, action byte, to acsfile.Address) acsfile.Record {
	return acsfile.Record{Keyline: id, On: on, Code: ' ', Move: 'I', Action: action, LastName: "EXEMPLAR", FirstName: "ADA", New: to}
}

func sorted(records ...acsfile.Record) returnedmail.Sorted {
	printed := map[string]civil.Date{}
	for i := range 9 {
		printed[fmt.Sprintf("R001-00000%d", i)] = printedOn
	}
	for i := range records {
		records[i].Line = i + 2
	}
	return returnedmail.Sort(records, func(r *acsfile.Record) string { return r.Keyline }, printed, today)
}

func TestWhatIsSaidOfLetters(t *testing.T) {
	t.Parallel()
	const a = "R001-000001"
	back := func(reason string) []breach.ReturnedLetter {
		return []breach.ReturnedLetter{{PieceID: a, On: on, Reason: reason}}
	}
	moved := func(to acsfile.Address) []breach.Moved {
		return []breach.Moved{{PieceID: a, LastName: "EXEMPLAR", FirstName: "ADA", Address1: to.Line1, City: to.City, State: to.State, ZIP: to.ZIP}}
	}
	left := func(line int, id, why string) []returnedmail.Left {
		return []returnedmail.Left{{Line: line, PieceID: id, Why: why}}
	}
	early, future := nixie(a), nixie(a)
	early.On, future.On = printedOn.AddDays(-1), today.AddDays(1)
	business := order(a, 'R', reno)
	business.Move = 'B'
	aBusiness := moved(reno)
	aBusiness[0].Business = true
	for name, c := range map[string]struct {
		records []acsfile.Record
		want    returnedmail.Sorted
	}{
		"nothing":                          {nil, returnedmail.Sorted{}},
		"one that came back":               {[]acsfile.Record{nixie(a)}, returnedmail.Sorted{Letters: back("undeliverable")}},
		"one whose addressee moved":        {[]acsfile.Record{order(a, 'R', reno)}, returnedmail.Sorted{Letters: back("moved"), Moved: moved(reno)}},
		"one of a business":                {[]acsfile.Record{business}, returnedmail.Sorted{Letters: back("moved"), Moved: aBusiness}},
		"one of which it is not known":     {[]acsfile.Record{order(a, 'U', reno)}, returnedmail.Sorted{Letters: back("moved"), Moved: moved(reno)}},
		"one that was forwarded":           {[]acsfile.Record{order(a, 'F', reno)}, returnedmail.Sorted{Forwarded: 1}},
		"forwarded, and came back":         {[]acsfile.Record{order(a, 'F', reno), nixie(a)}, returnedmail.Sorted{Letters: back("undeliverable"), Moved: moved(reno)}},
		"came back, and forwarded":         {[]acsfile.Record{nixie(a), order(a, 'F', reno)}, returnedmail.Sorted{Letters: back("undeliverable"), Moved: moved(reno)}},
		"said twice":                       {[]acsfile.Record{order(a, 'R', reno), order(a, 'R', reno)}, returnedmail.Sorted{Letters: back("moved"), Moved: moved(reno), Left: left(3, a, returnedmail.Doubled)}},
		"came back twice":                  {[]acsfile.Record{nixie(a), nixie(a)}, returnedmail.Sorted{Letters: back("undeliverable"), Left: left(3, a, returnedmail.Doubled)}},
		"two new addresses":                {[]acsfile.Record{order(a, 'R', reno), order(a, 'R', elko)}, returnedmail.Sorted{Letters: back("moved"), Left: left(3, a, returnedmail.TwoAddresses)}},
		"other mail":                       {[]acsfile.Record{nixie("R009-000001"), nixie("")}, returnedmail.Sorted{Left: append(left(2, "R009-000001", returnedmail.Unknown), left(3, "", returnedmail.Unknown)...)}},
		"before it was printed":            {[]acsfile.Record{early}, returnedmail.Sorted{Left: left(2, a, returnedmail.Early)}},
		"after today":                      {[]acsfile.Record{future}, returnedmail.Sorted{Left: left(2, a, returnedmail.Future)}},
		"an address, then without, in one": {[]acsfile.Record{order(a, 'R', reno), order(a, 'R', acsfile.Address{})}, returnedmail.Sorted{Letters: back("moved"), Moved: moved(reno), Left: left(3, a, returnedmail.Doubled)}},
	} {
		require.Equal(t, c.want, sorted(c.records...), name)
	}
}

// TestNothingIsLostOrDoubled: over files of any order, each letter comes back at most
// once, a letter has at most one new address, and every line is counted somewhere.
func TestNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(12, 2026))
	for range 2000 {
		var records []acsfile.Record
		for range random.IntN(12) {
			id := fmt.Sprintf("R001-00000%d", random.IntN(12)) // some are of nobody
			r := nixie(id)
			if random.IntN(3) > 0 {
				r = order(id, "RFUD"[random.IntN(4)], []acsfile.Address{reno, elko, {}}[random.IntN(3)])
			}
			records = append(records, r)
		}
		s := sorted(records...)
		back, is := map[string]bool{}, map[string]bool{}
		for _, l := range s.Letters {
			require.False(t, back[l.PieceID])
			back[l.PieceID] = true
		}
		for _, m := range s.Moved {
			require.False(t, is[m.PieceID])
			require.True(t, back[m.PieceID], "a new address for a letter that reached its addressee")
			is[m.PieceID] = true
		}
		leftAside := map[int]bool{}
		for _, l := range s.Left {
			leftAside[l.Line] = true
		}
		forwarded := map[string]bool{}
		for i := range records {
			r := &records[i]
			if leftAside[r.Line] || back[r.Keyline] {
				continue
			}
			require.False(t, r.CameBack(), "line %d of %+v is nowhere", r.Line, records)
			forwarded[r.Keyline] = true
		}
		require.Len(t, forwarded, s.Forwarded)
	}
}
