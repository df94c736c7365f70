package evidence_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
)

// TestAPrivateKeyIsNoPublicOne, and no byte of it is shown.
func TestAPrivateKeyIsNoPublicOne(t *testing.T) {
	t.Parallel()
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	_, err = evidence.ParsePublic(string(text))
	require.ErrorContains(t, err, "it is a private key")
	_, err = evidence.ParsePublic(base64.StdEncoding.EncodeToString(private))
	require.ErrorContains(t, err, "it is no public key")
	require.NotContains(t, err.Error(), base64.StdEncoding.EncodeToString(private)[:20])
}
