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
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/casebook"
	"duenotice/internal/evidence"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
)

const doctorHelp = `Looks at the configuration, the database, Temporal, the worker, the output folder
and the way mail goes, and says what is wrong and what to do. It changes
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
}

func (e *examination) good(what, found string) {
	e.p.say("%s  %s: %s", e.p.paint(e.p.Out, green, "ok   "), what, found)
}

func (e *examination) note(what, found, advice string) {
	e.p.say("%s  %s: %s", e.p.paint(e.p.Out, yellow, "NOTE "), what, found)
	e.p.say("       do: %s", advice)
}

func (e *examination) bad(what string, err error, advice string) {
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
	e.out(config)
	e.mail(config)
	e.images()
	e.kept(config)
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

func (e *examination) database(ctx context.Context, config app.Config) {
	if config.DatabaseURL == "" {
		e.bad("database", errors.New("there is none to work with"), e.p.command("up")+", or set DUENOTICE_DATABASE_URL")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	store, err := postgres.Open(ctx, config.DatabaseURL, postgres.WithMaster(config.Master()), postgres.InEnvironment(config.Environment),
		postgres.For(e.p.account(), purpose{}.as))
	if err != nil {
		e.bad("database", err, e.seeThat(config, "DUENOTICE_DATABASE_URL", "database_url_file"))
		return
	}
	defer store.Close()
	// The newest table that everything needs: without it the schema is missing or old.
	incidents, err := store.Incidents(ctx, e.p.Now())
	if err != nil {
		e.bad("database", fmt.Errorf("its tables cannot be read: %w", err), "start a worker, which brings them up to date")
		return
	}
	e.good("database", "reachable, with "+count(len(incidents), "incident", "incidents"))
	e.roles(ctx, store)
	e.doors(ctx, store)
	e.masterKeys(ctx, store, config)
	e.stoppedNotices(ctx, store, incidents, config)
	e.worker(ctx, store, config)
	e.troubles(ctx, store)
}

// stoppedNotices says which incidents' notices cannot be handed over, and why.
func (e *examination) stoppedNotices(ctx context.Context, store *postgres.Store, incidents []postgres.IncidentRow, config app.Config) {
	for _, i := range incidents {
		if i.Phase == casebook.IncidentClosed {
			continue
		}
		status, err := store.Status(ctx, i.ID, e.p.Now(), e.p.today(config))
		if err != nil {
			e.bad("notices of "+i.ID, err, "")
			continue
		}
		if n := status.Notices; n.Stopped > 0 {
			e.bad("notices of "+i.ID, fmt.Errorf("%s cannot be handed over: %s", count(n.Stopped, "notice", "notices"), n.StoppedBy),
				"mend that; they are tried again by themselves")
		}
	}
}

// worker says whether one takes work, by what it wrote into the database itself.
func (e *examination) worker(ctx context.Context, store *postgres.Store, config app.Config) {
	watch, err := store.Watch(ctx, config.Queue())
	switch {
	case err != nil:
		e.bad("worker", err, "start a worker, which brings the tables up to date")
	case !watch.Working:
		e.bad("worker", errors.New(e.p.unwatched(watch, config)), "")
	default:
		e.good("worker", "gives signs of life")
	}
}

// troubles says what the program could not do.
func (e *examination) troubles(ctx context.Context, store *postgres.Store) {
	list, err := store.Troubles(ctx, "")
	if err != nil {
		e.bad("troubles", err, "")
	}
	for _, t := range list {
		e.bad("trouble", errors.New(troubleText(t)), t.Todo)
	}
}

// roles says whether the database keeps people apart, and who may do what.
func (e *examination) roles(ctx context.Context, store *postgres.Store) {
	enforced, err := store.RolesEnforced(ctx)
	if err != nil {
		e.bad("roles", err, "")
		return
	}
	if !enforced {
		e.note("roles", "this login is the tables' owner and may make no roles, so nothing in the database keeps one practice's rows from another's",
			"let the database's administrator make them, as docs/access.md shows")
		return
	}
	who := store.Who()
	if who.Open() {
		e.good("roles", "enforced in the database; nobody holds one, so everybody who reaches it may do everything ("+e.p.command("access")+")")
		return
	}
	people := map[access.Identity]bool{}
	for _, g := range who.Grants {
		people[g.Identity] = true
	}
	e.good("roles", "enforced in the database; held by "+count(len(people), "identity", "identities")+"; you are "+string(who.Identity))
}

// doors says what the database leaves open to people's logins that only its
// administrator can close.
func (e *examination) doors(ctx context.Context, store *postgres.Store) {
	open, err := store.OpenDoors(ctx)
	if err != nil {
		e.bad("people's logins", err, "")
		return
	}
	const once = "let the database's administrator close it once, as docs/access.md shows"
	for _, door := range open {
		switch door {
		case postgres.OpenFunctions:
			e.note("people's logins", "every login may hold advisory locks, write large objects and see who else is connected", once)
		case postgres.OpenCode:
			e.note("people's logins", "every login may run code of its own in the database", once)
		case postgres.OpenSessions:
			e.note("people's logins", "a session that holds what the worker waits for cannot be ended", once)
		default:
			e.note("people's logins", "the login "+door+" may take every connection there is", "let the database's administrator give it a limit: ALTER ROLE "+door+" CONNECTION LIMIT 10")
		}
	}
}

// masterKeys says which master key protects what, and which one is not there.
func (e *examination) masterKeys(ctx context.Context, store *postgres.Store, config app.Config) {
	states, err := store.MasterKeys(ctx)
	if err != nil {
		e.bad("master keys", err, "start a worker, which brings the tables up to date")
		return
	}
	newest := ""
	if keys, err := config.Keyring(); err == nil {
		newest = keys.Newest()
	}
	for _, m := range states {
		what := "master key " + m.Name
		switch {
		case m.Problem != nil:
			e.bad(what, fmt.Errorf("it wraps the data keys of %s: %w", count(m.Incidents, "incident", "incidents"), m.Problem), "")
		case !m.RetiredAt.IsZero():
			e.good(what, "nothing in the database needs it since "+m.RetiredAt.In(config.Zone).Format(time.DateOnly))
		case m.Name != newest && newest != "":
			e.good(what, "wraps the data keys of "+count(m.Incidents, "incident", "incidents")+"; to use the newer "+newest+": "+e.p.command("keys", "rotate"))
		default:
			e.good(what, "wraps the data keys of "+count(m.Incidents, "incident", "incidents"))
		}
	}
}

func (e *examination) temporal(ctx context.Context, config app.Config) {
	c, err := dialTemporal(ctx, config)
	if err != nil {
		e.bad("Temporal", err, e.seeThat(config, "TEMPORAL_ADDRESS", "temporal_address"))
		return
	}
	defer c.Close()
	namespace := firstSet(config.TemporalNamespace, e.p.Getenv("TEMPORAL_NAMESPACE"), client.DefaultNamespace)
	if _, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: namespace}); err != nil {
		e.bad("Temporal", fmt.Errorf("namespace %s: %w", namespace, err), "create it, or name another: see docs/deployment.md")
		return
	}
	e.good("Temporal", "reachable, namespace "+namespace)
	e.certificates(config)
	e.searchAttributes(ctx, c, namespace)
	polled, err := app.Polled(ctx, c, config.Queue(), e.p.Now())
	switch {
	case err != nil:
		e.bad("queue", err, "")
	case !polled:
		e.bad("queue", errors.New("none takes work from the queue "+config.Queue()), e.p.command(starter(config))+", or start the program worker")
	default:
		e.good("queue", config.Queue()+" is worked on")
	}
}

// certificates says how long those are good by which Temporal knows who comes.
func (e *examination) certificates(config app.Config) {
	if config.Certificates == "" {
		return // they are in Temporal's own variables, or it asks for a key
	}
	until, err := config.Certificates.Until()
	switch {
	case err != nil:
		e.bad("certificates", err, "make them again: "+e.p.command(starter(config)))
	case authority.Renews(until, e.p.Now()):
		e.note("certificates", "good until "+until.In(config.Zone).Format(time.DateOnly), "renew them: "+e.p.command(starter(config))+"; without it nothing goes on after that day")
	default:
		e.good("certificates", "each role has its own, good until "+until.In(config.Zone).Format(time.DateOnly))
	}
}

func (e *examination) searchAttributes(ctx context.Context, c client.Client, namespace string) {
	there, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		e.bad("search attributes", err, "")
		return
	}
	var missing []string
	for _, attribute := range temporalx.SearchAttributes() {
		name, kind, _ := strings.Cut(attribute, "=")
		found, ok := there.GetCustomAttributes()[name]
		want, err := enumspb.IndexedValueTypeFromString(kind)
		if !ok || err != nil || found != want {
			missing = append(missing, attribute)
		}
	}
	if len(missing) > 0 {
		e.bad("search attributes", errors.New("missing: "+strings.Join(missing, " ")),
			"temporal operator search-attribute create, one for each, or start the stack: "+e.p.command("up"))
		return
	}
	e.good("search attributes", "all there")
}

// out tries to write where the papers go: in the folder, or where it would be made.
func (e *examination) out(config app.Config) {
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
	sealed := "letters and lists in clear (DUENOTICE_OUT_ENCRYPT encrypts them)"
	if config.OutFor.Any() {
		sealed = "letters and lists encrypted"
	}
	e.good("output folder", shortPath(folder)+" can be written, "+sealed)
	if named := e.p.Getenv("DUENOTICE_OUT"); named != "" && absolute(named) != folder {
		e.note("output folder", "DUENOTICE_OUT names "+named+", and the papers of the stack in "+e.p.dir+" are where they were first put", "leave DUENOTICE_OUT away")
	}
}

func (e *examination) mail(config app.Config) {
	if _, err := config.Mailer(time.Now); err != nil {
		e.bad("mail", err, "")
		return
	}
	if config.SendGridKey == "" {
		e.good("mail", "goes to "+shortPath(filepath.Join(absolute(config.Out), "outbox"))+" as .eml files, which you send and record")
		return
	}
	e.good("mail", "goes through SendGrid from "+config.MailFrom.Email)
}
