// Package postgres keeps the records of running incidents in PostgreSQL: it is
// the activities' Store, and loads lists of findings.
//
// Queries stand in queries/, tables in migrations/, both in SQL; sqlc checks
// one against the other and makes package sqlgen ("make generate").
//
// Patient data is in one table, finding. It is written in columns.go and read
// in person.go, and nowhere else. Errors name keys, never people.
package postgres
