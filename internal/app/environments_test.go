package app_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/keyring"
)

// tenants is a configuration of two environments whose files are all there.
type tenants struct {
	dir    string
	shared string
	env    map[string]map[string]string
}

func newTenants(t *testing.T) *tenants {
	t.Helper()
	x := &tenants{dir: t.TempDir(), env: map[string]map[string]string{}}
	for _, name := range []string{"ehr-3", "ehr-4"} {
		require.NoError(t, os.WriteFile(x.path(name+".url"), []byte("postgres://u:secret@127.0.0.1/"+name), 0o600))
		_, err := keyring.Ensure(x.path(name+".keys"), civil.MustParse("2026-11-25"))
		require.NoError(t, err)
		_, err = evidence.EnsureKey(x.path(name + ".pem"))
		require.NoError(t, err)
		x.env[name] = map[string]string{
			"database_url_file": x.path(name + ".url"), "key_file": x.path(name + ".keys"), "evidence_key_file": x.path(name + ".pem"),
			"out": x.path(name), "temporal_namespace": name,
		}
	}
	return x
}

func (x *tenants) path(name string) string { return filepath.Join(x.dir, name) }

// load loads the configuration of one environment.
func (x *tenants) load(t *testing.T, environment string, more map[string]string) (app.Config, error) {
	t.Helper()
	var yaml strings.Builder
	fmt.Fprintf(&yaml, "%senvironments:\n", x.shared)
	for _, name := range slices.Sorted(maps.Keys(x.env)) {
		fmt.Fprintf(&yaml, "  %s:\n", name)
		for setting, value := range x.env[name] {
			fmt.Fprintf(&yaml, "    %s: %q\n", setting, value)
		}
	}
	require.NoError(t, os.WriteFile(x.path("duenotice.yaml"), []byte(yaml.String()), 0o600))
	variables := map[string]string{"DUENOTICE_CONFIG": x.path("duenotice.yaml"), app.EnvironmentVariable: environment, "TEMPORAL_CONFIG_FILE": os.DevNull}
	maps.Copy(variables, more)
	return app.LoadConfig(func(name string) string { return variables[name] }, x.path("state"))
}

func TestEachEnvironmentHasWhatIsItsOwn(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	x.shared = "timezone: America/Chicago\n"
	x.env["ehr-4"]["temporal_address"] = "127.0.0.1:1"
	x.env["ehr-4"]["task_queue"] = "elsewhere"
	x.env["ehr-4"]["mail_from"] = "privacy@four.example.org"
	x.env["ehr-4"]["out_encrypt"] = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	one, err := x.load(t, "ehr-3", map[string]string{"TEMPORAL_ADDRESS": "127.0.0.1:2"})
	require.NoError(t, err)
	other, err := x.load(t, "ehr-4", map[string]string{"TEMPORAL_ADDRESS": "127.0.0.1:2"})
	require.NoError(t, err)

	require.Equal(t, "ehr-3", one.Environment)
	require.Equal(t, "postgres://u:secret@127.0.0.1/ehr-3", one.DatabaseURL)
	require.Equal(t, x.path("ehr-4.keys"), other.KeyFile)
	require.Equal(t, x.path("ehr-4.pem"), other.EvidenceKeyFile)
	require.Equal(t, x.path("ehr-4"), other.Out)
	require.Equal(t, []string{"ehr-3", "duenotice-ehr-3", "127.0.0.1:2"}, []string{one.TemporalNamespace, one.Queue(), one.TemporalAddress})
	require.Equal(t, []string{"ehr-4", "elsewhere", "127.0.0.1:1"}, []string{other.TemporalNamespace, other.Queue(), other.TemporalAddress})
	require.Equal(t, []string{"", "privacy@four.example.org"}, []string{one.MailFrom.Email, other.MailFrom.Email})
	require.Equal(t, []bool{false, true}, []bool{one.OutFor.Any(), other.OutFor.Any()})
	require.Equal(t, "America/Chicago", one.Zone.String())
	require.Equal(t, one.Zone, other.Zone)
}

// The page for operators shows a file that is accepted as it stands.
func TestTheDocumentedEnvironmentsAreAccepted(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/environments.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), "```yaml\n")
	require.True(t, found)
	example, _, found := strings.Cut(rest, "```")
	require.True(t, found)
	file := filepath.Join(t.TempDir(), "duenotice.yaml")
	require.NoError(t, os.WriteFile(file, []byte(example), 0o600))
	names, err := app.Environments(func(name string) string { return map[string]string{"DUENOTICE_CONFIG": file}[name] })
	require.NoError(t, err)
	require.Equal(t, []string{"ehr-3", "ehr-4"}, names)
}

func TestWithoutEnvironmentsNothingHasAName(t *testing.T) {
	t.Parallel()
	config, err := app.LoadConfig(surroundings(t, nil), t.TempDir())
	require.NoError(t, err)
	require.Empty(t, config.Environment)
	require.Equal(t, "duenotice", config.Queue())
	_, err = app.LoadConfig(surroundings(t, map[string]string{app.EnvironmentVariable: "ehr-3"}), t.TempDir())
	requireCode(t, err, "unknown_environment")
}

// Where a server tells environments apart by their credentials, each has its own.
func TestAnEnvironmentHasItsOwnCredentials(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	profiles := x.path("temporal.toml")
	require.NoError(t, os.WriteFile(profiles, []byte("[profile.three]\naddress = \"three.example.org:7233\"\n[profile.four]\naddress = \"four.example.org:7233\"\n"), 0o600))
	x.env["ehr-3"]["temporal_profile"] = "three"
	for environment, address := range map[string]string{"ehr-3": "three.example.org:7233", "ehr-4": "all.example.org:7233"} {
		config, err := x.load(t, environment, map[string]string{
			"TEMPORAL_CONFIG_FILE": profiles, "TEMPORAL_PROFILE": "four", "TEMPORAL_ADDRESS": "all.example.org:7233",
		})
		require.NoError(t, err)
		_, err = app.DialTemporal(t.Context(), config, nil)
		requireCode(t, err, "plaintext", address)
	}
	x.env["ehr-3"]["temporal_profile"] = "none such"
	config, err := x.load(t, "ehr-3", map[string]string{"TEMPORAL_CONFIG_FILE": profiles})
	require.NoError(t, err)
	_, err = app.DialTemporal(t.Context(), config, nil)
	require.ErrorContains(t, err, "none such")
}

func requireCode(t *testing.T, err error, code string, says ...string) {
	t.Helper()
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, refusal.Code, refusal.Error())
	for _, words := range says {
		require.Contains(t, refusal.Error(), words)
	}
	require.NotContains(t, refusal.Error(), "secret")
}

func TestAnEnvironmentIsNamedWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	_, err := x.load(t, "", nil)
	requireCode(t, err, "no_environment", "ehr-3, ehr-4", "--environment")
	_, err = x.load(t, "ehr-5", nil)
	requireCode(t, err, "unknown_environment", "ehr-3, ehr-4")
	delete(x.env, "ehr-4")
	config, err := x.load(t, "", nil)
	require.NoError(t, err)
	require.Equal(t, "ehr-3", config.Environment, "the only one is the one that is meant")
}

// Whatever two environments could share, without anybody wanting it, is refused
// for every command, before anything is opened.
func TestEnvironmentsThatShareSomethingAreRefused(t *testing.T) {
	t.Parallel()
	same := func(setting string) func(x *tenants) {
		return func(x *tenants) { x.env["ehr-4"][setting] = x.env["ehr-3"][setting] }
	}
	set := func(setting, value string) func(x *tenants) {
		return func(x *tenants) { x.env["ehr-4"][setting] = value }
	}
	link := func(from, to string) func(x *tenants) {
		return func(x *tenants) {
			if err := os.Symlink(x.path(from), x.path(to)); err != nil {
				panic(err)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(x *tenants)
		says   string
	}{
		"no database":      {set("database_url_file", ""), "ehr-4 has no database_url_file"},
		"no key file":      {set("key_file", ""), "ehr-4 has no key_file"},
		"no evidence key":  {set("evidence_key_file", ""), "ehr-4 has no evidence_key_file"},
		"no output folder": {set("out", ""), "ehr-4 has no out"},
		"no namespace":     {set("temporal_namespace", ""), "ehr-4 has no temporal_namespace"},

		"one database's file":   {same("database_url_file"), "the same file"},
		"one key file":          {same("key_file"), "the same file"},
		"one evidence key file": {same("evidence_key_file"), "the same file"},
		"crosswise":             {func(x *tenants) { x.env["ehr-4"]["key_file"] = x.env["ehr-3"]["evidence_key_file"] }, "the same file"},
		"one namespace":         {same("temporal_namespace"), "the same temporal_namespace"},
		"one namespace on servers of two names": {func(x *tenants) {
			same("temporal_namespace")(x)
			x.env["ehr-4"]["temporal_address"] = "localhost:7233"
		}, "the same temporal_namespace"},
		"one queue":                {set("task_queue", "duenotice-ehr-3"), "the same task queue"},
		"one queue named after it": {set("task_queue", "duenotice-ehr-3-mail"), "the same task queue"},
		"one page": {func(x *tenants) {
			set("ui_listen", "127.0.0.1:8080")(x)
			x.env["ehr-3"]["ui_listen"] = "127.0.0.1:8080"
		}, "the same ui_listen"},
		"one output folder":          {same("out"), "output folders"},
		"one folder in the other":    {func(x *tenants) { x.env["ehr-4"]["out"] = filepath.Join(x.env["ehr-3"]["out"], "EX-1") }, "output folders"},
		"a link to the other's keys": {func(x *tenants) { link("ehr-3.keys", "linked")(x); x.env["ehr-4"]["key_file"] = x.path("linked") }, "the same file"},
		"a link to the other's folder": {func(x *tenants) {
			link(".", "linked")(x)
			x.env["ehr-4"]["out"] = x.path("linked/ehr-3")
		}, "output folders"},
		"a name in other capitals": {func(x *tenants) {
			x.env["EHR-4"] = map[string]string{
				"database_url_file": x.path("x"), "key_file": x.path("y"), "evidence_key_file": x.path("z"),
				"out": x.path("out"), "temporal_namespace": "another", "task_queue": "another",
			}
		}, "but for capitals"},
		"a name that is a path": {func(x *tenants) { x.env["../x"] = x.env["ehr-4"]; delete(x.env, "ehr-4") }, "not an environment's name"},
		"something set for all": {func(x *tenants) { x.shared = "out: everywhere\n" }, "set for all of them"},

		"one database from two files":     {copied("ehr-3.url", "ehr-4.url"), "the same database"},
		"one master key from two files":   {copied("ehr-3.keys", "ehr-4.keys"), "the same master key"},
		"one evidence key from two files": {copied("ehr-3.pem", "ehr-4.pem"), "the same evidence key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newTenants(t)
			c.change(x)
			_, err := x.load(t, "ehr-3", nil)
			requireCode(t, err, "environments", c.says)
		})
	}
	for _, variable := range []string{
		"DUENOTICE_DATABASE_URL", "DUENOTICE_KEY_FILE", "DUENOTICE_KEY_TEXT", "DUENOTICE_EVIDENCE_KEY_FILE", "DUENOTICE_OUT",
		"TEMPORAL_NAMESPACE", "DUENOTICE_TEMPORAL_UI", "DUENOTICE_UI_LISTEN", "DUENOTICE_UI_UPSTREAM",
	} {
		_, err := newTenants(t).load(t, "ehr-3", map[string]string{variable: "the same"})
		requireCode(t, err, "environments", variable)
	}
}

// copied makes one environment's file hold what another's holds.
func copied(from, to string) func(x *tenants) {
	return func(x *tenants) {
		content, err := os.ReadFile(x.path(from))
		if err == nil {
			err = os.WriteFile(x.path(to), content, 0o600)
		}
		if err != nil {
			panic(err)
		}
	}
}

// Who works in one environment need not be able to read another's files.
func TestOneEnvironmentNeedsNoFileOfAnother(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	for _, name := range []string{"ehr-4.url", "ehr-4.keys", "ehr-4.pem"} {
		require.NoError(t, os.Remove(x.path(name)))
	}
	config, err := x.load(t, "ehr-3", nil)
	require.NoError(t, err)
	require.Equal(t, "ehr-3", config.Environment)
	_, err = x.load(t, "ehr-4", nil)
	require.ErrorContains(t, err, "environment ehr-4: database_url_file")
}
