package app

import (
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/evidence"
	"duenotice/internal/keyring"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
)

// EnvironmentVariable chooses the environment that a program works in.
const EnvironmentVariable = "DUENOTICE_ENVIRONMENT"

// ownSettings are those of duenotice.yaml that each environment has for itself.
type ownSettings struct {
	DatabaseURLFile string `yaml:"database_url_file"`
	OwnerURLFile    string `yaml:"owner_database_url_file"`
	KeyFile         string `yaml:"key_file"`
	EvidenceKeyFile string `yaml:"evidence_key_file"`
	Out             string `yaml:"out"`
	TemporalUI      string `yaml:"temporal_ui"`
	UIListen        string `yaml:"ui_listen"`
	UIUpstream      string `yaml:"ui_upstream"`
	PagesAddress    string `yaml:"pages_address"`
	// Bucket says how a bucket is reached, where Out is one.
	Bucket bucketSettings `yaml:",inline"`
}

// ownVariables say in the process's environment what belongs to one environment.
// They would hold for every one.
var ownVariables = []string{
	"DUENOTICE_DATABASE_URL", "DUENOTICE_OWNER_DATABASE_URL", "DUENOTICE_KEY_FILE", "DUENOTICE_KEY_TEXT", "DUENOTICE_EVIDENCE_KEY_FILE", "DUENOTICE_OUT",
	"TEMPORAL_NAMESPACE", "DUENOTICE_TEMPORAL_UI", "DUENOTICE_UI_LISTEN", "DUENOTICE_UI_UPSTREAM", "DUENOTICE_PAGES_ADDRESS",
}

// environmentSettings are one environment of duenotice.yaml.
type environmentSettings struct {
	Own               ownSettings `yaml:",inline"`
	TemporalNamespace string      `yaml:"temporal_namespace"`
	// TemporalAddress is optional: several environments may use one server.
	TemporalAddress string `yaml:"temporal_address"`
	// TemporalProfile is optional: the environment's own credentials, where the
	// server tells environments apart by them.
	TemporalProfile string `yaml:"temporal_profile"`
	// TaskQueue is optional; by default it is named after the environment.
	TaskQueue string `yaml:"task_queue"`
	// OutEncrypt and MailFrom take the place of what is said for all.
	OutEncrypt string `yaml:"out_encrypt"`
	MailFrom   string `yaml:"mail_from"`
	// OIDC too, as a whole: who knows the people of one need not know another's.
	OIDC OIDC `yaml:",inline"`
}

func (e environmentSettings) queue(name string) string {
	return first(e.TaskQueue, temporalx.Queue+"-"+name)
}

// Environments are the names of the environments that are configured, in order;
// none in an installation without.
func Environments(getenv func(string) string) ([]string, error) {
	file, err := readConfigFile(getenv)
	return file.names(), err
}

func (file fileConfig) names() []string { return slices.Sorted(maps.Keys(file.Environments)) }

// chosen is the environment that is meant; "" where there are none.
func (file fileConfig) chosen(name string) (string, error) {
	names := file.names()
	there := strings.Join(names, ", ")
	switch {
	case name == "" && len(names) == 1:
		return names[0], nil
	case name == "" && len(names) > 1:
		return "", breach.Refuse("no_environment", "Name one with --environment, or in "+EnvironmentVariable+".",
			"there are several environments, and it is not said which one is meant: %s", there)
	case name != "" && len(names) == 0:
		return "", breach.Refuse("unknown_environment", "Take the name away, or add it to "+ConfigFile+": see docs/environments.md.",
			"there is no environment %q: %s names none", name, ConfigFile)
	case name != "" && !slices.Contains(names, name):
		return "", breach.Refuse("unknown_environment", "Name one of these.", "there is no environment %q; there are: %s", name, there)
	}
	return name, nil
}

// keepApart refuses environments of which one could come upon what is another's.
// It reads no file of theirs: who works in one need not be able to.
func (file fileConfig) keepApart(getenv func(string) string) error {
	if len(file.Environments) == 0 {
		return nil
	}
	if file.Own != (ownSettings{}) {
		return refuseEnvironments("Move them into the environments.",
			"database, keys, output folder and page are each environment's own, and outside of environments some are set for all of them")
	}
	for _, name := range slices.Concat(ownVariables, bucketVariables) {
		if getenv(name) != "" {
			return refuseEnvironments("Take the variable away: environments in "+ConfigFile+" say it for each.", "%s is set and would be the same in every environment", name)
		}
	}
	owners := map[claim]string{}
	for _, name := range file.names() {
		if !breach.IsKey(name) {
			return refuseEnvironments("Use 1 to 64 letters, digits, dots, dashes and underscores.", "%q is not an environment's name", name)
		}
		claims, err := file.Environments[name].claims(name)
		if err != nil {
			return err
		}
		for _, c := range claims {
			if owner, taken := owners[c]; taken && owner != name {
				return refuseEnvironments("Give each its own.", "environments %s and %s have the same %s", owner, name, c.what)
			}
			owners[c] = name
		}
	}
	return file.keepFoldersApart()
}

func refuseEnvironments(advice, format string, args ...any) error {
	return breach.Refuse("environments", advice, ConfigFile+": "+format, args...)
}

// claim is something that one environment has for itself.
type claim struct{ what, value string }

// claims are what nobody but the environment may have.
func (e environmentSettings) claims(name string) ([]claim, error) {
	needed := []struct{ setting, value string }{
		{"database_url_file", e.Own.DatabaseURLFile}, {"key_file", e.Own.KeyFile}, {"evidence_key_file", e.Own.EvidenceKeyFile},
		{"out", e.Own.Out}, {"temporal_namespace", e.TemporalNamespace},
	}
	for _, n := range needed {
		if strings.TrimSpace(n.value) == "" {
			return nil, refuseEnvironments("Set it: what an environment does not name it would share.", "environment %s has no %s", name, n.setting)
		}
	}
	queue := e.queue(name)
	claims := []claim{
		// On a file system that ignores capitals, folders that differ in nothing else are one.
		{"name but for capitals", strings.ToLower(name)},
		// Whatever the servers are called: one server can have several names.
		{"temporal_namespace", e.TemporalNamespace},
		{"task queue", queue}, {"task queue", temporalx.PapersQueue(queue)}, {"task queue", temporalx.MailQueue(queue)},
	}
	for _, file := range []string{e.Own.DatabaseURLFile, e.Own.KeyFile, e.Own.EvidenceKeyFile, e.Own.OwnerURLFile} {
		if file == "" {
			continue
		}
		path, err := realPath(file)
		if err != nil {
			return nil, err
		}
		claims = append(claims, claim{"file for a key or a database", path})
	}
	if e.Own.UIListen != "" {
		claims = append(claims, claim{"ui_listen", e.Own.UIListen})
	}
	if e.Own.TemporalUI != "" {
		claims = append(claims, claim{"temporal_ui", strings.TrimSuffix(strings.ToLower(e.Own.TemporalUI), "/")})
	}
	if e.Own.PagesAddress != "" {
		claims = append(claims, claim{"pages_address", strings.TrimSuffix(strings.ToLower(e.Own.PagesAddress), "/")})
	}
	return claims, nil
}

// keepFoldersApart refuses an output folder that is another one's or lies in it:
// the folder of an incident could be another environment's.
func (file fileConfig) keepFoldersApart() error {
	folders := map[string]string{}
	for _, name := range file.names() {
		folder, err := outPlace(file.Environments[name].Own.Out)
		if err != nil {
			return err
		}
		for other, there := range folders {
			if within(folder, there) || within(there, folder) {
				return refuseEnvironments("Give each a folder of its own beside the other's.", "the output folders of environments %s and %s are the same or lie in one another", other, name)
			}
		}
		folders[name] = folder
	}
	return nil
}

func within(inner, outer string) bool {
	relative, err := filepath.Rel(outer, inner)
	return err == nil && filepath.IsLocal(relative)
}

// realPath is where a path leads, as far as it is there.
func realPath(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rest := ""
	for at := whole; ; at = filepath.Dir(at) {
		if found, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(found, rest), nil
		}
		if at == filepath.Dir(at) {
			return whole, nil
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// forEnvironment adds what is one environment's own.
func (file fileConfig) forEnvironment(c Config, name string) (_ Config, err error) {
	e := file.Environments[name]
	c.Environment, c.TaskQueue = name, e.queue(name)
	c.KeyFile, c.EvidenceKeyFile = e.Own.KeyFile, e.Own.EvidenceKeyFile
	c.S3 = e.Own.Bucket.settings(func(string) string { return "" })
	if c, err = c.PutOut(e.Own.Out); err != nil {
		return c, err
	}
	c.PagesAddress = e.Own.PagesAddress
	c.TemporalUI, c.UIListen, c.UIUpstream = e.Own.TemporalUI, e.Own.UIListen, e.Own.UIUpstream
	c.TemporalNamespace, c.temporalProfile = e.TemporalNamespace, e.TemporalProfile
	if e.TemporalAddress != "" || e.TemporalProfile != "" {
		c.TemporalAddress = e.TemporalAddress
	}
	if e.TemporalProfile != "" {
		c.Certificates = "" // its own are in the profile
	}
	if c.DatabaseURL, err = secret("environment "+name+": database_url_file", e.Own.DatabaseURLFile); err != nil {
		return c, err
	}
	if c.DatabaseURL == "" {
		return c, refuseEnvironments("Put the database's URL into it.", "environment %s: %s is empty", name, e.Own.DatabaseURLFile)
	}
	if e.OutEncrypt != "" {
		if c.OutFor, err = outfolder.ParseRecipients(e.OutEncrypt); err != nil {
			return c, err
		}
	}
	c.MailFrom.Email = first(e.MailFrom, c.MailFrom.Email)
	if e.OIDC.asked() {
		if c.OIDC, err = e.OIDC.checked(); err != nil {
			return c, err
		}
	}
	if c.OwnerDatabaseURL, err = secret("environment "+name+": owner_database_url_file", e.Own.OwnerURLFile); err != nil {
		return c, err
	}
	for _, other := range file.names() {
		if other == name {
			continue
		}
		if what := c.sharesWith(file.Environments[other].Own); what != "" {
			return c, refuseEnvironments("Give each its own.", "environments %s and %s have the same %s, from two files", name, other, what)
		}
	}
	return c, nil
}

// sharesWith says what is the same in another environment's files, "" for nothing.
// What cannot be read, or is not there yet, cannot be compared: the database then
// says whose it is.
func (c Config) sharesWith(other ownSettings) string {
	ours, err := postgres.Target(c.DatabaseURL)
	url, errOther := secret("", other.DatabaseURLFile)
	if theirs, errURL := postgres.Target(url); errors.Join(err, errOther, errURL) == nil && ours == theirs {
		return "database"
	}
	if ours, err := c.Keyring(); err == nil {
		if theirs, err := keyring.Load(other.KeyFile); err == nil && ours.SharesWith(theirs) {
			return "master key"
		}
	}
	if ours, err := evidence.OpenKey(c.EvidenceKeyFile); err == nil {
		if theirs, err := evidence.OpenKey(other.EvidenceKeyFile); err == nil && ours.Public() == theirs.Public() {
			return "evidence key"
		}
	}
	return ""
}

// Queue is the task queue of the configuration's workflows.
func (c Config) Queue() string { return first(c.TaskQueue, temporalx.Queue) }

// named has every line say of which environment it is.
func (c Config) named(logger *slog.Logger) *slog.Logger {
	if c.Environment == "" {
		return logger
	}
	return logger.With(slog.String("environment", c.Environment))
}
