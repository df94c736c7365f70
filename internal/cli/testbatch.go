package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

const testBatchHelp = `Writes a batch without people for a mail house's set-up: letters.pdf and pieces.csv as a
real batch has them, of this case's words, to invented people of every kind that makes a
difference to machines: long addresses, mail abroad, letters to parents, to the next of
kin, to States that ask for more. Each page says that it is not for mailing. The codes on
the sheets, and the barcodes where print_run.mailer_id is set, are real ones of numbers
that no letter has.

It needs no server and changes nothing else.`

func (p *program) testBatchCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "testbatch CASE", Short: "A batch without people for a mail house's set-up", Long: testBatchHelp,
		Example: "  duenotice testbatch cases/EX-2026-03 --to test-batch",
		Args:    exactly("CASE, the case folder,"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.testBatch(cmd.Context(), args[0], to) },
	}
	cmd.Flags().StringVar(&to, "to", "", "the folder to write it to, which is made")
	required(cmd, "to")
	return cmd
}

func (p *program) testBatch(ctx context.Context, dir, to string) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	c, err := p.readCase(ctx, config, dir)
	if err != nil {
		return err
	}
	dated := civil.Later(c.Incident.Letters.MailBy, p.today(config))
	batch, pieces, err := papers.TestBatch(c.Incident, c.Practices, dated)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(to, "letters.pdf")); err == nil {
		return breach.Refuse("not_empty", "Name another folder, or move it away.", "%s has a letters.pdf already", to)
	}
	for name, content := range map[string]func(io.Writer) error{
		"letters.pdf": func(w io.Writer) error { _, err := batch.WriteTo(w); return err },
		"pieces.csv":  func(w io.Writer) error { return papers.PiecesCSV(w, pieces) },
	} {
		if err := writeTo(filepath.Join(to, name), content); err != nil {
			return systemError(err)
		}
	}
	p.say("Test batch of %s, without people: %s", count(len(pieces), "letter", "letters"), shortPath(to))
	return nil
}

func writeTo(path string, content func(io.Writer) error) error {
	file, err := outfolder.Create(path)
	if err != nil {
		return err
	}
	defer file.Abort()
	if err := content(file); err != nil {
		return err
	}
	_, err = file.Commit()
	return err
}
