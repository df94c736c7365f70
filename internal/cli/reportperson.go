package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
)

const reportPersonHelp = `Tells what became of one person, on one page: the row, the lists that said
something of it, what is owed and by when, every letter with its batch and the
hash of its file, when it was mailed, came back and was mailed again, how the
person was told otherwise, and who looked at the row and why.

The person is named by --practice and --person, or by --letter: the Reference at
the foot of a letter, for the telephone and for an envelope in the hand; or by
--first-name, --last-name and --born, as for reveal. A letter for several practices
has a page of each.

It is a look at a patient's row, and is written down first like one of reveal.
With --json the row itself is left out.`

// personFlags name a person, and who looks.
type personFlags struct {
	ask    casebook.Reveal
	letter string
	// firstName and lastName with born, a day or "unknown", find a person by name.
	firstName, lastName, born string
	asJSON                    bool
}

// add adds the flags.
func (f *personFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	practiceFlag(cmd, &f.ask.PracticeKey, "the practice's key")
	fl.StringVar(&f.ask.PersonKey, "person", "", "the person's key in that practice's list")
	fl.StringVar(&f.letter, "letter", "", "the Reference at the foot of a letter, instead of practice and person")
	fl.StringVar(&f.firstName, "first-name", "", "the person's first name, with --last-name and --born, instead of practice and person")
	fl.StringVar(&f.lastName, "last-name", "", "the person's last name")
	fl.StringVar(&f.born, "born", "", "the person's birth date, YYYY-MM-DD, or unknown where the list has none")
	fl.StringVar(&f.ask.Reason, "reason", "", "what it is needed for; name no patient here")
	fl.StringVar(&f.ask.Who, "by", "", "name of the person who looks")
	cmd.MarkFlagsMutuallyExclusive("letter", "person")
	cmd.MarkFlagsMutuallyExclusive("letter", "practice")
	cmd.MarkFlagsRequiredTogether("first-name", "last-name", "born")
	for _, other := range []string{"letter", "person", "practice"} {
		cmd.MarkFlagsMutuallyExclusive("last-name", other)
	}
}

// check says whether somebody is named, for a reason.
func (f *personFlags) check() error {
	if err := errors.Join(incidentArgument(f.ask.IncidentID), practiceArgument(f.ask.PracticeKey)); err != nil {
		return err
	}
	named := 0
	for _, is := range []bool{f.letter != "", f.ask.PersonKey != "" && f.ask.PracticeKey != "", f.lastName != ""} {
		if is {
			named++
		}
	}
	if named != 1 || f.ask.Reason == "" || f.ask.Who == "" {
		return usage("--practice and --person, or --letter, or --first-name, --last-name and --born, go together with --reason and --by")
	}
	if f.lastName == "" || f.born == breach.DayUnknown {
		return nil
	}
	_, err := dayFlag("born", f.born)
	return err
}

// asked are the rows that are asked for, each as a Reveal.
func (s *session) asked(ctx context.Context, f personFlags) ([]casebook.Reveal, error) {
	f.ask.Who, f.ask.Identity = strings.TrimSpace(f.ask.Who), string(s.who.Identity)
	people := []casebook.Reveal{f.ask}
	var err error
	switch {
	case f.letter != "":
		people, err = s.store.PeopleOfLetter(ctx, f.ask.IncidentID, f.letter)
	case f.lastName != "":
		var born civil.Date
		if f.born != breach.DayUnknown {
			if born, err = dayFlag("born", f.born); err != nil {
				return nil, err
			}
		}
		people, err = s.store.PeopleOfName(ctx, f.ask, f.firstName, f.lastName, born)
	}
	if err != nil {
		return nil, err
	}
	for i := range people {
		people[i].Reason, people[i].Who, people[i].Identity = f.ask.Reason, f.ask.Who, f.ask.Identity
	}
	return people, nil
}

func (p *program) reportPersonCommand() *cobra.Command {
	var f personFlags
	cmd := &cobra.Command{
		Use: "person INCIDENT", Short: "What became of one person, for a reason that is kept", Long: reportPersonHelp,
		Example: `  duenotice report person EX-2026-03 --letter R001-000123 --reason "Call of 3 April, identity checked" --by "Ada Rivera"
  duenotice report person EX-2026-03 --practice P1 --person 8f14e45f --reason "Complaint 17" --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.ask.IncidentID = args[0]
			if err := f.check(); err != nil {
				return err
			}
			return p.reportPerson(cmd.Context(), f)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "for another program, without the row")
	return cmd
}

func (p *program) reportPerson(ctx context.Context, f personFlags) error {
	s, err := p.openTo(ctx, purpose{permission: access.SeeOne, by: f.ask.Who, incident: f.ask.IncidentID, practice: f.ask.PracticeKey})
	if err != nil {
		return err
	}
	defer s.close()
	people, err := s.asked(ctx, f)
	if err != nil {
		return err
	}
	stories := make([]casebook.PersonStory, len(people))
	for i, ask := range people {
		if stories[i], err = s.store.PersonStory(ctx, ask); err != nil {
			return err
		}
	}
	if f.asJSON {
		encoder := json.NewEncoder(p.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(stories)
	}
	for i := range stories {
		if i > 0 {
			p.say("")
		}
		if err := s.printStory(ctx, f.ask.IncidentID, &stories[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) printStory(ctx context.Context, incident string, story *casebook.PersonStory) error {
	p := s.p
	details, err := s.store.StatusDetails(ctx, incident, postgres.Filter{Practice: story.PracticeKey}, p.Now())
	if err != nil {
		return err
	}
	practice := details[0]
	p.say("%s   %s", p.paint(p.Out, bold, "Person "+story.PersonKey), "of practice "+story.PracticeKey+", "+practice.Name)
	if story.Person != nil {
		p.showPerson(story.Person)
	}
	p.prose("Stands:", standsAs(story))
	p.say("")
	lists := p.table("LIST", "LOADED", "BY", "SAYS", "FILE'S SHA-256").leaveOut("FILE'S SHA-256")
	for _, l := range story.Lists {
		lists.row(l.Number, s.at(l.LoadedAt), l.By, l.What, l.SHA256)
	}
	lists.print()
	for _, a := range story.Addresses {
		p.prose("Address, checked on "+a.CheckedOn.String()+":", addressWords(&a))
	}
	p.say("")
	if len(story.Letters) == 0 {
		p.say("No letter was planned for this person.")
	}
	for _, l := range story.Letters {
		p.prose("Letter "+l.PieceID+":", s.letterWords(l, story.State == account.Left))
		if l.PDFSHA256 != "" {
			p.say("  its file letters.pdf has SHA-256 %s", l.PDFSHA256)
		}
	}
	for _, scan := range story.Scans {
		p.say("  %s %s %s", s.at(scan.At), scan.PieceID, strings.TrimSpace(scanned[scan.Kind]+" "+scan.Facility))
	}
	practice.Obligations = slices.DeleteFunc(slices.Clone(practice.Obligations), func(o casebook.ObligationStatus) bool { return !rules.OfPeople(o.Obligation) })
	if len(practice.Obligations) > 0 {
		p.say("")
		p.say("What practice %s owes its patients, this one among them:", story.PracticeKey)
		p.dutyTable([]casebook.PracticeStatus{practice}, false).print()
	}
	p.say("")
	looks := p.table("LOOKED", "WHO", "REASON")
	for _, l := range story.Looks {
		looks.row(s.at(l.At), l.Who, l.Reason)
	}
	looks.print()
	return nil
}

// at is an instant to the minute, in the zone of the installation.
func (s *session) at(t time.Time) string { return t.In(s.config.Zone).Format("2006-01-02 15:04") }

// standsAs says where somebody stands, why, and since when.
func standsAs(story *casebook.PersonStory) string {
	words := story.State.Words()
	if story.Why != "" {
		why, known := account.ReasonWords(story.Why)
		if !known {
			why = breach.HeldReason(story.Why).Words()
		}
		words += " (" + cmp.Or(why, story.Why) + ")"
	}
	switch {
	case !story.ToldOn.IsZero():
		words += " on " + story.ToldOn.String()
	case story.State == account.Mailed:
		words += " on " + story.MailedOn.String()
	}
	return words
}

// scanned are kinds of scan, of one letter.
var scanned = map[string]string{
	breach.ScanSeen: "seen by a machine at", breach.ScanDelivered: "delivered, as far as the Postal Service knows, from", breach.ScanForwarded: "forwarded from", breach.ScanReturning: "on its way back at",
}

// addressWords tells what a service said of an address, the address before, and the codes.
func addressWords(a *casebook.PersonAddress) string {
	words := a.Outcome.Words() + "; it was " + strings.Join(strings.Fields(strings.Join([]string{a.Was.Address1, a.Was.Address2, a.Was.City, a.Was.State, a.Was.ZIP}, " ")), " ")
	for _, code := range [][2]string{{"DPV", strings.ToUpper(a.Said.DPV)}, {"NCOALink", strings.ToUpper(a.Said.NCOA)}, {"move of", a.Said.MoveType}, {"from", a.Said.MovedOn.String()}, {"delivery point", a.Said.DeliveryPoint}} {
		if code[1] != "" {
			words += "; " + code[0] + " " + code[1]
		}
	}
	return words
}

// letterWords tells a letter's course; left says that its person is on no list any more.
func (s *session) letterWords(l casebook.PersonLetter, left bool) string {
	var course []string
	switch {
	case l.Held != "":
		course = append(course, "held back: "+breach.HeldReason(l.Held).Words())
		if l.Language.Reason == breach.LanguageMissing {
			course = append(course, "which is "+l.Language.Asked)
		}
	case l.PrintedAt.IsZero():
		course = append(course, "being printed")
	default:
		course = append(course, "printed "+s.at(l.PrintedAt)+" in "+l.Batch)
		if l.Language.Reason != "" {
			course = append(course, "in the language "+l.Language.Tag+", because "+l.Language.Reason.Words())
		}
		if l.MailedOn.IsZero() {
			course = append(course, "mailing not recorded")
		} else {
			course = append(course, "mailed on "+l.MailedOn.String())
		}
	}
	if !l.ReturnedOn.IsZero() {
		back := "came back on " + l.ReturnedOn.String()
		if l.ReturnedWhy != "" {
			back += " (" + strings.ReplaceAll(l.ReturnedWhy, "_", " ") + ")"
		}
		course = append(course, back)
	}
	switch {
	case l.Superseded && left:
		course = append(course, "nobody is owed it any more")
	case l.Superseded:
		course = append(course, "another letter is in its place")
	}
	return strings.Join(course, "; ")
}
