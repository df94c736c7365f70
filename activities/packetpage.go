package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// describe fills in what the page says of the incident and of the practice's people in
// numbers, but for their ages.
func (p *packing) describe() {
	incident, practice, tally := p.incident.Incident, p.practice, p.practice.Tally
	p.page = packet.Page{
		Practice: p.of, PracticeName: practice.Practice.Name(), Zone: practice.Practice.ZoneName(),
		Contact: contactOf(practice.Practice), Sender: senderOf(incident.Entity),
		WhatHappened: incident.WhatHappened, WhatWeAreDoing: incident.WhatWeAreDoing, Occurred: incident.Occurred, Discovered: incident.Discovered,
		People: tally.People, Delegation: practice.Practice.Delegation, LettersPrinted: practice.Account.AnyLetter(),
		Acknowledged: practice.Facts.On(breach.Acknowledged, ""), ZIPPassword: p.there.ZIPPassword,
	}
	p.page.Default, p.page.DefaultAfter = practice.DefaultAfter(incident)
	for _, class := range classesOf(tally) {
		p.page.ByData = append(p.page.ByData, packet.Count{Key: string(class), People: tally.Classes[class]})
	}
	for _, state := range slices.Sorted(maps.Keys(tally.Residents)) {
		if n := tally.Residents[state]; n > 0 {
			p.page.ByState = append(p.page.ByState, packet.Count{Key: state, People: n})
		}
	}
	if tally.UnknownResidence > 0 {
		p.page.ByState = append(p.page.ByState, packet.Count{People: tally.UnknownResidence})
	}
}

func contactOf(p breach.Practice) packet.Contact {
	return packet.Contact{PrivacyOfficer: p.PrivacyOfficer, Email: p.Email, Phone: p.Phone}
}

func senderOf(e breach.Entity) packet.Sender {
	return packet.Sender{Name: e.Name, Address: e.Address, TollFree: e.TollFree, Email: e.Email, Website: e.Website}
}

// addFolder adds what lies in the practice's folder and names no patient, as it was
// written there: whoever compares the two finds the same bytes.
func (p *packing) addFolder(ctx context.Context) error {
	files, err := p.a.Store.PracticeFiles(ctx, p.of)
	if err != nil {
		return err
	}
	folder := p.a.Out.Incident(p.ref.IncidentID)
	for _, part := range []struct{ name, path, kind string }{
		{packet.PartNotice, folder.Notice(p.of.Key), pdf},
		{packet.PartProof, folder.LetterProof(p.of.Key), pdf},
		{packet.PartWorksheet, folder.WorksheetPDF(p.of.Key), pdf},
		{packet.PartCalendar, folder.Deadlines(p.of.Key), "text/calendar; charset=utf-8"},
	} {
		i := slices.IndexFunc(files, func(f casebook.File) bool { return f.Path == folder.Relative(part.path) })
		if i < 0 {
			continue // not made for this practice
		}
		file := packet.File{Part: part.name, Name: part.name, Type: part.kind}
		if err := p.add(ctx, file, files[i].SHA256, func() ([]byte, error) { return p.a.readMade(ctx, part.path, files[i].SHA256) }); err != nil {
			return err
		}
	}
	return nil
}

// Types of files.
const (
	pdf     = "application/pdf"
	table   = "text/csv; charset=utf-8"
	webPage = "text/html; charset=utf-8"
)

// readMade reads a file of the output folder as it was written down.
func (a *Activities) readMade(ctx context.Context, path, sum string) ([]byte, error) {
	content, err := a.Out.ReadFile(ctx, path)
	if err != nil {
		return nil, err
	}
	if sumOf(content) != sum {
		return nil, breach.Refuse("file_changed", "Find out who changed it, and put back the one that was made, from a backup.",
			"%s is not the file that was made, and is not shown to the practice", path)
	}
	return content, nil
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// addDuties adds every duty of the practice, whoever's it is, with what was filed.
func (p *packing) addDuties(ctx context.Context) error {
	own, err := p.a.Packets.OwnProofs(ctx, p.of)
	if err != nil {
		return err
	}
	facts := p.practice.RecordedFacts()
	for _, o := range p.plan.Obligations {
		duty := packet.Duty{
			Kind: o.Kind, Jurisdiction: o.Jurisdiction, Regime: o.Regime, Form: o.Form, Place: rules.PlaceOf(o.Obligation), Title: papers.DutyWords(o.Obligation), Citation: o.Citation, Due: o.Due, NotBefore: o.NotBefore,
			By: p.by(o.Obligation), Open: o.SettledOn.IsZero(), DoneOn: o.SettledOn,
		}
		if fact, ok := rules.ShownBy(o.Obligation, facts, o.SettledOn); ok && !duty.Open {
			duty.Reference = fact.Reference
			if duty.Paper, duty.PaperElsewhere, err = p.proofOf(ctx, o.Obligation, fact, own); err != nil {
				return err
			}
		}
		p.page.Duties = append(p.page.Duties, duty)
	}
	return nil
}

// by is who carries out a duty of the practice as it answered.
func (p *packing) by(o breach.Obligation) string {
	entity := p.incident.Incident.Entity
	if by := rules.SettledBy(o); len(by) > 0 {
		fact := breach.Fact{Kind: by[0], Jurisdiction: rules.PlaceOf(o)}
		if fact.HasSender() {
			return entity.SenderOf(fact, p.practice.Practice, p.practice.RecordedFacts())
		}
	}
	return o.CarriedOutBy(entity.Delegated(p.practice.Practice))
}

// addSigned adds the paper of what the practice signed last.
func (p *packing) addSigned(ctx context.Context) error {
	sum, err := p.a.Packets.SignedLast(ctx, p.of)
	if err != nil || sum == "" {
		return err
	}
	content, err := p.keptProof(ctx, sum)
	if err != nil || content == nil {
		return err
	}
	file := packet.File{Part: packet.PartSigned, Name: packet.PartSigned, Type: pdf}
	return p.add(ctx, file, sum, func() ([]byte, error) { return content, nil })
}

// longestProof is the length in bytes of the longest proof that is shown: scans of a
// filing, and not the recording of a broadcast.
const longestProof = 25 << 20

// proofOf adds the paper that proves a fact and returns its part; elsewhere is true
// where one is on record and is not shown: it is of the whole incident and may show
// other practices, the folder does not have it, or it is encrypted for somebody else.
func (p *packing) proofOf(ctx context.Context, o breach.Obligation, fact breach.Fact, own []string) (part string, elsewhere bool, err error) {
	sum := ""
	for _, r := range p.practice.Proofs {
		if r.Fact == fact {
			sum = r.ProofSHA256 // the latest
		}
	}
	if sum == "" {
		return "", false, nil
	}
	if !slices.Contains(own, sum) {
		return "", true, nil
	}
	part = packet.PartFiled(sum)
	if slices.ContainsFunc(p.page.Files, func(f packet.File) bool { return f.Part == part }) {
		return part, false, nil // it proves another duty too
	}
	content, err := p.keptProof(ctx, sum)
	if err != nil || content == nil {
		return "", err == nil, err
	}
	kind, ending := typeOf(content)
	file := packet.File{Part: part, Name: fmt.Sprintf("%s-%s%s", strings.ReplaceAll(o.ID(), ".", "-"), fact.On, ending), Type: kind, Patients: true}
	return part, false, p.add(ctx, file, sum, func() ([]byte, error) { return content, nil })
}

// keptProof is a proof as it was recorded, nil where the folder does not have it.
func (p *packing) keptProof(ctx context.Context, sum string) ([]byte, error) {
	path, err := p.a.Out.Incident(p.ref.IncidentID).FindProof(ctx, sum)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := p.a.Out.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	content, err := io.ReadAll(io.LimitReader(file, longestProof+1))
	if err != nil || len(content) > longestProof || sumOf(content) != sum {
		return nil, err
	}
	return content, nil
}

// typeOf is the type of a proof by its content, and the ending of its name. What is
// none of the usual papers is handed out as bytes alone.
func typeOf(content []byte) (kind, ending string) {
	switch kind = http.DetectContentType(content); kind {
	case pdf:
		return kind, ".pdf"
	case "image/png":
		return kind, ".png"
	case "image/jpeg":
		return kind, ".jpg"
	}
	return "application/octet-stream", ""
}
