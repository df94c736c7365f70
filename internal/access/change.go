package access

import (
	"slices"

	"duenotice/internal/breach"
)

// Change refuses a change of who holds which role that would leave nobody to
// change it again, or make one identity two people. grants are those there now;
// granted is false when g is taken away. by is who changes it.
func Change(grants []Grant, g Grant, granted bool, by Identity) error {
	if err := g.Check(); err != nil {
		return err
	}
	// Whom only the provider knows gives no commands, and so no roles.
	officer := func(o Grant) bool {
		return o.Role == Officer && o.IncidentID == "" && !o.Identity.FromProvider()
	}
	if !granted {
		if slices.ContainsFunc(grants, func(o Grant) bool { return officer(o) && !o.Same(g) }) || !officer(g) {
			return nil
		}
		return breach.Refuse("last_officer", "Grant somebody else the role officer first, without --incident.",
			"%s is the last officer for every incident", g.Name)
	}
	for _, o := range grants {
		if o.Identity == g.Identity && !breach.SamePerson(o.Name, g.Name) {
			return breach.Refuse("same_person", "Give the role under the name the identity has, or to another identity.",
				"%s is %s here already and cannot be %s too", g.Identity, o.Name, g.Name)
		}
	}
	if Open(grants) && !(officer(g) && g.Identity == by) {
		return breach.Refuse("no_officer", "Grant yourself the role officer first, without --incident: you are "+string(by)+".",
			"nobody is an officer yet, so nobody could give or take a role after this")
	}
	return nil
}
