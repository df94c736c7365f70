package activities

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// lettersEach is how many letters one file of a practice's own letters holds at most:
// the page's server opens a whole file in memory.
const lettersEach = 2000

// ownLettersPart is the first file of the practice's own letters for each of them, and
// any other part's own name.
func ownLettersPart(part string) string {
	if strings.HasPrefix(part, "own-letters") {
		return packet.PartLetters
	}
	return part
}

// lettersFile is the name of a file of letters, counted from 1.
func lettersFile(n int) string {
	if n == 1 {
		return packet.PartLetters
	}
	return fmt.Sprintf("own-letters-%03d.pdf", n)
}

// ownLetters are a practice's letters under its own name being set, with the sheet that
// lists them. They are no letters of a print run: nobody's state moves by them.
type ownLetters struct {
	p     *packing
	from  string
	dated civil.Date
	merge bytes.Buffer
	sheet *papers.MailMergeWriter
	// batch is the file being set, nil before the first letter and where none can be
	// set at all, for the reason of refused.
	batch   *papers.LetterBatch
	refused string
	// disputed are people whom the practice does not know.
	disputed []string
	files    int
	inBatch  int
}

// ownLetters begins them where the practice writes, or would write, to its patients
// itself and no hold forbids it, else nil; of those that lie sealed none is set again.
func (p *packing) ownLetters(ctx context.Context) (*ownLetters, error) {
	if !p.writesItself() || p.held(breach.CoversIndividual) {
		return nil, nil
	}
	disputed, err := p.a.Packets.Disputed(ctx, p.of)
	if err != nil {
		return nil, err
	}
	from := hashOf("own letters", papersHash(p.incident.Incident, p.practice), disputed)
	dated := letterDate(p.incident.Incident, p.on)
	l := &ownLetters{p: p, from: from, dated: dated, disputed: disputed}
	if p.there.Parts[packet.PartMerge].From == from {
		return l, nil
	}
	if p.quick {
		p.more = true
		return nil, nil
	}
	l.sheet = papers.WriteMailMerge(&l.merge, p.incident.Incident, dated)
	return l, l.open()
}

// writesItself reports whether letters are owed that are not ours to write.
func (p *packing) writesItself() bool {
	for _, o := range p.plan.Obligations {
		if o.Kind == breach.IndividualNotice && p.by(o.Obligation) != breach.ByUs {
			return true
		}
	}
	return false
}

// open begins a file. What refuses the practice's letters altogether, an address too
// long for its place, leaves everybody to the sheet.
func (l *ownLetters) open() (err error) {
	l.inBatch = 0
	l.batch, err = papers.NewOwnLetters(l.p.incident.Incident, l.p.practice.Practice, l.dated, countedTally(l.p.practice).Residents)
	if refusal, ok := breach.AsRefusal(err); ok {
		l.refused = refusal.Message
		return nil
	}
	return err
}

// add sets the letter to one person, or says in the sheet why there is none.
func (l *ownLetters) add(ctx context.Context, person *breach.Person) error {
	if l == nil || l.sheet == nil {
		return nil
	}
	var piece papers.Piece
	var err error
	file, whyNot := lettersFile(l.files+1), ""
	var held *papers.HeldError
	if slices.Contains(l.disputed, person.Key) {
		whyNot = "you said that this is not your patient"
	} else if l.batch == nil {
		whyNot = l.refused
	} else if piece, err = l.batch.Add(casebook.Letter{PieceID: person.Key, Person: *person, Practices: []breach.Practice{l.p.practice.Practice}}); errors.As(err, &held) {
		whyNot, err = held.String(), nil
	}
	if err != nil {
		return err
	}
	if whyNot != "" {
		file = ""
	}
	l.sheet.Add(person, file, piece, whyNot)
	if file != "" {
		if l.inBatch++; l.inBatch == lettersEach {
			return l.close(ctx)
		}
	}
	return nil
}

// close ends a file and begins the next.
func (l *ownLetters) close(ctx context.Context) error {
	if l.batch == nil || l.inBatch == 0 {
		return nil
	}
	var made bytes.Buffer
	if _, err := l.batch.WriteTo(&made); err != nil {
		return err
	}
	l.files++
	if err := l.p.addMade(ctx, ownFile(lettersFile(l.files)), l.from, made.Bytes()); err != nil {
		return err
	}
	return l.open()
}

// finish adds the last file and the sheet, or keeps those that lie sealed.
func (l *ownLetters) finish(ctx context.Context) error {
	if l == nil {
		return nil
	}
	p := l.p
	if l.sheet != nil {
		if err := l.close(ctx); err != nil {
			return err
		}
		if err := l.sheet.Flush(); err != nil {
			return err
		}
		file := packet.File{Part: packet.PartMerge, Name: packet.PartMerge, Type: table, Patients: true, ForYourself: true}
		return p.addMade(ctx, file, l.from, l.merge.Bytes())
	}
	for n := 1; ; n++ {
		lies, there := p.there.Parts[lettersFile(n)]
		if !there || lies.From != l.from {
			break
		}
		p.keepPart(ownFile(lettersFile(n)), lies)
	}
	p.keepPart(packet.File{Part: packet.PartMerge, Name: packet.PartMerge, Type: table, Patients: true, ForYourself: true}, p.there.Parts[packet.PartMerge])
	return nil
}

func ownFile(part string) packet.File {
	return packet.File{Part: part, Name: part, Type: pdf, Patients: true, ForYourself: true}
}

// addKit adds what a practice needs that carries out duties itself and names no patient:
// the releases, the agencies, and the steps in order.
func (p *packing) addKit(ctx context.Context) error {
	var duties []papers.ChecklistDuty
	var releases []papers.MediaInput
	var agencies []papers.AgencyRow
	postsItself := false
	book := rules.Current()
	for i, o := range p.plan.Obligations {
		if p.by(o.Obligation) == breach.ByUs {
			continue
		}
		filing := book.FilingOf(o.Obligation)
		duties = append(duties, papers.ChecklistDuty{Obligation: o.Obligation, DoneOn: o.SettledOn, How: how(filing)})
		switch o.Kind {
		case breach.MediaNotice:
			releases = append(releases, mediaInput(p.incident.Incident, p.practice, o.Obligation, p.on))
		case breach.SubstituteNotice:
			postsItself = postsItself || o.Form == breach.FormConspicuous
		case breach.HHSNotice, breach.RegulatorNotice, breach.CRANotice, breach.FacilityNotice:
			agencies = append(agencies, papers.AgencyRow{Obligation: o.Obligation, DoneOn: o.SettledOn, Reference: p.page.Duties[i].Reference, Filing: filing})
		}
	}
	if len(releases) > 0 && !p.held(breach.CoversMedia) {
		from := hashOf("releases", papersHash(p.incident.Incident, p.practice), kindOf(p.plan, breach.MediaNotice))
		err := p.add(ctx, packet.File{Part: packet.PartRelease, Name: packet.PartRelease, Type: pdf, ForYourself: true}, from,
			func() ([]byte, error) { return papers.MediaReleases(releases) })
		if err != nil {
			return err
		}
	}
	if postsItself && papers.TollFree(p.incident.Incident, p.practice.Practice) != "" && !p.held(breach.CoversPosting) {
		err := p.add(ctx, packet.File{Part: packet.PartPosting, Name: packet.PartPosting, Type: webPage, ForYourself: true},
			hashOf("posting", papersHash(p.incident.Incident, p.practice)), func() ([]byte, error) {
				page, _, err := papers.Posting(postingInput(p.incident.Incident, p.practice))
				return page, err
			})
		if err != nil {
			return err
		}
	}
	if len(agencies) > 0 {
		err := p.add(ctx, packet.File{Part: packet.PartAgencies, Name: packet.PartAgencies, Type: table, ForYourself: true}, hashOf("agencies", agencies),
			func() ([]byte, error) {
				return written(func(b *bytes.Buffer) error { return papers.AgenciesCSV(b, agencies) })
			})
		if err != nil {
			return err
		}
	}
	if len(duties) == 0 {
		return nil
	}
	steps := papers.ChecklistInput{
		Incident: p.incident.Incident, Practice: p.practice.Practice, Duties: duties, Delegation: p.practice.Practice.Delegation,
		Letters: p.writesItself() && !p.held(breach.CoversIndividual), NoAddress: p.practice.Tally.NoUsableAddress, LetterDate: letterDate(p.incident.Incident, p.on), DatedOn: p.on,
	}
	undated := steps
	undated.DatedOn, undated.LetterDate = civil.Date{}, civil.Date{} // of another day it is the same list
	return p.add(ctx, packet.File{Part: packet.PartChecklist, Name: packet.PartChecklist, Type: pdf, ForYourself: true},
		hashOf("checklist", PacketProgram(), undated), func() ([]byte, error) { return papers.Checklist(steps) })
}

func how(f rules.Filing) string {
	if f.Form == "" {
		return ""
	}
	return "Form: " + f.Form + "."
}

// kindOf are the duties of a kind.
func kindOf(plan casebook.Plan, kind string) []breach.Obligation {
	var list []breach.Obligation
	for _, o := range obligationsOf(plan) {
		if o.Kind == kind {
			list = append(list, o)
		}
	}
	return list
}
