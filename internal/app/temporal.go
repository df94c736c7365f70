package app

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"duenotice/internal/authority"
	"duenotice/internal/codec"
)

// DialTemporal connects a command to Temporal: to the stack on this machine, or
// by Temporal's own standard variables and profiles (TEMPORAL_ADDRESS,
// TEMPORAL_NAMESPACE, ...). What it sends is encrypted with the key file's
// newest key. A server that does not have to prove which it is, or that lets in
// whoever reaches it, is refused.
func DialTemporal(ctx context.Context, c Config, logger *slog.Logger) (client.Client, error) {
	return dial(ctx, c, authority.Command, logger, sealing)
}

// dialForWorker is DialTemporal for a worker, which waits where it cannot decrypt, and
// tells note of what it does not believe. look adds what sees how it works.
func dialForWorker(ctx context.Context, c Config, logger *slog.Logger, note func(*codec.Refusal), look func(*client.Options) error) (client.Client, error) {
	return dial(ctx, c, authority.Worker, logger, func(sealed *codec.Codec, o *client.Options) error {
		sealed.Telling(note).ApplyToWorker(o)
		return look(o)
	})
}

// dialForKeeper is for what a worker does beside its queues.
func dialForKeeper(ctx context.Context, c Config, logger *slog.Logger) (client.Client, error) {
	return dial(ctx, c, authority.Worker, logger, sealing)
}

func sealing(sealed *codec.Codec, o *client.Options) error {
	sealed.Apply(o)
	return nil
}

func dial(ctx context.Context, c Config, as authority.Role, logger *slog.Logger, apply func(*codec.Codec, *client.Options) error) (client.Client, error) {
	sealed, err := codec.NewReading(c.Keyring)
	if err != nil {
		return nil, err
	}
	options, err := c.temporalOptions(as)
	if err != nil {
		return nil, err
	}
	if err := apply(sealed, &options); err != nil {
		return nil, err
	}
	if logger != nil {
		options.Logger = sdklog.NewStructuredLogger(logger)
	}
	connected, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, err
	}
	if !c.OwnStack {
		if err := refuseOpenDoor(ctx, options); err != nil {
			connected.Close()
			return nil, err
		}
	}
	return connected, nil
}

// temporalOptions says where Temporal is and how it is spoken to in a role.
func (c Config) temporalOptions(as authority.Role) (client.Options, error) {
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
	if c.Certificates != "" {
		var err error
		if options.ConnectionOptions.TLS, err = c.Certificates.TLS(as); err != nil {
			return options, err
		}
	}
	if c.TemporalAddress != "" {
		options.HostPort = c.TemporalAddress
	}
	if c.TemporalNamespace != "" {
		options.Namespace = c.TemporalNamespace
	}
	// What is large in a request is encrypted, and does not become smaller; trying took a
	// twentieth of the worker's processor time.
	options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	return options, refuseUnprotected(options)
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
