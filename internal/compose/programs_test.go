package compose_test

import (
	"context"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
)

// ours are the services that run the product's own programs on the database.
var ours = []string{"worker", "more-workers", "cli", "viewer"}

// known are the variables the programs read (docs/deployment.md lists them).
var known = []string{
	"DUENOTICE_DATABASE_URL", "DUENOTICE_OWNER_DATABASE_URL", "DUENOTICE_OUT", "DUENOTICE_OUT_ENCRYPT", "DUENOTICE_KEY_FILE", "SENDGRID_API_KEY", "SENDGRID_HOST", "SENDGRID_WEBHOOK_KEY", "DUENOTICE_MAIL_FROM", "DUENOTICE_TIMEZONE",
	"DUENOTICE_TEMPORAL_UI", "DUENOTICE_UI_LISTEN", "DUENOTICE_UI_UPSTREAM", "DUENOTICE_PAGES_ADDRESS",
	"DUENOTICE_OIDC_ISSUER", "DUENOTICE_OIDC_CLIENT_ID", "DUENOTICE_OIDC_CLIENT_SECRET_FILE", "DUENOTICE_OIDC_CLAIM",
	"DUENOTICE_METRICS_LISTEN", "DUENOTICE_METRICS_TOKEN_FILE", "DUENOTICE_OTLP_ENDPOINT",
	"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "DUENOTICE_TEMPORAL_CERTIFICATES",
	"DUENOTICE_IMAGE_POSTGRESQL", "DUENOTICE_IMAGE_TEMPORAL", "DUENOTICE_IMAGE_TEMPORAL_TOOLS", "DUENOTICE_IMAGE_TEMPORAL_UI",
}

// container is a service's environment, with the paths its container has led to
// the folders of this test that stand for what is mounted there.
type container map[string]string

// mounted stands for the volumes and secrets: the path inside, the path here.
func mounted(t *testing.T) map[string]string {
	t.Helper()
	tls, keys := t.TempDir(), filepath.Join(t.TempDir(), "keys")
	_, err := authority.Folder(tls).Ensure([]string{"temporal", "127.0.0.1"}, time.Now())
	require.NoError(t, err)
	_, err = keyring.Ensure(keys, civil.OfTime(time.Now()))
	require.NoError(t, err)
	return map[string]string{"/run/temporal-tls": tls, "/run/secrets/keys": keys, "/var/lib/duenotice/out": t.TempDir()}
}

func containerOf(t *testing.T, service types.ServiceConfig, at map[string]string) container {
	t.Helper()
	c := container{"TEMPORAL_CONFIG_FILE": os.DevNull}
	for name, value := range service.Environment {
		require.NotNil(t, value, name)
		c[name] = *value
		for inside, here := range at {
			if rest, found := strings.CutPrefix(*value, inside); found {
				require.True(t, provides(service, inside), "%s has nothing at %s, where %s points", service.Name, inside, name)
				c[name] = here + rest
			}
		}
	}
	return c
}

// provides tells whether something of the file is at a path in the container.
func provides(service types.ServiceConfig, path string) bool {
	return slices.ContainsFunc(service.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == path }) ||
		slices.ContainsFunc(service.Secrets, func(s types.ServiceSecretConfig) bool { return "/run/secrets/"+s.Source == path })
}

func (c container) config(t *testing.T) app.Config {
	t.Helper()
	config, err := app.LoadConfig(func(name string) string { return c[name] }, t.TempDir())
	require.NoError(t, err)
	return config
}

func TestOurProgramsGetVariablesTheyKnow(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	// The worker alone gets the login that may change the tables, and the command line
	// serves nothing.
	shared := maps.Clone(services["worker"].Environment)
	for _, name := range []string{"DUENOTICE_OWNER_DATABASE_URL", "DUENOTICE_METRICS_LISTEN", "DUENOTICE_METRICS_TOKEN_FILE", "DUENOTICE_OTLP_ENDPOINT"} {
		require.Contains(t, shared, name)
		delete(shared, name)
		if name == "DUENOTICE_OWNER_DATABASE_URL" {
			require.Equal(t, shared, services["more-workers"].Environment, "and of several, the first one")
		}
	}
	require.Equal(t, shared, services["cli"].Environment)
	for _, service := range ours {
		for name, value := range services[service].Environment {
			require.Contains(t, known, name, service)
			require.NotNil(t, value, name)
		}
	}
	// What doctor asks digests of is what is started.
	for variable, service := range map[string]string{
		"DUENOTICE_IMAGE_POSTGRESQL": "postgresql", "DUENOTICE_IMAGE_TEMPORAL": "temporal",
		"DUENOTICE_IMAGE_TEMPORAL_TOOLS": "temporal-schema", "DUENOTICE_IMAGE_TEMPORAL_UI": "temporal-ui",
	} {
		require.Equal(t, services[service].Image, *services["cli"].Environment[variable])
	}
	require.True(t, provides(services["worker"], *services["worker"].Environment["DUENOTICE_OUT"]))
	require.Equal(t, *services["temporal-namespace"].Environment["TEMPORAL_NAMESPACE"], *services["worker"].Environment["TEMPORAL_NAMESPACE"])
	require.Equal(t, *services["viewer"].Environment["DUENOTICE_TEMPORAL_UI"], *services["worker"].Environment["DUENOTICE_TEMPORAL_UI"])
}

// refusedFor is the code of a refusal; "" for another error, which says that the
// program went on to look for a server that is not there.
func refusedFor(t *testing.T, err error) string {
	t.Helper()
	require.Error(t, err)
	refusal, refused := breach.AsRefusal(err)
	if !refused {
		return ""
	}
	return refusal.Code
}

// The programs refuse a server spoken to in clear and a start without keys. What
// the file gives them must pass those same checks.
func TestTheProgramsAcceptWhatTheFileGivesThem(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	at := mounted(t)
	for _, name := range ours {
		c := containerOf(t, services[name], at)
		config := c.config(t)
		require.NoError(t, config.RequireDatabase(), name)
		_, err := config.Keyring()
		require.NoError(t, err, name)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = postgres.Open(ctx, config.DatabaseURL)
		require.Empty(t, refusedFor(t, err), "%s: %v", name, err)
		if name == "viewer" {
			continue // it speaks to the UI, in clear, and to nothing else of Temporal's
		}
		_, err = app.DialTemporal(ctx, config, nil)
		require.Empty(t, refusedFor(t, err), "%s: %v", name, err)
	}

	// And the checks are the ones meant: what stood in the file before is refused.
	c := containerOf(t, services["worker"], at)
	c["DUENOTICE_DATABASE_URL"] = "postgres://duenotice:secret@postgresql:5432/duenotice?sslmode=disable"
	_, err := postgres.Open(t.Context(), c.config(t).DatabaseURL)
	require.Equal(t, "plaintext_database", refusedFor(t, err))
	delete(c, "DUENOTICE_TEMPORAL_CERTIFICATES")
	_, err = app.DialTemporal(t.Context(), c.config(t), nil)
	require.Equal(t, "plaintext", refusedFor(t, err))
	delete(c, "DUENOTICE_KEY_FILE")
	_, err = c.config(t).Keyring()
	require.Equal(t, "no_keys", refusedFor(t, err))
}

// The pages' server takes what the file gives it, and has nothing else: no secret but what
// its own metrics are read with, and no volume but PostgreSQL's socket.
func TestThePagesHaveTheirLoginAndNothingElse(t *testing.T) {
	t.Parallel()
	environment := required()
	environment["DUENOTICE_PAGES_ADDRESS"], environment["DUENOTICE_PAGES_PASSWORD"] = "https://notice.example.com", "longword"
	p, err := load(environment)
	require.NoError(t, err)
	service := p.Services["pages"]
	var environ []string
	for name, value := range service.Environment {
		environ = append(environ, name+"="+*value)
	}
	config, err := app.LoadPagesConfig(environ)
	require.NoError(t, err)
	require.Equal(t, "https://notice.example.com", config.Address)
	require.Len(t, config.Proxy, 1)
	require.Equal(t, p.Networks["pages"].Ipam.Config[0].Gateway, config.Proxy[0].Addr().String(), "the host as it comes to the container")
	require.False(t, config.Seeing.Wanted(), "nothing is shown of it unless somebody wants that")
	require.Len(t, service.Secrets, 1)
	require.Equal(t, "pages-metrics", service.Secrets[0].Source)
	require.Equal(t, os.DevNull, p.Secrets["pages-metrics"].File)
	require.Len(t, service.Volumes, 1)
	require.Equal(t, "postgresql-socket", service.Volumes[0].Source)
	require.True(t, service.Volumes[0].ReadOnly)
	require.NotEqual(t, p.Services["worker"].User, service.User)
	require.Equal(t, *p.Services["worker"].Environment["DUENOTICE_PAGES_ADDRESS"], config.Address)
}

func TestPostgreSQLIsReachedThroughTheSocketItHas(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	target := func(service string) string {
		for _, v := range services[service].Volumes {
			if v.Source == "postgresql-socket" {
				return v.Target
			}
		}
		return ""
	}
	require.Equal(t, "/var/run/postgresql", target("postgresql"), "where the image's server has its socket")
	for _, name := range ours {
		u, err := url.Parse(*services[name].Environment["DUENOTICE_DATABASE_URL"])
		require.NoError(t, err)
		require.Equal(t, target(name), u.Query().Get("host"), name)
		require.Empty(t, u.Host, name)
	}
	// Whoever has the socket must have the password too: without a word the image
	// trusts everybody there.
	require.Contains(t, strings.Fields(*services["postgresql"].Environment["POSTGRES_INITDB_ARGS"]), "--auth-local=scram-sha-256")
}

// whose is the volume with certificates that a service mounts.
var whose = map[string]string{
	"temporal": "temporal-tls", "temporal-namespace": "tls-operator", "temporal-ui": "tls-viewer", "worker": "tls-worker", "more-workers": "tls-worker", "cli": "tls-command",
}

func TestTemporalAsksForCertificatesAndEachCallerHasItsOwn(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	job := services["certificate"]
	require.Equal(t, []string{"certificate", "/var/lib/duenotice/tls", "temporal", "127.0.0.1"}, []string(job.Command)[:4])
	require.Equal(t, "1000:1000", job.User, "the user of Temporal's image")
	// The image's folders give the volumes their owner.
	dockerfile := read(t, filepath.Join(root, "Dockerfile"))
	made := map[string]string{} // volume by folder
	for _, v := range job.Volumes {
		require.Contains(t, dockerfile, "/image"+v.Target)
		made[v.Target] = v.Source
	}
	roles := map[string][]string{} // of each volume
	for _, flag := range []string(job.Command)[4:] {
		role, folder, found := strings.Cut(strings.TrimPrefix(flag, "--share="), "=")
		require.True(t, found, flag)
		require.Contains(t, made, folder)
		roles[made[folder]] = append(roles[made[folder]], role)
	}
	require.Equal(t, map[string][]string{
		"tls-worker": {"worker", "command"}, "tls-command": {"command"}, "tls-viewer": {"viewer"}, "tls-operator": {"operator"},
	}, roles)

	for name, service := range services {
		for _, v := range service.Volumes {
			if name == "certificate" || !strings.Contains(v.Source, "tls") {
				continue
			}
			require.Equal(t, whose[name], v.Source, name)
			require.Equal(t, "/run/temporal-tls", v.Target, name)
			require.True(t, v.ReadOnly, name)
		}
	}
	for name, role := range map[string]string{"temporal": "system", "temporal-namespace": "operator", "temporal-ui": "viewer"} {
		for variable, value := range services[name].Environment {
			switch {
			case !strings.Contains(variable, "_TLS_"):
			case strings.HasSuffix(variable, "SERVER_NAME"):
				require.Equal(t, "temporal", *value, variable)
			case strings.HasSuffix(variable, "VERIFICATION"), strings.HasSuffix(variable, "CLIENT_AUTH"):
				require.Equal(t, "true", *value, variable)
			case strings.HasSuffix(variable, "_KEY"), strings.HasSuffix(variable, "_KEY_PATH"):
				require.Equal(t, "/run/temporal-tls/"+role+"-key.pem", *value, variable)
			case strings.Contains(variable, "_CA"):
				require.Equal(t, "/run/temporal-tls/ca.pem", *value, variable)
			default:
				require.Equal(t, "/run/temporal-tls/"+role+".pem", *value, variable)
			}
		}
	}
	for _, variable := range []string{
		"TEMPORAL_TLS_REQUIRE_CLIENT_AUTH", "TEMPORAL_TLS_CLIENT1_CA_CERT", "TEMPORAL_TLS_FRONTEND_CERT", "TEMPORAL_TLS_FRONTEND_KEY", "TEMPORAL_TLS_FRONTEND_SERVER_NAME",
		"TEMPORAL_TLS_SERVER_CERT", "TEMPORAL_TLS_SERVER_KEY", "TEMPORAL_TLS_SERVER_CA_CERT", "TEMPORAL_TLS_INTERNODE_SERVER_NAME",
	} {
		require.Contains(t, services["temporal"].Environment, variable)
	}
	require.Equal(t, "true", *services["temporal-ui"].Environment["TEMPORAL_TLS_ENABLE_HOST_VERIFICATION"])
}

func TestTheKeyFileIsASecretOfThoseWhoDecrypt(t *testing.T) {
	t.Parallel()
	p := project(t)
	require.Equal(t, "/srv/duenotice/keys", p.Secrets["keys"].File)
	for name, service := range p.Services {
		has := slices.ContainsFunc(service.Secrets, func(s types.ServiceSecretConfig) bool { return s.Source == "keys" })
		require.Equal(t, slices.Contains(ours, name), has, name)
	}
}

// Without a provider of identities nothing asks for its secret; with one, the page
// has it, and so has who looks with doctor.
func TestAProviderOfIdentitiesIsAskedByThePage(t *testing.T) {
	t.Parallel()
	at := mounted(t)
	none, err := containerOf(t, project(t).Services["viewer"], at).config(t).Provider()
	require.NoError(t, err)
	require.Nil(t, none)

	environment := required()
	environment["DUENOTICE_OIDC_ISSUER"], environment["DUENOTICE_OIDC_CLIENT_ID"] = "https://login.example.org", "duenotice"
	environment["DUENOTICE_OIDC_CLIENT_SECRET_FILE"] = "/srv/duenotice/oidc"
	p, err := load(environment)
	require.NoError(t, err)
	require.Equal(t, "/srv/duenotice/oidc", p.Secrets["oidc"].File)
	at["/run/secrets/oidc"] = filepath.Join(t.TempDir(), "oidc")
	require.NoError(t, os.WriteFile(at["/run/secrets/oidc"], []byte("shared secret\n"), 0o400))
	for _, name := range []string{"viewer", "cli"} {
		provider, err := containerOf(t, p.Services[name], at).config(t).Provider()
		require.NoError(t, err, name)
		require.Equal(t, []string{"https://login.example.org", "duenotice", "shared secret", "sub"}, []string{provider.Issuer, provider.ClientID, provider.Secret, provider.Claim})
	}
}

// The page that is published is the one with a login.
func TestTheUIIsReachedThroughTheViewerOnly(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	require.Empty(t, services["temporal-ui"].Ports)
	viewer := services["viewer"]
	config := containerOf(t, viewer, mounted(t)).config(t)
	_, port, found := strings.Cut(config.UIListen, ":")
	require.True(t, found)
	require.Equal(t, "8080", port)
	require.Equal(t, uint32(8080), viewer.Ports[0].Target)
	require.Equal(t, "http://127.0.0.1:"+viewer.Ports[0].Published, config.TemporalUI)
	upstream, err := url.Parse(config.UIUpstream)
	require.NoError(t, err)
	require.Contains(t, services, upstream.Hostname())
	require.Equal(t, types.HealthCheckTest{"CMD", "/duenotice", "viewer", "--check"}, viewer.HealthCheck.Test)
}
