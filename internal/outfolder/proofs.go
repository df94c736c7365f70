package outfolder

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FindProof is the path of the kept proof with a SHA-256 sum, whatever ending it came
// with; fs.ErrNotExist where there is none. What a practice sent is encrypted where
// patients' files are, and is then nobody's here to read.
func (i Incident) FindProof(sum string) (string, error) {
	kept, err := os.ReadDir(i.Proofs())
	if err != nil {
		return "", err
	}
	for _, file := range kept {
		if !Sealed(file.Name()) && (file.Name() == sum || strings.HasPrefix(file.Name(), sum+".")) {
			return filepath.Join(i.Proofs(), file.Name()), nil
		}
	}
	return "", fs.ErrNotExist
}
