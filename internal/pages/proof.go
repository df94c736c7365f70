package pages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/packet"
)

// proof is a file that a practice sends. It is kept and never shown as a page or a picture.
type proof struct {
	name, kind string
	content    []byte
	// problem is the key of why it was not taken, "" for no problem.
	problem string
}

func (p proof) sha256() string {
	sum := sha256.Sum256(p.content)
	return hex.EncodeToString(sum[:])
}

// proofKinds are the types that are taken, by what a file begins with. What it is
// called, and what the browser says of it, decides nothing.
var proofKinds = []struct{ kind, begins string }{
	{"application/pdf", "%PDF-"},
	{"image/png", "\x89PNG\r\n\x1a\n"},
	{"image/jpeg", "\xff\xd8\xff"},
}

// scanTime is how long the operator's program may look at a file.
const scanTime = time.Minute

// takeProof reads the file of a form, if there is one, and has it looked at.
func (t *site) takeProof(r *http.Request) proof {
	file, header, err := r.FormFile(fieldProof)
	if errors.Is(err, http.ErrMissingFile) {
		return proof{}
	}
	if err != nil {
		return proof{problem: "wrong.proof.read"}
	}
	content, err := io.ReadAll(io.LimitReader(file, packet.MaxAttachment+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return proof{problem: "wrong.proof.read"}
	}
	p := proof{name: header.Filename, content: content}
	switch {
	case len(content) == 0 && p.name == "":
		return proof{} // a browser sends an empty file for none
	case len(content) == 0:
		return proof{problem: "wrong.proof.empty"}
	case len(content) > packet.MaxAttachment:
		return proof{problem: "wrong.proof.long"}
	case casebook.Readable(fieldProof, p.name) != nil || len(p.name) > 255:
		p.name = "" // it is only to find it again
	}
	for _, k := range proofKinds {
		if bytes.HasPrefix(content, []byte(k.begins)) {
			p.kind = k.kind
		}
	}
	if p.kind == "" {
		return proof{problem: "wrong.proof.kind"}
	}
	if !t.clean(r.Context(), content) {
		return proof{problem: "wrong.proof.scan"}
	}
	return p
}

// clean asks the operator's program. A program that cannot be run lets nothing in, and
// the log says so; what it prints is nobody's to read here.
func (t *site) clean(ctx context.Context, content []byte) bool {
	if len(t.Scan) == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	scan := exec.CommandContext(ctx, t.Scan[0], t.Scan[1:]...)
	scan.Stdin = bytes.NewReader(content)
	// The login to the database is no business of the program's.
	scan.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "DUENOTICE_") })
	scan.WaitDelay = time.Second
	err := scan.Run()
	if err == nil {
		return true
	}
	why := "the program that scans proofs could not be run"
	if of := (*exec.ExitError)(nil); errors.As(err, &of) {
		why = "the program that scans proofs refused one"
	}
	t.Log.WarnContext(ctx, why, slog.Any("error", err))
	return false
}
