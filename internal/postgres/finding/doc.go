// Package finding keeps one person as one practice knows them: the encrypted record,
// the columns in clear that SQL counts and joins by, how both are written in bulk, read
// back and held against each other, and what is counted of them. It knows the data key
// of an incident and the row of the table, and nothing of cases, acts or sessions:
// those are package postgres. Every read of patient data is a Reader's.
package finding
