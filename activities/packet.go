package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/templates"
)

// PacketStore keeps what practices find on their pages, sealed for each of them.
type PacketStore interface {
	// Packet is what lies sealed for a practice; refused with code "no_page" for one
	// without a page, and with "shredded" where its people cannot be read any more.
	Packet(ctx context.Context, of packet.Practice) (packet.Sealed, error)
	// PacketPart opens a part that lies sealed, nil where there is none of that name.
	PacketPart(ctx context.Context, of packet.Practice, name string) ([]byte, error)
	// SealPart seals one part before the others; SealPacket seals the rest and takes
	// away what is neither made nor kept. sealed is false, and nothing is done, where
	// the record is at a later turn than the one it was made at.
	SealPart(ctx context.Context, of packet.Practice, turn int, part packet.Part) (sealed bool, err error)
	SealPacket(ctx context.Context, of packet.Practice, made packet.Making) (sealed bool, err error)
	// OwnProofs are the sums of proofs that were recorded for this practice alone.
	OwnProofs(ctx context.Context, of packet.Practice) ([]string, error)
	// Disputed are the keys of people of whom the practice said that they are not its
	// patients, while that is open.
	Disputed(ctx context.Context, of packet.Practice) ([]string, error)
	// SignedLast is the sum of the paper that the practice signed last, "" for none.
	SignedLast(ctx context.Context, of packet.Practice) (string, error)
	// HandedOver are the sums of the lists of the practice that were handed over to it.
	HandedOver(ctx context.Context, of packet.Practice) ([]string, error)
	// ListsOf are the lists of people that touched the practice, the first included.
	ListsOf(ctx context.Context, of packet.Practice) ([]casebook.ListOfPractice, error)
	// ChangesOfList are what one list did to the practice's people, in key order.
	ChangesOfList(ctx context.Context, of packet.Practice, list int) ([]breach.ListChange, error)
}

// packetFormat changes when a packet of the same record is to be made otherwise.
const packetFormat = "1"

// PacketProgram says which program and texts a packet is made with.
func PacketProgram() string { return packetFormat + " " + templates.SHA256() }

// SealPacket makes what a practice finds on its page, if it has one and anything has
// changed since, and seals it for that practice alone. It is a step of the worker's
// keeper and of no workflow, since a page tells what is recorded and decides nothing.
//
// There is nothing to see while the practice was not told of the breach, and after its
// people were made unreadable. While law enforcement holds notices to practices back,
// a practice that was told before keeps what it had, with the word that notices are
// held, and learns nothing further (45 CFR 164.412).
func SealPacket(ctx context.Context, a *Activities, ref PracticeRef) error {
	return sealPacket(ctx, a, ref, false)
}

// SealFirst is SealPacket without what takes long to typeset, which then still waits:
// of a thousand practices that are told at the same time each has its page, its list
// and its days in seconds, and its own letters soon after.
func SealFirst(ctx context.Context, a *Activities, ref PracticeRef) error {
	return sealPacket(ctx, a, ref, true)
}

func sealPacket(ctx context.Context, a *Activities, ref PracticeRef, quick bool) error {
	if a.Packets == nil || a.Rehearsal {
		return nil
	}
	of := packet.Practice{IncidentID: ref.IncidentID, Key: ref.PracticeKey}
	there, err := a.Packets.Packet(ctx, of)
	if refusal, ok := breach.AsRefusal(err); ok && (refusal.Code == "no_page" || refusal.Code == "shredded") {
		return nil
	}
	if err != nil {
		return err
	}
	if there.SealedTurn == there.Turn && (there.LookAt.IsZero() || a.Now().Before(there.LookAt)) {
		return nil
	}
	// The turn is read before the record: what changes between the two makes it a later
	// turn, and what is made here is then not saved.
	incident, practice, plan, zone, err := a.decided(ctx, ref)
	if err != nil {
		return err
	}
	p := &packing{a: a, ref: ref, of: of, there: there, incident: incident, practice: practice, plan: plan, zone: zone, on: a.today(), quick: quick}
	err = p.pack(ctx)
	if errors.Is(err, errLaterTurn) {
		return nil // it waits again already
	}
	return err
}

// errLaterTurn ends the making of a packet whose record has changed meanwhile.
var errLaterTurn = errors.New("the practice's record has changed meanwhile")

// packing is a practice's packet being made.
type packing struct {
	a        *Activities
	ref      PracticeRef
	of       packet.Practice
	there    packet.Sealed
	incident casebook.Incident
	practice casebook.Practice
	plan     casebook.Plan
	zone     *time.Location
	on       civil.Date
	// quick leaves out what takes long, and more then says that something was.
	quick, more bool

	page packet.Page
	made []packet.Part
	keep []string
	// from is what each part was made from, or its sum: together, what the packet was.
	from map[string]string
}

func (p *packing) pack(ctx context.Context) error {
	made := packet.Making{Turn: p.there.Turn, Program: PacketProgram()}
	made.LookAt, _ = nextHoldEnd(p.incident.Incident.Holds, p.zone, p.a.Now())
	switch held := p.held(breach.CoversPractice); {
	case !p.heard():
	case held:
		if err := p.freeze(ctx); err != nil {
			return err
		}
		made.SHA256 = hashOf("held", p.page, p.keep)
	default:
		if err := p.fill(ctx); err != nil {
			return err
		}
		made.SHA256 = hashOf("packet", made.Program, p.page, p.from)
	}
	if made.SHA256 != "" {
		if err := p.addPage(made.SHA256); err != nil {
			return err
		}
	}
	made.Parts, made.Keep, made.More = p.made, p.keep, p.more
	sealed, err := p.a.Packets.SealPacket(ctx, p.of, made)
	if err == nil && !sealed {
		return errLaterTurn
	}
	return err
}

// heard reports whether the practice has heard of the breach, as far as is known: it
// was told, or what tells it has left the program's hands, or somebody gave it a code.
func (p *packing) heard() bool {
	left := []string{casebook.MessageSending, casebook.MessageSent, casebook.MessageToSend, casebook.MessageRecorded, casebook.MessageUnknown}
	return told(p.practice) || slices.Contains(left, p.practice.Notice.State) || p.there.CodeGiven
}

// held reports whether law enforcement holds back notices of the scope now.
func (p *packing) held(scope string) bool {
	return onHold(p.incident.Incident.Holds, scope, p.zone, p.a.Now())
}

// heldParts are the parts that are themselves a notice to somebody: what they are made
// for is not given while that is held back.
var heldParts = map[string]string{
	packet.PartLetters: breach.CoversIndividual, packet.PartMerge: breach.CoversIndividual, packet.PartRelease: breach.CoversMedia,
	packet.PartPosting: breach.CoversPosting,
}

// freeze keeps what the practice had before the hold. One that had nothing learns that
// notices are held, and from whom.
func (p *packing) freeze(ctx context.Context) error {
	p.page = packet.Page{
		Practice: p.of, PracticeName: p.practice.Practice.Name(), Zone: p.practice.Practice.ZoneName(),
		Contact: contactOf(p.practice.Practice), Sender: senderOf(p.incident.Incident.Entity),
	}
	before, err := p.a.Packets.PacketPart(ctx, p.of, packet.PartPage)
	if err != nil {
		return err
	}
	if before != nil {
		if err := json.Unmarshal(before, &p.page); err != nil {
			return err
		}
		p.page.MadeAt = time.Time{}
	}
	p.page.Held = true
	p.page.Files = slices.DeleteFunc(p.page.Files, func(f packet.File) bool {
		scope, notice := heldParts[ownLettersPart(f.Part)]
		if notice && p.held(scope) {
			return true
		}
		p.keep = append(p.keep, f.Part)
		return false
	})
	for _, list := range p.page.Lists {
		if list.Part != "" && !slices.Contains(p.keep, list.Part) {
			p.keep = append(p.keep, list.Part)
		}
	}
	for _, duty := range p.page.Duties {
		if duty.Paper != "" && !slices.Contains(p.keep, duty.Paper) {
			p.keep = append(p.keep, duty.Paper)
		}
	}
	return nil
}

// addPage adds the page itself, unless it is the one that lies there.
func (p *packing) addPage(from string) error {
	if p.there.Parts[packet.PartPage].From == from {
		p.keep = append(p.keep, packet.PartPage)
		return nil
	}
	p.page.MadeAt = p.a.Now()
	content, err := json.Marshal(p.page)
	p.made = append(p.made, packet.Part{Name: packet.PartPage, Content: content, From: from})
	return err
}

// inMemory is how many bytes of a part wait for the others; a longer one is sealed at once.
const inMemory = 1 << 20

// add adds a part that is on the page as f, made from what from identifies: the one
// that lies there where that was made from the same. from is "" for one that is made
// each time. Content may be nil for none. A quick pass typesets nothing.
func (p *packing) add(ctx context.Context, f packet.File, from string, content func() ([]byte, error)) error {
	if lies, ok := p.there.Parts[f.Part]; ok && from != "" && lies.From == from {
		p.keepPart(f, lies)
		return nil
	}
	if p.quick && f.ForYourself && f.Type == pdf {
		p.more = true
		return nil
	}
	made, err := content()
	if err != nil || made == nil {
		return err
	}
	return p.addMade(ctx, f, from, made)
}

func (p *packing) keepPart(f packet.File, lies packet.SealedPart) {
	f.Bytes = lies.Bytes
	p.page.Files = append(p.page.Files, f)
	p.keep = append(p.keep, f.Part)
	p.from[f.Part] = lies.SHA256
}

func (p *packing) addMade(ctx context.Context, f packet.File, from string, content []byte) error {
	part := packet.Part{Name: f.Part, Content: content, From: from}
	f.Bytes = int64(len(content))
	p.page.Files = append(p.page.Files, f)
	p.from[f.Part] = part.SHA256()
	if len(content) <= inMemory {
		p.made = append(p.made, part)
		return nil
	}
	sealed, err := p.a.Packets.SealPart(ctx, p.of, p.there.Turn, part)
	if err == nil && !sealed {
		err = errLaterTurn
	}
	p.keep = append(p.keep, f.Part)
	return err
}

// fill makes the page and everything on it.
func (p *packing) fill(ctx context.Context) error {
	p.from = map[string]string{}
	p.describe()
	lists, err := p.a.Packets.ListsOf(ctx, p.of)
	if err != nil {
		return err
	}
	if err := p.addFolder(ctx); err != nil {
		return err
	}
	if err := p.addPeople(ctx, lists); err != nil {
		return err
	}
	if err := p.addSigned(ctx); err != nil {
		return err
	}
	if err := p.addDuties(ctx); err != nil {
		return err
	}
	return p.addKit(ctx)
}

// written collects what a function writes.
func written(write func(*bytes.Buffer) error) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}
