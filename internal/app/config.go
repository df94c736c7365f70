// Package app wires the program together: its configuration, its connection to
// Temporal, and the worker as a value that tests start too.
package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/logging"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// ConfigFile is read from the working folder when it is there.
const ConfigFile = "duenotice.yaml"

// Config is everything the program needs to know of its surroundings.
type Config struct {
	// DatabaseURL of PostgreSQL; it holds a password and is never printed.
	DatabaseURL string
	// OwnerDatabaseURL is the same database for the login that owns its tables and
	// may change them; "" where DatabaseURL's does. It is never printed either.
	OwnerDatabaseURL string
	// TemporalAddress and TemporalNamespace override what Temporal's own
	// variables and profiles say; empty leaves it to them.
	TemporalAddress   string
	TemporalNamespace string
	// OwnStack says that both servers are the stack's on this machine, which no
	// profile or credential of the person's own concerns.
	OwnStack bool
	// KeyFile has the master keys. Nothing that keeps or sends patient data, keys
	// or counts runs without it.
	KeyFile string
	// Log says what the worker logs, how and where.
	Log logging.Options
	// KeyText is a key file's text from an environment secret, for those who keep no
	// secrets in files; it is never printed. KeyFile comes first.
	KeyText string
	// TemporalUI is the address officers open, "" when there is none.
	TemporalUI string
	// UIListen is where the page of TemporalUI listens, host:port; "" serves none.
	// UIUpstream is the address of Temporal's own UI behind it.
	UIListen, UIUpstream string
	// Out is the output folder.
	Out string
	// OutFor are who can read the files with patient data in Out; with nobody they
	// are in clear.
	OutFor outfolder.Recipients
	// SendGridKey sends e-mail through SendGrid; without it mail goes to Out/outbox.
	SendGridKey  string
	SendGridHost string
	MailFrom     mail.Address
	// Zone is where the officers are: it decides which day "today" is.
	Zone *time.Location
	// EvidenceKeyFile holds the private key that evidence is signed with.
	EvidenceKeyFile string

	getenv func(string) string
}

// fileConfig is duenotice.yaml. Secrets are given as files, never in it.
type fileConfig struct {
	DatabaseURLFile string `yaml:"database_url_file"`
	OwnerURLFile    string `yaml:"owner_database_url_file"`
	SendGridKeyFile string `yaml:"sendgrid_api_key_file"`
	SendGridHost    string `yaml:"sendgrid_host"`
	EvidenceKeyFile string `yaml:"evidence_key_file"`
	Out             string `yaml:"out"`
	MailFrom        string `yaml:"mail_from"`
	Timezone        string `yaml:"timezone"`
	TemporalUI      string `yaml:"temporal_ui"`
	UIListen        string `yaml:"ui_listen"`
	UIUpstream      string `yaml:"ui_upstream"`
	KeyFile         string `yaml:"key_file"`
	LogLevel        string `yaml:"log_level"`
	LogFormat       string `yaml:"log_format"`
	LogFile         string `yaml:"log_file"`
	OutEncrypt      string `yaml:"out_encrypt"`
}

// LoadConfig reads the environment, then duenotice.yaml, then the addresses of
// the stack that runs in stateDir; the first that says something wins. A value
// that cannot be used is a *breach.Refusal.
func LoadConfig(getenv func(string) string, stateDir string) (Config, error) {
	file, err := readConfigFile()
	if err != nil {
		return Config{}, err
	}
	c := Config{
		getenv:      getenv,
		DatabaseURL: getenv("DUENOTICE_DATABASE_URL"), OwnerDatabaseURL: getenv("DUENOTICE_OWNER_DATABASE_URL"),
		Out:         first(getenv("DUENOTICE_OUT"), file.Out, "out"),
		SendGridKey: getenv("SENDGRID_API_KEY"),
		KeyText:     getenv("DUENOTICE_KEY_TEXT"),
		KeyFile:     first(getenv("DUENOTICE_KEY_FILE"), file.KeyFile),
		Log: logging.Options{
			Level: first(getenv("DUENOTICE_LOG_LEVEL"), file.LogLevel), Format: first(getenv("DUENOTICE_LOG_FORMAT"), file.LogFormat),
			File: first(getenv("DUENOTICE_LOG_FILE"), file.LogFile),
		},
		SendGridHost: first(getenv("SENDGRID_HOST"), file.SendGridHost),
		// Temporal's own variables, read here too so that a caller's environment counts.
		TemporalAddress: getenv("TEMPORAL_ADDRESS"), TemporalNamespace: getenv("TEMPORAL_NAMESPACE"),
		TemporalUI: first(getenv("DUENOTICE_TEMPORAL_UI"), file.TemporalUI),
		UIListen:   first(getenv("DUENOTICE_UI_LISTEN"), file.UIListen), UIUpstream: first(getenv("DUENOTICE_UI_UPSTREAM"), file.UIUpstream),
		MailFrom: mail.Address{Name: "Duenotice", Email: first(getenv("DUENOTICE_MAIL_FROM"), file.MailFrom, "privacy@example.org")},
	}
	c.EvidenceKeyFile = first(getenv("DUENOTICE_EVIDENCE_KEY_FILE"), file.EvidenceKeyFile, filepath.Join(stateDir, "evidence-key.pem"))
	if c.DatabaseURL == "" {
		if c.DatabaseURL, err = secret("database_url_file", file.DatabaseURLFile); err != nil {
			return c, err
		}
	}
	if c.OwnerDatabaseURL == "" {
		if c.OwnerDatabaseURL, err = secret("owner_database_url_file", file.OwnerURLFile); err != nil {
			return c, err
		}
	}
	if c.SendGridKey == "" {
		if c.SendGridKey, err = secret("sendgrid_api_key_file", file.SendGridKeyFile); err != nil {
			return c, err
		}
	}
	if c.OutFor, err = outfolder.ParseRecipients(first(getenv("DUENOTICE_OUT_ENCRYPT"), file.OutEncrypt)); err != nil {
		return c, err
	}
	zone := first(getenv("DUENOTICE_TIMEZONE"), file.Timezone, "America/New_York")
	if c.Zone, err = time.LoadLocation(zone); err != nil {
		return c, breach.Refuse("timezone", "Give one such as America/New_York.", "%q is not a time zone", zone)
	}
	if running, ok := stack.Read(stateDir); ok && c.DatabaseURL == "" {
		c.DatabaseURL, c.OwnerDatabaseURL = running.DatabaseURL, running.OwnerDatabaseURL
		c.KeyFile = first(running.KeyFile, c.KeyFile)
		if getenv("TEMPORAL_ADDRESS") == "" {
			c.OwnStack = true
			c.TemporalAddress, c.TemporalNamespace = running.TemporalAddress, running.TemporalNamespace
		}
		c.TemporalUI = first(c.TemporalUI, running.TemporalUI)
	}
	return c, nil
}

// RequireDatabase refuses a configuration without a database.
func (c Config) RequireDatabase() error {
	if c.DatabaseURL == "" {
		return breach.Refuse("no_database", "Start the stack on this machine with up, or set DUENOTICE_DATABASE_URL.",
			"there is no database to work with")
	}
	return nil
}

// Migrate brings the database's tables up to date, as their owner where one is given.
func (c Config) Migrate(ctx context.Context) error {
	return postgres.Migrate(ctx, first(c.OwnerDatabaseURL, c.DatabaseURL))
}

// Keyring reads the key file, or the environment secret. That there is neither is
// refused with code "no_keys".
func (c Config) Keyring() (*keyring.Ring, error) {
	if c.KeyFile == "" && c.KeyText != "" {
		ring, err := keyring.Parse([]byte(c.KeyText))
		if err != nil {
			return nil, fmt.Errorf("DUENOTICE_KEY_TEXT: %w", err)
		}
		return ring, nil
	}
	if c.KeyFile == "" {
		return nil, breach.Refuse("no_keys", "Start the stack on this machine with up, which makes one, or set DUENOTICE_KEY_FILE and make one with keys new: see docs/keys.md.",
			"there is no key file, and nothing is kept or sent without encryption")
	}
	return keyring.Load(c.KeyFile)
}

// Master wraps the data keys of the incidents in the database: with the keys of
// the key file or the environment secret, or nil when there is neither. Another
// source of master keys, such as a KMS, is put in here (docs/keys.md).
func (c Config) Master() datakey.Master {
	switch {
	case c.KeyFile != "":
		return datakey.NewRing("key file "+c.KeyFile, c.Keyring)
	case c.KeyText != "":
		return datakey.NewRing("environment secret DUENOTICE_KEY_TEXT", c.Keyring)
	}
	return nil
}

func readConfigFile() (fileConfig, error) {
	var file fileConfig
	content, err := os.ReadFile(ConfigFile)
	if errors.Is(err, os.ErrNotExist) {
		return file, nil
	}
	if err != nil {
		return file, err
	}
	if err := yaml.UnmarshalWithOptions(content, &file, yaml.Strict()); err != nil {
		return file, breach.Refuse("config", "Mend the file.", "%s: %s", ConfigFile, strings.TrimSpace(err.Error()))
	}
	return file, nil
}

func secret(name, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// loopback reports whether an address host:port stays on this machine.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
