package cli

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/papers"
)

const languagesHelp = `Letters are in English and Spanish, and in every language whose folder lies in the case
folder (languages/TAG, with a BCP 47 tag such as vi). These commands write such a folder
to translate, and say what one lacks, offline. docs/languages.md has the whole of it.`

func (p *program) languagesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "languages", Short: "Write letters in a further language", Long: languagesHelp,
		Example: "  duenotice languages new vi --to cases/EX-2026-03/languages/vi\n  duenotice languages check cases/EX-2026-03/languages/vi",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.languagesNewCommand(), p.languagesCheckCommand())
	return cmd
}

const languagesNewHelp = `Writes the English letter as a folder of files to translate. Leave what stands in
double braces as it is, and each heading's English words behind a stroke: California
prescribes them. Nothing that is there is overwritten.`

func (p *program) languagesNewCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "new TAG", Short: "Write the English letter's words to translate", Long: languagesNewHelp,
		Example: "  duenotice languages new vi --to cases/EX-2026-03/languages/vi",
		Args:    exactly("TAG, the language's BCP 47 tag,"),
		RunE:    func(_ *cobra.Command, args []string) error { return p.newLanguage(args[0], to) },
	}
	cmd.Flags().StringVar(&to, "to", "", "the folder to write it to, which is made; its name is the tag")
	required(cmd, "to")
	return cmd
}

func (p *program) newLanguage(tag, to string) error {
	if !casefolder.IsLanguageTag(tag) || tag == breach.English {
		return breach.Refuse("language_tag", "Give a tag such as vi, ht or zh-Hans.", "%q is not the BCP 47 tag of another language than English", tag)
	}
	if filepath.Base(to) != tag {
		return breach.Refuse("language_folder", "Give --to a path that ends with /"+tag+".", "the folder %s is not named as the language", shortPath(to))
	}
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return breach.Refuse("not_empty", "Name another folder, or move it away.", "%s has files already", shortPath(to))
	}
	files := papers.EnglishLanguage()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := writeTo(filepath.Join(to, filepath.FromSlash(name)), func(w io.Writer) error {
			_, err := io.WriteString(w, files[name])
			return err
		})
		if err != nil {
			return systemError(err)
		}
	}
	p.say("Wrote %s to translate: %s", count(len(files), "file", "files"), shortPath(to))
	p.say("When it is translated: %s", p.command("languages", "check", to))
	return nil
}

const languagesCheckHelp = `Compares a language's folder with the English letter, element by element: every file,
everything that is filled in, every heading, list, number and address, every word, and
whether the letters' fonts print it. Exit code 3 says that something is missing.`

func (p *program) languagesCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check FOLDER", Short: "Compare a language's folder with the English letter", Long: languagesCheckHelp,
		Example: "  duenotice languages check cases/EX-2026-03/languages/vi",
		Args:    exactly("FOLDER, a language's folder,"),
		RunE: func(_ *cobra.Command, args []string) error {
			faults, err := casefolder.CheckLanguageFolder(args[0])
			if err != nil {
				return err
			}
			if len(faults) == 0 {
				p.say("%s has everything that the English letter has. Have a person who speaks the language read it.", shortPath(args[0]))
				return nil
			}
			t := p.table("FILE", "LINE", "WHAT")
			for _, f := range faults {
				t.row(f.File, f.Line, f.What)
			}
			t.print()
			p.note("%s: %s. Correct the files and give the command again.", p.paint(p.Err, red, "refused"), count(len(faults), "thing is missing or wrong", "things are missing or wrong"))
			return &codeError{code: exitRefused}
		},
	}
}
