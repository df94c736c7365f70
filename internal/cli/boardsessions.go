package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/papers"
)

const boardSessionsHelp = `Lists who is signed in to the board and to Temporal's page: since when, how, from
where, with which browser and when last seen. --end ends the session with that
number at once; several --end end several. You see and end your own; who gives roles
sees and ends everybody's. --record shows every sign-in, every session's end and what
was refused, to who may see who looked.`

func (p *program) sessionsCommand() *cobra.Command {
	var asJSON, asCSV, record bool
	var end []int
	cmd := &cobra.Command{
		Use: "sessions", Short: "Say who is signed in to the pages, and end sessions", Long: boardSessionsHelp,
		Example: "  duenotice board sessions\n  duenotice board sessions --end 12", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.openDoor(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			switch {
			case len(end) > 0:
				return s.endSessions(cmd.Context(), end)
			case record:
				return s.showDoorRecord(cmd.Context(), asJSON, asCSV)
			}
			return s.showSessions(cmd.Context(), asJSON, asCSV)
		},
	}
	f := cmd.Flags()
	f.IntSliceVar(&end, "end", nil, "end the session with this number")
	f.BoolVar(&record, "record", false, "every sign-in, refusal and end that was ever written down")
	f.BoolVar(&asJSON, "json", false, "for another program")
	csvFlag(cmd, &asCSV, "the list as CSV")
	cmd.MarkFlagsMutuallyExclusive("end", "record")
	cmd.MarkFlagsMutuallyExclusive("end", "json")
	cmd.MarkFlagsMutuallyExclusive("end", "csv")
	return cmd
}

const passkeysHelp = `Lists the passkeys by which people sign in to the board and to Temporal's page
without a link. --remove takes the one with that number away, and ends the sessions
that began by it. You see and take away your own; who gives roles everybody's. One is
added in the browser: open the board, then "Who is signed in".`

func (p *program) passkeysCommand() *cobra.Command {
	var asJSON, asCSV bool
	var remove []int
	cmd := &cobra.Command{
		Use: "passkeys", Short: "List the passkeys that open the pages, and take them away", Long: passkeysHelp,
		Example: "  duenotice board passkeys\n  duenotice board passkeys --remove 3", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.openDoor(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			if len(remove) > 0 {
				return s.removePasskeys(cmd.Context(), remove)
			}
			return s.showPasskeys(cmd.Context(), asJSON, asCSV)
		},
	}
	f := cmd.Flags()
	f.IntSliceVar(&remove, "remove", nil, "take the passkey with this number away")
	f.BoolVar(&asJSON, "json", false, "for another program")
	csvFlag(cmd, &asCSV, "the list as CSV")
	cmd.MarkFlagsMutuallyExclusive("remove", "json")
	cmd.MarkFlagsMutuallyExclusive("remove", "csv")
	return cmd
}

// openDoor opens the database for whoever may come through the door: the tables of
// it are the program's, and a person's own login reads none of them.
func (p *program) openDoor(ctx context.Context) (*session, error) {
	s, err := p.openTo(ctx, purpose{})
	if err != nil {
		return nil, err
	}
	switch {
	case !s.who.Program:
		err = breach.Refuse("not_here", "Give it on the machine of the worker.",
			"this takes the program's own login to the database, and %s is a person's", s.who.Identity)
	case !door.MayLook(s.who.Grants, s.who.Identity):
		// It says in which words somebody without the role is refused elsewhere.
		_, err = access.May(s.who.Grants, s.who.Identity, "", access.Board, "", "")
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// reach is whose sessions and passkeys the command is about: "" for everybody's.
func (s *session) reach() access.Identity {
	if door.MayEndOthers(s.who.Grants, s.who.Identity) {
		return ""
	}
	return s.who.Identity
}

// sessionShown is one of board sessions --json.
type sessionShown struct {
	ID       int       `json:"id"`
	Who      string    `json:"who"`
	Identity string    `json:"identity"`
	How      string    `json:"how"`
	From     string    `json:"from"`
	Browser  string    `json:"browser"`
	Began    time.Time `json:"began"`
	Seen     time.Time `json:"seen"`
	Until    time.Time `json:"until"`
}

func (s *session) showSessions(ctx context.Context, asJSON, asCSV bool) error {
	list, err := s.store.Sessions(ctx, s.reach(), s.p.Now())
	if err != nil {
		return err
	}
	if asJSON {
		shown := make([]sessionShown, len(list))
		for i, one := range list {
			shown[i] = sessionShown{one.ID, one.Who, one.Identity, one.How, one.Address, one.Browser, one.Began, one.Seen, one.Until}
		}
		return s.p.printJSON(shown)
	}
	t := s.p.table("NUMBER", "WHO", "IDENTITY", "SIGNED IN", "BY", "LAST SEEN", "ENDS", "FROM", "BROWSER").leaveOut("BROWSER", "IDENTITY", "ENDS")
	for _, one := range list {
		t.row(one.ID, inACell(one.Who, asCSV), inACell(one.Identity, asCSV), s.clock(one.Began), door.WayIn(one.How), s.clock(one.Seen), s.clock(one.Until), one.Address, inACell(one.Browser, asCSV))
	}
	if !asCSV && len(list) == 0 {
		s.p.say("Nobody is signed in.")
		return nil
	}
	return t.write(asCSV)
}

func (s *session) endSessions(ctx context.Context, ids []int) error {
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if err := s.store.EndSession(ctx, id, s.who.Identity, door.MayEndOthers(s.who.Grants, s.who.Identity), s.name(""), s.p.Now()); err != nil {
			return err
		}
		s.p.say("Session %d is ended.", id)
	}
	return nil
}

// passkeyShown is one of board passkeys --json.
type passkeyShown struct {
	ID       int        `json:"id"`
	Who      string     `json:"who"`
	Identity string     `json:"identity"`
	Name     string     `json:"name"`
	Added    time.Time  `json:"added"`
	Used     *time.Time `json:"used"`
}

func (s *session) showPasskeys(ctx context.Context, asJSON, asCSV bool) error {
	list, err := s.store.Passkeys(ctx, s.reach())
	if err != nil {
		return err
	}
	if asJSON {
		shown := make([]passkeyShown, len(list))
		for i, one := range list {
			shown[i] = passkeyShown{ID: one.ID, Who: one.Who, Identity: one.Identity, Name: one.Label, Added: one.Added}
			if !one.Used.IsZero() {
				shown[i].Used = &one.Used
			}
		}
		return s.p.printJSON(shown)
	}
	t := s.p.table("NUMBER", "WHO", "IDENTITY", "NAME", "ADDED", "LAST USED").leaveOut("IDENTITY")
	for _, one := range list {
		used := "never"
		if !one.Used.IsZero() {
			used = s.clock(one.Used)
		}
		t.row(one.ID, inACell(one.Who, asCSV), inACell(one.Identity, asCSV), inACell(one.Label, asCSV), s.clock(one.Added), used)
	}
	if !asCSV && len(list) == 0 {
		s.p.say("There are no passkeys.")
		return nil
	}
	return t.write(asCSV)
}

func (s *session) removePasskeys(ctx context.Context, ids []int) error {
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if err := s.store.RemovePasskey(ctx, id, s.reach(), s.name(""), s.p.Now()); err != nil {
			return err
		}
		s.p.say("Passkey %d is taken away, and the sessions that began by it are ended.", id)
	}
	return nil
}

// eventShown is one of board sessions --record --json.
type eventShown struct {
	At       time.Time `json:"at"`
	What     string    `json:"what"`
	Who      string    `json:"who,omitempty"`
	Identity string    `json:"identity,omitempty"`
	How      string    `json:"how"`
	Session  int       `json:"session,omitempty"`
	From     string    `json:"from,omitempty"`
	Browser  string    `json:"browser,omitempty"`
	Times    int       `json:"times"`
	Why      string    `json:"why,omitempty"`
	By       string    `json:"by,omitempty"`
}

var eventWords = map[string]string{
	casebook.DoorSignedIn: "signed in", casebook.DoorRefused: "refused", casebook.DoorEnded: "ended",
	casebook.DoorPasskeyAdded: "passkey added", casebook.DoorPasskeyRemoved: "passkey removed",
}

func (s *session) showDoorRecord(ctx context.Context, asJSON, asCSV bool) error {
	if !s.who.Open() {
		if _, err := access.May(s.who.Grants, s.who.Identity, "", access.Oversee, "", ""); err != nil {
			return err
		}
	}
	list, err := s.store.DoorEvents(ctx, s.p.Now())
	if err != nil {
		return err
	}
	if asJSON {
		shown := make([]eventShown, len(list))
		for i, e := range list {
			shown[i] = eventShown{e.At, e.What, e.Who, e.Identity, e.How, e.SessionID, e.Address, e.Browser, e.Times, e.Why, e.ByWhom}
		}
		return s.p.printJSON(shown)
	}
	t := s.p.table("WHEN", "WHAT", "WHO", "IDENTITY", "BY", "SESSION", "TIMES", "WHY", "BY WHOM", "FROM", "BROWSER").leaveOut("BROWSER", "IDENTITY", "TIMES", "FROM")
	for _, e := range list {
		session := any(e.SessionID)
		if e.SessionID == 0 {
			session = ""
		}
		t.row(s.clock(e.At), eventWords[e.What], inACell(e.Who, asCSV), inACell(e.Identity, asCSV), door.WayIn(e.How), session, e.Times, inACell(e.Why, asCSV), inACell(e.ByWhom, asCSV), e.Address, inACell(e.Browser, asCSV))
	}
	return t.write(asCSV)
}

// clock is a moment where the officers are.
func (s *session) clock(t time.Time) string { return t.In(s.config.Zone).Format("2006-01-02 15:04") }

// inACell is a text that a browser or somebody who was refused may have chosen: a
// spreadsheet runs it as no formula.
func inACell(text string, asCSV bool) string {
	if asCSV {
		return papers.Inert(text)
	}
	return text
}
