package app

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"duenotice/internal/givenfile"
)

// reloaded is a certificate that is read again when its files change: it is renewed every
// few weeks, and nobody shall have to think of a restart.
type reloaded struct {
	certificate, key string
	log              *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	made    [2]time.Time
}

// get implements tls.Config.GetCertificate. Files that cannot be used, such as one that
// is being written, leave the certificate that was.
func (r *reloaded) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var made [2]time.Time
	for i, path := range []string{r.certificate, r.key} {
		if info, err := os.Stat(path); err == nil {
			made[i] = info.ModTime()
		}
	}
	if r.current != nil && made == r.made {
		return r.current, nil
	}
	read, err := readCertificate(r.certificate, r.key)
	if err != nil {
		if r.current == nil {
			return nil, err
		}
		r.log.Warn("the certificate of the pages cannot be read again; the one before is used on", slog.Any("error", err))
		return r.current, nil
	}
	r.current, r.made = &read, made
	return r.current, nil
}

func readCertificate(certificate, key string) (tls.Certificate, error) {
	chain, err := givenfile.Read(certificate)
	if err != nil {
		return tls.Certificate{}, err
	}
	secret, err := givenfile.ReadPassword(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := tls.X509KeyPair(chain, secret)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("the certificate %s and the key %s cannot be used: %w", certificate, key, err)
	}
	return pair, nil
}
