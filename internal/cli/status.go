package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
)

const statusHelp = `Shows where an incident stands: how many practices are in which phase, which day
of the 60 it is, what is late, and what waits for you with the command to give.
Without an incident it shows the only one, or the list of all; where there are
several environments and none is named, the list of all incidents of all of them.

--phase, --needs, --due and --late list practices, those that meet all of what is
given; --practice shows one with everything it owes. --csv has a row for each.

The account says in which state each finding is, and that nobody is missing. --held
lists the letters that are held back, by keys: each of them is still owed.

Its first line says when no worker takes work: then nobody watches the days. What
the program could not do is listed with what to do about it.

--watch reads it every two seconds: q ends, space pauses, r reads now, the arrows or
j and k move where it is longer than the terminal, ? shows all keys. It ends when the
incident is closed.

In a nightly job, --exit-code answers with a number: 7 when nothing is watched,
because no worker takes work or a server is away; else 4 when something is late,
5 when nothing is late and something waits for a person, 0 otherwise.`

// statusFlags are the flags of status.
type statusFlags struct {
	practice, due, phase           string
	late, needs, held              bool
	watch, exitCode, asJSON, asCSV bool
}

// details reports whether practices are to be listed.
func (f statusFlags) details() bool {
	return f.practice != "" || f.due != "" || f.phase != "" || f.late || f.needs
}

// filter is which practices are to be listed.
func (f statusFlags) filter(today civil.Date) (postgres.Filter, error) {
	filter := postgres.Filter{Practice: f.practice, Late: f.late, Waiting: f.needs, Phase: casebook.Phase(f.phase)}
	days, err := daysOf(f.due)
	if f.due != "" {
		filter.DueBefore = today.AddDays(days)
	}
	return filter, err
}

func (p *program) statusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use: "status [INCIDENT]", Short: "Where it stands, and what waits for you", Long: statusHelp,
		Example: `  duenotice status
  duenotice status EX-2026-03 --due 7d
  duenotice status EX-2026-03 --needs
  duenotice status EX-2026-03 --phase "waiting approval" --csv
  duenotice status EX-2026-03 --practice P1
  duenotice status EX-2026-03 --held
  duenotice status EX-2026-03 --exit-code --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly("INCIDENT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.status(cmd.Context(), args, f) },
	}
	fl := cmd.Flags()
	practiceFlag(cmd, &f.practice, "show this practice with everything it owes")
	fl.StringVar(&f.due, "due", "", "show practices with something due within this time: 7d, 2w")
	fl.BoolVar(&f.late, "late", false, "show practices with something late")
	fl.StringVar(&f.phase, "phase", "", "show practices in this phase: "+strings.Join(phaseWords(), ", "))
	fl.BoolVar(&f.needs, "needs", false, "show practices that wait for a person, and for what")
	fl.BoolVar(&f.held, "held", false, "list the letters that are held back, with the reason")
	fl.BoolVar(&f.watch, "watch", false, "draw it again and again on a terminal, until the incident is closed; ? shows the keys")
	fl.BoolVar(&f.exitCode, "exit-code", false, "exit with 7 when nothing is watched, 4 when something is late, 5 when something waits for a person")
	fl.BoolVar(&f.asJSON, "json", false, "one JSON document")
	csvFlag(cmd, &f.asCSV, "every practice chosen as CSV; with --practice, everything it owes; without an incident, every incident")
	cmd.MarkFlagsMutuallyExclusive("watch", "json")
	for _, other := range []string{"watch", "exit-code", "practice", "due", "late", "phase", "needs"} {
		cmd.MarkFlagsMutuallyExclusive("held", other)
	}
	return cmd
}

func (p *program) status(ctx context.Context, args []string, f statusFlags) error {
	if err := practiceArgument(f.practice); err != nil {
		return err
	}
	if _, err := daysOf(f.due); err != nil {
		return err
	}
	if f.phase != "" && !slices.Contains(casebook.Phases, casebook.Phase(f.phase)) {
		return usage("%q is not a phase%s; the phases are: %s", f.phase, didYouMean("", f.phase, phaseWords()), strings.Join(phaseWords(), ", "))
	}
	if f.watch && !p.IsTerminal(p.Out) {
		return usage("%w", errNoTerminal)
	}
	if len(args) == 1 {
		if err := incidentArgument(args[0]); err != nil {
			return err
		}
	}
	if len(args) == 0 && !f.details() && !f.watch && !f.held {
		names, err := p.environments()
		if err != nil {
			return err
		}
		if len(names) > 0 {
			return p.statusOfAll(ctx, names, f)
		}
	}
	s, err := p.open(ctx)
	if err != nil {
		return away(err, f)
	}
	defer s.close()
	if len(args) == 1 {
		return s.statusOf(ctx, args[0], f)
	}
	list, err := s.store.Incidents(ctx, p.Now())
	if err != nil {
		return away(err, f)
	}
	if len(list) == 1 {
		return s.statusOf(ctx, list[0].ID, f)
	}
	if f.details() || f.held {
		return usage("there are %d incidents: name the one whose practices you want to see", len(list))
	}
	lines := linesOf(list, "")
	watch, err := s.watch(ctx)
	if err != nil {
		return away(err, f)
	}
	if err := p.showIncidents(lines, []environmentWatch{watch}, f); err != nil {
		return err
	}
	return answerFor(lines, []environmentWatch{watch}, f)
}

// environmentWatch is whether somebody works in an environment, and what could not
// be done there.
type environmentWatch struct {
	// Environment is there where several are shown.
	Environment string             `json:"environment,omitempty"`
	Worker      casebook.Watch     `json:"worker"`
	Troubles    []casebook.Trouble `json:"troubles"`
	// unwatched says it in a line, "" when a worker works.
	unwatched string
}

func (s *session) watch(ctx context.Context) (w environmentWatch, err error) {
	w.Environment = s.p.environment
	if w.Worker, err = s.store.Watch(ctx, s.config.Queue()); err != nil {
		return w, err
	}
	if w.Worker.Programs, _, err = s.store.Programs(ctx, s.config.Queue()); err != nil {
		return w, err
	}
	w.unwatched = s.p.unwatched(w.Worker, s.config)
	w.Troubles, err = s.troubles(ctx, "")
	return w, err
}

func (s *session) troubles(ctx context.Context, incident string) ([]casebook.Trouble, error) {
	list, err := s.store.Troubles(ctx, incident)
	for i := range list {
		list[i].Step = app.StepWords(list[i])
	}
	return list, err
}

func (s *session) statusOf(ctx context.Context, incident string, f statusFlags) error {
	if f.held {
		return s.showHeld(ctx, incident, f)
	}
	if f.watch {
		return s.watchStatus(ctx, incident, f)
	}
	return s.showStatus(ctx, incident, f)
}

// showStatus prints where an incident stands, and answers with --exit-code's number.
// Practices that are listed for other programs are written as they are read.
func (s *session) showStatus(ctx context.Context, incident string, f statusFlags) error {
	status, err := s.read(ctx, incident, f)
	if err != nil {
		return away(err, f)
	}
	switch {
	case f.practice == "" && f.asJSON && f.details():
		err = away(s.writeDetails(ctx, status, f), f)
	case f.asJSON:
		err = s.p.printJSON(status)
	case f.asCSV && f.practice != "":
		err = s.p.dutyTable(status.Details, true).csv()
	case f.asCSV:
		err = away(s.writeLines(ctx, status, f), f)
	default:
		err = away(s.printStatus(ctx, status, f), f)
	}
	if err != nil {
		return err
	}
	return statusAnswer(status, f)
}

// writeDetails writes status as JSON with each practice that is asked for.
func (s *session) writeDetails(ctx context.Context, status casebook.Status, f statusFlags) error {
	filter, err := f.filter(status.AsOf)
	if err != nil {
		return err
	}
	return s.p.printJSONList(status, "details", "temporal_ui", func(add func(any) error) error {
		return s.store.EachStatus(ctx, status.Incident, filter, s.p.Now(), func(part []casebook.PracticeStatus) error {
			for i := range part {
				explain(part[i].Delay, status.Holds, status.AsOf)
				if err := add(&part[i]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// writeLines writes a row for each practice that is asked for as CSV.
func (s *session) writeLines(ctx context.Context, status casebook.Status, f statusFlags) error {
	filter, err := f.filter(status.AsOf)
	if err != nil {
		return err
	}
	t := s.p.practiceTable(nil, true)
	if err := t.csvHead(); err != nil {
		return err
	}
	return s.store.EachStatusLine(ctx, status.Incident, filter, s.p.Now(), func(part []casebook.StatusLine) error {
		t.addPractices(part, true)
		return t.csvRows()
	})
}

// statusAnswer is answer for one incident.
func statusAnswer(status casebook.Status, f statusFlags) error {
	waiting := status.NeedsPerson + len(status.Troubles)
	if !status.Account.AddsUp {
		waiting++
	}
	if len(status.Halted) > 0 {
		waiting++
	}
	for _, r := range status.Recalls {
		if r.Asks() {
			waiting++
		}
	}
	return answer(f.exitCode, status.Worker.Working, status.Late, waiting)
}

// answer is the exit code of --exit-code.
func answer(wanted, watched bool, late, waiting int) error {
	switch {
	case wanted && !watched:
		return &codeError{code: exitUnwatched}
	case wanted && late > 0:
		return &codeError{code: exitLate}
	case wanted && waiting > 0:
		return &codeError{code: exitWaiting}
	}
	return nil
}

// read reads where an incident stands, and with --practice all of that practice.
func (s *session) read(ctx context.Context, incident string, f statusFlags) (casebook.Status, error) {
	today := s.p.today(s.config)
	status, err := s.store.Status(ctx, incident, s.p.Now(), today)
	if err != nil {
		return status, err
	}
	status.TemporalUI = s.config.TemporalUI
	if status.Worker, err = s.store.Watch(ctx, s.config.Queue()); err != nil {
		return status, err
	}
	if status.Worker.Programs, _, err = s.store.Programs(ctx, s.config.Queue()); err != nil {
		return status, err
	}
	if status.Troubles, err = s.troubles(ctx, incident); err != nil {
		return status, err
	}
	if status.Posted, err = s.store.PostBatches(ctx, incident); err != nil {
		return status, err
	}
	if f.practice == "" {
		return status, nil
	}
	filter, err := f.filter(today)
	if err != nil {
		return status, err
	}
	status.Details, err = s.store.StatusDetails(ctx, incident, filter, s.p.Now())
	for i := range status.Details {
		explain(status.Details[i].Delay, status.Holds, today)
	}
	if err == nil && len(status.Details) == 1 {
		err = s.addSilence(ctx, incident, &status.Details[0])
	}
	return status, err
}

// explain counts the days that approved letters waited until they were mailed,
// or until today, and finds those without a reason.
func explain(delay *casebook.Delay, holds []breach.Hold, today civil.Date) {
	if delay == nil {
		return
	}
	until := today
	if !delay.SentOn.IsZero() {
		until = delay.SentOn
	}
	reasons := make([]breach.Span, len(delay.Reasons))
	for i, r := range delay.Reasons {
		reasons[i] = breach.Span{From: r.From, To: r.To}
	}
	var unexplained []civil.Date
	delay.Days, unexplained = rules.Gap(delay.ReadyOn, until, holds, reasons)
	delay.Unexplained = append(delay.Unexplained, unexplained...)
}

// daysOf reads a time of --due: 7d, 2w, or a number of days. Empty is none.
func daysOf(text string) (int, error) { return days("due", text) }

// days reads a flag's number of days or weeks.
func days(flag, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	digits, factor := strings.TrimSuffix(text, "d"), 1
	if weeks, ok := strings.CutSuffix(text, "w"); ok {
		digits, factor = weeks, 7
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 3660 {
		return 0, usage("--%s is a number of days such as 7d, or of weeks such as 2w, not %q", flag, text)
	}
	return n * factor, nil
}

// incidentLine is one incident in status --json without an incident.
type incidentLine struct {
	// Environment is there where the incidents of several are shown.
	Environment string     `json:"environment,omitempty"`
	Incident    string     `json:"incident"`
	Entity      string     `json:"entity"`
	Phase       string     `json:"phase"`
	Discovered  civil.Date `json:"discovered"`
	Practices   int        `json:"practices"`
	People      int        `json:"people"`
	Late        int        `json:"late"`
	NeedsPerson int        `json:"needs_person"`
	NextDue     civil.Date `json:"next_due"`
}

func linesOf(list []postgres.IncidentRow, environment string) []incidentLine {
	lines := make([]incidentLine, len(list))
	for i, r := range list {
		lines[i] = incidentLine{environment, r.ID, r.Entity, r.Phase, r.Discovered, r.Practices, r.People, r.Late, r.NeedsPerson, r.NextDue}
	}
	return lines
}

func (p *program) showIncidents(lines []incidentLine, watches []environmentWatch, f statusFlags) error {
	if f.asJSON {
		return p.printJSON(struct {
			Incidents []incidentLine     `json:"incidents"`
			Watch     []environmentWatch `json:"watch"`
		}{lines, watches})
	}
	if f.asCSV {
		return p.printIncidents(lines, true)
	}
	for _, w := range watches {
		text := w.unwatched
		if text != "" && w.Environment != "" {
			text = "environment " + w.Environment + ": " + text
		}
		p.printUnwatched(text)
		p.printReleasing(w.Worker)
	}
	if err := p.printIncidents(lines, false); err != nil {
		return err
	}
	for _, w := range watches {
		p.printTroubles(w.Troubles)
	}
	return nil
}

// answerFor is answer for several incidents.
func answerFor(lines []incidentLine, watches []environmentWatch, f statusFlags) error {
	late, waiting, watched := 0, 0, true
	for _, l := range lines {
		late, waiting = late+l.Late, waiting+l.NeedsPerson
	}
	for _, w := range watches {
		waiting, watched = waiting+len(w.Troubles), watched && w.Worker.Working
	}
	return answer(f.exitCode, watched, late, waiting)
}
