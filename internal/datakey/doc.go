// Package datakey keeps patient data unreadable to whoever has the database
// without the key file.
//
// It is envelope encryption: every incident has a data key of its own, 256
// random bits, which is stored only wrapped by a master key. A master key is
// named and is in a key file, in an environment secret or in a KMS (Master).
// Replacing it wraps the data keys anew and touches no row; destroying the
// wrapped data key of one incident makes that incident's people unreadable and
// nobody else's.
//
// The ciphers are Tink's (github.com/tink-crypto/tink-go): AES-256-GCM with
// random nonces. One data key serves at most 2^32 rows (NIST SP 800-38D, 8.3).
package datakey
