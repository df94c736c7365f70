package access

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
)

// Role is what somebody may do.
type Role string

// The roles.
const (
	// Officer runs the incident: starts it, decides and records.
	Officer Role = "officer"
	// Approver approves letters and confirms a risk assessment.
	Approver Role = "approver"
	// Counsel reads everything but patients' rows.
	Counsel Role = "counsel"
	// Operator looks after the machine and its keys: reads where things stand, no patients' rows.
	Operator Role = "operator"
	// Practice answers for one practice and reads what is its own.
	Practice Role = "practice"
)

// Roles lists them, those who may do most first.
var Roles = []Role{Officer, Approver, Counsel, Operator, Practice}

// Identity is somebody as a machine knows them for certain: "os:ada" is an
// account of the machine that the program runs on, "db:ada" a database login of
// the person's own. It is not the name they go by.
type Identity string

// OfAccount is the identity of an account of this machine.
func OfAccount(account string) Identity { return Identity("os:" + account) }

// OfLogin is the identity of a database login of a person's own.
func OfLogin(login string) Identity { return Identity("db:" + login) }

// OfPage is the identity of whoever is on a practice's page with its link and code or
// passkey: the practice. It holds no role; what it may is PageMay.
func OfPage(incidentID, practiceKey string) Identity {
	return Identity("page:" + incidentID + "/" + practiceKey)
}

// IsPage reports whether the identity is of a practice on its page.
func (i Identity) IsPage() bool { return strings.HasPrefix(string(i), "page:") }

// Known reports whether the identity is of one of the two kinds.
func (i Identity) Known() bool {
	kind, name, found := strings.Cut(string(i), ":")
	return found && name != "" && (kind == "os" || kind == "db")
}

// Grant is a role that somebody holds.
type Grant struct {
	Identity Identity
	// Name is the person's, as --by has it.
	Name string
	Role Role
	// IncidentID is "" for every incident.
	IncidentID string
	// PracticeKey is set for the role Practice and for no other.
	PracticeKey string
}

// Check refuses a grant that means nothing.
func (g Grant) Check() error {
	switch {
	case !g.Identity.Known():
		return breach.Refuse("no_identity", "Give os: and the account's name on this machine, or db: and a database login.",
			"%q is not an identity", g.Identity)
	case breach.PersonNamed(g.Name) == "":
		return breach.Refuse("no_name", "Give the person's name as --by will have it.", "a role needs the person who holds it")
	case breach.CheckPersonName("--name", g.Name) != nil:
		return breach.CheckPersonName("--name", g.Name)
	case !slices.Contains(Roles, g.Role):
		return breach.Refuse("unknown_role", "It is "+roleNames(Roles)+".", "%q is not a role", g.Role)
	case g.Role == Practice && (g.IncidentID == "" || g.PracticeKey == ""):
		return breach.Refuse("no_practice", "Give --incident and --practice.", "the role practice is held for one practice of one incident")
	case g.Role != Practice && g.PracticeKey != "":
		return breach.Refuse("practice", "Leave --practice out, or grant the role practice.", "the role %s is not held for one practice", g.Role)
	}
	return nil
}

// Same reports whether two grants give the same to the same identity.
func (g Grant) Same(other Grant) bool {
	g.Name, other.Name = "", ""
	return g == other
}
