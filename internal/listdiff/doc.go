// Package listdiff compares two lists of people: who came, who went, of whom other kinds
// of data are known, who lives elsewhere, by practice and State, and what that changes in
// what is owed.
//
// The lists are read as streams and sorted together on the disk, so that memory does not
// grow with them. No name and no address is kept of anybody, only hashes that hold for one
// comparison. What is owed is the plan's to say (internal/plan), and what becomes of whoever
// turned out not to be affected breach.OfLaterRow's.
package listdiff
