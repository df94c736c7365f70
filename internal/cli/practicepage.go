package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

const linkHelp = `Prints the address of a practice's page. It opens nothing without a code or a
passkey: give the code another way, with practice code.`

func (p *program) practiceLinkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "link INCIDENT KEY...", Short: "The address of a practice's page", Long: linkHelp,
		Example: "  duenotice practice link EX-2026-03 P1\n  duenotice practice link EX-2026-03 \"north-*\" > addresses.csv\n  duenotice practice link EX-2026-03 --from silent.csv",
	}
	h := p.handoutFlags(cmd)
	h.what, h.header = "its address", []string{"PRACTICE KEY", "NAME", "ADDRESS"}
	h.single = func(ctx context.Context, incident, key string) error {
		s, err := p.openTo(ctx, purpose{permission: access.GiveCodes, by: h.who, incident: incident, practice: key})
		if err != nil {
			return err
		}
		defer s.close()
		address, err := s.pageOf(ctx, incident, key)
		if err == nil {
			p.say("%s", address)
		}
		return err
	}
	h.give = func(ctx context.Context, s *session, incident string, of breach.Practice) ([]any, bool, error) {
		address, err := s.pageOf(ctx, incident, of.Key)
		return []any{papers.Inert(of.Name()), address}, false, err
	}
	return cmd
}

// pagesAddress is where practices reach their pages, or a refusal where there are none.
func (s *session) pagesAddress() (string, error) {
	if s.config.PagesAddress == "" {
		return "", breach.Refuse("no_pages", "Set DUENOTICE_PAGES_ADDRESS to where practices reach them (docs/deployment.md).", "no pages for practices are set up here")
	}
	return strings.TrimSuffix(s.config.PagesAddress, "/"), nil
}

// pageOf is the address of a practice's page.
func (s *session) pageOf(ctx context.Context, incident, key string) (string, error) {
	at, err := s.pagesAddress()
	if err != nil {
		return "", err
	}
	link, err := s.store.PageLink(ctx, packet.Practice{IncidentID: incident, Key: key})
	return at + pages.PathOf(link.String()), err
}

// Limits on how long a code is good. A quarter of an hour is enough on the telephone; of
// a list of many the last is called hours later.
const (
	codeTime        = 15 * time.Minute
	codesTime       = 24 * time.Hour
	longestCodeTime = 72 * time.Hour
)

const codeHelp = `Gives a one-time code for a practice's page, to be read out on the telephone: the
practice has its address from the notice, and comes in with both. Call the number
on file, and not one from an e-mail that asked for a code. It is shown once, is good
once and for a quarter of an hour (of several practices for a day) unless --valid says
otherwise, and who gave it is in the practice's evidence.

For several practices the table has no address: who gets hold of it can open nothing
with it alone. A practice that has a good code of an earlier list is not given another,
so that the same file again gives what is left; --anew gives one to each.`

func (p *program) practiceCodeCommand() *cobra.Command {
	var valid time.Duration
	var anew bool
	cmd := &cobra.Command{
		Use: "code INCIDENT KEY...", Short: "A one-time code for a practice's page, for the telephone", Long: codeHelp,
		Example: "  duenotice practice code EX-2026-03 P1 --by \"Ada Rivera\"\n  duenotice practice code EX-2026-03 --from call.csv --by \"Ada Rivera\" > codes.csv",
	}
	h := p.handoutFlags(cmd)
	h.what, h.title = "a code", "Each of these is given a code:"
	h.header = []string{"PRACTICE KEY", "NAME", "PRIVACY OFFICER", "PHONE", "CODE", "GOOD UNTIL"}
	cmd.Flags().DurationVar(&valid, "valid", codeTime, "how long it is good, such as 30m or 24h")
	cmd.Flags().BoolVar(&anew, "anew", false, "of several practices also those that have a good code")
	yesToSeveral(cmd, &h.yes)
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if valid < time.Minute || valid > longestCodeTime {
			return usage("--valid is from 1m to 72h, not %s", valid)
		}
		return nil
	}
	h.single = func(ctx context.Context, incident, key string) error {
		return p.practiceCode(ctx, incident, key, h.who, valid)
	}
	have := map[string]bool{}
	h.prepare = func(ctx context.Context, s *session, incident string, keys []string) error {
		if !cmd.Flags().Changed("valid") {
			valid = codesTime
		}
		if anew {
			return nil
		}
		waiting, err := s.store.CodesWaiting(ctx, incident, postgres.CodeByTelephone)
		for _, key := range waiting {
			have[key] = true
		}
		return err
	}
	h.give = func(ctx context.Context, s *session, incident string, of breach.Practice) ([]any, bool, error) {
		page := packet.Practice{IncidentID: incident, Key: of.Key}
		if have[of.Key] {
			return nil, true, nil
		}
		if h.dryRun {
			_, err := s.store.PageLink(ctx, page)
			return nil, false, err
		}
		until := p.Now().Add(valid)
		code, err := s.store.GiveCode(ctx, page, postgres.CodeByTelephone, s.name(h.who), until)
		return []any{papers.Inert(of.Name()), papers.Inert(of.PrivacyOfficer), papers.Inert(of.Phone), code.String(), s.good(until)}, false, err
	}
	return cmd
}

func (p *program) practiceCode(ctx context.Context, incident, key, who string, valid time.Duration) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := practiceArgument(key); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.GiveCodes, by: who, incident: incident, practice: key})
	if err != nil {
		return err
	}
	defer s.close()
	practice, err := s.store.Practice(ctx, incident, key)
	if err != nil {
		return err
	}
	address, err := s.pageOf(ctx, incident, key)
	if err != nil {
		return err
	}
	until := p.Now().Add(valid)
	code, err := s.store.GiveCode(ctx, packet.Practice{IncidentID: incident, Key: key}, postgres.CodeByTelephone, s.name(who), until)
	if err != nil {
		return err
	}
	p.say("%s", code)
	call := "There is no telephone number on file for " + practice.Practice.Name() + ": find one that you know to be theirs"
	if practice.Practice.Phone != "" {
		call = "Call " + practice.Practice.Name() + " at the number on file, " + practice.Practice.Phone
		if officer := practice.Practice.PrivacyOfficer; officer != "" {
			call += ", and ask for " + officer
		}
	}
	p.note("%s. The code is good once, until %s.", call, until.In(s.config.Zone).Format("15:04 MST on January 2"))
	p.note("Its page: %s", address)
	return nil
}

const answersHelp = `Lists what practices answered on their pages and what became of it: received, done
or refused, and then why. With --words it also says what somebody wrote in the
practice's own words and who signed, which may name patients: that takes the role
that may see people, and the key file.`

// answerRow is an answer as --json has it.
type answerRow struct {
	Practice string     `json:"practice_key"`
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	At       time.Time  `json:"at"`
	State    string     `json:"state"`
	Detail   string     `json:"detail"`
	Act      string     `json:"act"`
	EndedAt  *time.Time `json:"ended_at"`
	// Signer, Says and Reason are there with --words only.
	Signer string `json:"signer,omitempty"`
	Says   string `json:"says,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func (p *program) practiceAnswersCommand() *cobra.Command {
	var practice, who string
	var asJSON, asCSV, words bool
	cmd := &cobra.Command{
		Use: "answers INCIDENT", Short: "What practices answered, and what became of it", Long: answersHelp,
		Example: "  duenotice practice answers EX-2026-03\n  duenotice practice answers EX-2026-03 --practice P1 --words",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rows, err := p.practiceAnswers(cmd.Context(), args[0], practice, who, words)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(struct {
					Incident string      `json:"incident"`
					Answers  []answerRow `json:"answers"`
				}{args[0], rows})
			}
			return p.printAnswers(args[0], rows, words, asCSV)
		},
	}
	practiceFlag(cmd, &practice, "of this practice only")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	csvFlag(cmd, &asCSV, "all of it as CSV")
	cmd.Flags().BoolVar(&words, "words", false, "also what was written and who signed; it may name patients")
	cmd.Flags().StringVar(&who, "by", "", "with --words: name of the person who looks, where several use one account")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	return cmd
}

func (p *program) practiceAnswers(ctx context.Context, incident, practice, who string, words bool) ([]answerRow, error) {
	if err := incidentArgument(incident); err != nil {
		return nil, err
	}
	if err := practiceArgument(practice); err != nil {
		return nil, err
	}
	e := purpose{permission: access.Read}
	if words {
		e = purpose{permission: access.SeePeople, by: who, incident: incident, practice: practice}
	}
	s, err := p.openTo(ctx, e)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := s.there(ctx, incident, practice); err != nil {
		return nil, err
	}
	list, err := s.store.Answers(ctx, incident, practice)
	if err != nil {
		return nil, err
	}
	rows := make([]answerRow, len(list))
	for i, a := range list {
		rows[i] = answerRow{Practice: a.Of.Key, ID: a.ID.String(), Kind: a.Kind, At: a.At.UTC(), State: a.State, Act: a.ActID}
		if rows[i].Detail, err = pages.RefusedWords(a.Detail); err != nil {
			return nil, err
		}
		if !a.EndedAt.IsZero() {
			ended := a.EndedAt.UTC()
			rows[i].EndedAt = &ended
		}
		if !words {
			continue
		}
		opened, err := s.store.OpenAnswer(ctx, a.ID)
		if err != nil {
			rows[i].Says, _ = app.Explain(err)
			continue
		}
		rows[i].Signer, rows[i].Says, rows[i].Reason = opened.Signer(), opened.Says(), opened.Reason
	}
	return rows, nil
}

func (p *program) printAnswers(incident string, rows []answerRow, words, asCSV bool) error {
	if len(rows) == 0 && !asCSV {
		p.say("Incident %s: no practice has answered on its page.", incident)
		return nil
	}
	columns := []string{"PRACTICE", "WHEN", "ANSWER", "STATE", "WHY"}
	if words {
		columns = append(columns, "SIGNED BY", "SAYS", "REASON")
	}
	t := p.table(columns...).leaveOut("WHY")
	for _, r := range rows {
		when := r.At.Format("2006-01-02 15:04")
		if asCSV {
			when = r.At.Format(time.RFC3339)
		}
		cells := []any{r.Practice, when, r.Kind, r.State, papers.Inert(r.Detail)}
		if words {
			cells = append(cells, papers.Inert(r.Signer), papers.Inert(r.Says), papers.Inert(r.Reason))
		}
		t.row(cells...)
	}
	return t.write(asCSV)
}

const sessionsHelp = `Lists when practices were on their pages, how they came in and until when. With
--end and a practice it ends that practice's sessions: whoever is on the page needs
another code or a passkey. Who ended them is in the practice's evidence.`

func (p *program) practiceSessionsCommand() *cobra.Command {
	var practice, who string
	var end, asCSV bool
	cmd := &cobra.Command{
		Use: "sessions INCIDENT", Short: "Who is on a practice's page, and to end it", Long: sessionsHelp,
		Example: "  duenotice practice sessions EX-2026-03\n  duenotice practice sessions EX-2026-03 --practice P1 --end --by \"Ada Rivera\"",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if err := practiceArgument(practice); err != nil {
				return err
			}
			if end && practice == "" {
				return usage("--end goes with --practice")
			}
			return p.practiceSessions(cmd.Context(), args[0], practice, who, end, asCSV)
		},
	}
	practiceFlag(cmd, &practice, "of this practice only")
	cmd.Flags().BoolVar(&end, "end", false, "end the practice's sessions")
	csvFlag(cmd, &asCSV, "all of it as CSV")
	cmd.Flags().StringVar(&who, "by", "", "with --end: name of the person who ends them, where several use one account")
	return cmd
}

func (p *program) practiceSessions(ctx context.Context, incident, practice, who string, end, asCSV bool) error {
	e := purpose{permission: access.Read}
	if end {
		e = purpose{permission: access.GiveCodes, by: who, incident: incident, practice: practice}
	}
	s, err := p.openTo(ctx, e)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.there(ctx, incident, practice); err != nil {
		return err
	}
	if end {
		ended, err := s.store.EndPageSessions(ctx, packet.Practice{IncidentID: incident, Key: practice}, s.name(who), string(s.who.Identity))
		if err == nil {
			p.say("Practice %s: %s ended.", practice, count(ended, "session is", "sessions are"))
		}
		return err
	}
	list, err := s.store.PageSessions(ctx, incident, practice)
	if err != nil {
		return err
	}
	t := p.table("PRACTICE", "CAME IN WITH", "FROM", "LAST SEEN", "ENDED")
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(s.config.Zone).Format("2006-01-02 15:04")
	}
	for _, x := range list {
		t.row(x.PracticeKey, x.Way, at(x.StartedAt), at(x.SeenAt), at(x.EndedAt))
	}
	if len(list) == 0 && !asCSV {
		p.say("Incident %s: nobody was on a practice's page.", incident)
		return nil
	}
	return t.write(asCSV)
}
