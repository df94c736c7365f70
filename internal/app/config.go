// Package app wires the program together: its configuration, its connection to
// Temporal, and the worker as a value that tests start too.
package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"duenotice/internal/authority"
	"duenotice/internal/breach"
	"duenotice/internal/bucket"
	"duenotice/internal/datakey"
	"duenotice/internal/givenfile"
	"duenotice/internal/keyring"
	"duenotice/internal/logging"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/internal/stack"
)

// ConfigFile is read from the working folder when it is there, unless
// DUENOTICE_CONFIG names another file.
const ConfigFile = "duenotice.yaml"

// Config is everything the program needs to know of its surroundings.
type Config struct {
	// Environment is the name of the environment that this is the configuration of;
	// "" in an installation without environments.
	Environment string
	// TaskQueue of the environment's workflows; "" is temporalx.Queue.
	TaskQueue string
	// DatabaseURL of PostgreSQL; it holds a password and is never printed.
	DatabaseURL string
	// OwnerDatabaseURL is the same database for the login that owns its tables and
	// may change them; "" where DatabaseURL's does. It is never printed either.
	OwnerDatabaseURL string
	// TemporalAddress and TemporalNamespace override what Temporal's own
	// variables and profiles say; empty leaves it to them.
	TemporalAddress   string
	TemporalNamespace string
	// temporalProfile is an environment's own profile in Temporal's configuration
	// file, which then says everything that is not said here; "" is the person's.
	temporalProfile string
	// OwnStack says that both servers are the stack's on this machine, which no
	// profile or credential of the person's own concerns.
	OwnStack bool
	// Certificates is the folder with what Temporal is known by, and with a certificate
	// for each role in which it is called; "" leaves both to Temporal's own variables
	// and profiles.
	Certificates authority.Folder
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
	// OIDC is who else than a link of the command line lets people in to the pages.
	OIDC OIDC
	// PagesAddress is where practices reach their pages, such as https://notice.example.com;
	// "" where they have none.
	PagesAddress string
	// Out is the output folder, or s3://BUCKET/PREFIX. OutNamed says that somebody named it; otherwise it is
	// the usual one below the working folder.
	Out      string
	OutNamed bool
	// S3 is how a bucket is reached, where Out is one (PutOut).
	S3 bucket.Settings
	// OutFor are who can read the files with patient data in Out; with nobody they
	// are in clear.
	OutFor outfolder.Recipients
	// SendGridKey sends e-mail through SendGrid; without it mail goes to Out/outbox.
	SendGridKey  string
	SendGridHost string
	// WebhookKey is the public key that SendGrid's events are signed with; none where
	// nobody set it.
	WebhookKey mail.VerificationKey
	// MailFrom is the sender that SendGrid has verified; without SendGrid it may be
	// empty, and e-mail is then in the incident's own name.
	MailFrom mail.Address
	// Seeing is what is shown of the program to who runs it.
	Seeing seeing.Options
	// EnvelopesFile has the operator's own forms of envelope, and Envelope is the name of
	// the one that letters are set for where a case names none (Envelopes).
	EnvelopesFile, Envelope string
	// Postings says whether pages with posted notices are looked at.
	Postings PostingLooks
	// Zone is where the officers are: it decides which day "today" is.
	Zone *time.Location
	// EvidenceKeyFile holds the private key that evidence is signed with.
	EvidenceKeyFile string
	// Command writes a command as an officer of this installation would type it, for
	// pages; nil writes it plainly.
	Command func(words ...string) string

	getenv func(string) string
	// bucket is where outputs are when they are in one.
	bucket *bucket.Bucket
}

// fileConfig is duenotice.yaml. Secrets are given as files, never in it.
type fileConfig struct {
	// Own is what each environment has for itself, of the only one where there are no names.
	Own             ownSettings `yaml:",inline"`
	SendGridKeyFile string      `yaml:"sendgrid_api_key_file"`
	SendGridHost    string      `yaml:"sendgrid_host"`
	WebhookKey      string      `yaml:"sendgrid_webhook_key"`
	MailFrom        string      `yaml:"mail_from"`
	Timezone        string      `yaml:"timezone"`
	LogLevel        string      `yaml:"log_level"`
	LogFormat       string      `yaml:"log_format"`
	LogFile         string      `yaml:"log_file"`
	OutEncrypt      string      `yaml:"out_encrypt"`
	MetricsListen   string      `yaml:"metrics_listen"`
	MetricsToken    string      `yaml:"metrics_token_file"`
	OTLPEndpoint    string      `yaml:"otlp_endpoint"`
	EnvelopesFile   string      `yaml:"envelopes_file"`
	Envelope        string      `yaml:"envelope"`
	PostingLooks    string      `yaml:"posting_looks"`
	PostingHosts    string      `yaml:"posting_hosts"`
	// OIDC lets people in to the pages of every environment that names no other.
	OIDC OIDC `yaml:",inline"`

	Environments map[string]environmentSettings `yaml:"environments"`
}

// LoadConfig reads the environment, then duenotice.yaml, then the addresses of
// the stack that runs in stateDir; the first that says something wins. A value
// that cannot be used is a *breach.Refusal.
//
// Where duenotice.yaml names environments (docs/environments.md) it is the
// configuration of the one that DUENOTICE_ENVIRONMENT names, or of the only one.
// Without such a name it refuses with code "no_environment", with a name that is
// not there with "unknown_environment", and with "environments" what would let two
// of them share something.
func LoadConfig(getenv func(string) string, stateDir string) (Config, error) {
	file, err := readConfigFile(getenv)
	if err != nil {
		return Config{}, err
	}
	name, err := file.chosen(getenv(EnvironmentVariable))
	if err != nil {
		return Config{}, err
	}
	c, err := file.shared(getenv)
	if err != nil {
		return c, err
	}
	if name != "" {
		return file.forEnvironment(c, name)
	}
	return file.withoutEnvironments(c, stateDir)
}

// LoadShared is LoadConfig for what speaks to no server: where there are several
// environments none has to be named, and it has what is the same in all of them.
func LoadShared(getenv func(string) string, stateDir string) (Config, error) {
	file, err := readConfigFile(getenv)
	if err != nil {
		return Config{}, err
	}
	if name := getenv(EnvironmentVariable); name != "" {
		if _, err := file.chosen(name); err != nil {
			return Config{}, err
		}
	}
	c, err := file.shared(getenv)
	if err != nil || len(file.Environments) > 0 {
		return c, err
	}
	return file.withoutEnvironments(c, stateDir)
}

// shared reads what is the same in every environment.
func (file fileConfig) shared(getenv func(string) string) (c Config, err error) {
	c = Config{
		getenv:      getenv,
		SendGridKey: getenv("SENDGRID_API_KEY"),
		Log: logging.Options{
			Level: first(getenv("DUENOTICE_LOG_LEVEL"), file.LogLevel), Format: first(getenv("DUENOTICE_LOG_FORMAT"), file.LogFormat),
			File: first(getenv("DUENOTICE_LOG_FILE"), file.LogFile),
		},
		SendGridHost: first(getenv("SENDGRID_HOST"), file.SendGridHost),
		// Temporal's own variable, read here too so that a caller's environment counts.
		TemporalAddress: getenv("TEMPORAL_ADDRESS"),
		Certificates:    authority.Folder(getenv("DUENOTICE_TEMPORAL_CERTIFICATES")),
		EnvelopesFile:   first(getenv("DUENOTICE_ENVELOPES"), file.EnvelopesFile),
		Envelope:        first(getenv("DUENOTICE_ENVELOPE"), file.Envelope),
		MailFrom:        mail.Address{Email: first(getenv("DUENOTICE_MAIL_FROM"), file.MailFrom)},
	}
	if c.SendGridKey == "" {
		if c.SendGridKey, err = secret("sendgrid_api_key_file", file.SendGridKeyFile); err != nil {
			return c, err
		}
	}
	if c.OutFor, err = outfolder.ParseRecipients(first(getenv("DUENOTICE_OUT_ENCRYPT"), file.OutEncrypt)); err != nil {
		return c, err
	}
	c.OIDC, err = OIDC{
		Issuer: first(getenv("DUENOTICE_OIDC_ISSUER"), file.OIDC.Issuer), ClientID: first(getenv("DUENOTICE_OIDC_CLIENT_ID"), file.OIDC.ClientID),
		SecretFile: first(getenv("DUENOTICE_OIDC_CLIENT_SECRET_FILE"), file.OIDC.SecretFile), Claim: first(getenv("DUENOTICE_OIDC_CLAIM"), file.OIDC.Claim),
	}.checked()
	if err != nil {
		return c, err
	}
	if c.WebhookKey, err = mail.ParseVerificationKey(first(getenv("SENDGRID_WEBHOOK_KEY"), file.WebhookKey)); err != nil {
		return c, breach.Refuse("webhook_key", "Leave it out where events are not signed.", "SENDGRID_WEBHOOK_KEY cannot be used: %v", err)
	}
	c.Seeing = seeing.Options{
		Listen: first(getenv(seeingNames.Listen), file.MetricsListen), TokenFile: first(getenv(seeingNames.TokenFile), file.MetricsToken),
		OTLP: first(getenv(seeingNames.OTLP), file.OTLPEndpoint),
	}
	if err := c.Seeing.Check(seeingNames); err != nil {
		return c, err
	}
	c.Postings, err = postingLooks(first(getenv("DUENOTICE_POSTING_LOOKS"), file.PostingLooks), first(getenv("DUENOTICE_POSTING_HOSTS"), file.PostingHosts))
	if err != nil {
		return c, err
	}
	zone := first(getenv("DUENOTICE_TIMEZONE"), file.Timezone, "America/New_York")
	if c.Zone, err = time.LoadLocation(zone); err != nil {
		return c, breach.Refuse("timezone", "Give one such as America/New_York.", "%q is not a time zone", zone)
	}
	return c, nil
}

// withoutEnvironments adds the rest where there are no environments.
func (file fileConfig) withoutEnvironments(c Config, stateDir string) (_ Config, err error) {
	getenv, own := c.getenv, file.Own
	c.DatabaseURL, c.OwnerDatabaseURL = getenv("DUENOTICE_DATABASE_URL"), getenv("DUENOTICE_OWNER_DATABASE_URL")
	c.S3 = own.Bucket.settings(getenv)
	out := first(getenv("DUENOTICE_OUT"), own.Out)
	if c.OutNamed = out != ""; !c.OutNamed {
		out = "out"
	}
	if c, err = c.PutOut(out); err != nil {
		return c, err
	}
	c.KeyText = getenv("DUENOTICE_KEY_TEXT")
	c.KeyFile = first(getenv("DUENOTICE_KEY_FILE"), own.KeyFile)
	c.EvidenceKeyFile = first(getenv("DUENOTICE_EVIDENCE_KEY_FILE"), own.EvidenceKeyFile, filepath.Join(stateDir, "evidence-key.pem"))
	c.TemporalNamespace = getenv("TEMPORAL_NAMESPACE")
	c.TemporalUI = first(getenv("DUENOTICE_TEMPORAL_UI"), own.TemporalUI)
	c.PagesAddress = first(getenv("DUENOTICE_PAGES_ADDRESS"), own.PagesAddress)
	c.UIListen = first(getenv("DUENOTICE_UI_LISTEN"), own.UIListen)
	c.UIUpstream = first(getenv("DUENOTICE_UI_UPSTREAM"), own.UIUpstream)
	if c.DatabaseURL == "" {
		if c.DatabaseURL, err = secret("database_url_file", own.DatabaseURLFile); err != nil {
			return c, err
		}
	}
	if c.OwnerDatabaseURL == "" {
		if c.OwnerDatabaseURL, err = secret("owner_database_url_file", own.OwnerURLFile); err != nil {
			return c, err
		}
	}
	if running, ok := stack.Read(stateDir); ok && c.DatabaseURL == "" {
		c.DatabaseURL, c.OwnerDatabaseURL = running.DatabaseURL, running.OwnerDatabaseURL
		c.KeyFile = first(running.KeyFile, c.KeyFile)
		if c.TemporalAddress == "" {
			c.OwnStack = true
			c.TemporalAddress, c.TemporalNamespace, c.Certificates = running.TemporalAddress, running.TemporalNamespace, running.Certificates
		}
		c.TemporalUI = first(c.TemporalUI, running.TemporalUI)
		c.PagesAddress = first(c.PagesAddress, running.PagesAddress)
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

// Migrate brings the database's tables up to date, as their owner where one is
// given, and makes one that is nobody's the environment's.
func (c Config) Migrate(ctx context.Context) error {
	return postgres.MigrateFor(ctx, first(c.OwnerDatabaseURL, c.DatabaseURL), c.Environment, c.Master())
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

func readConfigFile(getenv func(string) string) (fileConfig, error) {
	var file fileConfig
	path := first(getenv("DUENOTICE_CONFIG"), ConfigFile)
	content, err := givenfile.Read(path)
	if errors.Is(err, os.ErrNotExist) && path == ConfigFile {
		return file, nil
	}
	if err != nil {
		return file, err
	}
	if err := yaml.UnmarshalWithOptions(content, &file, yaml.Strict()); err != nil {
		return file, breach.Refuse("config", "Mend the file.", "%s: %s", path, strings.TrimSpace(err.Error()))
	}
	return file, file.keepApart(getenv)
}

func secret(name, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	content, err := givenfile.ReadPassword(path)
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
