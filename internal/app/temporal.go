package app

import (
	"context"
	"log/slog"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"duenotice/internal/breach"
)

// DialTemporal connects by Temporal's own standard variables and profiles
// (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, ...), or to the stack on this machine.
// An address elsewhere without TLS is refused: what travels names practices.
func DialTemporal(ctx context.Context, c Config, logger *slog.Logger) (client.Client, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, err
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
	if options.ConnectionOptions.TLS == nil && options.Credentials == nil && !loopback(options.HostPort) {
		return nil, breach.Refuse("plaintext", "Set TEMPORAL_TLS and its certificates, or use an address on this machine.",
			"Temporal at %s would be reached without encryption", options.HostPort)
	}
	if logger != nil {
		options.Logger = sdklog.NewStructuredLogger(logger)
	}
	return client.DialContext(ctx, options)
}
