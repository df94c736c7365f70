package outfolder

import (
	"errors"
	"io"
	"strings"

	"filippo.io/age"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// sealedSuffix ends the names of encrypted files, as age's own tools have it.
const sealedSuffix = ".age"

// Recipients are who can read the files with patient data (age, https://age-encryption.org/v1).
// Without any the files are in clear.
type Recipients struct {
	keys  []age.Recipient
	words []string
}

// ParseRecipients reads recipients from text: public keys (age1...), or files
// that list them, one a line, as age's --recipients-file takes them; parted by
// spaces or commas. What it cannot read is refused with code "recipients":
// nothing may be written in clear because of a misspelt name. A secret key among
// them is refused without being repeated anywhere.
func ParseRecipients(text string) (Recipients, error) {
	var r Recipients
	if holdsSecretKey(text) {
		return Recipients{}, secretRecipient("DUENOTICE_OUT_ENCRYPT")
	}
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == '\n' || c == '\t' }) {
		list := word
		if !strings.HasPrefix(word, "age1") {
			content, err := givenfile.Read(word)
			if err != nil {
				return Recipients{}, badRecipient(word, errors.New("it is no public key, and no file with any can be read there"))
			}
			list = string(content)
			if holdsSecretKey(list) {
				return Recipients{}, secretRecipient(word)
			}
		}
		keys, err := age.ParseRecipients(strings.NewReader(list))
		if err != nil {
			return Recipients{}, badRecipient(word, err)
		}
		r.keys = append(r.keys, keys...)
		for line := range strings.Lines(list) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				r.words = append(r.words, line)
			}
		}
	}
	return r, nil
}

// holdsSecretKey reports an age identity, or a private key in PEM, where public
// keys belong. Bech32 may be in capitals or not (BIP 173).
func holdsSecretKey(text string) bool {
	text = strings.ToUpper(text)
	return strings.Contains(text, "AGE-SECRET-KEY-") || strings.Contains(text, "AGE-PLUGIN-") || strings.Contains(text, "PRIVATE KEY-----")
}

func secretRecipient(where string) error {
	return breach.Refuse("recipients", "Take it out, keep it where only its owner reads it, and give its public key (age1...): age-keygen -y KEY-FILE prints it. "+
		"Whoever could read the configuration has seen the secret one: think of making a new pair.",
		"%s has a secret key where public keys belong", where)
}

func badRecipient(word string, err error) error {
	return breach.Refuse("recipients", "Give public keys (age1...), or a file that lists them: age-keygen -y KEY-FILE prints yours.",
		"DUENOTICE_OUT_ENCRYPT names %q: %s", word, err)
}

// Any reports whether there are recipients, and files are encrypted.
func (r Recipients) Any() bool { return len(r.keys) > 0 }

// String lists the public keys, as ParseRecipients reads them.
func (r Recipients) String() string { return strings.Join(r.words, " ") }

func (r Recipients) encrypt(to io.Writer) (io.WriteCloser, error) { return age.Encrypt(to, r.keys...) }
