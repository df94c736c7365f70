package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"duenotice/internal/givenfile"
	"duenotice/internal/outfolder"
)

// keepProof copies a proof into the incident's evidence folder, before the act
// that names it: what is on record as a proof is there. The same file twice is
// one file.
func (p *program) keepProof(ctx context.Context, incident, path, sum string) error {
	if path == "" {
		return nil
	}
	if err := incidentArgument(incident); err != nil {
		return err
	}
	config, err := p.config()
	if err != nil {
		return err
	}
	content, err := givenfile.Read(path)
	if err != nil {
		return systemError(err)
	}
	if sumOf(content) != sum {
		return systemError(fmt.Errorf("%s was changed while it was read; give the command again", path))
	}
	folder := p.incidentFolder(config, incident)
	_, err = config.Outputs().WriteFile(ctx, folder.Proof(sum, proofEnding(path)), content)
	return systemError(err)
}

var plainEnding = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)

// proofEnding is the file's ending, so that a click opens it.
func proofEnding(path string) string {
	ending := strings.ToLower(filepath.Ext(path))
	if !plainEnding.MatchString(ending) {
		return ""
	}
	return ending
}

// keptProof reads the proof with a sum, whatever its ending.
func (s *session) keptProof(ctx context.Context, folder outfolder.Incident, sum string) (name string, content []byte, err error) {
	at, err := folder.FindProof(ctx, sum)
	if err != nil {
		return "", nil, err
	}
	content, err = s.config.Outputs().ReadFile(ctx, at)
	return path.Base(filepath.ToSlash(at)), content, err
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
