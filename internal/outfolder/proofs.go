package outfolder

import (
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// FindProof is the address of the kept proof with a SHA-256 sum, whatever ending it came
// with; fs.ErrNotExist where there is none. What a practice sent is encrypted where
// patients' files are, and is then nobody's here to read.
func (i Incident) FindProof(ctx context.Context, sum string) (address string, err error) {
	err = i.folder.Each(ctx, i.Proofs(), func(kept string) error {
		name := path.Base(filepath.ToSlash(kept))
		if !Sealed(name) && (name == sum || strings.HasPrefix(name, sum+".")) {
			address = kept
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && address == "" {
		err = fs.ErrNotExist
	}
	return address, err
}
