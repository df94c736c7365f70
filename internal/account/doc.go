// Package account accounts for everybody: each finding of a practice is at every
// moment in exactly one state, and this package says which states there are, what
// moves a finding from one to another, and who may cause that.
//
// It is pure. The database keeps each finding's state and the counts by state, and
// changes them only along the moves listed here; whoever wants to know whether
// somebody was told reads an Account, and never a recorded fact.
package account
