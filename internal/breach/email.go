package breach

import "strings"

// Lengths of an e-mail address in octets (RFC 5321 sections 4.5.3.1.1 to 3 and
// RFC 1035 section 2.3.4).
const (
	maxAddress   = 254
	maxLocalPart = 64
	maxLabel     = 63
)

// IsMailbox reports one e-mail address that mail can be sent to: what stands
// before the @ is a dot-atom (RFC 5322 section 3.2.3), what stands behind it a
// host name of at least two labels. Letters beyond ASCII would need SMTPUTF8 (RFC
// 6531) at every hop, and quoted names and addresses in brackets are refused by
// the provider; a domain with other letters is written as xn--. What is read
// from a list and what is handed to a sender are both held against this.
func IsMailbox(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at <= maxLocalPart && len(s) <= maxAddress && isDotAtom(s[:at]) && isHost(s[at+1:])
}

func isDotAtom(s string) bool {
	if s[0] == '.' || s[len(s)-1] == '.' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !isPlaceByte(c) && strings.IndexByte(".!#$%&'*+/=?^_`{|}~-", c) < 0 || c == '.' && s[i-1] == '.' {
			return false
		}
	}
	return true
}

func isHost(s string) bool {
	labels, last := 0, ""
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isPlaceByte(label[i]) && label[i] != '-' {
				return false
			}
		}
		labels, last = labels+1, label
	}
	// A last label of digits would be an Internet address (RFC 3696 section 2).
	return labels > 1 && len(last) > 1 && strings.Trim(last, "0123456789") != ""
}

// unread are names before the @ that stand for no address, or for one that
// nobody reads.
var unread = setOf("none noemail nomail unknown unk null nil nobody nowhere test xxx noreply donotreply refused declined")

// IsUnreadMailbox reports an e-mail address that will reach nobody though mail
// to it can be sent: noreply@..., none@..., unknown@....
func IsUnreadMailbox(s string) bool {
	var local [longestWord]byte
	size := 0
	for i := 0; i < len(s) && s[i] != '@'; i++ {
		switch c := s[i]; {
		case c == '-' || c == '_' || c == '.':
			continue
		case size == len(local):
			return false
		case c >= 'A' && c <= 'Z':
			local[size] = c + 'a' - 'A'
		default:
			local[size] = c
		}
		size++
	}
	return unread[string(local[:size])]
}
