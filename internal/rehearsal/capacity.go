package rehearsal

import (
	"fmt"
	"strings"
)

// Prices are what Temporal Cloud asks, in US dollars, as its public documentation says.
type Prices struct {
	// Read is the day on which they were read, Source where.
	Read, Source string
	// Tiers are the prices of a million actions in a month, each up to an amount; beyond the last the
	// price is agreed, and the last one is taken.
	Tiers []Tier
	// Active and Retained are a gigabyte of history for an hour, while its workflow runs
	// and afterwards.
	Active, Retained float64
	// Fairness is the part of an action that is billed beside each action where task
	// queues are fair, as ours are (ADR 242).
	Fairness float64
	// PlanLeast and PlanShare are the plan: the larger of an amount a month and a share of the rest.
	PlanLeast, PlanShare float64
}

// Tier is the price of a million actions up to so many of them.
type Tier struct{ UpTo, PerMillion float64 }

// Cloud are the prices of the plan Business, paid as used.
var Cloud = Prices{
	Read: "2026-11-29", Source: "https://docs.temporal.io/cloud/pricing",
	Tiers:  []Tier{{5e6, 50}, {10e6, 45}, {20e6, 40}, {50e6, 35}, {100e6, 30}, {200e6, 25}},
	Active: 0.042, Retained: 0.00105, Fairness: 0.1, PlanLeast: 500, PlanShare: 0.1,
}

// Actions is what so many actions cost in one month.
func (p Prices) Actions(n float64) (cost float64) {
	from := 0.0
	for i, t := range p.Tiers {
		upTo := t.UpTo
		if i == len(p.Tiers)-1 {
			upTo = max(upTo, n)
		}
		if n > from {
			cost += (min(n, upTo) - from) / 1e6 * t.PerMillion
		}
		from = t.UpTo
	}
	return cost
}

// Assumed is what no rehearsal measures: put your own numbers in.
type Assumed struct {
	// OpenDays is how long a practice's workflow runs, and RetainedDays how long its history is kept then.
	OpenDays, RetainedDays float64
	// CoreHour and GigabyteMonth are what a core for an hour and a gigabyte of disk for a
	// month cost, in US dollars.
	CoreHour, GigabyteMonth float64
	// Months is how long machines and disks are kept.
	Months float64
	// Cores is how many work at the same time.
	Cores float64
}

// Assumptions are those of docs/capacity.md: 60 days are HIPAA's outer limit, 30 what is
// kept in Temporal after a close.
var Assumptions = Assumed{OpenDays: 60, RetainedDays: 30, CoreHour: 0.05, GigabyteMonth: 0.10, Months: 3, Cores: 64}

// Target is an incident that is worked out.
type Target struct {
	Name              string
	Practices, People float64
}

// changeHealthcare is how many people the largest incident reported to HHS had.
const changeHealthcare = 192.7e6

// Targets are that incident in two shapes. Nobody published how many covered entities it
// touched, and both work by people and work by practices are to be seen.
func Targets(from Result) []Target {
	each := float64(from.People) / float64(max(from.Practices, 1))
	return []Target{
		{fmt.Sprintf("as rehearsed, %s people a practice", short(each)), changeHealthcare / each, changeHealthcare},
		{"1,000 people a practice", changeHealthcare / 1000, changeHealthcare},
	}
}

// ofPeople are the parts whose work is people's: the others' is practices'.
var ofPeople = map[string]bool{"generate": true, "validate": true, "plan": true, "print": true, "returns": true}

// notWork are parts that an incident has not: inventing it, and looking.
var notWork = map[string]bool{"generate": true, "look": true, "look-end": true}

// toPrint are the parts up to letters that are ready to print.
var toPrint = map[string]bool{"validate": true, "plan": true, "start": true, "pages": true, "delegate": true, "approve": true, "print": true}

// Estimate is what an incident takes, worked out from one rehearsal in proportion.
type Estimate struct {
	Target                   Target
	CoreHours, ToPrint       float64
	Actions, Events          float64
	HistoryBytes             float64
	DatabaseBytes, FileBytes float64
	EngineBytes              float64
	// Cloud is Temporal Cloud's bill for all of it, Own what machines and disks of one's
	// own cost instead, both in US dollars.
	CloudActions, CloudStorage, CloudPlan float64
	OwnMachines, OwnDisks                 float64
}

// EstimateOf works it out. Everything is in proportion to people or to practices, so it
// is good as far as the parts are linear, which the growth of the rehearsals shows.
func EstimateOf(from Result, target Target, prices Prices, as Assumed) Estimate {
	byPractice, byPerson := target.Practices/float64(from.Practices), target.People/float64(from.People)
	e := Estimate{Target: target}
	for _, p := range from.Phases {
		hours := p.CPUSeconds() / 3600 * byPractice
		if ofPeople[p.Name] {
			hours = p.CPUSeconds() / 3600 * byPerson
		}
		if !notWork[p.Name] {
			e.CoreHours += hours
		}
		if toPrint[p.Name] {
			e.ToPrint += hours
		}
	}
	actions, events, bytes := from.Life.PerPractice()
	e.Actions = target.Practices*actions + byPractice*float64(from.Life.Others.Actions)
	e.Events = target.Practices*events + byPractice*float64(from.Life.Others.Events)
	e.HistoryBytes = target.Practices*bytes + byPractice*float64(from.Life.Others.Bytes)
	// Whose share in a database is a person's and whose a practice's is not measured: the larger is taken.
	larger := max(byPractice, byPerson)
	e.DatabaseBytes, e.FileBytes = larger*float64(from.Disk.Database), larger*float64(from.Disk.Files)
	e.EngineBytes = byPractice * float64(from.Disk.Engine)
	e.CloudActions = prices.Actions(e.Actions * (1 + prices.Fairness))
	e.CloudStorage = e.HistoryBytes / 1e9 * 24 * (as.OpenDays*prices.Active + as.RetainedDays*prices.Retained)
	e.CloudPlan = max(prices.PlanLeast*as.Months, prices.PlanShare*(e.CloudActions+e.CloudStorage))
	e.OwnMachines = e.CoreHours * as.CoreHour
	e.OwnDisks = (e.DatabaseBytes + e.FileBytes + e.EngineBytes) / 1e9 * as.GigabyteMonth * as.Months
	return e
}

// Capacity is the part of docs/capacity.md that has numbers.
func Capacity(results []Result) string {
	if len(results) == 0 {
		return ""
	}
	from := results[len(results)-1]
	var b strings.Builder
	fmt.Fprintf(&b, "Worked out from `rehearsal/%s.json`: %s practices, %s people, of %s. %s\n\n", from.Size, number(from.Practices), number(from.People), from.Began.Format("2006-01-02"), from.Machine.note())
	estimates := []Estimate{}
	head, rule := "| |", "|---|"
	for _, t := range Targets(from) {
		estimates = append(estimates, EstimateOf(from, t, Cloud, Assumptions))
		head, rule = head+" "+t.Name+" |", rule+"---|"
	}
	fmt.Fprintf(&b, "%s\n%s\n", head, rule)
	row := func(name string, of func(Estimate) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, e := range estimates {
			fmt.Fprintf(&b, " %s |", of(e))
		}
		b.WriteString("\n")
	}
	plain := func(of func(Estimate) float64, unit string) func(Estimate) string {
		return func(e Estimate) string { return short(of(e)) + unit }
	}
	row("people", plain(func(e Estimate) float64 { return e.Target.People }, ""))
	row("practices", plain(func(e Estimate) float64 { return e.Target.Practices }, ""))
	row("core-hours until letters are ready to print", plain(func(e Estimate) float64 { return e.ToPrint }, ""))
	row("core-hours for all of it", plain(func(e Estimate) float64 { return e.CoreHours }, ""))
	row(fmt.Sprintf("hours until ready to print, %s cores kept busy", short(Assumptions.Cores)), plain(func(e Estimate) float64 { return e.ToPrint / Assumptions.Cores }, ""))
	row("Temporal actions, millions", plain(func(e Estimate) float64 { return e.Actions / 1e6 }, ""))
	row("events, millions", plain(func(e Estimate) float64 { return e.Events / 1e6 }, ""))
	row("history", plain(func(e Estimate) float64 { return e.HistoryBytes / 1e9 }, " GB"))
	row("database", plain(func(e Estimate) float64 { return e.DatabaseBytes / 1e9 }, " GB"))
	row("files", plain(func(e Estimate) float64 { return e.FileBytes / 1e9 }, " GB"))
	row("Temporal's own database, self-hosted", plain(func(e Estimate) float64 { return e.EngineBytes / 1e9 }, " GB"))
	row("Temporal Cloud: actions", plain(func(e Estimate) float64 { return e.CloudActions }, " USD"))
	row("Temporal Cloud: histories", plain(func(e Estimate) float64 { return e.CloudStorage }, " USD"))
	row("Temporal Cloud: plan", plain(func(e Estimate) float64 { return e.CloudPlan }, " USD"))
	row("**hosted: Temporal Cloud in all**", plain(func(e Estimate) float64 { return e.CloudActions + e.CloudStorage + e.CloudPlan }, " USD"))
	row("self-hosted: processor time", plain(func(e Estimate) float64 { return e.OwnMachines }, " USD"))
	row("self-hosted: disks", plain(func(e Estimate) float64 { return e.OwnDisks }, " USD"))
	row("**self-hosted: machines and disks in all**", plain(func(e Estimate) float64 { return e.OwnMachines + e.OwnDisks }, " USD"))
	actions, events, bytes := from.Life.PerPractice()
	fmt.Fprintf(&b, "\nFor each practice: %s actions, %s events and %s bytes of history in its own workflow (`life.practices` over `life.sampled`). All other workflows together had %s actions (`life.others`).\n\n",
		short(actions), short(events), number(int(bytes)), number(from.Life.Others.Actions))
	fmt.Fprintf(&b, "Assumed, and measured by nobody: a workflow runs for %g days and its history is kept for %g more; a core costs %g USD an hour, a gigabyte of disk %g USD a month, for %g months.\n\n",
		Assumptions.OpenDays, Assumptions.RetainedDays, Assumptions.CoreHour, Assumptions.GigabyteMonth, Assumptions.Months)
	fmt.Fprintf(&b, "Temporal Cloud's prices are those of %s as read on %s, plan Business, paid as used; they change. A million actions in a month:\n\n| up to | USD |\n|---|---|\n", Cloud.Source, Cloud.Read)
	for _, t := range Cloud.Tiers {
		fmt.Fprintf(&b, "| %s million | %g |\n", short(t.UpTo/1e6), t.PerMillion)
	}
	fmt.Fprintf(&b, "\nFair task queues, which every incident's work goes through, are billed as %g of an action more for each action (https://docs.temporal.io/cloud/actions).\n", Cloud.Fairness)
	fmt.Fprintf(&b, "\nA gigabyte of history for an hour: %g USD while its workflow runs, %g USD afterwards. The plan: the larger of %g USD a month and %g %% of the rest. Above %s million actions a month the price is agreed; the last tier's is taken.\n",
		Cloud.Active, Cloud.Retained, Cloud.PlanLeast, Cloud.PlanShare*100, short(Cloud.Tiers[len(Cloud.Tiers)-1].UpTo/1e6))
	return b.String()
}
