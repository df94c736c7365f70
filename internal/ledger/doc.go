// Package ledger is the chain that proves what was done in an incident: its
// entries, how they are hashed, and how a broken chain is told from a whole one.
//
// An incident has a chain of its own, and so has each of its practices: two
// practices never wait for each other, and one practice's story can be handed
// over without the others'. From time to time the incident's chain takes in an
// anchor, the root of a Merkle tree (RFC 6962) over where every practice's chain
// then stood, so that all of them are held by the one (docs/adr/0080).
//
// Pure: no I/O, no clock. internal/postgres keeps the chains, internal/evidence
// packs and verifies them. No entry has anything about a patient: they carry
// keys, counts, days, hashes, and what officers wrote.
package ledger
