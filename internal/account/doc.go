// Package account accounts for everybody: each finding of a practice is at every
// moment in exactly one state, and this package says which states there are, what
// moves a finding from one to another, and who may cause that.
//
// It is pure. The database keeps the state of each finding and the counts by state,
// and changes them only by the moves listed here. Whoever wants to know whether
// somebody was told reads an Account, and never a recorded fact.
package account
