package app

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"duenotice/internal/breach"
	"duenotice/internal/codec"
)

// DialTemporal connects a command to Temporal: to the stack on this machine, or
// by Temporal's own standard variables and profiles (TEMPORAL_ADDRESS,
// TEMPORAL_NAMESPACE, ...). What it sends is encrypted with the key file's
// newest key. An address elsewhere without verified TLS is refused.
func DialTemporal(ctx context.Context, c Config, logger *slog.Logger) (client.Client, error) {
	return dial(ctx, c, logger, (*codec.Codec).Apply)
}

// dialForWorker is DialTemporal for a worker, which waits where it cannot decrypt, and
// tells note of what it does not believe.
func dialForWorker(ctx context.Context, c Config, logger *slog.Logger, note func(*codec.Refusal)) (client.Client, error) {
	return dial(ctx, c, logger, func(sealed *codec.Codec, o *client.Options) { sealed.Telling(note).ApplyToWorker(o) })
}

func dial(ctx context.Context, c Config, logger *slog.Logger, apply func(*codec.Codec, *client.Options)) (client.Client, error) {
	sealed, err := codec.NewReading(c.Keyring)
	if err != nil {
		return nil, err
	}
	options, err := c.temporalOptions()
	if err != nil {
		return nil, err
	}
	apply(sealed, &options)
	if logger != nil {
		options.Logger = sdklog.NewStructuredLogger(logger)
	}
	return client.DialContext(ctx, options)
}

// temporalOptions says where Temporal is and how it is spoken to.
func (c Config) temporalOptions() (client.Options, error) {
	var options client.Options
	// A person's own variables and profile are for another server than the stack's:
	// its credentials would be sent to the wrong one.
	if !c.OwnStack {
		var err error
		options, err = envconfig.LoadClientOptions(envconfig.LoadClientOptionsRequest{
			// The variables are the same in every environment, and so no part of its own profile.
			EnvLookup: lookup(c.getenv), ConfigFileProfile: c.temporalProfile, DisableEnv: c.temporalProfile != "",
		})
		if err != nil {
			return options, err
		}
	}
	if c.TemporalAddress != "" {
		options.HostPort = c.TemporalAddress
	}
	if c.TemporalNamespace != "" {
		options.Namespace = c.TemporalNamespace
	}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	return options, refuseUnprotected(options)
}

// refuseUnprotected refuses to speak to another machine in clear, or to one that
// does not have to prove which it is.
func refuseUnprotected(options client.Options) error {
	if loopback(options.HostPort) {
		return nil
	}
	connection := options.ConnectionOptions
	// The SDK turns TLS on by itself for an API key, unless told not to.
	if connection.TLS == nil && (options.Credentials == nil || connection.TLSDisabled) {
		return breach.Refuse("plaintext", "Set TEMPORAL_TLS and its certificates, or use an address on this machine.",
			"Temporal at %s would be reached without encryption", options.HostPort)
	}
	if connection.TLS != nil && connection.TLS.InsecureSkipVerify {
		return breach.Refuse("unverified", "Give its certificate authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH, and take TEMPORAL_TLS_DISABLE_HOST_VERIFICATION away.",
			"Temporal at %s would not have to prove that it is the one that is meant", options.HostPort)
	}
	return nil
}

// lookup lets Temporal's own configuration see the environment that the caller
// of LoadConfig sees.
type lookup func(string) string

func (l lookup) get(name string) string {
	if l == nil {
		return os.Getenv(name)
	}
	return l(name)
}

// LookupEnv treats an empty variable as an unset one.
func (l lookup) LookupEnv(name string) (string, bool) {
	value := l.get(name)
	return value, value != ""
}

// Environ is asked for the variables that are found by the beginning of their name.
func (l lookup) Environ() []string {
	var seen []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); l.get(name) != "" {
			seen = append(seen, name+"="+l.get(name))
		}
	}
	return seen
}
