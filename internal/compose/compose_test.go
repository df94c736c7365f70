package compose_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// required is what a person must set; each stands for a secret or a place that
// has no sensible default.
func required() types.Mapping {
	return types.Mapping{
		"POSTGRES_PASSWORD":           "secret-of-postgres",
		"DUENOTICE_OWNER_PASSWORD":    "secret-of-owner",
		"DUENOTICE_POSTGRES_PASSWORD": "secret-of-duenotice",
		"TEMPORAL_POSTGRES_PASSWORD":  "secret-of-temporal",
		"DUENOTICE_OUT_FOLDER":        "/srv/duenotice/out",
		"DUENOTICE_KEYS":              "/srv/duenotice/keys",
	}
}

// load reads docker-compose.yml as docker compose does, every profile on, and over it
// the other files that are named.
func load(environment types.Mapping, others ...string) (*types.Project, error) {
	dir, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	var files []types.ConfigFile
	for _, name := range append([]string{"docker-compose.yml"}, others...) {
		files = append(files, types.ConfigFile{Filename: filepath.Join(dir, name)})
	}
	return loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: dir, ConfigFiles: files, Environment: environment,
	}, loader.WithProfiles([]string{"*"}))
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(required())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"postgresql", "certificate", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "viewer", "worker", "more-workers", "pages", "cli", "mail-sink",
	}, p.ServiceNames())
	return p
}

// jobs run to their end; everything else but the command line keeps running.
var jobs = []string{"certificate", "temporal-schema", "temporal-namespace"}

func runsOn(name string) bool { return !slices.Contains(jobs, name) && name != "cli" }

// pinned is an image with a version in its tag: latest and bare majors move.
var pinned = regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?(@sha256:[0-9a-f]{64})?$`)

func TestEveryImageIsPinned(t *testing.T) {
	t.Parallel()
	for name, service := range project(t).Services {
		if service.Build != nil {
			require.Equal(t, "duenotice:local", service.Image, name)
			continue
		}
		require.Regexp(t, pinned, service.Image, name)
		require.NotContains(t, service.Image, "auto-setup", name)
	}
}

func TestTemporalsToolsAreOfTheServersVersion(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	version := strings.TrimPrefix(services["temporal"].Image, "temporalio/server:")
	for _, job := range []string{"temporal-schema", "temporal-namespace"} {
		require.Equal(t, "temporalio/admin-tools:"+version, services[job].Image, job)
	}
}

func TestNothingListensBeyondThisMachine(t *testing.T) {
	t.Parallel()
	p := project(t)
	published := 0
	for name, service := range p.Services {
		for _, port := range service.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, name)
			published++
		}
		require.NotEqual(t, "host", service.NetworkMode, name)
		require.False(t, service.Privileged, name)
	}
	require.Equal(t, 7, published, "the viewer, the practices' pages for the host's proxy, the rehearsal's mail page, and the metrics of four")
	require.Equal(t, "8080", p.Services["viewer"].Ports[0].Published)
	require.True(t, p.Networks["inside"].Internal)
	require.Equal(t, "none", p.Services["certificate"].NetworkMode)
	for name, service := range p.Services {
		_, there := service.Networks["pages"]
		require.Equal(t, name == "pages", there, "whoever breaks into the pages reaches nobody else: %s", name)
	}
	require.Len(t, p.Services["pages"].Networks, 1)
	for _, name := range []string{"postgresql", "temporal", "temporal-ui", "temporal-schema", "temporal-namespace", "cli"} {
		require.Equal(t, []string{"inside"}, slices.Collect(maps.Keys(p.Services[name].Networks)), name)
	}
}

func TestWhatRunsOnIsWatchedAndRestarted(t *testing.T) {
	t.Parallel()
	for name, service := range project(t).Services {
		if !runsOn(name) {
			require.Nil(t, service.HealthCheck, name)
			continue
		}
		require.NotNil(t, service.HealthCheck, name)
		require.False(t, service.HealthCheck.Disable, name)
		require.Equal(t, "CMD", service.HealthCheck.Test[0], name)
		require.NotNil(t, service.HealthCheck.Interval, name)
		require.NotNil(t, service.HealthCheck.Timeout, name)
		require.NotNil(t, service.HealthCheck.StartPeriod, name)
		require.Equal(t, "unless-stopped", service.Restart, name)
		require.NotEmpty(t, service.Logging.Options["max-size"], name)
	}
}

func TestStartingOrder(t *testing.T) {
	t.Parallel()
	const healthy, done, started = "service_healthy", "service_completed_successfully", "service_started"
	want := map[string]map[string]string{
		"postgresql":         {},
		"certificate":        {},
		"temporal-schema":    {"postgresql": healthy},
		"temporal":           {"temporal-schema": done, "certificate": done},
		"temporal-namespace": {"temporal": healthy},
		"temporal-ui":        {"temporal": healthy},
		"viewer":             {"postgresql": healthy, "temporal-ui": healthy},
		"worker":             {"postgresql": healthy, "temporal-namespace": done},
		"more-workers":       {"postgresql": healthy, "temporal-namespace": done, "worker": healthy},
		"cli":                {"postgresql": healthy, "temporal-namespace": done},
		"pages":              {"postgresql": healthy, "worker": healthy},
		"mail-sink":          {"worker": started},
	}
	for name, service := range project(t).Services {
		got := map[string]string{}
		for on, how := range service.DependsOn {
			require.True(t, how.Required, "%s on %s", name, on)
			got[on] = how.Condition
		}
		require.Equal(t, want[name], got, name)
	}
}

func TestContainersHaveNoMoreRightsThanTheyNeed(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	for name, service := range services {
		require.Equal(t, []string{"ALL"}, service.CapDrop, name)
		require.Contains(t, service.SecurityOpt, "no-new-privileges:true", name)
		if name != "postgresql" {
			require.Empty(t, service.CapAdd, name)
		}
	}
	for _, name := range []string{"worker", "more-workers", "cli", "viewer", "pages", "certificate", "mail-sink", "temporal-schema", "temporal-namespace"} {
		require.True(t, services[name].ReadOnly, name)
	}
	for _, name := range []string{"worker", "more-workers", "cli", "viewer", "pages", "certificate", "mail-sink"} {
		require.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, services[name].User, name)
	}
}

func TestEveryFolderMountedIsThere(t *testing.T) {
	t.Parallel()
	for name, service := range project(t).Services {
		for _, volume := range service.Volumes {
			switch {
			case volume.Type == types.VolumeTypeVolume:
			case strings.Contains(volume.Source, filepath.Join("internal", "compose")):
				require.True(t, volume.ReadOnly, name)
				_, err := os.Stat(volume.Source)
				require.NoError(t, err, name)
			default:
				// A person's own folder: the engine must not make it as root.
				require.NotNil(t, volume.Bind, name)
				require.False(t, bool(volume.Bind.CreateHostPath), name)
			}
		}
	}
}
