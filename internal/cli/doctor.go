package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/evidence"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
	"duenotice/internal/typeface"
)

const doctorHelp = `Looks at the configuration, the database, Temporal, the worker, the practices' pages,
the output folder and the way mail goes, and says what is wrong and what to do. It changes
nothing. It exits with 1 when something is wrong; that nothing was started yet is
not. Where there are several environments and none is named, it looks at each.`

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Say what is wrong with the surroundings", Long: doctorHelp,
		Example: "  duenotice doctor", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context()) },
	}
}

// examination collects what doctor found.
type examination struct {
	p     *program
	wrong int
	// idle: there is nothing to look at yet.
	idle bool
	// person is who looks, where the login is a person's own.
	person *postgres.Login
}

func (e *examination) good(what, found string) {
	e.p.say("%s  %s: %s", e.p.paint(e.p.Out, green, "ok   "), what, found)
}

func (e *examination) note(what, found, advice string) {
	e.p.say("%s  %s: %s", e.p.paint(e.p.Out, yellow, "NOTE "), what, found)
	e.p.say("       do: %s", advice)
}

func (e *examination) bad(what string, err error, advice string) {
	if notForRole(e.person, err) != nil {
		e.good(what, "not for your role to see")
		return
	}
	e.wrong++
	e.p.say("%s  %s: %s", e.p.paint(e.p.Out, red, "WRONG"), what, strings.TrimSpace(err.Error()))
	if advice != "" {
		e.p.say("       do: %s", advice)
	}
}

func (p *program) doctor(ctx context.Context) error {
	e := &examination{p: p}
	names, err := p.environments()
	if err != nil {
		e.bad("configuration", err, "")
	} else if len(names) == 0 {
		e.examine(ctx)
	}
	for _, name := range names {
		p.say("Environment %s", name)
		e.p = p.in(name)
		e.examine(ctx)
	}
	e.p = p
	e.fonts()
	if e.wrong > 0 {
		p.say("%s wrong.", count(e.wrong, "thing is", "things are"))
		return &codeError{code: exitFailed}
	}
	if e.idle {
		p.say("Nothing is started here yet, and nothing is wrong. Next: %s", p.command("up"))
		return nil
	}
	p.say("Nothing is wrong.")
	return nil
}

// examine looks at everything that one environment needs.
func (e *examination) examine(ctx context.Context) {
	config, err := e.p.config()
	if err != nil {
		e.bad("configuration", err, "")
		return
	}
	what := "days end in " + config.Zone.String()
	if config.Environment != "" {
		what = "environment " + config.Environment + ", " + what
	}
	e.good("configuration", what)
	if e.idle = e.p.nothingYet(config); e.idle {
		e.good("stack", "none yet in "+e.p.dir+"; "+e.p.command("up")+" makes its keys and starts database, Temporal and worker")
	} else {
		e.keys(config)
		e.evidenceKey(config)
		e.database(ctx, config)
		e.temporal(ctx, config)
	}
	e.out(ctx, config)
	e.mail(config)
	e.pages(config)
	e.images()
	e.kept(config)
}

// fonts says what a build without the font for Han prints no names in.
func (e *examination) fonts() {
	if !typeface.Has('人') {
		e.note("fonts", "this program was built without the font for Han, Kana and Hangul: letters to people with such names are held back",
			"build it with make build, which makes the font first")
	}
}

// images asks for a digest of each image that the compose file starts and others made:
// a tag can be moved to another image.
func (e *examination) images() {
	for _, variable := range composeImages {
		if image := e.p.Getenv(variable); image != "" && !strings.Contains(image, "@sha256:") {
			e.note("image", image+" is named by a tag, which its maker can move", "look at what was pulled, and set "+variable+"="+image+"@sha256:DIGEST in .env (docs/deployment.md, First start)")
		}
	}
}

// composeImages are where docker-compose.yml says which images it starts.
var composeImages = []string{"DUENOTICE_IMAGE_POSTGRESQL", "DUENOTICE_IMAGE_TEMPORAL", "DUENOTICE_IMAGE_TEMPORAL_TOOLS", "DUENOTICE_IMAGE_TEMPORAL_UI"}

// kept names every place whose loss loses something.
func (e *examination) kept(config app.Config) {
	places := []string{shortPath(absolute(config.Out))}
	if running, ok := stack.Read(e.p.dir); ok && config.Environment == "" && running.DatabaseURL == config.DatabaseURL {
		folders, err := stack.Kept(e.p.dir)
		if err != nil {
			e.bad("to keep", err, "")
			return
		}
		for _, folder := range folders {
			places = append(places, shortPath(folder))
		}
	}
	for _, file := range []string{config.KeyFile, config.EvidenceKeyFile} {
		if file != "" && !slices.ContainsFunc(places, func(place string) bool {
			return strings.HasPrefix(absolute(file), absolute(place)+string(filepath.Separator))
		}) {
			places = append(places, shortPath(file))
		}
	}
	e.good("to keep", "the case folders, "+strings.Join(places, ", ")+" (a copy of the keys elsewhere)")
}

// nothingYet reports whether no server is named and no stack was ever started here:
// before the first up nothing that is missing is wrong.
func (p *program) nothingYet(config app.Config) bool {
	info, _ := stack.Read(p.dir)
	return info == nil && config.Environment == "" && config.DatabaseURL == "" && config.TemporalAddress == "" && config.KeyFile == "" && config.KeyText == ""
}

func (e *examination) keys(config app.Config) {
	keys, err := config.Keyring()
	if err != nil {
		e.bad("keys", err, "")
		return
	}
	e.good("keys", fmt.Sprintf("%s, %s encrypts", count(len(keys.Names()), "key", "keys"), keys.Newest()))
}

// evidenceKey looks at the key that evidence is signed with; start makes it.
func (e *examination) evidenceKey(config app.Config) {
	key, err := evidence.OpenKey(config.EvidenceKeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.good("evidence key", "none yet; start makes "+config.EvidenceKeyFile)
	case err != nil:
		e.bad("evidence key", err, "put the key back from where you keep its copy, or see that DUENOTICE_EVIDENCE_KEY_FILE is right")
	default:
		e.good("evidence key", evidence.Fingerprint(key.Public()))
	}
}

// seeThat is what to do about a server that does not answer: look at the variable,
// or in an environment at its setting.
func (e *examination) seeThat(config app.Config, variable, setting string) string {
	if config.Environment != "" {
		return "see that it runs and that " + setting + " of environment " + config.Environment + " is right"
	}
	return "see that it runs and that " + variable + " is right, or start the stack: " + e.p.command("up")
}

// out tries to write where the papers go: in the folder, or where it would be made.
func (e *examination) out(ctx context.Context, config app.Config) {
	if outfolder.InBucket(config.Out) {
		e.bucket(ctx, config)
		return
	}
	folder := absolute(config.Out)
	there := folder
	for {
		info, err := os.Stat(there)
		if err == nil && info.IsDir() {
			break
		}
		parent := filepath.Dir(there)
		if err == nil || !errors.Is(err, os.ErrNotExist) || parent == there {
			e.bad("output folder", fmt.Errorf("%s is not a folder", there), "set DUENOTICE_OUT to a folder that can be written")
			return
		}
		there = parent
	}
	probe, err := os.CreateTemp(there, ".duenotice-doctor-*")
	if err != nil {
		e.bad("output folder", err, "give this account the right to write there, or set DUENOTICE_OUT to another folder")
		return
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		e.bad("output folder", err, "")
		return
	}
	e.good("output folder", shortPath(folder)+" can be written, "+sealedWords(config))
	if named := e.p.Getenv("DUENOTICE_OUT"); named != "" && absolute(named) != folder {
		e.note("output folder", "DUENOTICE_OUT names "+named+", and the papers of the stack in "+e.p.dir+" are where they were first put", "leave DUENOTICE_OUT away")
	}
}

// bucket tries to write where the papers go, when that is a bucket.
func (e *examination) bucket(ctx context.Context, config app.Config) {
	err := config.Outputs().Ready(ctx)
	var problem *outfolder.Problem
	switch {
	case errors.As(err, &problem):
		e.bad("bucket", err, problem.Todo)
	case err != nil:
		e.bad("bucket", err, "see docs/deployment.md, Papers in a bucket")
	default:
		e.good("bucket", config.Out+" can be written, "+sealedWords(config))
	}
}

func sealedWords(config app.Config) string {
	if config.OutFor.Any() {
		return "letters and lists encrypted"
	}
	return "letters and lists in clear (DUENOTICE_OUT_ENCRYPT encrypts them)"
}

func (e *examination) mail(config app.Config) {
	if _, err := config.Mailer(time.Now); err != nil {
		e.bad("mail", err, "")
		return
	}
	if config.SendGridKey == "" {
		e.good("mail", "goes to "+shortPath(absolute(config.Outputs().Outbox()))+" as .eml files, which you send and record")
		return
	}
	e.good("mail", "goes through SendGrid from "+config.MailFrom.Email)
}
