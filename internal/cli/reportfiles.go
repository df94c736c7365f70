package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const filesHelp = `Copies papers and letters out of the bucket, or out of the folder of the workers,
into a folder of yours: one batch of letters for the printer, one practice's papers,
or all of an incident; with --outbox the e-mail that waits for you to send it. Each file is compared with the sum that was written with it,
and those of a batch with its manifest as well. A file that is there and the same is
left alone, so that the command given again goes on where it stopped.

They hold patient data. What was copied is yours to keep safe and to remove; what
was handed to the printer or the practice is recorded with "handover".`

type filesFlags struct {
	to, batch, practice string
	outbox, asJSON      bool
}

func (p *program) reportFilesCommand() *cobra.Command {
	var f filesFlags
	cmd := &cobra.Command{
		Use: "files INCIDENT --to FOLDER", Short: "Copies of papers and letters, from wherever the workers keep them", Long: filesHelp,
		Example: `  duenotice report files EX-2026-03 --batch run-001-batch-0001 --to print
  duenotice report files EX-2026-03 --practice P1 --to papers
  duenotice report files EX-2026-03 --outbox --to mail
  duenotice report files EX-2026-03 --to everything`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.reportFiles(cmd.Context(), args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.to, "to", "", "the folder to copy into; it gets a folder of the incident's name")
	fl.StringVar(&f.batch, "batch", "", "one batch of letters, such as run-001-batch-0001")
	practiceFlag(cmd, &f.practice, "one practice's papers")
	fl.BoolVar(&f.outbox, "outbox", false, "the e-mail in the outbox instead, into a folder outbox")
	fl.BoolVar(&f.asJSON, "json", false, "one JSON document")
	required(cmd, "to")
	cmd.MarkFlagsMutuallyExclusive("batch", "practice")
	cmd.MarkFlagsMutuallyExclusive("batch", "outbox")
	return cmd
}

// copied is what report files prints with --json.
type copied struct {
	To    string `json:"to"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
}

func (p *program) reportFiles(ctx context.Context, incident string, f filesFlags) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := practiceArgument(f.practice); err != nil {
		return err
	}
	if f.batch != "" && !breach.IsKey(f.batch) {
		return usage("%q is not a batch's name", f.batch)
	}
	s, err := p.openTo(ctx, purpose{permission: access.SeePeople, incident: incident, practice: f.practice})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.there(ctx, incident, f.practice); err != nil {
		return err
	}
	if err := s.notRecalled(ctx, incident, f.batch); err != nil {
		return err
	}
	c := copying{p: p, out: s.config.Outputs(), folder: p.incidentFolder(s.config, incident), to: filepath.Join(absolute(f.to), incident)}
	if absolute(f.to) == absolute(c.out.Root()) {
		return usage("--to %s is where the papers lie already", f.to)
	}
	if f.outbox {
		c.to = filepath.Join(absolute(f.to), "outbox")
	}
	done, err := c.all(ctx, c.below(f), c.wanted(incident, f))
	if err != nil {
		return systemError(err)
	}
	if f.asJSON {
		return p.printJSON(done)
	}
	p.say("%s, %s: %s", count(done.Files, "file", "files"), count(int(done.Bytes), "byte", "bytes"), shortPath(done.To))
	return nil
}

// notRecalled refuses letters that nobody is to mail: who copies a batch is about to print it.
func (s *session) notRecalled(ctx context.Context, incident, batch string) error {
	if batch == "" {
		return nil
	}
	there, err := s.store.Batches(ctx, incident, "")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(there, func(b casebook.MailedBatch) bool { return b.Name == batch && b.Withdrawn }) {
		return breach.Refuse("recalled", "The letters in their place are in a later batch.", "batch %s was recalled before it was mailed", batch)
	}
	return nil
}

// copying copies an incident's files.
type copying struct {
	p      *program
	out    outfolder.Folder
	folder outfolder.Incident
	to     string
	copied copied
}

// below is where the files lie that are asked for.
func (c *copying) below(f filesFlags) string {
	switch {
	case f.outbox:
		return c.out.Outbox()
	case f.batch != "":
		return c.folder.Batch(f.batch)
	case f.practice != "":
		return c.folder.Practice(f.practice)
	}
	return c.folder.Dir()
}

// wanted reports whether an e-mail is of the incident, and of the practice: no incident's
// id has an underscore, and no key of a practice a tilde. Of other files all are.
func (c *copying) wanted(incident string, f filesFlags) func(address string) bool {
	return func(address string) bool {
		if !f.outbox {
			return true
		}
		name := strings.TrimSuffix(path.Base(filepath.ToSlash(address)), ".eml")
		of, rest, found := strings.Cut(name, "_")
		key, _, _ := strings.Cut(rest, "~")
		return found && of == incident && (f.practice == "" || key == f.practice)
	}
}

// all copies what lies below an address. That nothing does is an error: whoever asks
// for a batch by a misspelt name is not to print nothing.
func (c *copying) all(ctx context.Context, below string, wanted func(string) bool) (copied, error) {
	c.copied.To = c.to
	progress := c.p.progress()
	err := c.out.Each(ctx, below, func(address string) error {
		if !wanted(address) {
			return nil
		}
		if err := c.one(ctx, address); err != nil {
			return err
		}
		progress.of(c.copied.Files, 0, "Copying:", "files")
		return nil
	})
	progress.end()
	if err == nil && c.copied.Files == 0 {
		err = fmt.Errorf("there is nothing in %s", shortPath(below))
	}
	if err != nil {
		return c.copied, err
	}
	if below == c.out.Outbox() {
		return c.copied, nil
	}
	copies := c.to
	if below != c.folder.Dir() {
		copies = filepath.Join(c.to, filepath.FromSlash(c.folder.Relative(below)))
	}
	return c.copied, c.compare(ctx, copies)
}

// copyTries is how often a file is begun again whose connection breaks.
const copyTries = 3

func (c *copying) one(ctx context.Context, address string) (err error) {
	name := strings.TrimPrefix(filepath.ToSlash(address), filepath.ToSlash(c.out.Outbox())+"/")
	name = filepath.FromSlash(c.folder.Relative(name))
	// What somebody put into the bucket may have any name.
	if !filepath.IsLocal(name) || strings.Contains(name, "\\") {
		return fmt.Errorf("%q cannot be the name of a file here: see who put it there", address)
	}
	to := filepath.Join(c.to, name)
	for try := 1; ; try++ {
		err = c.try(ctx, address, to)
		if err == nil || try == copyTries || ctx.Err() != nil || errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

func (c *copying) try(ctx context.Context, address, path string) error {
	from, err := c.out.Open(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // only read
	file, err := outfolder.Create(path)
	if err != nil {
		return err
	}
	defer file.Abort()
	if _, err := io.Copy(file, from); err != nil {
		return err
	}
	written, err := file.Commit()
	if err != nil {
		return err
	}
	c.copied.Files++
	c.copied.Bytes += written.Bytes
	return nil
}

// compare holds the copies of batches below a path against their manifests: letters of one try and a
// list of another would be each what was written, and not belong together.
func (c *copying) compare(ctx context.Context, below string) error {
	copies := outfolder.New(c.to)
	return outfolder.New(filepath.Dir(c.to)).Each(ctx, below, func(path string) error {
		if filepath.Base(path) != "manifest.json" {
			return nil
		}
		content, err := copies.ReadFile(ctx, path)
		if err != nil {
			return err
		}
		var manifest struct {
			Files []struct {
				Name   string `json:"name"`
				SHA256 string `json:"sha256"`
			} `json:"files"`
		}
		if err := json.Unmarshal(content, &manifest); err != nil {
			return fmt.Errorf("%s cannot be read: %w", shortPath(path), err)
		}
		for _, listed := range manifest.Files {
			file := filepath.Join(filepath.Dir(path), listed.Name)
			found, err := copies.Find(ctx, file)
			if errors.Is(err, fs.ErrNotExist) {
				continue // handed over, which a note beside the manifest says
			}
			if err != nil {
				return err
			}
			if found.SHA256 != listed.SHA256 {
				return fmt.Errorf("%s is not the file that its manifest lists: a worker was writing the batch, or the storage gave an earlier file. Give the command again in a minute, and print nothing before it succeeds",
					shortPath(file))
			}
		}
		return nil
	})
}
