// Package rules is the rulebook: the law of breach notification as units that
// can be read, cited, hashed and tested one by one.
//
// The States' rules are made from the rows of package states, by one function
// for each kind of duty.
//
// A federal rule stands in one file: the words of the law in a block comment, our
// paraphrase, its citation and authority, the half-open window of dates in
// which it is in force, whether it applies and what it asks for. A rule's
// window is judged by the incident's own dates, never by today's. The package
// is pure: it does no I/O and reads no clock, so that the same subject under
// the same rulebook gives the same decision years later.
package rules

//go:generate go test -run "^TestObligationsDocumentIsCurrent$" -update .
