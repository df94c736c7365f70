package bucket

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7/pkg/encrypt"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

// Settings say which bucket it is and how it is reached. They hold a secret and are
// never printed.
type Settings struct {
	// Address is s3://BUCKET or s3://BUCKET/PREFIX.
	Address string
	// Endpoint is the store's address, such as https://s3.example.org; "" is Amazon's in
	// Region.
	Endpoint string
	// Region is the store's name for where the bucket is; "" where the store does not ask.
	Region string
	// Encryption is how the store encrypts what it keeps: AES256, aws:kms or
	// aws:kms:KEY. "" leaves it to the bucket.
	Encryption string
	// Credentials opens the bucket.
	Credentials Credentials
}

// usualRegion is what stores go by that have no regions.
const usualRegion = "us-east-1"

// Check refuses settings that cannot be meant, with code "bucket". It asks nobody.
func (s Settings) Check() error {
	name, prefix := s.parts()
	if err := s3utils.CheckValidBucketNameStrict(name); err != nil {
		return refuse("%q names no bucket: it is s3://BUCKET or s3://BUCKET/PREFIX", s.Address)
	}
	for part := range strings.SplitSeq(prefix, "/") {
		if prefix != "" && (part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\\x00")) {
			return refuse("%q has a part that no folder can have", s.Address)
		}
	}
	if s.Endpoint == "" && s.Region == "" {
		return refuse("it is not said which store %s is in: DUENOTICE_S3_ENDPOINT or DUENOTICE_S3_REGION is needed", s.Address)
	}
	at, err := s.endpoint()
	if err != nil || (at.Scheme != "https" && at.Scheme != "http") || at.Host == "" || at.User != nil || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" {
		return refuse("DUENOTICE_S3_ENDPOINT is no address of a store, such as https://s3.example.org")
	}
	_, err = s.encryption()
	return err
}

func refuse(format string, args ...any) error {
	return breach.Refuse("bucket", "See docs/deployment.md, Papers in a bucket.", format, args...)
}

// Or fills in from others what is not said here.
func (s Settings) Or(others Settings) Settings {
	s.Endpoint, s.Region = cmp.Or(s.Endpoint, others.Endpoint), cmp.Or(s.Region, others.Region)
	s.Encryption = cmp.Or(s.Encryption, others.Encryption)
	if s.Credentials == (Credentials{}) {
		s.Credentials = others.Credentials
	}
	return s
}

// parts are the bucket's name and the prefix, without slashes around it.
func (s Settings) parts() (name, prefix string) {
	name, prefix, _ = strings.Cut(strings.TrimPrefix(s.Address, outfolder.BucketScheme), "/")
	return name, strings.TrimSuffix(prefix, "/")
}

func (s Settings) endpoint() (*url.URL, error) {
	if s.Endpoint == "" {
		return &url.URL{Scheme: "https", Host: "s3." + s.Region + ".amazonaws.com"}, nil
	}
	return url.Parse(s.Endpoint)
}

// Host is the store's host:port as its address has it, and whether it is reached by TLS.
func (s Settings) Host() (host string, secure bool) {
	at, err := s.endpoint()
	if err != nil {
		return "", false
	}
	return at.Host, at.Scheme == "https"
}

// encryption is what the store is asked for, nil for nothing.
func (s Settings) encryption() (encrypt.ServerSide, error) {
	switch kms, isKMS := strings.CutPrefix(s.Encryption, "aws:kms"); {
	case s.Encryption == "":
		return nil, nil
	case s.Encryption == "AES256":
		return encrypt.NewSSE(), nil
	case isKMS && (kms == "" || (kms[0] == ':' && len(kms) > 1)):
		return encrypt.NewSSEKMS(strings.TrimPrefix(kms, ":"), nil)
	}
	return nil, refuse("DUENOTICE_S3_ENCRYPTION is %q, and can be AES256, aws:kms or aws:kms:KEY", s.Encryption)
}
