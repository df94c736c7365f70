// Package plan works out, offline, who is owed what by when: `plan --json`.
//
// The findings are read once, as a stream, and only counts and 64-bit hashes
// are kept of them, so that a million rows fit in a few dozen megabytes. The
// order of rows never changes a plan, and the same input gives the same bytes.
package plan
