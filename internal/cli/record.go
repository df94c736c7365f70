package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/givenfile"
)

const recordHelp = `Records something that was done where the program cannot see it: at the post
office, on the HHS form, with the newspaper. Until it is recorded it is not done
as far as the program knows. Without --practice it holds for the whole incident.

The file given with --proof is kept in the incident's evidence folder under its
SHA-256 sum, and goes into the practice's evidence pack. Choose one that names
no patient.

HHS, an agency and a practice are told a number of people. Without --count it is
the number the lists have. Where a later list brings more, they are owed the
difference: record it with hhs_addendum, regulator_updated or practice_updated.
For HHS --estimate N says that the number was guessed (500 or 501 while nobody
knows): it is then open until hhs_addendum records the final number.

agency_determined --answer yes|no says that a practice's business associate is
its agent, or is not, after all; clock_override that its 60 days are counted from
another day, on the word of --reference; delay_reason why approved letters did
not go out on the days --on through --through.

letters_mailed is recorded by batch: with --batch of that one, without it of every
batch that was printed by that day and is not recorded as mailed. It counts for
the people whose letters are in them and for nobody else. A practice or covered
entity that mails letters of its own says so with practice_mailed, and with
--count to how many people they went in all.

HHS, the media, an agency and the consumer reporting agencies are told by one: by
you where the practice left it to you (delegate all), else by the practice. What is
recorded of a practice says whose it was then; --sender us or practice says it, and
corrects who made one and the same filing. What the other has done is refused.

Where incident.yaml lists the outlets of a State (media), media_sent with --outlet
records them one by one, each with its proof, and the duty is done with the last.

posting_started says with --url where the page is; without it that is the practice's
web site (practices.csv). Where the installation looks at postings, a day on which the
page lacked the notice counts for none of its 90: posting_gap says with --reference why
the days --on through --through count all the same. toll_free_tested --answer yes|no
says that somebody called the number; from a call that was not answered to the next that
was, its days do not count.

told_otherwise says that one person, whose letter is held back or came back, was
told in another way: --person is their key (status --held lists it), --reference how.

Nothing is recorded from before its cause: a mailing before the printing, an
acknowledgment before the notice, an end before the beginning.

An e-mail in the outbox is not sent until you send it: practice_notified records
that you did, with --outbox for all that lie there. Letters that notify --post
printed are recorded with --batch notices-001: practice_notified for notices,
practice_reminded for reminders, of each practice that is in it. notice_bounced records that
a notice to a practice did not arrive: the practice is then owed it again, and
notify sends it.

The facts:
  `

// recordColumns are what a row of --from says beside its practice.
var recordColumns = []string{"fact", "on", "jurisdiction", "reference", "count", "estimate", "answer", "through", "batch", "person", "proof", "sender", "url", "outlet"}

func (p *program) recordCommand() *cobra.Command {
	var practices practiceKeys
	var outbox bool
	var m *many
	cmd := &cobra.Command{
		Use: "record INCIDENT --fact FACT --on DATE", Short: "Record what was done, and on which day",
		Long: recordHelp + strings.Join(breach.FactKinds, "\n  "),
		Example: `  duenotice record EX-2026-03 --fact letters_mailed --on 2026-04-20 --proof receipt.pdf --by "Ada Rivera"
  duenotice record EX-2026-03 --batch run-001-batch-0002 --fact letters_mailed --on 2026-04-21 --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact hhs_filed --on 2026-04-20 --reference TRACKING-NUMBER --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact hhs_filed --on 2026-04-20 --reference TRACKING-NUMBER --estimate 501 --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --jurisdiction VA --fact media_sent --on 2026-04-20 --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --jurisdiction VA --fact media_sent --outlet "Example Press" --on 2026-04-20 --proof sent.eml --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --person K-17 --fact told_otherwise --on 2026-04-20 --reference "by telephone" --by "Ada Rivera"
  duenotice record EX-2026-03 --practice P1 --fact posting_started --on 2026-04-20 --url https://oakstreet.example.org/notice --by "Ada Rivera"
  duenotice record EX-2026-03 --batch notices-001 --fact practice_notified --on 2026-04-20 --by "Ada Rivera"
  duenotice record EX-2026-03 --outbox --fact practice_notified --on 2026-04-20 --by "Ada Rivera"
  duenotice record EX-2026-03 --from sent.csv --fact practice_notified --on 2026-04-20 --by "Ada Rivera"`,
		Args: func(cmd *cobra.Command, args []string) error { return m.args(exactly("INCIDENT"))(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if outbox {
				return m.recordOutbox(cmd.Context(), args[0])
			}
			if name := m.said(nil)("batch"); m.from == "" && strings.HasPrefix(name, "notices-") {
				return m.recordPosted(cmd.Context(), args[0], name)
			}
			return m.run(cmd.Context(), args, "fact", "on")
		},
	}
	f := cmd.Flags()
	practicesFlag(cmd, &practices, "the practice's key, or several (default: the whole incident)")
	f.String("batch", "", "the one batch of letters that was mailed, as its folder under mail/ is named")
	f.String("fact", "", "what was done")
	f.String("on", "", "the day it was done, YYYY-MM-DD")
	f.String("jurisdiction", "", "two-letter code of the State it was done for; NY:state_police for one of its agencies, all for every agency")
	f.String("reference", "", "tracking number or other reference")
	f.Int("count", 0, "number of people HHS was told (default: the number the lists have), or to whom a practice mailed its own letters")
	f.Int("estimate", 0, "the same where the number was estimated: an addendum is then owed")
	f.String("answer", "", "yes or no to agency_determined and toll_free_tested; media for posting_started in print or broadcast media")
	f.String("through", "", "last day that a delay_reason or posting_gap explains (default: --on)")
	f.String("outlet", "", "the one outlet on the State's list that media_sent was sent to (default: all of them)")
	f.String("url", "", "where the page with the notice of posting_started is, https only")
	cmd.MarkFlagsMutuallyExclusive("count", "estimate")
	f.String("person", "", "the key in findings.csv of the one person whom told_otherwise is about")
	f.String("proof", "", "file that proves it")
	f.String("sender", "", "who told HHS, the media or an agency: us or practice (default: whose it is by the practice's answer)")
	f.BoolVar(&outbox, "outbox", false, "for each practice whose notice lies in the outbox, with practice_notified: you have sent them")
	m = p.manyPractices(cmd, &practices, recordColumns...)
	cmd.MarkFlagsMutuallyExclusive("outbox", "practice", "from", "template")
	cmd.MarkFlagsMutuallyExclusive("practice", "batch")
	m.build = p.recordOrder
	return cmd
}

// recordOrder is the record of what was said.
func (p *program) recordOrder(incident, practice string, said func(string) string) (order, error) {
	fact := breach.Fact{Kind: said("fact"), Jurisdiction: said("jurisdiction"), Reference: said("reference"), Answer: said("answer"), Batch: said("batch"), URL: said("url"), Outlet: said("outlet")}
	if _, posted := casebook.PostBatchNumber(fact.Batch); posted && practice != "" {
		fact.Batch = "" // whose letter was in it, its reference says
	}
	if !slices.Contains(breach.FactKinds, fact.Kind) {
		return order{}, usage("%q is not a fact; the facts are: %s", fact.Kind, strings.Join(breach.FactKinds, " "))
	}
	var err error
	if fact.On, err = dayFlag("on", said("on")); err != nil {
		return order{}, err
	}
	if through := said("through"); through != "" {
		if fact.Through, err = dayFlag("through", through); err != nil {
			return order{}, err
		}
	}
	number, estimate := said("count"), said("estimate")
	if number != "" && estimate != "" {
		return order{}, usage("a number of people is counted or estimated, not both")
	}
	if text := firstSet(number, estimate); text != "" {
		if fact.Count, err = strconv.Atoi(text); err != nil {
			return order{}, usage("%q is not a number of people", text)
		}
		fact.Estimate = estimate != ""
	}
	if who := said("sender"); who != "" {
		by, known := senders[who]
		if !known {
			return order{}, usage("%q does not say who did it; it is us or practice", who)
		}
		fact.Sender = by
	}
	terms := &casebook.RecordTerms{Fact: fact, PersonKey: said("person")}
	proof := said("proof")
	if proof != "" {
		if terms.ProofSHA256, terms.ProofBytes, err = fingerprint(proof); err != nil {
			return order{}, systemError(err)
		}
	}
	o := order{
		act: casebook.Act{Kind: casebook.ActRecord, Record: terms}, did: recorded(incident, practice, fact),
		before: func(ctx context.Context) error { return p.keepProof(ctx, incident, proof, terms.ProofSHA256) },
	}
	switch {
	case fact.Kind == breach.LettersMailed:
		o.complete = nameBatches
	case fact.HasSender() && practice != "":
		o.complete = nameSender
	}
	return o, nil
}

// senders are the words for who told somebody.
var senders = map[string]string{"us": breach.ByUs, "practice": breach.ByPractice}

// nameSender has the record say who did it, as things stand for whoever gives the
// command: a practice that answers otherwise before it is carried out has it refused.
func nameSender(ctx context.Context, s *session, act *casebook.Act) error {
	incident, err := s.store.Incident(ctx, act.IncidentID)
	if err != nil {
		return err
	}
	practice, err := s.store.Practice(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	activities.FillSender(incident.Incident, practice, *act)
	return nil
}

// nameBatches has the record of a mailing say which batches were mailed: those make
// a second mailing on one day another act than the first.
func nameBatches(ctx context.Context, s *session, act *casebook.Act) error {
	if _, err := s.desk().Closed(ctx, *act); err != nil {
		return err // there is no such incident or practice
	}
	there, err := s.store.Batches(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	names, already, err := activities.Mailing(*act.Record, act.PracticeKey, there, s.config.Zone)
	if err != nil {
		return err
	}
	terms := *act.Record
	terms.Batches = names
	act.Record = &terms
	if already && terms.ProofSHA256 == "" && terms.Fact.Reference == "" {
		return errDone
	}
	return nil
}

// recordOutbox records for each practice whose notice lies in the outbox that it
// was told: whoever sent the files says so in one go.
func (m *many) recordOutbox(ctx context.Context, incident string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := m.missing([]string{"fact", "on", "by"}); err != nil {
		return err
	}
	if fact := m.said(nil)("fact"); fact != breach.PracticeNotified {
		return usage("--outbox goes with --fact %s, not %s", breach.PracticeNotified, fact)
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	if _, err := s.store.Incident(ctx, incident); err != nil {
		s.close()
		return err
	}
	notices, err := s.store.Notices(ctx, incident)
	s.close()
	if err != nil {
		return err
	}
	var rows []row
	for _, n := range notices {
		if n.Owed && n.Message.State == casebook.MessageToSend {
			rows = append(rows, row{practice: n.Practice.Key})
		}
	}
	if len(rows) == 0 {
		m.p.say("Incident %s: no notice lies in the outbox; nothing changed.", incident)
		return nil
	}
	return m.each(ctx, incident, rows)
}

// recorded says what was written down, for a person.
func recorded(incident, practice string, fact breach.Fact) string {
	what := "Incident " + incident
	if practice != "" {
		what = "Practice " + practice
	}
	text := fmt.Sprintf("%s: %s on %s", what, strings.ReplaceAll(fact.Kind, "_", " "), fact.On)
	switch {
	case fact.Estimate:
		text += fmt.Sprintf(", %s by estimate", count(fact.Count, "person", "people"))
	case fact.Count != 0:
		text += ", " + count(fact.Count, "person", "people")
	case fact.Answer != "":
		text += ": " + fact.Answer
	case !fact.Through.IsZero():
		text += " through " + fact.Through.String()
	}
	if fact.Jurisdiction != "" {
		text += " for " + fact.Jurisdiction
	}
	if where := firstSet(fact.Outlet, fact.URL); where != "" {
		text += ", " + where
	}
	return text
}

// fingerprint returns a file's SHA-256 and size.
func fingerprint(path string) (sum string, size int64, err error) {
	file, err := givenfile.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = file.Close() }() // only read
	hash := sha256.New()
	size, err = io.Copy(hash, file)
	return hex.EncodeToString(hash.Sum(nil)), size, err
}
