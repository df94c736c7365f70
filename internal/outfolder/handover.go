package outfolder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// handedSuffix ends the name of what stands in place of a file that was handed over.
const handedSuffix = ".handed-over.json"

// HandedOver says where a file with patient data went: to whom, by whose word
// and when, and what it was.
type HandedOver struct {
	To   string    `json:"to"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Name string    `json:"name"`
	Content
	// Plain is what was in it, when it was encrypted.
	Plain *Content `json:"plain,omitempty"`
}

// content is what was in the file.
func (h HandedOver) content() Content {
	if h.Plain != nil {
		return *h.Plain
	}
	return h.Content
}

// handedOver reports whether the file at a key was handed over with just this content.
func (f Folder) handedOver(ctx context.Context, key string, content Content) (Written, bool, error) {
	var h HandedOver
	ok, err := f.readRecord(ctx, key+handedSuffix, &h)
	if err != nil || !ok || h.content() != content {
		return Written{}, false, err
	}
	return f.written(path.Join(path.Dir(key), path.Base(h.Name)), Found{Content: h.Content, Plain: h.Plain}), true, nil
}

// FindPatientFile returns the file with patient data at an address, encrypted or not,
// as it now is. ok is false when there is none.
func (f Folder) FindPatientFile(ctx context.Context, address string) (w Written, ok bool, err error) {
	key, err := f.key(address)
	if err != nil {
		return w, false, err
	}
	for _, name := range []string{key + sealedSuffix, key} {
		find := f.place.Find
		if name != key {
			find = f.findSealed
		}
		found, err := find(ctx, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return w, false, fmt.Errorf("look at the file to hand over: %w", err)
		}
		return f.written(name, found), true, nil
	}
	return w, false, nil
}

// RemoveHandedOver notes where the file at an address went, and then removes it. The
// same again, after a crash between the two, is right.
func (f Folder) RemoveHandedOver(ctx context.Context, address string, w Written, to, by string, at time.Time) error {
	b, err := json.MarshalIndent(HandedOver{
		To: to, By: by, At: at.UTC(), Name: path.Base(filepath.ToSlash(w.Path)), Content: Content{w.SHA256, w.Bytes}, Plain: w.Plain,
	}, "", "  ")
	if err != nil {
		return err
	}
	if _, err := f.WriteFile(ctx, address+handedSuffix, append(b, '\n')); err != nil {
		return err
	}
	return f.RemovePatientFile(ctx, address)
}

// RemovePatientFile removes the file with patient data at an address, encrypted or not.
func (f Folder) RemovePatientFile(ctx context.Context, address string) error {
	return f.Remove(ctx, address, address+sealedSuffix, address+sealedSuffix+recordSuffix)
}

// PrintedBatches returns the names of the batches that lie whole in an incident's folder:
// the manifest is written last.
func (i Incident) PrintedBatches(ctx context.Context) ([]string, error) {
	var names []string
	err := i.folder.Each(ctx, i.at("mail"), func(address string) error {
		if parts := strings.Split(i.Relative(address), "/"); len(parts) == 3 && parts[2] == manifestName {
			names = append(names, parts[1])
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look which letters lie printed: %w", err)
	}
	return names, nil
}

// patientNames are the files with patient data in the folders of practices and batches,
// and beside those. Proofs are not among them: they are evidence, and stay.
var patientNames = map[string][]string{
	"practices": {peopleName, emailListName, accountingName},
	"mail":      {"letters.pdf", "pieces.csv", "held.csv", emailListName, addressesName, callersName, recalledName},
}

// PatientFiles returns the addresses, without .age, of the files with patient data
// that an incident's folder holds, in their order.
func (i Incident) PatientFiles(ctx context.Context) ([]string, error) {
	var addresses []string
	for _, part := range []string{"practices", "mail"} {
		err := i.folder.Each(ctx, i.at(part), func(address string) error {
			names := strings.Split(i.Relative(strings.TrimSuffix(strings.TrimSuffix(address, recordSuffix), sealedSuffix)), "/")
			if !slices.Contains(patientNames[part], names[len(names)-1]) {
				return nil
			}
			if plain := i.at(names...); len(addresses) == 0 || addresses[len(addresses)-1] != plain {
				addresses = append(addresses, plain)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return addresses, nil
}
