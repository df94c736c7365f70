package compose_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"duenotice/internal/bucket"
)

// bucketFile lies over docker-compose.yml where papers are in a bucket.
const bucketFile = "docker-compose.bucket.yml"

// withBucket is what a person sets for a bucket beside what is always required.
func withBucket(more types.Mapping) types.Mapping {
	environment := required()
	environment["DUENOTICE_OUT_BUCKET"], environment["DUENOTICE_S3_CREDENTIALS_FILE"] = "s3://duenotice-papers/prod", "/srv/duenotice/s3"
	environment["DUENOTICE_S3_ENDPOINT"] = "https://s3.example.com"
	maps.Copy(environment, more)
	return environment
}

// whoWrites are the services that read and write papers.
var whoWrites = []string{"worker", "more-workers", "cli"}

// TestAllWhoWritePapersHaveTheBucket, as the programs themselves read what they are told;
// nobody else is told of it.
func TestAllWhoWritePapersHaveTheBucket(t *testing.T) {
	t.Parallel()
	p, err := load(withBucket(types.Mapping{"DUENOTICE_S3_REGION": "eu-central-1", "DUENOTICE_S3_ENCRYPTION": "aws:kms:papers"}), bucketFile)
	require.NoError(t, err)
	require.Equal(t, "/srv/duenotice/s3", p.Secrets["s3"].File)
	at := mounted(t)
	at["/run/secrets/s3"] = filepath.Join(t.TempDir(), "s3")
	require.NoError(t, os.WriteFile(at["/run/secrets/s3"], []byte("[default]\naws_access_key_id = a\naws_secret_access_key = b\n"), 0o400))
	for _, name := range whoWrites {
		config := containerOf(t, p.Services[name], at).config(t)
		require.Equal(t, "s3://duenotice-papers/prod", config.Out, name)
		require.Equal(t, bucket.Settings{
			Address: "s3://duenotice-papers/prod", Endpoint: "https://s3.example.com", Region: "eu-central-1", Encryption: "aws:kms:papers",
			Credentials: bucket.Credentials{File: at["/run/secrets/s3"]},
		}, config.S3, name)
		require.Contains(t, p.Services[name].Networks, "outside", "%s reaches the store", name)
	}
	for name, service := range p.Services {
		told := slices.ContainsFunc(slices.Collect(maps.Keys(service.Environment)), func(variable string) bool { return variable == "DUENOTICE_S3_CREDENTIALS_FILE" })
		given := slices.ContainsFunc(service.Secrets, func(s types.ServiceSecretConfig) bool { return s.Source == "s3" })
		require.Equal(t, slices.Contains(whoWrites, name), told, name)
		require.Equal(t, told, given, name)
	}
}

// TestABucketIsAskedForWhole: a bucket without credentials, or the file without a bucket,
// starts nothing; and without the file nothing of a bucket is said to anybody.
func TestABucketIsAskedForWhole(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"DUENOTICE_OUT_BUCKET", "DUENOTICE_S3_CREDENTIALS_FILE"} {
		environment := withBucket(nil)
		delete(environment, name)
		_, err := load(environment, bucketFile)
		require.ErrorContains(t, err, name)
	}
	p, err := load(withBucket(nil))
	require.NoError(t, err)
	for name, service := range p.Services {
		for variable := range service.Environment {
			require.NotContains(t, variable, "S3", name)
		}
	}
	require.Equal(t, []string{"inside"}, slices.Collect(maps.Keys(p.Services["cli"].Networks)), "where there is no bucket, the command line has no way out")
}

// TestTheStoresAuthorityIsBelievedWhereOneIsNamed, and by nobody otherwise: an empty name
// leaves what everybody trusts.
func TestTheStoresAuthorityIsBelievedWhereOneIsNamed(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "", "/srv/duenotice/store-ca.pem": "/run/secrets/s3-authority"} {
		p, err := load(withBucket(types.Mapping{"DUENOTICE_S3_AUTHORITY_FILE": given}), bucketFile)
		require.NoError(t, err)
		for _, name := range whoWrites {
			require.Equal(t, want, *p.Services[name].Environment["SSL_CERT_FILE"], name)
			require.True(t, provides(p.Services[name], "/run/secrets/s3-authority"), name)
		}
	}
}
