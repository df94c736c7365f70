package evidence_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
)

// authority is a time-stamp authority (RFC 3161).
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

var stamped = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	// RFC 3161 wants the usage alone and critical.
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example Time"},
		NotBefore: stamped.AddDate(-1, 0, 0), NotAfter: stamped.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:        x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return authority{cert, key}
}

// answer stamps what a query asks for, as the authority's server would.
func (a authority) answer(t testing.TB, query []byte, withCertificate bool) []byte {
	t.Helper()
	request, err := timestamp.ParseRequest(query)
	require.NoError(t, err)
	response, err := (&timestamp.Timestamp{
		HashAlgorithm: request.HashAlgorithm, HashedMessage: request.HashedMessage, Time: stamped, Nonce: request.Nonce,
		Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: withCertificate,
	}).CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	require.NoError(t, err)
	return response
}

func (a authority) trust(f fixture) evidence.Trust {
	trust := f.trust()
	trust.Authorities = x509.NewCertPool()
	trust.Authorities.AddCert(a.cert)
	return trust
}

func stamp(t testing.TB, f fixture, a authority) []byte {
	t.Helper()
	pack := f.pack(t, "P1")
	query, err := evidence.Query(pack)
	require.NoError(t, err)
	with, mark, err := evidence.AddTimestamp(pack, a.answer(t, query, true), f.key)
	require.NoError(t, err)
	text := sha256.Sum256(unpack(t, pack).bytes["manifest.json"])
	require.Equal(t, sum(unpack(t, pack).bytes["manifest.json"]), mark.PackSHA256)
	require.Contains(t, string(query), string(text[:]), "the query names the manifest by its sum")
	require.Equal(t, "2026-06-01T12:00:00Z", mark.Time)
	return with
}

func TestAPackCanBeTimeStamped(t *testing.T) {
	t.Parallel()
	f, a := newFixture(t), newAuthority(t)
	pack := stamp(t, f, a)
	report, err := evidence.VerifyBytes(pack, a.trust(f))
	require.NoError(t, err)
	require.Equal(t, &evidence.Timestamp{Time: stamped, Authority: "CN=Example Time", Trusted: true}, report.Timestamp)

	report, err = evidence.VerifyBytes(pack, f.trust())
	require.NoError(t, err)
	require.False(t, report.Timestamp.Trusted, "nobody said whom to trust")

	again, _, err := evidence.AddTimestamp(pack, a.answer(t, query(t, pack), true), f.key)
	require.NoError(t, err)
	_, err = evidence.VerifyBytes(again, a.trust(f))
	require.NoError(t, err, "another stamp takes the place of the first")
}

func query(t testing.TB, pack []byte) []byte {
	t.Helper()
	q, err := evidence.Query(pack)
	require.NoError(t, err)
	return q
}

func TestATimeStampOfSomethingElseIsNotTaken(t *testing.T) {
	t.Parallel()
	f, a := newFixture(t), newAuthority(t)
	pack := f.pack(t, "P1")
	for name, c := range map[string]struct {
		response []byte
		says     string
	}{
		"of another pack":       {a.answer(t, query(t, f.pack(t, "")), true), "something else"},
		"without a certificate": {a.answer(t, query(t, pack), false), "certificate"},
		"no answer":             {[]byte("no"), "no time-stamp"},
		"nothing":               {nil, "no time-stamp"},
	} {
		_, _, err := evidence.AddTimestamp(pack, c.response, f.key)
		require.ErrorContains(t, err, c.says, name)
	}
}

func TestAnotherAuthorityIsNotTrusted(t *testing.T) {
	t.Parallel()
	f, a, other := newFixture(t), newAuthority(t), newAuthority(t)
	broken := brokenAt(t, stamp(t, f, a), other.trust(f))
	require.Equal(t, "timestamp.tsr", broken.Link)
	require.Contains(t, broken.What, "do not trust")
}

// TestAForgedTimeStampIsCaught changes, swaps and takes out the time-stamp, also
// with the signing key at hand.
func TestAForgedTimeStampIsCaught(t *testing.T) {
	t.Parallel()
	f, a := newFixture(t), newAuthority(t)
	pack := stamp(t, f, a)
	at := strings.Index(string(pack), "timestamp.tsr")
	require.Positive(t, at)
	for ; at < len(pack); at += 7 {
		changed := slices.Clone(pack)
		changed[at] ^= 1
		refused(t, changed, a.trust(f))
	}
	c := unpack(t, pack)
	c.bytes["timestamp.sig"] = c.bytes["manifest.sig"]
	require.Equal(t, "timestamp.tsr", brokenAt(t, c.pack(t), a.trust(f)).Link, "signed as another thing")
	for _, name := range []string{"timestamp.tsr", "timestamp.sig"} {
		c := unpack(t, pack)
		c.names = slices.DeleteFunc(c.names, func(n string) bool { return n == name })
		require.Equal(t, name, brokenAt(t, c.pack(t), a.trust(f)).Link, "half of it gone")
	}
}
