package logs

import (
	"encoding/json"
	"strings"

	"duenotice/internal/intake/fhir"
)

// auditEvent is what is read of a FHIR AuditEvent: R4, and R5's names where they differ.
type auditEvent struct {
	ResourceType string
	Recorded     string
	Type         coding
	Subtype      []coding
	// Code is R5's type.
	Code   codeable
	Action string
	// Outcome is a code in R4 and an object in R5.
	Outcome json.RawMessage
	Agent   []agent
	Source  struct {
		Site     any
		Observer reference
	}
	Entity []entity
	// Patient is R5's: whose record it is.
	Patient reference
}

type (
	coding   struct{ Code, Display string }
	codeable struct {
		Text   string
		Coding []coding
	}
	reference struct {
		Reference, Display string
		Identifier         struct{ Value string }
	}
	agent struct {
		Role      []codeable
		Type      codeable
		Who       reference
		AltID     string `json:"altId"`
		Name      string
		Requestor bool
		// Network is an object in R4.
		Network struct{ Address string }
	}
	entity struct {
		What reference
		// Role is a coding in R4 and a concept in R5.
		Role struct {
			Code   string
			Coding []coding
		}
	}
)

// auditCells are the cells of an AuditEvent by their names, and its patients. is reports
// that it is one.
func auditCells(raw []byte) (cells map[string]string, patients []string, is bool, err error) {
	var kind struct{ ResourceType string }
	if err := json.Unmarshal(raw, &kind); err != nil || kind.ResourceType != "AuditEvent" {
		return nil, nil, false, err
	}
	var e auditEvent
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, nil, true, err
	}
	cells = map[string]string{
		"recorded": e.Recorded, "action": e.Action, "type": firstOf(e.Type.Code, firstCode(e.Code)), "outcome": e.outcome(),
		"source.observer": firstOf(e.Source.Observer.Display, fhir.IDOf(e.Source.Observer.Reference)),
	}
	if site, is := e.Source.Site.(string); is {
		cells["source.site"] = site
	}
	for _, s := range e.Subtype {
		if cells["subtype"] == "" || s.Code == "export" || s.Code == "$export" {
			cells["subtype"] = s.Code
		}
	}
	a := e.who()
	cells["agent.id"] = firstOf(a.AltID, a.Who.Identifier.Value, fhir.IDOf(a.Who.Reference), a.Name, a.Who.Display)
	cells["agent.network"] = a.Network.Address
	for _, role := range append(a.Role, a.Type) {
		if cells["agent.role"] == "" {
			cells["agent.role"] = firstOf(role.Text, firstCode(role))
		}
	}
	patients = e.patients(cells)
	return cells, patients, true, nil
}

// who is the agent that asked: the requestor who is a person, or the requestor, or the
// only one. Programs that carried the request are agents too.
func (e *auditEvent) who() agent {
	var chosen agent
	best := 0
	for _, a := range e.Agent {
		rank := 1
		if a.Requestor {
			rank += 2
		}
		if !strings.HasPrefix(a.Who.Reference, "Device/") {
			rank++
		}
		if rank > best {
			chosen, best = a, rank
		}
	}
	return chosen
}

// patients are those that the entities name. A practice among them goes to the cells.
func (e *auditEvent) patients(cells map[string]string) []string {
	var all []string
	add := func(id string) {
		if id == "" {
			return
		}
		for _, there := range all {
			if there == id {
				return
			}
		}
		all = append(all, id)
	}
	for _, one := range e.Entity {
		ref := one.What.Reference
		switch {
		case isOf(ref, "Patient"):
			add(fhir.IDOf(ref))
		case isOf(ref, "Organization"):
			cells["entity.Organization"], cells["entity.Organization.display"] = fhir.IDOf(ref), one.What.Display
		case one.Role.Code == "1" || firstCode(codeable{Coding: one.Role.Coding}) == "1":
			add(firstOf(one.What.Identifier.Value, fhir.IDOf(ref)))
		}
	}
	add(firstOf(fhir.IDOf(e.Patient.Reference), e.Patient.Identifier.Value))
	return all
}

// isOf reports a reference to a kind of resource: Patient/1, also with an address before.
func isOf(ref, kind string) bool {
	return strings.HasPrefix(ref, kind+"/") || strings.Contains(ref, "/"+kind+"/")
}

// outcome is R4's code, or the code within R5's object.
func (e *auditEvent) outcome() string {
	var code string
	if json.Unmarshal(e.Outcome, &code) == nil {
		return code
	}
	var object struct{ Code coding }
	_ = json.Unmarshal(e.Outcome, &object) // what is neither says nothing
	return object.Code.Code
}

func firstCode(c codeable) string {
	for _, one := range c.Coding {
		if one.Code != "" {
			return one.Code
		}
	}
	return ""
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
