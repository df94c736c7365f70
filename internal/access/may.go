package access

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// Permission is something that a role allows: a kind of act (casebook.ActApprove
// and the like), or one of those below.
type Permission string

// Permissions that are not acts.
const (
	// Read is to look at where things stand.
	Read Permission = "read"
	// Start is to start an incident from its case folder.
	Start Permission = "start"
	// Prove is to make a pack of evidence.
	Prove Permission = "evidence"
	// SeePeople is to take out a list of patients' rows.
	SeePeople Permission = "people"
	// SeeOne is to see one patient's row, for a reason.
	SeeOne Permission = "reveal"
	// Oversee is to look at who looked at people.
	Oversee Permission = "oversee"
	// Watch is to open Temporal's pages decoded.
	Watch Permission = "watch"
	// Board is to open the officers' board, which shows all practices of an incident.
	Board Permission = "board"
	// KeepKeys is to look after the keys.
	KeepKeys Permission = "keys"
	// GiveCodes is to give a practice a code for its page.
	GiveCodes Permission = "codes"
	// GiveRoles is to give and take roles.
	GiveRoles Permission = "roles"
)

// allows has the roles for each permission. A permission that is not here is nobody's.
var allows = map[Permission][]Role{
	Read: Roles, Prove: {Officer, Counsel}, Start: {Officer}, SeePeople: {Officer}, SeeOne: {Officer}, Oversee: {Officer, Counsel}, GiveRoles: {Officer},
	Watch: {Officer, Approver, Counsel, Operator}, Board: {Officer, Approver, Counsel, Operator}, KeepKeys: {Operator, Officer},
	casebook.ActApprove: {Approver}, casebook.ActAssess: {Officer, Approver},
	casebook.ActDelegate: {Officer, Practice}, casebook.ActRecord: {Officer, Practice},
	casebook.ActHold: {Officer}, casebook.ActRelease: {Officer}, casebook.ActAmend: {Officer},
	casebook.ActReturns: {Officer}, casebook.ActAdopt: {Officer}, casebook.ActResume: {Officer}, casebook.ActRecall: {Officer}, casebook.ActReprint: {Officer}, casebook.ActNotify: {Officer}, casebook.ActReplan: {Officer},
	casebook.ActLegalHold: {Officer}, casebook.ActLegalRelease: {Officer},
	casebook.ActHandOver: {Officer}, casebook.ActShred: {Officer},
	casebook.ActContact: {Officer, Practice}, casebook.ActDispute: {Officer, Practice},
	GiveCodes: {Officer},
}

// PageMay reports whether a practice may do an act on its page: what its role may.
func PageMay(permission Permission) bool {
	return slices.Contains(allows[permission], Practice) && permission != Read
}

// everywhere are the permissions that concern no single incident.
var everywhere = []Permission{KeepKeys, GiveRoles}

// Open reports whether nobody holds a role. Then everybody who reaches the
// database may do everything, as on a machine of one's own.
func Open(grants []Grant) bool { return len(grants) == 0 }

// OpenTo reports whether that holds for an identity: whom only a provider knows, or a
// practice on its page, reaches no database.
func OpenTo(grants []Grant, who Identity) bool { return Open(grants) && who.ofSession() }

// May returns the role in which the identity has the permission in the incident,
// "" for no single one, and the practice, "" for all of it. It refuses with code
// "not_allowed", and with "not_you" when name, unless "", is not the name that
// the identity's roles were given to: nobody acts as somebody else, or as two.
func May(grants []Grant, who Identity, name string, permission Permission, incidentID, practiceKey string) (Role, error) {
	own := slices.DeleteFunc(slices.Clone(grants), func(g Grant) bool { return g.Identity != who })
	if len(own) == 0 {
		return "", breach.Refuse("not_allowed", "An officer gives roles with access grant.", "%s holds no role here", who)
	}
	if name != "" && !breach.SamePerson(name, own[0].Name) {
		return "", breach.Refuse("not_you", "Act under your own name, or let the other person act under their own account.",
			"%s is %s here and cannot act as %s", who, own[0].Name, strings.TrimSpace(name))
	}
	for _, role := range allows[permission] {
		for _, g := range own {
			if g.Role == role && g.reaches(permission, incidentID, practiceKey) {
				return role, nil
			}
		}
	}
	return "", breach.Refuse("not_allowed", "It takes the role "+roleNames(allows[permission])+"; access shows who holds which.",
		"%s (%s) may not %s%s", own[0].Name, who, verb(permission), place(incidentID, practiceKey))
}

// reaches: what concerns an incident needs a grant for it or for all; what concerns no
// single incident needs one for all, but to read, which shows only what is in reach.
func (g Grant) reaches(permission Permission, incidentID, practiceKey string) bool {
	switch {
	case incidentID == "" && permission == Read:
		return true
	case incidentID == "" || slices.Contains(everywhere, permission):
		return g.IncidentID == "" && g.Role != Practice
	case g.IncidentID != "" && g.IncidentID != incidentID:
		return false
	case g.Role != Practice:
		return true
	}
	return g.PracticeKey == practiceKey || (practiceKey == "" && permission == Read)
}

// Incidents are those in which the identity has the permission, in whichever of
// its roles: EveryIncident alone for all of them, also while nobody holds a role (OpenTo).
func Incidents(grants []Grant, who Identity, permission Permission) []string {
	if OpenTo(grants, who) {
		return []string{EveryIncident}
	}
	var incidents []string
	for _, g := range grants {
		switch {
		case g.Identity != who || g.Role == Practice || !slices.Contains(allows[permission], g.Role):
		case g.IncidentID == "":
			return []string{EveryIncident}
		case !slices.Contains(incidents, g.IncidentID):
			incidents = append(incidents, g.IncidentID)
		}
	}
	return incidents
}

// Scope is a role with all that it reaches, as the database is told it.
type Scope struct {
	Role Role
	// Incidents are ids, or EveryIncident alone.
	Incidents []string
	// Practices are incident:key, for the role Practice only.
	Practices []string
}

// EveryIncident stands for all incidents in Scope.
const EveryIncident = "*"

// Everywhere is a role for every incident.
func Everywhere(role Role) Scope { return Scope{Role: role, Incidents: []string{EveryIncident}} }

// Reach is everything that the identity holds in the role.
func Reach(grants []Grant, who Identity, role Role) Scope {
	scope := Scope{Role: role}
	for _, g := range grants {
		switch {
		case g.Identity != who || g.Role != role:
		case g.IncidentID == "":
			return Everywhere(role)
		default:
			scope.Incidents = append(scope.Incidents, g.IncidentID)
			if g.PracticeKey != "" {
				scope.Practices = append(scope.Practices, g.IncidentID+":"+g.PracticeKey)
			}
		}
	}
	return scope
}

// ScopeIn is the scope in which the identity has the permission in an incident, as a
// command for it is given. It refuses as May does. While nobody holds a role everybody
// to whom that is open is an officer.
func ScopeIn(grants []Grant, who Identity, permission Permission, incidentID string) (Scope, error) {
	if OpenTo(grants, who) {
		return Everywhere(Officer), nil
	}
	role, err := May(grants, who, "", permission, incidentID, "")
	if err != nil {
		return Scope{}, err
	}
	return Reach(grants, who, role), nil
}

// Scopes are all scopes in which the identity has the permission in some incident, those
// of the roles that may do most first; none where it has it nowhere.
func Scopes(grants []Grant, who Identity, permission Permission) []Scope {
	if OpenTo(grants, who) {
		return []Scope{Everywhere(Officer)}
	}
	var scopes []Scope
	for _, role := range allows[permission] {
		if scope := Reach(grants, who, role); len(scope.Incidents) > 0 {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

func verb(permission Permission) string {
	switch permission {
	case Read, Start:
		return string(permission)
	case Prove:
		return "make evidence"
	case SeePeople:
		return "take out a list of people"
	case SeeOne:
		return "see a person's row"
	case Oversee:
		return "see who looked at people"
	case Watch:
		return "open the Temporal UI"
	case Board:
		return "open the board"
	case KeepKeys:
		return "look after keys"
	case GiveCodes:
		return "give a practice a code for its page"
	case GiveRoles:
		return "give or take roles"
	}
	return strings.ReplaceAll(string(permission), "_", " ")
}

func roleNames(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, " or ")
}

func place(incidentID, practiceKey string) string {
	switch {
	case practiceKey != "":
		return " for practice " + practiceKey + " of " + incidentID
	case incidentID != "":
		return " in incident " + incidentID
	}
	return ""
}
