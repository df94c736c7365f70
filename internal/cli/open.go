package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

const reportOpenHelp = `Lists everything in an incident that waits for somebody, what is due first at the
top: steps of practices, open duties, notices to practices that did not go out,
letters that are held back, practices that do not open their page or do not answer,
printed notices of which no mailing is recorded, people of whom a practice says that
they are not its patients, and what the program could not do. A row says which
practice, what, for whom it waits (officer, approver, practice or operator), by
when, whether it is late, and the command to give when it is done.

It reads where things stand and changes nothing. On a terminal it fits the width. It
lists the first 1,000 things and counts the others; --csv has all of it, for a spreadsheet.`

func (p *program) reportOpenCommand() *cobra.Command {
	var asCSV bool
	cmd := &cobra.Command{
		Use: "open INCIDENT", Short: "Everything that waits for somebody", Long: reportOpenHelp,
		Example: "  duenotice report open EX-2026-03\n  duenotice report open EX-2026-03 --csv > open.csv",
		Args:    exactly("INCIDENT"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.reportOpen(cmd.Context(), args[0], asCSV) },
	}
	csvFlag(cmd, &asCSV, "all of it as CSV")
	return cmd
}

func (p *program) reportOpen(ctx context.Context, incident string, asCSV bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	list, err := s.openItems(ctx, incident)
	if err != nil {
		return err
	}
	if asCSV {
		return p.openTable(list, true).csv()
	}
	if len(list) == 0 {
		p.say("Incident %s: nothing waits for anybody.", incident)
		return nil
	}
	shown := list[:min(len(list), openShown)]
	p.openTable(shown, false).print()
	late, whom := 0, map[string]int{}
	for _, it := range list {
		whom[it.Whom]++
		if it.Late {
			late++
		}
	}
	var parts []string
	for _, who := range openitems.Whoms {
		if whom[who] > 0 {
			parts = append(parts, who+" "+number(whom[who]))
		}
	}
	if more := len(list) - len(shown); more > 0 {
		p.say("\nThese are the first %s. %s more: %s", number(len(shown)), number(more), p.command("report", "open", incident, "--csv"))
	}
	p.say("\n%s, %s late. Waiting for: %s.", count(len(list), "thing waits", "things wait"), number(late), strings.Join(parts, ", "))
	return nil
}

// openShown is how many things that wait are listed for a person, who reads no more of them.
const openShown = 1000

// openTable lists what waits; whole has the columns that are for other programs.
func (p *program) openTable(list []openitems.Item, whole bool) *table {
	if whole {
		t := p.table("PRACTICE KEY", "NAME", "KIND", "WHAT", "WAITS FOR", "DUE", "LATE", "DO")
		for _, it := range list {
			// A key is what other commands are given, and has no character that a formula needs.
			t.row(it.Practice, papers.Inert(it.Name), it.Kind, papers.Inert(it.What), it.Whom, it.Due, it.Late, papers.Inert(it.Do))
		}
		return t
	}
	t := p.table("PRACTICE", "DUE", "WAITS FOR", "WHAT", "DO").leaveOut("DO", "WAITS FOR")
	for _, it := range list {
		due := painted{text: dash(it.Due.String())}
		if it.Late {
			due = painted{red, "late " + it.Due.String()}
		}
		t.row(dash(it.Practice), due, it.Whom, it.What, dash(it.Do))
	}
	return t
}

// openItems are all things of an incident that wait for somebody, by due day and then
// by practice; those without a day come last. Of the practices, which are read some at a
// time, nothing stays but what waits.
func (s *session) openItems(ctx context.Context, incident string) ([]openitems.Item, error) {
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return nil, err
	}
	held, err := s.store.HeldLetters(ctx, incident)
	if err != nil {
		return nil, err
	}
	disputes, err := s.store.OpenDisputes(ctx, incident)
	if err != nil {
		return nil, err
	}
	troubles, err := s.troubles(ctx, incident)
	if err != nil {
		return nil, err
	}
	posted, err := s.store.PostBatches(ctx, incident)
	if err != nil {
		return nil, err
	}
	halted, err := s.store.Halted(ctx, incident)
	if err != nil {
		return nil, err
	}
	recalls, err := s.store.Recalls(ctx, incident)
	if err != nil {
		return nil, err
	}
	today := s.p.today(s.config)
	// What is of no practice in particular; each practice's own comes with it.
	whole := openitems.Sources{Posted: posted, Halted: halted, Recalls: recalls}
	ofPractice := map[string]*openitems.Sources{}
	of := func(key string) *openitems.Sources {
		if ofPractice[key] == nil {
			ofPractice[key] = &openitems.Sources{}
		}
		return ofPractice[key]
	}
	for _, h := range held {
		of(h.PracticeKey).Held = append(of(h.PracticeKey).Held, h)
	}
	for _, d := range disputes {
		of(d.PracticeKey).Disputes = append(of(d.PracticeKey).Disputes, d)
	}
	for _, t := range troubles {
		if t.Practice == "" {
			whole.Troubles = append(whole.Troubles, t)
			continue
		}
		of(t.Practice).Troubles = append(of(t.Practice).Troubles, t)
	}
	items := openitems.In(in, today, s.p.command, whole)
	err = s.store.EachStatus(ctx, incident, postgres.Filter{Brief: true}, s.p.Now(), func(part []casebook.PracticeStatus) error {
		from, err := s.sources(ctx, incident, part, ofPractice)
		if err == nil {
			items = append(items, openitems.In(in, today, s.p.command, from)...)
		}
		return err
	})
	// What is left is of a practice that is not there any more.
	for _, key := range slices.Sorted(maps.Keys(ofPractice)) {
		items = append(items, openitems.In(in, today, s.p.command, openitems.Sources{Troubles: ofPractice[key].Troubles})...)
	}
	openitems.Sort(items)
	return items, err
}

// sources are what is stored of some practices, with what was read before of each, which
// is taken out of of.
func (s *session) sources(ctx context.Context, incident string, part []casebook.PracticeStatus, of map[string]*openitems.Sources) (from openitems.Sources, err error) {
	from.Practices = part
	var keys, owed []string
	for i := range part {
		if part[i].Phase != casebook.PhaseClosed { // a closed one need not be called
			keys = append(keys, part[i].Key)
		}
		if slices.ContainsFunc(part[i].Obligations, func(o casebook.ObligationStatus) bool { return o.Kind == breach.CoveredEntityNotice }) {
			owed = append(owed, part[i].Key)
		}
		if more := of[part[i].Key]; more != nil {
			from.Held, from.Disputes, from.Troubles = append(from.Held, more.Held...), append(from.Disputes, more.Disputes...), append(from.Troubles, more.Troubles...)
			delete(of, part[i].Key)
		}
	}
	if len(owed) > 0 { // of the others the notice is done
		if from.Notices, err = s.store.NoticesOf(ctx, incident, owed); err != nil {
			return from, err
		}
	}
	from.Heard, err = s.store.HeardToCall(ctx, incident, keys)
	return from, err
}
