package compose_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
)

// inCluster is a file of deploy/kubernetes with the folder of secrets led to one here
// that has those files, as the init container makes them.
func inCluster(t *testing.T, name string, secrets map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for file, content := range secrets {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(content), 0o400))
	}
	content, err := os.ReadFile(filepath.Join("..", "..", "deploy", "kubernetes", name))
	require.NoError(t, err)
	require.Contains(t, string(content), "/run/secrets/duenotice/")
	at := filepath.Join(t.TempDir(), "duenotice.yaml")
	require.NoError(t, os.WriteFile(at, bytes.ReplaceAll(content, []byte("/run/secrets/duenotice"), []byte(dir)), 0o600))
	return at
}

func settingsOf(t *testing.T, file string) app.Config {
	t.Helper()
	config, err := app.LoadConfig(func(name string) string { return map[string]string{"DUENOTICE_CONFIG": file}[name] }, t.TempDir())
	require.NoError(t, err)
	return config
}

// The programs read what the manifests tell them, and each its own login alone.
func TestProgramsReadTheClustersSettings(t *testing.T) {
	t.Parallel()
	file := inCluster(t, "worker-settings.yaml", map[string]string{
		"database-url": "postgres://worker", "owner-database-url": "postgres://owner", "sendgrid-api-key": "SG.test", "keys": "", "evidence-key.pem": "",
		"s3-credentials": "[default]\naws_access_key_id = a\naws_secret_access_key = b\n", "metrics-token": "a token of some length, for the metrics",
	})
	worker := settingsOf(t, file)
	require.Equal(t, "postgres://worker", worker.DatabaseURL)
	require.Equal(t, "postgres://owner", worker.OwnerDatabaseURL)
	require.Equal(t, "SG.test", worker.SendGridKey)
	// Any number of workers share the bucket, whose credentials are a secret.
	require.Equal(t, "s3://duenotice-papers", worker.Out)
	require.NoError(t, worker.S3.Check())
	require.Equal(t, "https://s3.example.com", worker.S3.Endpoint)
	_, err := os.Stat(worker.S3.Credentials.File)
	require.NoError(t, err, "the file that the secret gives")
	require.Equal(t, "0.0.0.0:9464", worker.Seeing.Listen)

	board := settingsOf(t, inCluster(t, "board-settings.yaml", map[string]string{"database-url": "postgres://board", "metrics-token": "a token of some length, for the metrics"}))
	require.Equal(t, "postgres://board", board.DatabaseURL)
	require.Empty(t, board.OwnerDatabaseURL)
	require.Empty(t, board.KeyFile, "the board has no key")

	text, err := os.ReadFile(inCluster(t, "pages-settings.env", map[string]string{"database-url": "postgres://pages", "metrics-token": "a token of some length, for the metrics"}))
	require.NoError(t, err)
	var environ []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			environ = append(environ, line)
		}
	}
	pages, err := app.ReadPagesConfig(environ)
	require.NoError(t, err)
	require.Equal(t, "postgres://pages", pages.DatabaseURL)
}
