package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
)

// addPeople goes through the practice's people once and adds what names them: the list,
// what later lists changed, and letters where the practice writes them itself. Their
// ages are counted in any case.
//
// A list that was handed over to the practice is with it, and is given here no more,
// nor is anything else that names its people: its files were removed for that reason.
func (p *packing) addPeople(ctx context.Context, lists []casebook.ListOfPractice) error {
	key := hashOf("people", p.practice.ListSHA256, p.incident.Incident.Discovered)
	handed, err := p.handedOver(ctx)
	if err != nil {
		return err
	}
	var list *peopleList
	var differences map[int]*difference
	var letters *ownLetters
	if !handed {
		list = p.newList(key)
		if differences, err = p.differences(ctx, lists, key); err != nil {
			return err
		}
		if letters, err = p.ownLetters(ctx); err != nil {
			return err
		}
	}
	ages, people := map[breach.AgeGroup]int{}, 0
	err = p.each(ctx, func(person *breach.Person) error {
		people++
		ages[person.AgeGroupOn(p.incident.Incident.Discovered)]++
		for _, d := range differences {
			d.meet(person)
		}
		if err := letters.add(ctx, person); err != nil {
			return err
		}
		return list.add(person)
	})
	if err != nil {
		return err
	}
	if people != p.page.People {
		return p.counts(ctx, people)
	}
	for _, group := range breach.AgeGroups {
		if n := ages[group]; n > 0 {
			p.page.ByAge = append(p.page.ByAge, packet.Count{Key: string(group), People: n})
		}
	}
	if err := list.finish(ctx); err != nil {
		return err
	}
	if err := letters.finish(ctx); err != nil {
		return err
	}
	return p.addLists(ctx, lists, differences, !handed)
}

// each goes through the people of the practice's list.
func (p *packing) each(ctx context.Context, do func(*breach.Person) error) error {
	return p.a.eachListed(ctx, p.ref, p.incident.Incident.Discovered, do)
}

// handedOver reports whether the list as it now stands was handed over to the practice.
func (p *packing) handedOver(ctx context.Context) (bool, error) {
	gone, err := p.a.Packets.HandedOver(ctx, p.of)
	if err != nil || len(gone) == 0 {
		return false, err
	}
	sum := sha256.New()
	list := papers.WritePeopleCSV(sum)
	err = p.each(ctx, func(person *breach.Person) error { return list.Add(*person) })
	if err == nil {
		err = list.Flush()
	}
	return slices.Contains(gone, hex.EncodeToString(sum.Sum(nil))), err
}

// counts says that the list and its counts do not agree, unless a list has come meanwhile.
func (p *packing) counts(ctx context.Context, people int) error {
	now, err := p.a.Packets.Packet(ctx, p.of)
	if err != nil {
		return err
	}
	if now.Turn != p.there.Turn {
		return errLaterTurn
	}
	return fmt.Errorf("the list of practice %s has %d people and its counts say %d: see doctor", p.of.Key, people, p.page.People)
}

// peopleList is the practice's own list being written, unless it lies sealed. Of a nil
// one nothing is written.
type peopleList struct {
	p    *packing
	key  string
	csv  *papers.PeopleWriter // nil where it lies sealed
	made bytes.Buffer
}

func (p *packing) newList(key string) *peopleList {
	l := &peopleList{p: p, key: key}
	if p.there.Parts[packet.PartPeople].From != key {
		l.csv = papers.WritePeopleCSV(&l.made)
	}
	return l
}

func (l *peopleList) add(person *breach.Person) error {
	if l == nil || l.csv == nil {
		return nil
	}
	return l.csv.Add(*person)
}

// finish adds the list, plain and as an archive.
func (l *peopleList) finish(ctx context.Context) error {
	if l == nil {
		return nil
	}
	if l.csv != nil {
		if err := l.csv.Flush(); err != nil {
			return err
		}
	}
	p := l.p
	err := p.add(ctx, packet.File{Part: packet.PartPeople, Name: packet.PartPeople, Type: table, Patients: true}, l.key,
		func() ([]byte, error) { return l.made.Bytes(), nil })
	if err != nil {
		return err
	}
	return p.add(ctx, packet.File{Part: packet.PartPeopleZIP, Name: packet.PartPeopleZIP, Type: "application/zip", Patients: true}, "zip "+l.key,
		func() ([]byte, error) {
			if l.csv == nil { // the archive alone is missing
				lies, err := p.a.Packets.PacketPart(ctx, p.of, packet.PartPeople)
				if err != nil {
					return nil, err
				}
				return packet.ZIP(packet.PartPeople, lies, p.there.ZIPPassword)
			}
			return packet.ZIP(packet.PartPeople, l.made.Bytes(), p.there.ZIPPassword)
		})
}

// difference is what one later list did to the practice's people.
type difference struct {
	part, from string
	changes    []papers.ListedChange
	at         map[string]int // place of each key among changes
}

// meet fills in the row of somebody whom the list touched.
func (d *difference) meet(person *breach.Person) {
	if i, touched := d.at[person.Key]; touched && d.changes[i].What != breach.ListRemoved {
		kept := *person
		d.changes[i].Person = &kept
	}
}

// differences are those of later lists that do not lie sealed, by number.
func (p *packing) differences(ctx context.Context, lists []casebook.ListOfPractice, key string) (map[int]*difference, error) {
	made := map[int]*difference{}
	later := map[string]int{} // the next list that touches a person
	for _, list := range slices.Backward(lists) {
		if list.Number == firstList {
			continue
		}
		changes, err := p.a.Packets.ChangesOfList(ctx, p.of, list.Number)
		if err != nil {
			return nil, err
		}
		d := &difference{part: packet.PartDifference(list.Number), from: hashOf("list", list.Number, key, len(lists)), at: map[string]int{}}
		for i, c := range changes {
			d.changes = append(d.changes, papers.ListedChange{ListChange: c, Later: later[c.PersonKey]})
			d.at[c.PersonKey], later[c.PersonKey] = i, list.Number
		}
		if p.there.Parts[d.part].From != d.from {
			made[list.Number] = d
		}
	}
	return made, nil
}

// firstList is the number of the list that an incident is started with.
const firstList = 1

// addLists tells of each list, and adds what later ones changed.
func (p *packing) addLists(ctx context.Context, lists []casebook.ListOfPractice, made map[int]*difference, given bool) error {
	first := p.page.People
	for _, list := range lists {
		first += list.Removed - list.Added
	}
	key := hashOf("people", p.practice.ListSHA256, p.incident.Incident.Discovered)
	for _, list := range lists {
		shown := packet.List{Number: list.Number, On: civil.OfTime(list.At.In(p.a.Zone)), Added: list.Added, Removed: list.Removed, Changed: list.Changed}
		if list.Number == firstList {
			shown.Added = first
		} else if given {
			shown.Part = packet.PartDifference(list.Number)
			file := packet.File{Part: shown.Part, Name: shown.Part, Type: table, Patients: true}
			err := p.add(ctx, file, hashOf("list", list.Number, key, len(lists)), func() ([]byte, error) {
				return written(func(b *bytes.Buffer) error { return papers.ListChangesCSV(b, made[list.Number].changes) })
			})
			if err != nil {
				return err
			}
		}
		p.page.Lists = append(p.page.Lists, shown)
	}
	return nil
}
