package mail

import (
	"slices"
	"strings"
)

// reserved are the domains that belong to nobody (RFC 2606, RFC 6761): no mail
// comes from them, and none arrives.
var reserved = []string{"example", "example.com", "example.net", "example.org", "invalid", "localhost", "test"}

// Nobodys reports whether an e-mail address is in a domain that is nobody's.
func Nobodys(email string) bool {
	domain := strings.TrimSuffix(strings.ToLower(email[strings.LastIndexByte(email, '@')+1:]), ".")
	return slices.ContainsFunc(reserved, func(r string) bool { return domain == r || strings.HasSuffix(domain, "."+r) })
}
