package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/sqlgen"
)

// Packet is what lies sealed for a practice. A practice without a page is refused with
// code "no_page".
func (s *Store) Packet(ctx context.Context, of packet.Practice) (packet.Sealed, error) {
	row, err := s.q.PacketRow(ctx, sqlgen.PacketRowParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
	if errors.Is(err, pgx.ErrNoRows) {
		return packet.Sealed{}, noPage(of)
	}
	if err != nil {
		return packet.Sealed{}, err
	}
	sealed := packet.Sealed{
		Turn: row.Turn, SealedTurn: row.SealedTurn, LookAt: timeOf(row.LookAt), SHA256: row.PacketSHA256, CodeGiven: row.CodeGiven,
		Parts: map[string]packet.SealedPart{},
	}
	parts, err := s.q.Parts(ctx, row.PracticeID)
	if err != nil {
		return packet.Sealed{}, err
	}
	for _, p := range parts {
		sealed.Parts[p.Name] = packet.SealedPart{From: p.MadeFrom, SHA256: p.PlainSHA256, Bytes: int64(p.Bytes)}
	}
	there, err := s.openPage(ctx, s.q, of)
	if err != nil {
		return packet.Sealed{}, err
	}
	sealed.ZIPPassword = there.identity.ZIPPassword()
	return sealed, nil
}

// PacketPart opens a part that lies sealed for a practice; nil where it has none of
// that name.
func (s *Store) PacketPart(ctx context.Context, of packet.Practice, name string) ([]byte, error) {
	there, err := s.openPage(ctx, s.q, of)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, noPage(of)
	}
	if err != nil {
		return nil, err
	}
	sealed, err := s.q.PartSealed(ctx, sqlgen.PartSealedParams{PracticeID: there.row.PracticeID, Name: name})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return there.identity.Open(sealed, of, name)
}

// SavePacket seals parts for a practice as its whole packet, whatever its record is at.
// sha256 is what they were made from.
func (s *Store) SavePacket(ctx context.Context, of packet.Practice, sha256 string, parts []packet.Part) error {
	there, err := s.Packet(ctx, of)
	if err != nil {
		return err
	}
	_, err = s.SealPacket(ctx, of, packet.Making{Turn: there.Turn, SHA256: sha256, Parts: parts})
	return err
}

// SealPart seals one part of a packet that is being made at a turn, before SealPacket
// seals the others: for one that is too large to wait in memory. sealed is false, and
// nothing is done, where the practice's record is at a later turn.
func (s *Store) SealPart(ctx context.Context, of packet.Practice, turn int, part packet.Part) (sealed bool, err error) {
	err = s.atTurn(ctx, of, turn, func(q *sqlgen.Queries, page sqlgen.LockPageRow) error {
		sealed = true
		there, err := partsThere(ctx, q, page.PracticeID)
		if err != nil {
			return err
		}
		return sealPart(ctx, q, page, of, part, there)
	})
	return sealed, err
}

// SealPacket seals the parts that were made for a practice, and takes away what is
// neither among them nor kept. sealed is false, and nothing is done, where the
// practice's record is at a later turn than the packet was made at: it may tell by now
// what a hold keeps back.
func (s *Store) SealPacket(ctx context.Context, of packet.Practice, made packet.Making) (sealed bool, err error) {
	err = s.atTurn(ctx, of, made.Turn, func(q *sqlgen.Queries, page sqlgen.LockPageRow) error {
		sealed = true
		there, err := partsThere(ctx, q, page.PracticeID)
		if err != nil {
			return err
		}
		keep := append([]string{}, made.Keep...)
		for _, part := range made.Parts {
			keep = append(keep, part.Name)
			if err := sealPart(ctx, q, page, of, part, there); err != nil {
				return err
			}
		}
		if err := q.DropParts(ctx, sqlgen.DropPartsParams{PracticeID: page.PracticeID, Keep: keep}); err != nil {
			return err
		}
		if err := q.SetPacket(ctx, sqlgen.SetPacketParams{PracticeID: page.PracticeID, PacketSHA256: made.SHA256}); err != nil {
			return err
		}
		at := made.Turn
		if made.More {
			at = -1
		}
		err = q.PacketSealed(ctx, sqlgen.PacketSealedParams{PracticeID: page.PracticeID, Turn: at, LookAt: instant(made.LookAt), Program: made.Program})
		if err != nil || page.PacketSHA256 == made.SHA256 {
			return err
		}
		now, err := partsThere(ctx, q, page.PracticeID)
		if err != nil {
			return err
		}
		sums := make(map[string]string, len(now))
		for name, part := range now {
			sums[name] = part.PlainSHA256
		}
		return appendEntry(ctx, q, of.IncidentID, of.Key, ledger.Body{Kind: ledger.KindPacket, Who: engine, Ref: made.SHA256, Inputs: sums}, nil)
	})
	return sealed, err
}

// atTurn does something with a page and its practice locked, if the practice's record
// still is at the turn.
func (s *Store) atTurn(ctx context.Context, of packet.Practice, turn int, do func(*sqlgen.Queries, sqlgen.LockPageRow) error) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		page, err := q.LockPage(ctx, sqlgen.LockPageParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
		if errors.Is(err, pgx.ErrNoRows) {
			return noPage(of)
		}
		if err != nil {
			return err
		}
		if _, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: of.IncidentID, PracticeKey: of.Key}); err != nil {
			return orUnknownPractice(err, of.IncidentID, of.Key)
		}
		// Nothing of an incident whose people were made unreadable is sealed again.
		if _, err := s.dataKey(ctx, q, of.IncidentID); err != nil {
			return err
		}
		now, err := q.PacketTurn(ctx, page.PracticeID)
		if err != nil || now != turn {
			return err
		}
		return do(q, page)
	})
}

func partsThere(ctx context.Context, q *sqlgen.Queries, practiceID int) (map[string]sqlgen.PartsRow, error) {
	rows, err := q.Parts(ctx, practiceID)
	there := make(map[string]sqlgen.PartsRow, len(rows))
	for _, r := range rows {
		there[r.Name] = r
	}
	return there, err
}

// sealPart seals a part unless the same content lies there.
func sealPart(ctx context.Context, q *sqlgen.Queries, page sqlgen.LockPageRow, of packet.Practice, part packet.Part, there map[string]sqlgen.PartsRow) error {
	sum := part.SHA256()
	if before, ok := there[part.Name]; ok && before.PlainSHA256 == sum {
		return q.PartFrom(ctx, sqlgen.PartFromParams{PracticeID: page.PracticeID, Name: part.Name, MadeFrom: part.From})
	}
	sealed, err := packet.Seal(page.Recipient, of, part.Name, part.Content)
	if err != nil {
		return err
	}
	return q.SavePart(ctx, sqlgen.SavePartParams{
		PracticeID: page.PracticeID, Name: part.Name, Sealed: sealed, PlainSHA256: sum, MadeFrom: part.From, Bytes: len(part.Content),
	})
}

// forgetPages takes away what practices could still open of an incident: the parts
// sealed for them, and everything that unwraps the identities they are sealed for.
func forgetPages(ctx context.Context, q *sqlgen.Queries, incidentID string) error {
	for _, forget := range []func(context.Context, string) error{q.ForgetParts, q.ForgetCodes, q.ForgetSessions, q.ForgetPasskeys} {
		if err := forget(ctx, incidentID); err != nil {
			return err
		}
	}
	return nil
}

// WaitingPacket is a packet that is to be sealed.
type WaitingPacket struct {
	Of packet.Practice
	// Tries are the attempts that failed since something changed.
	Tries int
	// People are on its list: what sealing it costs.
	People int
	// First: nothing lies sealed for the practice.
	First bool
}

// TakePackets returns packets to be sealed and takes them in hand until an instant: no
// other worker gets them before. Those of practices whose standing is about to be
// worked out wait for that.
func (s *Store) TakePackets(ctx context.Context, most int, now, until time.Time) ([]WaitingPacket, error) {
	rows, err := s.q.TakePackets(ctx, sqlgen.TakePacketsParams{Now: now, Until: until, Most: most})
	if err != nil {
		return nil, err
	}
	list := make([]WaitingPacket, len(rows))
	for i, r := range rows {
		list[i] = WaitingPacket{Of: packet.Practice{IncidentID: r.IncidentID, Key: r.PracticeKey}, Tries: r.Tries, People: r.People, First: r.First}
	}
	return list, nil
}

// PacketFailed notes that a packet could not be sealed, and until when it waits.
func (s *Store) PacketFailed(ctx context.Context, of packet.Practice, until time.Time) error {
	return s.q.PacketFailed(ctx, sqlgen.PacketFailedParams{IncidentID: of.IncidentID, PracticeKey: of.Key, Until: until})
}

// RemakePackets has every packet looked at that another program, or the same one with
// other texts, sealed.
func (s *Store) RemakePackets(ctx context.Context, program string) error {
	return s.q.PacketsOfOtherPrograms(ctx, program)
}

// PracticeFiles are the files that were made for a practice, as they were written.
func (s *Store) PracticeFiles(ctx context.Context, of packet.Practice) ([]casebook.File, error) {
	rows, err := s.q.PracticeFiles(ctx, sqlgen.PracticeFilesParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
	files := make([]casebook.File, len(rows))
	for i, r := range rows {
		files[i] = casebook.File{Path: r.Path, SHA256: r.SHA256, Bytes: int64(r.Bytes), MadeFrom: r.MadeFrom}
	}
	return files, err
}

// OwnProofs are the SHA-256 sums of the proofs that were recorded for a practice alone.
func (s *Store) OwnProofs(ctx context.Context, of packet.Practice) ([]string, error) {
	return s.q.OwnProofs(ctx, sqlgen.OwnProofsParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
}

// Disputed are the keys of people of whom a practice said that they are not its
// patients, and nobody has decided yet.
func (s *Store) Disputed(ctx context.Context, of packet.Practice) ([]string, error) {
	return s.q.DisputedOfPractice(ctx, sqlgen.DisputedOfPracticeParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
}

// SignedLast is the SHA-256 sum of the paper that a practice signed last, "" for none.
func (s *Store) SignedLast(ctx context.Context, of packet.Practice) (string, error) {
	signed, err := s.SignedBy(ctx, of)
	if err != nil || len(signed) == 0 {
		return "", err
	}
	return signed[0].SHA256, nil
}

// HandedOver are the SHA-256 sums of a practice's lists that were handed over.
func (s *Store) HandedOver(ctx context.Context, of packet.Practice) ([]string, error) {
	return s.q.HandedOver(ctx, sqlgen.HandedOverParams{IncidentID: of.IncidentID, PracticeKey: of.Key, Kind: casebook.ActHandOver})
}

// ListsOf are the lists of people that touched a practice, the first one included.
func (s *Store) ListsOf(ctx context.Context, of packet.Practice) ([]casebook.ListOfPractice, error) {
	rows, err := s.q.ListsOfPractice(ctx, sqlgen.ListsOfPracticeParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
	lists := make([]casebook.ListOfPractice, len(rows))
	for i, r := range rows {
		lists[i] = casebook.ListOfPractice{Number: r.Number, At: r.LoadedAt, Added: r.Added, Changed: r.Changed, Removed: r.Removed}
	}
	return lists, err
}

// ChangesOfList are what one list did to a practice's people, in person-key order. A
// reason is patient data.
func (s *Store) ChangesOfList(ctx context.Context, of packet.Practice, list int) ([]breach.ListChange, error) {
	rows, err := s.q.ChangesOfList(ctx, sqlgen.ChangesOfListParams{IncidentID: of.IncidentID, PracticeKey: of.Key, ListNumber: list})
	changes := make([]breach.ListChange, len(rows))
	for i, r := range rows {
		changes[i] = breach.ListChange{PersonKey: r.PersonKey, What: r.What, Why: r.Why}
	}
	return changes, err
}
