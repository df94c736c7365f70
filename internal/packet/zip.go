package packet

import (
	"bytes"
	"fmt"

	"github.com/yeka/zip"
)

// zipPasswordLetters give 100 bits: the archive may be kept where many can try.
const zipPasswordLetters = 20

// ZIPPassword opens the archive of the practice's list (PartPeopleZIP). It follows
// from the identity, so that it is the same each time the list is packed and is kept
// nowhere; the identity does not follow from it.
func (i *Identity) ZIPPassword() string {
	bits := expand([]byte(i.Secret()), "duenotice page zip password")
	password := make([]byte, 0, zipPasswordLetters+zipPasswordLetters/codeLength)
	for n := range zipPasswordLetters {
		if n > 0 && n%5 == 0 {
			password = append(password, '-')
		}
		password = append(password, codeLetters[bits[n]%byte(len(codeLetters))])
	}
	return string(password)
}

// ZIP packs one file into an archive that asks for the password: AES-256 as WinZip,
// 7-Zip and the archive programs of the usual systems read it. The name of the file
// and its size can be read without the password.
func ZIP(name string, content []byte, password string) ([]byte, error) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	file, err := w.Encrypt(name, password, zip.AES256Encryption)
	if err != nil {
		return nil, fmt.Errorf("packing %s: %w", name, err)
	}
	if _, err := file.Write(content); err != nil {
		return nil, fmt.Errorf("packing %s: %w", name, err)
	}
	// The directory at the archive's end is written by Close.
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("packing %s: %w", name, err)
	}
	return archive.Bytes(), nil
}
