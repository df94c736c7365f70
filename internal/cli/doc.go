// Package cli is the command line: every command of the contract, its words,
// its exit code and what it prints where.
//
// What people read goes to standard output, progress and hints to standard
// error. With --json one document goes to standard output and nothing else.
// Only what cannot be taken back is asked for, at a terminal (docs/adr/0137); --yes
// answers beforehand, so that every command can run in a script.
package cli
