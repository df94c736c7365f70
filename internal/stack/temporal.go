package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	temporal = "temporal"
	// temporalNamespace is the one Temporal's development server always has.
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
	// UI is the URL of its web pages, empty when it has none.
	UI   string
	proc *proc
}

// Stop ends the server and keeps its state.
func (t *Temporal) Stop(ctx context.Context) error { return stopTemporal(ctx, t.proc) }

func stopTemporal(ctx context.Context, p *proc) error {
	return p.stop(ctx, syscall.SIGTERM, temporalGrace)
}

// StartTemporal runs the private Temporal server of the state folder dir and
// returns once it serves and has the search attributes. One that runs already is
// returned as it is. The caller keeps others from doing the same at the same
// time.
func StartTemporal(ctx context.Context, dir string, o TemporalOptions) (*Temporal, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	var program string
	running, ok := f.running(temporal)
	if !ok {
		// Not under the limit below: building it takes a slow machine many minutes.
		if program, err = TemporalCLI(ctx, o.progress); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("Temporal's server took too long to start"))
	defer cancel()
	if ok {
		t := temporalOn(running, f.keptPorts(temporal), slices.Contains(running.Command, "--headless"))
		return t, t.ready(ctx, o.SearchAttributes)
	}
	// Two servers on one database would spoil it.
	for _, p := range f.strays(ctx, temporal, isTemporalOf(f.temporalDB())) {
		if err := stopTemporal(ctx, p); err != nil {
			return nil, err
		}
	}
	o.progress("Starting Temporal")
	for {
		t, err := f.startTemporalOnce(ctx, program, o)
		if !errors.Is(err, errTryAgain) {
			return t, err
		}
	}
}

func (f folder) temporalDB() string { return f.path(temporal, "temporal.db") }

func (f folder) startTemporalOnce(ctx context.Context, program string, o TemporalOptions) (*Temporal, error) {
	found, err := f.choosePorts(ctx, temporal, 4)
	if err != nil {
		return nil, err
	}
	log := f.log(temporal)
	from := size(log)
	running, err := f.start(spec{
		name: temporal, args: temporalArgs(program, f.temporalDB(), found, o), env: temporalEnv(), dir: f.path(temporal),
	})
	if err != nil {
		return nil, err
	}
	t := temporalOn(running, found, o.Throwaway)
	if err = t.ready(ctx, o.SearchAttributes); err == nil {
		return t, nil
	}
	if running.alive() {
		return nil, errors.Join(err, t.Stop(context.WithoutCancel(ctx)))
	}
	printed := since(log, from)
	for _, taken := range []string{"address already in use", "can't set ", "can't use default "} {
		if strings.Contains(printed, taken) && ctx.Err() == nil {
			return nil, errTryAgain
		}
	}
	return nil, err
}

func temporalOn(p *proc, ports []int, headless bool) *Temporal {
	t := &Temporal{Address: address(ports[0]), proc: p}
	if !headless {
		t.UI = "http://" + address(ports[1])
	}
	return t
}

// temporalArgs is the server's command line.
func temporalArgs(program, db string, ports []int, o TemporalOptions) []string {
	args := []string{
		program, "server", "start-dev", "--db-filename", db,
		"--ip", loopback, "--port", strconv.Itoa(ports[0]),
		"--http-port", strconv.Itoa(ports[2]), "--metrics-port", strconv.Itoa(ports[3]),
		// With the default journal every transition waits for the disk several times:
		// 10 practice workflows a second where these give 38.
		"--sqlite-pragma", "journal_mode=WAL",
		"--log-level", "error", "--log-format", "json", "--color", "never",
		// Or the server tells its maker about itself every day.
		"--dynamic-config-value", "frontend.enableServerVersionCheck=false",
		// Settings of the person's own for other servers have no business here.
		"--disable-config-file", "--disable-config-env",
	}
	if o.Throwaway {
		args = append(args, "--headless", "--sqlite-pragma", "synchronous=OFF")
	} else {
		args = append(args, "--ui-ip", loopback, "--ui-port", strconv.Itoa(ports[1]), "--sqlite-pragma", "synchronous=NORMAL")
	}
	for _, a := range o.SearchAttributes {
		args = append(args, "--search-attribute", a)
	}
	return args
}

// temporalEnv is our environment without Temporal's own variables, and without
// those that would send the UI's or the server's traffic elsewhere.
func temporalEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TEMPORAL_") })
}

// isTemporalOf matches the command line of a server of this database.
func isTemporalOf(db string) func(args []string) bool {
	return func(args []string) bool {
		i := slices.Index(args, "--db-filename")
		return len(args) > 2 && filepath.Base(args[0]) != "go" && args[1] == "server" && i > 0 && i+1 < len(args) && args[i+1] == db
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

// ready waits until the server serves the namespace and its UI answers.
func (t *Temporal) ready(ctx context.Context, attributes []string) error {
	_, portText, err := net.SplitHostPort(t.Address)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return err
	}
	setup, err := newNamespaceSetup(t.Address, temporalNamespace, attributes)
	if err != nil {
		return err
	}
	defer setup.close()
	return poll(ctx, func(ctx context.Context) (bool, error) {
		if !t.proc.alive() {
			return false, fmt.Errorf("Temporal's server ended while starting; %s", logTail(t.proc.folder.log(temporal)))
		}
		if !t.proc.holds(ctx, port) || (t.UI != "" && !answers(ctx, strings.TrimPrefix(t.UI, "http://"))) {
			return false, nil
		}
		return setup.attempt(ctx)
	})
}
