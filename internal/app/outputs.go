package app

import (
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
)

// bucketSettings are those of duenotice.yaml for outputs in a bucket, of which out is the
// address. Secrets are in the file of credentials or in variables, never in it.
type bucketSettings struct {
	Endpoint        string `yaml:"s3_endpoint"`
	Region          string `yaml:"s3_region"`
	Encryption      string `yaml:"s3_encryption"`
	CredentialsFile string `yaml:"s3_credentials_file"`
}

// bucketVariables say the same in the process's environment, in the order of
// bucketSettings, and then the secrets.
var bucketVariables = []string{
	"DUENOTICE_S3_ENDPOINT", "DUENOTICE_S3_REGION", "DUENOTICE_S3_ENCRYPTION", "DUENOTICE_S3_CREDENTIALS_FILE",
	"DUENOTICE_S3_ACCESS_KEY_ID", "DUENOTICE_S3_SECRET_ACCESS_KEY", "DUENOTICE_S3_SESSION_TOKEN",
}

// settings are the bucket's, with what the environment says first.
func (b bucketSettings) settings(getenv func(string) string) bucket.Settings {
	return bucket.Settings{
		Endpoint: first(getenv("DUENOTICE_S3_ENDPOINT"), b.Endpoint), Region: first(getenv("DUENOTICE_S3_REGION"), b.Region),
		Encryption: first(getenv("DUENOTICE_S3_ENCRYPTION"), b.Encryption),
		Credentials: bucket.Credentials{
			AccessKeyID: getenv("DUENOTICE_S3_ACCESS_KEY_ID"), SecretAccessKey: getenv("DUENOTICE_S3_SECRET_ACCESS_KEY"),
			SessionToken: getenv("DUENOTICE_S3_SESSION_TOKEN"), File: first(getenv("DUENOTICE_S3_CREDENTIALS_FILE"), b.CredentialsFile),
		},
	}
}

// BucketSettings are those that variables say.
func BucketSettings(getenv func(string) string) bucket.Settings {
	return bucketSettings{}.settings(getenv)
}

// Told is what a program is told, as variables without a secret, to use the same
// outputs.
func (c Config) Told() []string {
	told := []string{"DUENOTICE_OUT=" + c.Out}
	if outfolder.InBucket(c.Out) {
		for i, value := range []string{c.S3.Endpoint, c.S3.Region, c.S3.Encryption, c.S3.Credentials.File} {
			if value != "" {
				told = append(told, bucketVariables[i]+"="+value)
			}
		}
	}
	return told
}

// PutOut has the outputs in another place: a folder, or s3://BUCKET/PREFIX by the
// settings that the configuration has. It refuses with code "bucket" what names none,
// and a store that would be sent patient data in clear.
func (c Config) PutOut(out string) (Config, error) {
	c.Out, c.bucket = out, nil
	if !outfolder.InBucket(out) {
		return c, nil
	}
	c.S3.Address = out
	if err := c.S3.Check(); err != nil {
		return c, err
	}
	if host, secure := c.S3.Host(); !secure && !loopback(host) {
		return c, breach.Refuse("bucket", "Use its address that begins with https://.", "the store at %s would be sent patient data in clear", host)
	}
	if file := c.S3.Credentials.File; file != "" {
		whole, err := filepath.Abs(file) // the worker's own working folder is another one
		if err != nil {
			return c, err
		}
		c.S3.Credentials.File = whole
	}
	c.bucket = bucket.New(c.S3)
	c.Out = c.bucket.Address("")
	return c, nil
}

// Outputs is where papers lie and letters are printed to.
func (c Config) Outputs() outfolder.Folder {
	if c.bucket != nil && outfolder.InBucket(c.Out) {
		return outfolder.In(c.bucket).EncryptedFor(c.OutFor)
	}
	return outfolder.New(c.Out).EncryptedFor(c.OutFor)
}

// outPlace is where outputs really are, such that one place lies in another exactly if
// its path does. One store can have several names: buckets of one name are one.
func outPlace(out string) (string, error) {
	if inBucket, ok := strings.CutPrefix(out, outfolder.BucketScheme); ok {
		return filepath.Join(string(filepath.Separator), outfolder.BucketScheme, inBucket), nil
	}
	return realPath(out)
}
