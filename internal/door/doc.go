// Package door is the sign-in of the pages that officers open: the board, and the
// page for Temporal's UI. People come in by a one-time link of the command line, by a
// passkey that they made once they were in, or by a provider of identities with
// OpenID Connect. A session is a random secret in a cookie, of which the database has
// the hash; it ends by time, by its person, or by an officer who gives roles.
//
// A session holds no rights: at each request the store is asked which roles its
// person holds now. What began, was refused and ended is a record (casebook.DoorEvent).
//
// Both pages share one origin with the sign-in (ADR 0205). Nothing here needs a
// script but a passkey, and that script is the only one.
package door
