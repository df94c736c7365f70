// Package match says whether two entries of people are about one person, and why: by
// rules that a person can follow, and by nothing else. It knows no case and no file of
// one.
//
// A rule never rests on a name alone. What fits by several marks of which none is
// another person's as a rule (name, birth date and address; an identifier and a birth
// date) is one person. What fits by fewer, or contradicts itself, is doubtful, and a
// person decides. Two who are taken for one are one letter fewer; one who is taken for
// two counts twice. The first is worse, so that everything between is left to people.
package match
