package synthetic

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
	_ "time/tzdata" // where the machine has no zones
)

// AccessLog is an invented access log of an EHR, with its patients and practices. One
// billing clerk opens 50 to 100 records a working day, as the others do, and in one night
// very many. One physician has a busy day.
type AccessLog struct {
	Seed uint64
	// Patients, Practices, Clerks and Physicians are how many there are, Days how many days
	// there are before the night.
	Patients, Practices, Clerks, Physicians, Days int
	// Night is how many different patients the clerk opens in the night, Exported how many
	// of them are exported.
	Night, Exported int
}

// DefaultAccessLog is the log of the documentation's walk-through.
func DefaultAccessLog() AccessLog {
	return AccessLog{Seed: 1, Patients: 9000, Practices: 12, Clerks: 6, Physicians: 8, Days: 42, Night: 4000, Exported: 120}
}

// AccessTruth is what is true of an AccessLog.
type AccessTruth struct {
	// Account did it, Busy had a busy day within the window.
	Account, Busy string
	From, To      time.Time
	// Viewed and Exported are the patients of the night by their ids; exported ones were
	// viewed first. Others are patients that the account opened within the window before
	// the night, in its daily work.
	Viewed, Exported map[string]bool
	Lines            int
}

// accessZone is where they work: the log has its offsets, of both sides of the day on
// which clocks are put forward.
func accessZone() (*time.Location, error) { return time.LoadLocation("America/New_York") }

func (a AccessLog) patient(n int) string { return fmt.Sprintf("M%06d", n+1) }

func (a AccessLog) practiceName(n int) string {
	trees := []string{"Oak", "Ash", "Elm", "Birch", "Cedar", "Maple", "Willow", "Linden", "Hazel", "Alder", "Rowan", "Aspen"}
	name := trees[n%len(trees)] + " Street Clinic"
	if n >= len(trees) {
		name += fmt.Sprintf(" %d", n/len(trees)+1)
	}
	return name
}

// WriteLists writes the patients as an EHR extract, and the list of practices.
func (a AccessLog) WriteLists(patients, practices io.Writer) error {
	r := rand.New(rand.NewPCG(a.Seed, 1))
	one := func(list []string) string { return list[r.IntN(len(list))] }
	p, q := csv.NewWriter(patients), csv.NewWriter(practices)
	rows := [][]string{{"MRN", "First Name", "Last Name", "Birth Date", "Address 1", "City", "State", "Zip Code", "Practice Name"}}
	for n := range a.Patients {
		names := pools[0]
		where := places[r.IntN(len(places))]
		city := where.cities[r.IntN(len(where.cities))]
		born := time.Date(1940+r.IntN(65), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		rows = append(rows, []string{
			a.patient(n), one(slices.Concat(names.women, names.men)), one(names.family), born.Format(time.DateOnly), fmt.Sprintf("%d %s Lane", 1+n, one([]string{"Mill", "Lake", "Hill"})),
			city.name, where.state, fmt.Sprintf("%s%02d", city.zip3, 1+r.IntN(80)), a.practiceName(n % a.Practices),
		})
	}
	if err := p.WriteAll(rows); err != nil {
		return err
	}
	list := [][]string{{"practice_key", "legal_name", "email", "address1", "city", "state", "zip"}}
	for n := range a.Practices {
		list = append(list, []string{fmt.Sprintf("clinic-%02d", n+1), a.practiceName(n), fmt.Sprintf("office@clinic-%02d.example.org", n+1), fmt.Sprintf("%d Main Street", n+1), "Reno", "NV", "89501"})
	}
	return q.WriteAll(list)
}

// Write writes the log, in the order of its times.
func (a AccessLog) Write(to io.Writer) (AccessTruth, error) {
	zone, err := accessZone()
	if err != nil {
		return AccessTruth{}, err
	}
	r := rand.New(rand.NewPCG(a.Seed, 2))
	night := time.Date(2026, 3, 16, 22, 0, 0, 0, zone) // a Monday
	truth := AccessTruth{Account: "clerk-3", Busy: "physician-2", From: night, To: night.Add(8 * time.Hour), Viewed: map[string]bool{}, Exported: map[string]bool{}}
	w := bufio.NewWriterSize(to, 1<<16)
	fmt.Fprintln(w, "Access Time,User,Role,MRN,Practice,Action,Workstation,Result")
	line := func(at time.Time, account, role string, patient int, action string) {
		truth.Lines++
		id, practice := a.patient(patient), a.practiceName(patient%a.Practices)
		fmt.Fprintf(w, "%s,%s,%s,%s,%s,%s,WS-%s,ok\n", at.Format(time.RFC3339), account, role, id, practice, action, account)
	}
	type access struct {
		at                    time.Time
		account, role, action string
		patient               int
	}
	for d := -a.Days; d <= 1; d++ {
		morning := time.Date(2026, 3, 16+d, 8, 0, 0, 0, zone)
		weekend := morning.Weekday() == time.Saturday || morning.Weekday() == time.Sunday
		var day []access
		work := func(account, role string, practices, least, most int) {
			if weekend && d != 0 {
				return
			}
			for range least + r.IntN(most-least+1) {
				// Everybody works for a few practices, and sees their patients.
				patient := r.IntN(a.Patients/a.Practices)*a.Practices + (len(account)+int(account[len(account)-1])+r.IntN(practices))%a.Practices
				action := "View"
				if role == "Billing clerk" && r.IntN(40) == 0 {
					action = "Print"
				}
				day = append(day, access{morning.Add(time.Duration(r.IntN(8*3600)) * time.Second), account, role, action, patient})
			}
		}
		for n := range a.Clerks {
			work(fmt.Sprintf("clerk-%d", n+1), "Billing clerk", 3, 50, 100)
		}
		for n := range a.Physicians {
			account, least, most := fmt.Sprintf("physician-%d", n+1), 14, 30
			if account == truth.Busy && d == 1 {
				least, most = 70, 75
			}
			work(account, "Physician", 2, least, most)
		}
		if d == 0 {
			for i, patient := range r.Perm(a.Patients)[:a.Night] {
				at := night.Add(time.Duration(i) * 8 * time.Hour / time.Duration(a.Night))
				day = append(day, access{at, truth.Account, "Billing clerk", "View", patient})
				truth.Viewed[a.patient(patient)] = true
				if i < a.Exported {
					day = append(day, access{at, truth.Account, "Billing clerk", "Export", patient})
					truth.Exported[a.patient(patient)] = true
				}
			}
		}
		slices.SortStableFunc(day, func(x, y access) int { return x.at.Compare(y.at) })
		for _, one := range day {
			line(one.at, one.account, one.role, one.patient, one.action)
		}
	}
	return truth, w.Flush()
}

// WriteFiles writes patients.csv, clients.csv and audit.csv into a folder, which is made.
func (a AccessLog) WriteFiles(dir string) (truth AccessTruth, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return truth, err
	}
	var open []*os.File
	defer func() {
		for _, file := range open {
			err = errors.Join(err, file.Close())
		}
	}()
	for _, name := range []string{"patients.csv", "clients.csv", "audit.csv"} {
		file, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return truth, err
		}
		open = append(open, file)
	}
	if err := a.WriteLists(open[0], open[1]); err != nil {
		return truth, err
	}
	return a.Write(open[2])
}
