package bucket

import (
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
	"gopkg.in/ini.v1"

	"duenotice/internal/givenfile"
	"duenotice/internal/outfolder"
)

// Credentials open a bucket: an access key with its secret, or a file that has them as
// Amazon's own tools keep them, under [default].
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	// File is read where there is no key. It is read again each minute, so that keys can
	// be changed while a worker works.
	File string
}

// readAgain is how long what a file says is believed.
const readAgain = time.Minute

// provider gives the client the credentials as they are now.
type provider struct {
	credentials.Expiry

	from Credentials
}

// RetrieveWithCredContext reads the credentials.
func (p *provider) RetrieveWithCredContext(*credentials.CredContext) (credentials.Value, error) {
	return p.Retrieve()
}

// Retrieve reads the credentials.
func (p *provider) Retrieve() (credentials.Value, error) {
	p.SetExpiration(time.Now().Add(readAgain), 0)
	if p.from.AccessKeyID != "" || p.from.SecretAccessKey != "" {
		return p.value(p.from.AccessKeyID, p.from.SecretAccessKey, p.from.SessionToken, "DUENOTICE_S3_ACCESS_KEY_ID or DUENOTICE_S3_SECRET_ACCESS_KEY is missing")
	}
	if p.from.File == "" {
		return credentials.Value{}, noCredentials("there are no credentials for the bucket", nil)
	}
	content, err := givenfile.ReadPassword(p.from.File)
	if err != nil {
		return credentials.Value{}, noCredentials("the credentials for the bucket cannot be read", err)
	}
	file, err := ini.Load(content)
	if err != nil {
		// The library's own words repeat the line that it could not read.
		return credentials.Value{}, noCredentials(p.from.File+" is not a file of credentials", nil)
	}
	own := file.Section("default")
	return p.value(own.Key("aws_access_key_id").String(), own.Key("aws_secret_access_key").String(), own.Key("aws_session_token").String(),
		p.from.File+" has no aws_access_key_id or no aws_secret_access_key under [default]")
}

func (p *provider) value(id, secret, token, lacking string) (credentials.Value, error) {
	if id == "" || secret == "" {
		return credentials.Value{}, noCredentials(lacking, nil)
	}
	return credentials.Value{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token, SignerType: credentials.SignatureV4}, nil
}

func noCredentials(what string, err error) error {
	return &outfolder.Problem{What: what, Err: err,
		Todo: "Set DUENOTICE_S3_CREDENTIALS_FILE to a file that only this account reads, or the two variables DUENOTICE_S3_ACCESS_KEY_ID and DUENOTICE_S3_SECRET_ACCESS_KEY (docs/deployment.md); it then goes on by itself."}
}
