package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
	"duenotice/internal/testkit"
)

// inBucket is a configuration with its outputs in a bucket.
func inBucket(t *testing.T, config app.Config, store testkit.ObjectStore, prefix string) app.Config {
	t.Helper()
	config.S3 = bucket.Settings{Endpoint: store.Endpoint, Credentials: bucket.Credentials{AccessKeyID: store.AccessKeyID, SecretAccessKey: store.SecretAccessKey}}
	config, err := config.PutOut("s3://" + store.Bucket + "/" + prefix)
	require.NoError(t, err)
	return config
}

// TestAWorkerServesOnlyFromItsOwnBucket: one that is not there, that does not take its
// credentials or that is another database's is not used, and status says why.
func TestAWorkerServesOnlyFromItsOwnBucket(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	at := testkit.Bucket(t)
	fails := func(config app.Config) (seen string, err error) {
		t.Helper()
		err = (&app.Worker{Config: config, Log: t.Output()}).Run(t.Context())
		require.Error(t, err)
		return watchOf(t, store).Problem, err
	}

	missing := at
	missing.Bucket = "nobody-made-this-one"
	seen, err := fails(inBucket(t, config, missing, "prod"))
	_, todo := app.Explain(err)
	require.Contains(t, todo, "Make the bucket")
	require.Contains(t, seen, "nobody-made-this-one")

	wrong := at
	wrong.SecretAccessKey = "secret-of-nobody"
	seen, err = fails(inBucket(t, config, wrong, "prod"))
	_, todo = app.Explain(err)
	require.Contains(t, todo, "credentials")
	require.NotContains(t, err.Error()+seen, "secret-of-nobody")

	stop := works(t, inBucket(t, config, at, "prod"))
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	require.NoError(t, stop())
	require.FileExists(t, filepath.Join(at.Folder, "prod", outfolder.MarkName))
	require.NoDirExists(t, config.Out)

	_, err = outfolder.New(filepath.Join(at.Folder, "other")).Mark(t.Context())
	require.NoError(t, err)
	seen, err = fails(inBucket(t, config, at, "other"))
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "other_storage", refusal.Code)
	require.Contains(t, seen, "is not the one that this database's papers are in")
}

// TestWhatKeepsFilesFromBeingKeptSaysWhatToDo as every other trouble does.
func TestWhatKeepsFilesFromBeingKeptSaysWhatToDo(t *testing.T) {
	t.Parallel()
	what, todo := app.Explain(errors.Join(&outfolder.Problem{What: "write s3://papers/x", Err: context.DeadlineExceeded, Todo: "Wait."}))
	require.Contains(t, what, "s3://papers/x")
	require.Equal(t, "Wait.", todo)
}

func TestABucketIsConfiguredAsOtherPlacesAre(t *testing.T) {
	t.Parallel()
	load := func(words string, env ...string) (app.Config, error) {
		file := filepath.Join(t.TempDir(), "duenotice.yaml")
		require.NoError(t, os.WriteFile(file, []byte(words), 0o600))
		return app.LoadConfig(func(name string) string {
			if name == "DUENOTICE_CONFIG" {
				return file
			}
			for _, v := range env {
				if value, ok := strings.CutPrefix(v, name+"="); ok {
					return value
				}
			}
			return ""
		}, t.TempDir())
	}
	config, err := load("out: s3://papers/prod/\ns3_endpoint: https://s3.example.org\ns3_credentials_file: creds\n", "DUENOTICE_S3_REGION=r1")
	require.NoError(t, err)
	require.Equal(t, "s3://papers/prod", config.Out)
	require.Equal(t, "s3://papers/prod/EX-1/summary.json", config.Outputs().Incident("EX-1").Summary())
	require.Equal(t, []string{"DUENOTICE_OUT=s3://papers/prod", "DUENOTICE_S3_ENDPOINT=https://s3.example.org", "DUENOTICE_S3_REGION=r1",
		"DUENOTICE_S3_CREDENTIALS_FILE=" + config.S3.Credentials.File}, config.Told())
	require.True(t, filepath.IsAbs(config.S3.Credentials.File))
	config, err = load("", "DUENOTICE_OUT=s3://papers", "DUENOTICE_S3_REGION=eu-central-1", "DUENOTICE_S3_ACCESS_KEY_ID=k", "DUENOTICE_S3_SECRET_ACCESS_KEY=hunter2")
	require.NoError(t, err)
	require.NotContains(t, strings.Join(config.Told(), " "), "hunter2", "what a worker is told is written down")

	const two = "environments:\n  a:\n    database_url_file: da\n    key_file: ka\n    evidence_key_file: ea\n    out: s3://papers/a\n    s3_endpoint: https://s3.example.org\n    temporal_namespace: a\n" +
		"  b:\n    database_url_file: db\n    key_file: kb\n    evidence_key_file: eb\n    out: OUT\n    s3_region: eu-central-1\n    temporal_namespace: b\n"
	for name, c := range map[string]struct {
		words, code string
		env         []string
	}{
		"in clear over the network":  {"out: s3://papers\ns3_endpoint: http://s3.example.org\n", "bucket", nil},
		"no store":                   {"out: s3://papers\n", "bucket", nil},
		"two in one place":           {strings.Replace(two, "OUT", "s3://papers/a", 1), "environments", []string{"DUENOTICE_ENVIRONMENT=a"}},
		"one within the other":       {strings.Replace(two, "OUT", "s3://papers", 1), "environments", []string{"DUENOTICE_ENVIRONMENT=a"}},
		"one credential for several": {strings.Replace(two, "OUT", "s3://papers/b", 1), "environments", []string{"DUENOTICE_ENVIRONMENT=a", "DUENOTICE_S3_SECRET_ACCESS_KEY=x"}},
	} {
		_, err := load(c.words, c.env...)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, c.code, refusal.Code, name)
	}
}
