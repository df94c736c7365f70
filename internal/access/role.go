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
// the person's own, "oidc:ada@example.org" whom the provider of identities calls so,
// who signs in to pages and gives no commands. It is not the name they go by.
type Identity string

// The kinds of identities.
const (
	kindAccount  = "os"
	kindLogin    = "db"
	kindProvider = "oidc"
	kindPage     = "page"
)

// OfAccount is the identity of an account of this machine.
func OfAccount(account string) Identity { return Identity(kindAccount + ":" + account) }

// OfLogin is the identity of a database login of a person's own.
func OfLogin(login string) Identity { return Identity(kindLogin + ":" + login) }

// OfProvider is the identity of whom the configured provider calls so. An e-mail
// address is one in whichever capitals.
func OfProvider(claim string, isEmail bool) Identity {
	if isEmail {
		claim = strings.ToLower(strings.TrimSpace(claim))
	}
	return Identity(kindProvider + ":" + claim)
}

// OfPage is the identity of whoever is on a practice's page with its link and code or
// passkey: the practice. It holds no role; what it may is PageMay.
func OfPage(incidentID, practiceKey string) Identity {
	return Identity(kindPage + ":" + incidentID + "/" + practiceKey)
}

// IsPage reports whether the identity is of a practice on its page.
func (i Identity) IsPage() bool { return strings.HasPrefix(string(i), kindPage+":") }

// Known reports whether the identity is of one of the kinds that hold roles.
func (i Identity) Known() bool {
	kind, name, found := strings.Cut(string(i), ":")
	return found && name != "" && slices.Contains([]string{kindAccount, kindLogin, kindProvider}, kind)
}

// FromProvider reports whether only the provider says who this is. Everybody whom it
// knows can come, of whatever department: they reach neither machine nor database.
func (i Identity) FromProvider() bool { return strings.HasPrefix(string(i), kindProvider+":") }

// ofSession reports whether it is somebody of whom the database, or the machine, says
// in whose session something is asked.
func (i Identity) ofSession() bool {
	return i.Known() && !i.FromProvider()
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
		return breach.Refuse("no_identity", "Give os: and the account's name on this machine, db: and a database login, or oidc: and what the provider calls them.",
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
