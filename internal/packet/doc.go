// Package packet is what one practice gets on its page, and the locks it lies
// behind: the link and the code that open it, how it is sealed for that practice
// alone, and what the practice answers.
//
// The page's server faces the internet. It keeps what it shows sealed for an
// identity of the practice (age, X25519), and has that identity only wrapped: by
// what the practice itself brings, which is its link and a code, its session's
// cookie, or its passkey. Of each of these the database has a hash and no more
// (docs/adr/0191). Everything here is pure but for randomness.
package packet
