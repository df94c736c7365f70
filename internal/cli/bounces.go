package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
	"duenotice/internal/mail"
	"duenotice/internal/postgres"
)

const bouncesHelp = `Takes in what the e-mail provider says of notices after it took them: the file is
an export of SendGrid's events, as its Event Webhook posts them (JSON) or from the
activity feed (CSV). Each notice that came back or was dropped is recorded for its
practice as notice_bounced: the practice was not told by it and is owed its notice
again (45 CFR 164.410). Mend the cause, then send it again with notify. A reminder or
a code that came back is recorded as reminder_bounced: the notice stands, and nothing
further is e-mailed to that address.

Where SENDGRID_WEBHOOK_KEY is set, the verification key of SendGrid's signed events,
the file is to hold the webhook's requests as they were received, headers and all,
one after another: each signature is compared, and a file with one that is not right
is refused whole. Another export is signed by nobody and is taken with --unsigned.

Other events, and those of other e-mail, are left alone; those that say of other
e-mail that it did not arrive, or say a thing twice, are counted and listed by where
they stand. The same file again changes nothing. A bounce that names no message is taken for the notice to the one
practice with that address; where several have it, it is said and left to you
(record notice_bounced).`

func (p *program) bouncesCommand() *cobra.Command {
	var m *many
	var unsigned bool
	cmd := &cobra.Command{
		Use: "bounces INCIDENT FILE", Short: "Take in notices that the e-mail provider could not deliver", Long: bouncesHelp,
		Example: `  duenotice bounces EX-2026-03 events.json --by "Ada Rivera"
  duenotice bounces EX-2026-03 activity.csv --unsigned --by "Ada Rivera"`,
		Args: exactly("INCIDENT", "FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.bounces(cmd.Context(), args[0], args[1], unsigned)
		},
	}
	m = &many{p: p, cmd: cmd, build: p.recordOrder, columns: recordColumns, arguments: map[string]string{}}
	cmd.Flags().StringVar(&m.who, "by", "", byHelp)
	cmd.Flags().BoolVar(&m.dryRun, "dry-run", false, "change nothing, say what would be recorded")
	cmd.Flags().BoolVar(&unsigned, "unsigned", false, "take an export that nobody signed, though signed events are expected")
	required(cmd, "by")
	return cmd
}

func (m *many) bounces(ctx context.Context, incident, path string, unsigned bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	config, err := m.p.config()
	if err != nil {
		return err
	}
	export, err := m.p.readEvents(path, config.WebhookKey, unsigned)
	if err != nil {
		return err
	}
	events := export.Events
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	if _, err := s.store.Incident(ctx, incident); err != nil {
		s.close()
		return err
	}
	found, err := s.bounced(ctx, incident, events)
	s.close()
	if err != nil {
		return err
	}
	m.p.say("%s: %s, of them %s of notices of %s that did not arrive.", path, count(len(events), "event", "events"),
		number(len(found.rows)-found.followUps), incident)
	for _, e := range found.unclear {
		m.p.note("Event %d, to %s: it names no message, and no single practice has this address. Record it by hand where it was a notice (record notice_bounced).", e.Line, e.Email)
	}
	slices.Sort(found.others)
	if others := slices.Compact(found.others); len(others) > 0 {
		m.p.note("A reminder or a code did not arrive at %s: its notice did, and stands. Nothing further is e-mailed there: %s", strings.Join(others, ", "), m.p.command("report", "unopened", incident))
	}
	if len(found.unknown) > 0 {
		m.p.note("Left alone, of no message of %s: %s, %s.", incident, count(len(found.unknown), "event", "events"), fileLines(found.unknown))
	}
	if len(found.doubled) > 0 {
		m.p.note("Said once more of a message that is in the file already: %s, %s.", count(len(found.doubled), "event", "events"), fileLines(found.doubled))
	}
	if found.earlier > 0 {
		m.p.note("Left alone: %s of notices that were sent again since.", count(found.earlier, "event", "events"))
	}
	if len(found.rows) == 0 {
		return nil
	}
	m.from = path
	return m.each(ctx, incident, found.rows)
}

// readEvents reads a file of events, and refuses one that is signed by nobody where
// signed ones are expected.
func (p *program) readEvents(path string, key mail.VerificationKey, unsigned bool) (mail.Export, error) {
	file, err := givenfile.Open(path)
	if err != nil {
		return mail.Export{}, systemError(err)
	}
	defer func() { _ = file.Close() }() // only read
	export, err := mail.ReadEvents(file, key)
	switch {
	case err != nil:
		return export, breach.Refuse("events", "Export SendGrid's events again, or take its requests as they were received. Nothing was recorded.", "%s cannot be read: %v", path, err)
	case key.Set() && export.Posts == 0 && !unsigned:
		return export, breach.Refuse("unsigned", "Give the webhook's requests with their headers, or take this export with --unsigned if you had it from SendGrid yourself.",
			"%s is signed by nobody, and SENDGRID_WEBHOOK_KEY is set", path)
	case export.Verified && export.Posts > 0:
		p.note("Signed by SendGrid, and compared: %s.", count(export.Posts, "request", "requests"))
	case export.Posts > 0:
		p.note("Signatures were not compared: set SENDGRID_WEBHOOK_KEY to SendGrid's verification key.")
	}
	return export, nil
}

// smtpCode is the number with which a mail server says why. Its words may repeat
// what it was sent, and stay where they are.
var smtpCode = regexp.MustCompile(`^[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?`)

// bouncedNotices are the notices that events say did not arrive.
type bouncedNotices struct {
	rows    []row
	unclear []mail.Event
	// others are practices to which a reminder or a code did not come; followUps is how
	// many of rows say so.
	others    []string
	followUps int
	// earlier events are of notices that another one followed.
	earlier int
	// unknown are events of messages that are none of the incident, and doubled those that
	// say once more what an earlier event of the file says, by where they stand in it.
	unknown, doubled []int
}

func (s *session) bounced(ctx context.Context, incident string, events []mail.Event) (bouncedNotices, error) {
	var found bouncedNotices
	notices, err := s.store.Notices(ctx, incident)
	if err != nil {
		return found, err
	}
	sent := sentMessages{latest: map[string]casebook.Message{}, byAddress: map[string][]string{}, zone: s.config.Zone}
	for _, n := range notices {
		sent.latest[n.Practice.Key] = n.Message
		// A notice that a person sent from the outbox comes back to that person.
		if n.Message.State == casebook.MessageSent || n.Message.State == casebook.MessageBounced {
			address := strings.ToLower(n.Practice.Email)
			sent.byAddress[address] = append(sent.byAddress[address], n.Practice.Key)
		}
	}
	var ids, providerIDs []string
	for _, e := range events {
		ids, providerIDs = append(ids, e.MessageID), append(providerIDs, e.ProviderID)
	}
	if sent.byID, sent.byProvider, sent.others, err = s.store.PracticesOfMessages(ctx, incident, ids, providerIDs); err != nil {
		return found, err
	}
	return sent.bounced(events), nil
}

// sentMessages are an incident's messages, as events of a provider are held against them.
type sentMessages struct {
	// latest are the notices by practice, byAddress the practices by the address of one that
	// was sent, byID and byProvider the practices by a notice's ids, and others its other messages.
	latest           map[string]casebook.Message
	byAddress        map[string][]string
	byID, byProvider map[string]string
	others           map[string]postgres.MessageOf
	zone             *time.Location
}

// bounced sorts events.
func (s *sentMessages) bounced(events []mail.Event) (found bouncedNotices) {
	seen := map[string]bool{}
	for _, e := range events {
		if !e.Failed() {
			continue
		}
		if of := firstSet(s.others[e.MessageID].Practice, s.others[e.ProviderID].Practice); of != "" {
			id := firstSet(s.others[e.MessageID].ID, s.others[e.ProviderID].ID)
			found.others = append(found.others, of)
			if !seen[id] {
				seen[id] = true
				found.followUps++
				found.rows = append(found.rows, s.bouncedRow(e, of, breach.ReminderBounced, id))
			} else {
				found.doubled = append(found.doubled, e.Line)
			}
			continue
		}
		key := firstSet(s.byID[e.MessageID], s.byProvider[e.ProviderID])
		m := s.latest[key]
		switch {
		case key != "" && e.MessageID != "" && m.ID != e.MessageID, key != "" && e.MessageID == "" && m.ProviderID != e.ProviderID:
			found.earlier++
			continue
		case key == "" && (e.MessageID != "" || e.ProviderID != ""):
			found.unknown = append(found.unknown, e.Line) // other e-mail, or another incident's
			continue
		case key == "":
			keys := s.byAddress[strings.ToLower(e.Email)]
			if len(keys) != 1 {
				if len(keys) > 1 {
					found.unclear = append(found.unclear, e)
				} else {
					found.unknown = append(found.unknown, e.Line)
				}
				continue
			}
			key, m = keys[0], s.latest[keys[0]]
		}
		if seen[m.ID] {
			found.doubled = append(found.doubled, e.Line)
			continue
		}
		seen[m.ID] = true
		found.rows = append(found.rows, s.bouncedRow(e, key, breach.NoticeBounced, m.ID))
	}
	return found
}

// bouncedRow records that the message of an event did not arrive.
func (s *sentMessages) bouncedRow(e mail.Event, practice, fact, messageID string) row {
	return row{line: e.Line, practice: practice, cells: map[string]string{
		"fact": fact, "on": civil.OfTime(e.At.In(s.zone)).String(),
		"reference": casebook.MessageReference(messageID) + ": " + strings.TrimSpace(e.Kind+" "+smtpCode.FindString(e.Reason)),
	}}
}
