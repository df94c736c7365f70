package door

import (
	"context"
	"errors"
	"net/http"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// Person is who sent a request, and what they may do at that moment.
type Person struct {
	// Name is how the record of who looked names them.
	Name     string
	Identity access.Identity
	// Grants are all roles that are held now, by whomever.
	Grants []access.Grant

	session casebook.DoorSession
}

// Incidents are those whose workflows the person may watch now: access.EveryIncident
// alone for all of them.
func (p Person) Incidents() []string { return access.Incidents(p.Grants, p.Identity, access.Watch) }

// MayLook reports whether somebody may open any of the pages.
func MayLook(grants []access.Grant, who access.Identity) bool {
	return len(access.Incidents(grants, who, access.Watch)) > 0 || len(access.Scopes(grants, who, access.Board)) > 0
}

// MayEndOthers reports whether somebody may end others' sessions and take their
// passkeys away: who gives roles and takes them.
func MayEndOthers(grants []access.Grant, who access.Identity) bool {
	if access.OpenTo(grants, who) {
		return true
	}
	_, err := access.May(grants, who, "", access.GiveRoles, "", "")
	return err == nil
}

type personKey struct{}

// Of is who sent a request that came through the door.
func Of(r *http.Request) (Person, bool) {
	p, ok := r.Context().Value(personKey{}).(Person)
	return p, ok
}

// Who is Of in the words of a page that asks for roles: who it is, and all roles
// there are. It fails for a request that did not come through the door.
func Who(r *http.Request) (access.Identity, []access.Grant, error) {
	p, ok := Of(r)
	if !ok {
		return "", nil, errors.New("the request came past the sign-in")
	}
	return p.Identity, p.Grants, nil
}

func withPerson(r *http.Request, p Person) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), personKey{}, p))
}
