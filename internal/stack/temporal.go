package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"duenotice/internal/authority"
)

const (
	temporal = "temporal"
	// temporalNamespace is the one that the engine makes.
	temporalNamespace = "default"
	// temporalGrace is how long the server may take to end. It drains for a few
	// seconds; its state is safe at any moment.
	temporalGrace = 30 * time.Second
)

// TemporalOptions says how a private Temporal server is run.
type TemporalOptions struct {
	// SearchAttributes to register, each as "Name=Type" with Temporal's type names:
	// "NextDue=Datetime".
	SearchAttributes []string
	// Store is where it keeps its state, with a login and databases of its own, which are
	// made where they are missing; nil is SQLite in the state folder.
	Store *Postgres
	// Throwaway is for tests: nothing is kept safe from a crash of the machine, and
	// there is no UI.
	Throwaway bool
	// Progress receives one line per step; nil drops them.
	Progress func(string)
}

func (o TemporalOptions) progress(line string) {
	if o.Progress != nil {
		o.Progress(line)
	}
}

// Temporal is a running private Temporal server.
type Temporal struct {
	// Address is host:port of the server.
	Address string
	// UI is the URL of its web pages, empty when it has none. They ask for the
	// viewer's certificate.
	UI string
	// Certificates are what to know the server by, and to be known to it.
	Certificates authority.Folder
	proc         *proc
}

// Stop ends the server and keeps its state.
func (t *Temporal) Stop(ctx context.Context) error { return stopTemporal(ctx, t.proc) }

func stopTemporal(ctx context.Context, p *proc) error {
	return p.stop(ctx, syscall.SIGTERM, temporalGrace)
}

// StartTemporal runs the private Temporal server of the state folder dir and
// returns once it serves and has the search attributes. One that runs already is
// returned as it is, unless it is of another version, has its store elsewhere or knows other certificates. The caller keeps others from
// doing the same at the same time.
func StartTemporal(ctx context.Context, dir string, o TemporalOptions) (*Temporal, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	if _, err := f.certificates().Ensure([]string{loopback}, time.Now()); err != nil {
		return nil, err
	}
	if o.Store != nil {
		if err := o.Store.admitEngine(ctx); err != nil {
			return nil, err
		}
	}
	wanted, err := f.wantedEngine(o)
	if err != nil {
		return nil, err
	}
	running, ok := f.running(temporal)
	same := ok && running.Wanted == wanted
	var program string
	if !same {
		// Not under the limit below: building it takes a slow machine many minutes.
		if program, err = Engine(ctx, o.progress); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("Temporal's server took too long to start"))
	defer cancel()
	if same {
		t := f.temporalOn(running, f.keptPorts(temporal), o.Throwaway)
		return t, t.ready(ctx, o.SearchAttributes)
	}
	// Two servers on one database would spoil it.
	others := f.strays(ctx, []string{temporal}, f.isTemporal())
	if ok {
		o.progress("Replacing Temporal: it is of another version or has other settings")
		others = append(others, running)
	}
	for _, p := range others {
		if err := stopTemporal(ctx, p); err != nil {
			return nil, err
		}
	}
	o.progress("Starting Temporal")
	for {
		t, err := f.startTemporalOnce(ctx, program, wanted, o)
		if !errors.Is(err, errTryAgain) {
			return t, err
		}
	}
}

// wantedEngine is what makes an engine another one: its version, where its store is,
// and whose certificates it knows.
func (f folder) wantedEngine(o TemporalOptions) (string, error) {
	known, err := f.certificates().ID()
	wanted := []string{engineVersion(), known, SQLite}
	if o.Store != nil {
		wanted = []string{engineVersion(), known, PostgreSQL, address(o.Store.port)}
	}
	return strings.Join(wanted, " "), err
}

func (f folder) certificates() authority.Folder { return authority.Folder(f.path(temporal, "tls")) }

func (f folder) temporalDB() string { return f.path(temporal, "temporal.db") }

func (f folder) engineSettings() string { return f.path(temporal, "engine.json") }

func (f folder) startTemporalOnce(ctx context.Context, program, wanted string, o TemporalOptions) (*Temporal, error) {
	found, err := f.choosePorts(ctx, temporal, 5)
	if err != nil {
		return nil, err
	}
	settings, err := f.newEngineSettings(found, o)
	if err != nil {
		return nil, err
	}
	if err := writeJSON(f.engineSettings(), settings); err != nil {
		return nil, fmt.Errorf("the engine's settings cannot be written: %w", err)
	}
	log := f.log(temporal)
	from := size(log)
	running, err := f.start(spec{
		name: temporal, args: []string{program, "--settings", f.engineSettings()}, env: temporalEnv(), dir: f.path(temporal), wanted: wanted,
	})
	if err != nil {
		return nil, err
	}
	t := f.temporalOn(running, found, o.Throwaway)
	if err = t.ready(ctx, o.SearchAttributes); err == nil {
		return t, nil
	}
	if running.alive() {
		return nil, errors.Join(err, t.Stop(context.WithoutCancel(ctx)))
	}
	if strings.Contains(since(log, from), "address already in use") && ctx.Err() == nil {
		return nil, errTryAgain
	}
	return nil, err
}

func (f folder) temporalOn(p *proc, ports []int, headless bool) *Temporal {
	t := &Temporal{Address: address(ports[0]), Certificates: f.certificates(), proc: p}
	if !headless {
		t.UI = "https://" + address(ports[1])
	}
	return t
}

// engineSettings is what the engine reads (engine/settings.go says what each means).
type engineSettings struct {
	Frontend         string              `json:"frontend"`
	History          string              `json:"history"`
	Matching         string              `json:"matching"`
	Worker           string              `json:"worker"`
	UI               string              `json:"ui,omitempty"`
	Certificates     string              `json:"certificates"`
	Namespace        string              `json:"namespace"`
	SearchAttributes map[string]string   `json:"search_attributes,omitempty"`
	SQLite           *sqliteSettings     `json:"sqlite,omitempty"`
	PostgreSQL       *postgresqlSettings `json:"postgresql,omitempty"`
}

type sqliteSettings struct {
	File      string `json:"file"`
	Throwaway bool   `json:"throwaway,omitempty"`
}

type postgresqlSettings struct {
	Address    string `json:"address"`
	User       string `json:"user"`
	Password   string `json:"password"`
	Database   string `json:"database"`
	Visibility string `json:"visibility"`
}

func (f folder) newEngineSettings(ports []int, o TemporalOptions) (engineSettings, error) {
	s := engineSettings{
		Frontend: address(ports[0]), History: address(ports[2]), Matching: address(ports[3]), Worker: address(ports[4]),
		Certificates: string(f.certificates()), Namespace: temporalNamespace, SearchAttributes: map[string]string{},
	}
	if !o.Throwaway {
		s.UI = address(ports[1])
	}
	if o.Store == nil {
		s.SQLite = &sqliteSettings{File: f.temporalDB(), Throwaway: o.Throwaway}
	} else {
		s.PostgreSQL = o.Store.engineSettings()
	}
	attributes, err := parseAttributes(o.SearchAttributes)
	if err != nil {
		return s, err
	}
	for name, kind := range attributes {
		s.SearchAttributes[name] = kind.String()
	}
	return s, nil
}

// temporalEnv is our environment without Temporal's own variables, and without
// those that would send the server's traffic elsewhere.
func temporalEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TEMPORAL_") })
}

// isTemporal matches the command line of an engine of this folder, and of the
// development server that earlier versions of this program ran on its database.
func (f folder) isTemporal() func(args []string) bool {
	return func(args []string) bool {
		if len(args) == 3 && args[1] == "--settings" && args[2] == f.engineSettings() {
			return true
		}
		i := slices.Index(args, "--db-filename")
		return len(args) > 2 && filepath.Base(args[0]) != "go" && args[1] == "server" && i > 0 && i+1 < len(args) && args[i+1] == f.temporalDB()
	}
}

// answers tells whether something accepts connections at a URL's host and port.
func answers(ctx context.Context, hostport string) bool {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", hostport)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// ready waits until the server serves the namespace and its UI answers. That it is
// ours is settled by its certificate.
func (t *Temporal) ready(ctx context.Context, attributes []string) error {
	setup, err := newNamespaceSetup(t.Address, t.Certificates, temporalNamespace, attributes)
	if err != nil {
		return err
	}
	defer setup.close()
	return poll(ctx, func(ctx context.Context) (bool, error) {
		if !t.proc.alive() {
			return false, fmt.Errorf("Temporal's server ended while starting; %s", logTail(t.proc.folder.log(temporal)))
		}
		if !answers(ctx, t.Address) || (t.UI != "" && !answers(ctx, strings.TrimPrefix(t.UI, "https://"))) {
			return false, nil
		}
		return setup.attempt(ctx)
	})
}
