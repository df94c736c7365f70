package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/authority"
)

// Options says what Up shall run.
type Options struct {
	// Dir is the state folder; empty is DefaultDir.
	Dir string
	// WorkerArgs is the command line of the worker in the foreground; empty runs none.
	// Its program must outlive this command: see CopyExecutable.
	WorkerArgs []string
	// Workers is how many of them run, from 1 to MaxWorkers; 0 is as many as before, and
	// one for a new stack. The first shows the pages for people; MoreEnv, if given, is
	// added to the environment of each other one, from 2 on.
	Workers int
	MoreEnv func(n int) []string
	// PagesArgs is the command line of the server of the practices' pages; empty runs none.
	PagesArgs []string
	// PagesReady is Ready for it.
	PagesReady func(ctx context.Context, i *Info) (bool, error)
	// Env is added to the worker's environment: "DUENOTICE_OUT=/somewhere".
	Env []string
	// KeyFile has the keys with which this stack's data is encrypted.
	KeyFile string
	// Engine is where Temporal keeps its state, SQLite or PostgreSQL; "" is where it
	// did before, and SQLite for a new stack.
	Engine string
	// SearchAttributes to register with Temporal, each as "Name=Type".
	SearchAttributes []string
	// Ready, if given, is asked again and again after the worker was started, until
	// it says yes or fails. Up fails at once when the worker ends meanwhile.
	Ready func(ctx context.Context, i *Info) (bool, error)
	// Progress receives one line per step; nil drops them.
	Progress func(string)
}

// Info is what runs and where: stack.json.
type Info struct {
	// Dir is the state folder, absolute.
	Dir string `json:"dir"`
	// DatabaseDir is where PostgreSQL keeps what has to be kept. As root it lies outside
	// of Dir where the account it runs as cannot enter that.
	DatabaseDir string `json:"database_dir"`
	// DatabaseURL is the program's; it holds a password. OwnerDatabaseURL is for
	// changing the tables.
	DatabaseURL       string `json:"database_url"`
	OwnerDatabaseURL  string `json:"owner_database_url"`
	TemporalAddress   string `json:"temporal_address"`
	TemporalNamespace string `json:"temporal_namespace"`
	// Engine is where Temporal keeps its state: SQLite or PostgreSQL.
	Engine string `json:"engine"`
	// Certificates is the folder with what Temporal is known by, and with a
	// certificate for each role in which it is called.
	Certificates authority.Folder `json:"certificates"`
	// TemporalUI is the URL at which the worker shows Temporal's web pages decoded,
	// to who has logged in. Without a worker it is the next one.
	TemporalUI string `json:"temporal_ui"`
	// UIUpstream is the URL of Temporal's web pages themselves, which show ciphertext,
	// and ask for the viewer's certificate.
	UIUpstream string `json:"ui_upstream"`
	// KeyFile is as in Options.
	KeyFile string `json:"key_file,omitempty"`
	// WorkerArgs, WorkerEnv and Workers are as in Options.
	WorkerArgs []string `json:"worker_args,omitempty"`
	WorkerEnv  []string `json:"worker_env,omitempty"`
	Workers    int      `json:"workers,omitempty"`
	// PagesAddress is where practices reach their pages, PagesArgs is as in Options, and
	// PagesEnv the whole environment of their server.
	PagesAddress string   `json:"pages_address,omitempty"`
	PagesArgs    []string `json:"pages_args,omitempty"`
	PagesEnv     []string `json:"pages_env,omitempty"`
}

// Env is the environment with which any Duenotice program uses this stack.
func (i *Info) Env() []string {
	return []string{
		"DUENOTICE_DATABASE_URL=" + i.DatabaseURL,
		"DUENOTICE_OWNER_DATABASE_URL=" + i.OwnerDatabaseURL,
		"TEMPORAL_ADDRESS=" + i.TemporalAddress,
		"TEMPORAL_NAMESPACE=" + i.TemporalNamespace,
		// Of the certificates in it each program takes the one of its role.
		"DUENOTICE_TEMPORAL_CERTIFICATES=" + string(i.Certificates),
		// A profile of the person's own, with the keys of another server, stays out.
		"TEMPORAL_CONFIG_FILE=" + os.DevNull,
		"DUENOTICE_KEY_FILE=" + i.KeyFile,
	}
}

// Up starts what is not running of the stack in o.Dir: PostgreSQL, Temporal and
// the workers, and returns their addresses. Two commands at the same time take
// turns. When it fails, it stops again what it had started itself.
func Up(ctx context.Context, o Options) (_ *Info, err error) {
	f, err := openFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	progress := oneAtATime(o.Progress)
	unlock, err := Lock(ctx, f.path("lock"), func() { progress("Waiting for another command that starts or stops this stack") })
	if err != nil {
		return nil, err
	}
	defer unlock()

	before := f.runningNames()
	defer func() {
		if err != nil {
			err = errors.Join(err, f.stopAll(context.WithoutCancel(ctx), progress, before))
		}
	}()

	engine, err := f.chooseEngine(o.Engine)
	if err != nil {
		return nil, err
	}
	workers, err := f.chooseWorkers(o.Workers)
	if err != nil {
		return nil, err
	}
	database, server, err := f.startServers(ctx, engine, o, progress)
	if err != nil {
		return nil, err
	}
	i := &Info{
		Dir: string(f), DatabaseDir: f.clusterHome(), DatabaseURL: database.ProgramURL(databaseName), OwnerDatabaseURL: database.URL(databaseName),
		TemporalAddress: server.Address, TemporalNamespace: temporalNamespace, TemporalUI: server.UI, UIUpstream: server.UI,
		Engine: engine, Certificates: server.Certificates,
		KeyFile:    o.KeyFile,
		WorkerArgs: o.WorkerArgs, WorkerEnv: o.Env, Workers: workers, PagesArgs: o.PagesArgs,
	}
	if len(o.WorkerArgs) > 0 {
		if err := i.placeUI(ctx, f); err != nil {
			return nil, err
		}
	}
	if len(o.PagesArgs) > 0 {
		if err := database.admitPages(ctx); err != nil {
			return nil, err
		}
		if err := i.placePages(ctx, f, database); err != nil {
			return nil, err
		}
	}
	if err := writeJSON(f.path("stack.json"), i); err != nil {
		return nil, fmt.Errorf("cannot write down where the stack runs: %w", err)
	}
	if len(o.WorkerArgs) == 0 {
		return i, nil
	}
	if err := i.runWorkers(ctx, f, o, progress); err != nil {
		return nil, err
	}
	if len(o.PagesArgs) > 0 {
		// After the worker, which makes the tables.
		if err := i.runPages(ctx, f, o.PagesReady, progress); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// startServers starts both servers, at the same time where neither needs the other.
func (f folder) startServers(ctx context.Context, engine string, o Options, progress func(string)) (database *Postgres, server *Temporal, err error) {
	options := TemporalOptions{SearchAttributes: o.SearchAttributes, Progress: progress}
	if engine == PostgreSQL {
		if database, err = StartPostgres(ctx, string(f), PostgresOptions{Progress: progress}); err != nil {
			return nil, nil, err
		}
		options.Store = database
		server, err = StartTemporal(ctx, string(f), options)
		return database, server, err
	}
	both, bothCtx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		database, err = StartPostgres(bothCtx, string(f), PostgresOptions{Progress: progress})
		return err
	})
	both.Go(func() (err error) {
		server, err = StartTemporal(bothCtx, string(f), options)
		return err
	})
	err = both.Wait()
	return database, server, err
}

// runWorkers starts the workers and waits until they are ready.
func (i *Info) runWorkers(ctx context.Context, f folder, o Options, progress func(string)) error {
	if err := f.startWorkers(ctx, i, o.MoreEnv, progress); err != nil {
		return err
	}
	f.removeOldCopies(i.WorkerArgs[0])
	if o.Ready == nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("the worker took too long to start"))
	defer cancel()
	return poll(ctx, func(ctx context.Context) (bool, error) {
		for n := 1; n <= i.Workers; n++ {
			if name := workerName(n); !f.runs(name) {
				return false, fmt.Errorf("%s ended while starting; %s", titleOf(name), logTail(f.log(name)))
			}
		}
		return o.Ready(ctx, i)
	})
}

// Down stops the pages' server, the workers, Temporal and PostgreSQL of the state folder dir, in this
// order, each gracefully. Their state stays. That nothing runs is no error.
func Down(ctx context.Context, dir string, progress func(string)) error {
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(string(f)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	progress = oneAtATime(progress)
	unlock, err := Lock(ctx, f.path("lock"), func() { progress("Waiting for another command that starts or stops this stack") })
	if err != nil {
		return err
	}
	defer unlock()
	return f.stopAll(ctx, progress, nil)
}

// Remove is Down, and then deletes the state folder with all that it keeps, also
// what PostgreSQL keeps elsewhere.
func Remove(ctx context.Context, dir string, progress func(string)) error {
	if err := Down(ctx, dir, progress); err != nil {
		return err
	}
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	if home := f.clusterHome(); home != f.path(postgres) {
		err = os.RemoveAll(home)
	}
	return errors.Join(err, os.RemoveAll(string(f)))
}

// Read returns the stack of the state folder dir, and whether it runs: whether
// PostgreSQL and Temporal both do.
func Read(dir string) (*Info, bool) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, false
	}
	var i Info
	if !readJSON(f.path("stack.json"), &i) {
		return nil, false
	}
	running := f.runningNames()
	return &i, running[postgres] && running[temporal]
}

// Kept are the folders that hold a stack's state: the state folder dir, and the
// database's where that lies outside of it.
func Kept(dir string) ([]string, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	kept := []string{string(f)}
	if home := f.clusterHome(); home != f.path(postgres) {
		kept = append(kept, home)
	}
	return kept, nil
}

// member is a process of the stack.
type member struct {
	name, title string
	stop        func(context.Context, *proc) error
}

// members are the processes of the stack in the order in which they stop: each
// needs those after it.
func (f folder) members() []member {
	all := []member{{pages, "the server of the practices' pages", stopWorker}}
	for _, name := range f.workerNames() {
		all = append(all, member{name, titleOf(name), stopWorker})
	}
	return append(all, member{temporal, "Temporal", stopTemporal}, member{postgres, "PostgreSQL", stopPostgres})
}

func (f folder) runs(name string) bool {
	_, ok := f.running(name)
	return ok
}

func (f folder) runningNames() map[string]bool {
	names := map[string]bool{}
	for _, m := range f.members() {
		names[m.name] = f.runs(m.name)
	}
	return names
}

// stopAll stops every process of the stack that is not to be spared, also those
// that were never recorded. One that does not stop does not save the others.
func (f folder) stopAll(ctx context.Context, progress func(string), spare map[string]bool) error {
	var errs []error
	workers := f.workerNames()
	for _, m := range f.members() {
		if spare[m.name] {
			continue
		}
		recorded := []string{m.name}
		if slices.Contains(workers, m.name) {
			recorded = workers // all of them have one command line
		}
		found := f.strays(ctx, recorded, f.unrecorded(m.name))
		if p, ok := f.running(m.name); ok {
			found = append(found, p)
		}
		for _, p := range found {
			progress("Stopping " + m.title)
			errs = append(errs, m.stop(ctx, p))
		}
	}
	return errors.Join(errs...)
}

// unrecorded matches the command line of a member without a record.
func (f folder) unrecorded(name string) func(args []string) bool {
	switch name {
	case postgres:
		return isPostgresOf((&cluster{home: f.clusterHome()}).data())
	case temporal:
		return f.isTemporal()
	default:
		var i Info
		readJSON(f.path("stack.json"), &i)
		if name == pages {
			return f.isProgram(i.PagesArgs)
		}
		return f.isProgram(i.WorkerArgs)
	}
}

// WorkerRunning tells whether the first worker runs.
func (i *Info) WorkerRunning() bool { return folder(i.Dir).runs(worker) }

// KillWorker ends the first worker with SIGKILL, as a crash does, and returns once it
// is gone. That it does not run is no error.
func (i *Info) KillWorker(ctx context.Context) error {
	p, ok := folder(i.Dir).running(worker)
	if !ok {
		return nil
	}
	return p.stop(ctx, syscall.SIGKILL, 10*time.Second)
}

// RestartWorker starts the first worker again as Up did; one that runs stays.
func (i *Info) RestartWorker(ctx context.Context) error {
	f := folder(i.Dir)
	unlock, err := Lock(ctx, f.path("lock"), nil)
	if err != nil {
		return err
	}
	defer unlock()
	if len(i.WorkerArgs) == 0 {
		return errors.New("this stack has no worker")
	}
	return f.startWorker(ctx, i, worker, nil, func(string) {})
}

// oneAtATime makes progress callable from several goroutines.
func oneAtATime(progress func(string)) func(string) {
	if progress == nil {
		return func(string) {}
	}
	var mu sync.Mutex
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		progress(line)
	}
}
