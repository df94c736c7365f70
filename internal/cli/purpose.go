package cli

import (
	"slices"
	"strings"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

// purpose is what a command is about to do, for whoever may.
type purpose struct {
	// permission is "" to learn who one is, which everybody may.
	permission access.Permission
	// by is the name given with --by, "" where the command takes none.
	by string
	// incident and practice are "" where it concerns no single one.
	incident, practice string
}

// ofPerson is what is done under the person's own role in the database. The
// others, such as loading a list, take the program's.
var ofPerson = []access.Permission{access.Read, access.SeeOne, access.Oversee, access.Board, access.GiveRoles}

// as returns the role in which the database is opened for the purpose; none is
// the program's own. It refuses who may not.
func (e purpose) as(who postgres.Login) (access.Scope, error) {
	personal := slices.Contains(ofPerson, e.permission)
	if e.permission == "" {
		return access.Scope{}, nil
	}
	if who.Open() {
		if personal {
			return access.Everywhere(access.Officer), nil
		}
		return access.Scope{}, nil
	}
	role, err := access.May(who.Grants, who.Identity, e.by, e.permission, e.incident, e.practice)
	switch {
	case err != nil:
		return access.Scope{}, err
	case personal:
		return access.Reach(who.Grants, who.Identity, role), nil
	case !who.Program:
		return access.Scope{}, breach.Refuse("not_here", "Give it on the machine of the worker.",
			"this takes the program's own login to the database, and %s is a person's", who.Identity)
	}
	return access.Scope{}, nil
}

// notForRole is the refusal for what the database kept from a person's role, where that is
// what err says: its own words help nobody. Of the program's own login it is a fault.
func notForRole(who *postgres.Login, err error) *breach.Refusal {
	if who == nil || !postgres.Denied(err) {
		return nil
	}
	name := string(who.Identity)
	var roles []string
	for _, g := range who.Grants {
		if g.Identity == who.Identity {
			name = g.Name + " (" + string(who.Identity) + ")"
			roles = append(roles, string(g.Role))
		}
	}
	slices.Sort(roles)
	if roles = slices.Compact(roles); len(roles) > 0 {
		name += ", " + strings.Join(roles, " and ") + ","
	}
	return breach.Refuse("not_for_role", "Ask an officer to look, or for a role that may: access shows who is one, and docs/access.md what each role sees.",
		"%s may not see or change what this command needs", name)
}

// account is the name of the account that gave the command, as the machine says
// and not as its environment does.
func (p *program) account() string {
	if p.Account != nil {
		return p.Account()
	}
	return app.Account()
}

// name is how whoever gave the command goes by: as --by says, else as their
// roles were given to, else their account.
func (s *session) name(by string) string {
	by = strings.TrimSpace(by)
	for _, g := range s.who.Grants {
		if by == "" && g.Identity == s.who.Identity {
			by = g.Name
		}
	}
	return firstSet(by, s.p.account())
}
