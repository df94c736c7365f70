package evidence

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"duenotice/internal/ledger"
)

// Timestamp says when an authority saw the pack.
type Timestamp struct {
	Time      time.Time `json:"time"`
	Authority string    `json:"authority"`
	// Trusted: the authority's certificate leads to a root that the reader trusts.
	Trusted bool `json:"trusted"`
}

// Query is the request (RFC 3161) to have a pack time-stamped: to be posted to
// an authority as application/timestamp-query. It holds a SHA-256 sum of the
// pack's signed manifest, and nothing else of it.
func Query(pack []byte) ([]byte, error) {
	text, err := manifestOf(pack)
	if err != nil {
		return nil, err
	}
	return timestamp.CreateRequest(bytes.NewReader(text), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true})
}

func manifestOf(pack []byte) ([]byte, error) {
	files, _, err := readZIP(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		return nil, broken("the pack", "%v", err)
	}
	v := &verification{files: files}
	return v.read(manifestName)
}

// AddTimestamp puts an authority's answer into a pack, after checking that it
// is about this pack, and signs it with the key of the pack.
func AddTimestamp(pack, response []byte, key *Key) ([]byte, ledger.TimeMark, error) {
	text, err := manifestOf(pack)
	if err != nil {
		return nil, ledger.TimeMark{}, err
	}
	stamp, err := readStamp(response, text, nil)
	if err != nil {
		return nil, ledger.TimeMark{}, err
	}
	_, members, err := readZIP(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		return nil, ledger.TimeMark{}, err
	}
	kept := members[:0]
	for _, m := range members {
		if m.name != stampName && m.name != stampSigName {
			kept = append(kept, m)
		}
	}
	kept = append(kept, content(stampName, response), content(stampSigName, key.sign(signTimestamp, response)))
	stamped, err := zipped(kept)
	if err != nil {
		return nil, ledger.TimeMark{}, err
	}
	sum := sha256.Sum256(text)
	return stamped, ledger.TimeMark{
		PackSHA256: hex.EncodeToString(sum[:]), Authority: stamp.Authority, Time: stamp.Time.Format(time.RFC3339),
	}, nil
}

// readStamp reads an authority's answer and checks that it signs the manifest.
func readStamp(response, text []byte, roots *x509.CertPool) (*Timestamp, error) {
	answer, err := timestamp.ParseResponse(response)
	if err != nil {
		return nil, fmt.Errorf("it is no time-stamp (RFC 3161): %w", err)
	}
	if answer.HashAlgorithm != crypto.SHA256 {
		return nil, fmt.Errorf("it stamps a sum of %v and not of SHA-256", answer.HashAlgorithm)
	}
	if sum := sha256.Sum256(text); !bytes.Equal(answer.HashedMessage, sum[:]) {
		return nil, errors.New("it stamps something else than this pack")
	}
	// Without certificates the library has verified no signature.
	token, err := pkcs7.Parse(answer.RawToken)
	if err != nil {
		return nil, fmt.Errorf("its signature cannot be read: %w", err)
	}
	signer := token.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("it holds no certificate of who signed it: ask the authority for one (-cert)")
	}
	stamp := &Timestamp{Time: answer.Time.UTC(), Authority: signer.Subject.String()}
	if roots == nil {
		return stamp, nil
	}
	between := x509.NewCertPool()
	for _, c := range answer.Certificates {
		between.AddCert(c)
	}
	_, err = signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: answer.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return nil, fmt.Errorf("you do not trust who signed it (%s): %w", stamp.Authority, err)
	}
	stamp.Trusted = true
	return stamp, nil
}

// checkTimestamp checks the time-stamp, if there is one.
func (v *verification) checkTimestamp() error {
	if v.files[stampName] == nil && v.files[stampSigName] == nil {
		return nil
	}
	response, err := v.read(stampName)
	if err != nil {
		return err
	}
	signature, err := v.read(stampSigName)
	if err != nil {
		return err
	}
	text, err := v.read(manifestName)
	if err != nil {
		return err
	}
	public, err := base64.StdEncoding.DecodeString(v.manifest.PublicKey)
	if err != nil {
		return broken(manifestName, "the key it names is none")
	}
	if !signed(public, signTimestamp, response, signature) {
		return broken(stampName, "it was changed after it was put into the pack")
	}
	stamp, err := readStamp(response, text, v.trust.Authorities)
	if err != nil {
		return broken(stampName, "%v", err)
	}
	if stamp.Time.After(v.cameToPass()) {
		return broken(stampName, "it is of %s, which is after now (%s by the clock of this machine)", stamp.Time.Format(time.RFC3339), v.now())
	}
	v.report.Timestamp = stamp
	return nil
}

// BinderOf takes the binder out of a pack.
func BinderOf(pack []byte) ([]byte, error) {
	files, _, err := readZIP(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		return nil, broken("the pack", "%v", err)
	}
	v := &verification{files: files}
	return v.read(binderName)
}

// VerifyBytes is Verify of a pack in memory.
func VerifyBytes(pack []byte, trust Trust) (Report, error) {
	var r io.ReaderAt = bytes.NewReader(pack)
	return Verify(r, int64(len(pack)), trust)
}
