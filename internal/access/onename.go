package access

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// TakesTwo reports whether acts of the kind are counted by people: what they bring
// about takes two.
func TakesTwo(kind string) bool {
	return slices.Contains([]string{casebook.ActApprove, casebook.ActAssess}, kind)
}

// OneName refuses, with code "one_identity", that an identity does under a second name
// what takes two people. before is the name it did so under first in the incident.
//
// One identity is nobody in particular: the account that the worker itself runs under,
// worker. It owns the keys and the database's password, could write whatever the worker
// writes, and is what everybody shares on a machine that has one account. What two
// people do under it counts, and is shown as of one account wherever it is proved. As
// soon as somebody holds a role, it has one name like everybody else (May).
func OneName(worker, who Identity, before, name string) error {
	if who == worker || breach.SamePerson(before, name) {
		return nil
	}
	return breach.Refuse("one_identity",
		"Let the other person give it from an account or a database login of their own; access grant makes names binding (see docs/access.md).",
		"%s decided as %s in this incident before and cannot decide as %s too: what takes two people takes two identities", who, before, strings.TrimSpace(name))
}
