// Package evidence makes packs that prove what was done in an incident, or for
// one of its practices, and verifies them with nothing but the pack and a key.
//
// A pack is a ZIP file: a manifest of all its files with their SHA-256 sums,
// the manifest's Ed25519 signature, the ledger's chains (internal/ledger) with
// the hashes that tie a practice's to the incident's, the practice's duties,
// its binder, its papers and the proofs that were recorded. It holds no patient
// data of the program's making.
package evidence
