package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/rpc/encryption"
	"go.temporal.io/server/temporal"
)

// What a practice's workflow asks of the engine until its letters are out.
const (
	benchPractices  = 100
	benchActivities = 8
	benchTimers     = 5
)

// BenchmarkPractices says how many practices a second the engine takes with
// certificates at every door and without any, in one run, each on a SQLite of its
// own that waits for the disk. The two take turns, because the machine's mood changes.
func BenchmarkPractices(b *testing.B) {
	for range b.N {
		var locked, open time.Duration
		for range 2 {
			locked += measure(b, true)
			open += measure(b, false)
		}
		b.ReportMetric(2*benchPractices/locked.Seconds(), "practices/s_mTLS")
		b.ReportMetric(2*benchPractices/open.Seconds(), "practices/s_plain")
		b.ReportMetric(locked.Seconds()/open.Seconds(), "mTLS/plain")
	}
}

// inClear is the server as Temporal's CLI runs it: nobody is asked.
type inClear struct{ encryption.TLSConfigProvider }

func (inClear) GetInternodeServerConfig() (*tls.Config, error) { return nil, nil }
func (inClear) GetInternodeClientConfig() (*tls.Config, error) { return nil, nil }
func (inClear) GetFrontendServerConfig() (*tls.Config, error)  { return nil, nil }
func (inClear) GetFrontendClientConfig() (*tls.Config, error)  { return nil, nil }

// measure is how long a new engine takes for all practices.
func measure(b *testing.B, locked bool) time.Duration {
	b.Helper()
	dir := b.TempDir()
	issue(b, dir)
	s := settings{
		Frontend: freeAddress(b), History: freeAddress(b), Matching: freeAddress(b), Worker: freeAddress(b),
		Certificates: dir, Namespace: "default", SQLite: &sqliteSettings{File: filepath.Join(dir, "temporal.db")},
	}
	certificates, err := openCertificates(dir)
	must(b, err)
	store, err := prepareStore(s)
	must(b, err)
	var extra []temporal.ServerOption
	if !locked {
		extra = []temporal.ServerOption{
			temporal.WithTLSConfigFactory(inClear{}), temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
			temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return authorization.NewNoopClaimMapper() }),
		}
	}
	server, err := newServer(s, store, certificates, extra...)
	must(b, err)
	must(b, server.Start())
	defer func() { must(b, server.Stop()) }()
	options := client.Options{HostPort: s.Frontend, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))}
	if locked {
		options.ConnectionOptions.TLS = certificates.client(worker)
	}
	return perform(b, options)
}

func perform(b *testing.B, options client.Options) time.Duration {
	b.Helper()
	var c client.Client
	var err error
	for end := time.Now().Add(time.Minute); ; {
		if c, err = client.Dial(options); err == nil || time.Now().After(end) {
			break
		}
	}
	must(b, err)
	defer c.Close()
	w := sdkworker.New(c, "bench", sdkworker.Options{})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "step"})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		for n := range benchTimers {
			_ = workflow.NewTimer(ctx, time.Duration(n+1)*24*time.Hour)
		}
		step := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		for range benchActivities {
			if err := workflow.ExecuteActivity(step, "step").Get(ctx, nil); err != nil {
				return err
			}
		}
		return nil
	}, workflow.RegisterOptions{Name: "practice"})
	must(b, w.Start())
	defer w.Stop()
	began := time.Now()
	runs := make([]client.WorkflowRun, benchPractices)
	for n := range runs {
		runs[n], err = c.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{ID: fmt.Sprint("practice:", n), TaskQueue: "bench"}, "practice")
		must(b, err)
	}
	for _, run := range runs {
		must(b, run.Get(b.Context(), nil))
	}
	return time.Since(began)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func freeAddress(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	defer func() { must(b, l.Close()) }()
	return l.Addr().String()
}

// issue makes an authority and a certificate for each role, as the stack does.
func issue(b *testing.B, dir string) {
	b.Helper()
	template := func(name string, serial int64) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
			DNSNames: []string{serverName}, BasicConstraintsValid: true,
		}
	}
	write := func(name, kind string, content []byte) {
		must(b, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600))
	}
	authority := template("authority", 1)
	authority.IsCA = true
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(b, err)
	signed, err := x509.CreateCertificate(rand.Reader, authority, authority, &authorityKey.PublicKey, authorityKey)
	must(b, err)
	write("ca.pem", "CERTIFICATE", signed)
	for n, r := range roles {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(b, err)
		signed, err := x509.CreateCertificate(rand.Reader, template(string(r), int64(n)+2), authority, &key.PublicKey, authorityKey)
		must(b, err)
		secret, err := x509.MarshalPKCS8PrivateKey(key)
		must(b, err)
		write(string(r)+".pem", "CERTIFICATE", signed)
		write(string(r)+"-key.pem", "PRIVATE KEY", secret)
	}
}
