package seeing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/seeing"
)

var names = seeing.Names{Listen: "LISTEN", TokenFile: "TOKEN", OTLP: "OTLP"}

// Nothing is shown to others than this machine's unless somebody asked for that twice.
func TestWhereSomethingIsShownIsAskedFor(t *testing.T) {
	t.Parallel()
	require.False(t, seeing.Options{TokenFile: "/token"}.Wanted())
	for _, good := range []seeing.Options{
		{}, {Listen: "127.0.0.1:9464"}, {Listen: "[::1]:9464"}, {Listen: "localhost:0"}, {Listen: "0.0.0.0:9464", TokenFile: "/token"},
		{OTLP: "https://collector.example.com:4318"}, {OTLP: "http://127.0.0.1:4318"}, {OTLP: "http://localhost:4318"},
	} {
		require.NoError(t, good.Check(names), "%+v", good)
	}
	for code, bad := range map[string][]seeing.Options{
		"metrics_listen": {
			{Listen: "9464"}, {Listen: ":9464"}, {Listen: "metrics.example.com:9464"}, {Listen: "0.0.0.0:9464"}, {Listen: "10.0.0.5:9464"}, {Listen: "[::]:9464"},
		},
		"otlp_endpoint": {
			{OTLP: "collector:4318"}, {OTLP: "http://collector.example.com:4318"}, {OTLP: "https://user:hunter2@collector.example.com"}, {OTLP: "grpc://127.0.0.1:4317"}, {OTLP: "http://10.0.0.5:4318"},
		},
	} {
		for _, options := range bad {
			err := options.Check(names)
			refusal, ok := breach.AsRefusal(err)
			require.True(t, ok, "%+v: %v", options, err)
			require.Equal(t, code, refusal.Code)
			require.NotContains(t, err.Error(), "hunter2")
		}
	}
}
