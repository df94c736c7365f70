// Package casebook has the records of a running incident: what the database
// keeps, the activities change and the CLI shows. Types only; internal/postgres
// stores them.
//
// Patient data appears in exactly two of them, Letter and the breach.Person it
// holds; every other type carries keys, counts, days and hashes and may be
// logged, shown and passed through Temporal.
package casebook
