package casebook

import "strings"

// FoldName writes a name as people compare names, case and spaces aside, so that
// nobody becomes two approvers by typing their name differently. Upper case comes
// first: some letters, such as the long s, are the same only in it.
func FoldName(name string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(name), " ")))
}

// SameName reports whether two names are one person's.
func SameName(a, b string) bool { return FoldName(a) == FoldName(b) }
