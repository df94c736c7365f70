package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/temporalio/ui-server/v2/server/api"
	"github.com/temporalio/ui-server/v2/server/config"
	"github.com/temporalio/ui-server/v2/server/csrf"
	"github.com/temporalio/ui-server/v2/server/route"
	"github.com/temporalio/ui-server/v2/ui"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// maxAnswer bounds what the UI takes from the server: a history has 50 MB at most.
const maxAnswer = 64 << 20

// runningUI is Temporal's UI as it is served.
type runningUI struct {
	// failed receives why it is no longer served; it never does where there is none.
	failed chan error
	stop   func()
}

// startUI serves Temporal's UI to callers with the viewer's certificate, and to
// nobody else: what it shows, it shows to whoever reaches it. Towards Temporal it
// has the viewer's certificate too, which can look and do nothing.
func startUI(s settings, certificates *certificates) (runningUI, error) {
	running := runningUI{failed: make(chan error, 1), stop: func() {}}
	if s.UI == "" {
		return running, nil
	}
	conn, err := grpc.NewClient(s.Frontend, grpc.WithTransportCredentials(credentials.NewTLS(certificates.client(viewer))),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)))
	if err != nil {
		return running, fmt.Errorf("Temporal's UI: %w", err)
	}
	pages, err := pages(s, conn)
	if err != nil {
		return running, errors.Join(fmt.Errorf("Temporal's UI: %w", err), conn.Close())
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(context.Background(), "tcp", s.UI)
	if err != nil {
		return running, errors.Join(fmt.Errorf("Temporal's UI: %w", err), conn.Close())
	}
	server := &http.Server{
		Handler: pages, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		// Or whoever knocks without a certificate fills the log.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	go func() {
		if err := server.Serve(tls.NewListener(listener, certificates.server(viewer))); !errors.Is(err, http.ErrServerClosed) {
			running.failed <- fmt.Errorf("Temporal's UI is no longer served: %w", err)
		}
	}()
	running.stop = func() {
		_ = server.Close() // a page can be loaded again
		_ = conn.Close()
	}
	return running, nil
}

// pages are those of ui-server's own NewServer, which brings its own listener,
// without TLS, and its own connection.
func pages(s settings, conn *grpc.ClientConn) (http.Handler, error) {
	provider, err := config.NewConfigProviderWithRefresh(&config.Config{
		TemporalGRPCAddress: s.Frontend, EnableUI: true, DefaultNamespace: s.Namespace, DisableWriteActions: true, HideLogs: true,
	})
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.Use(middleware.Recover(), middleware.Gzip(), middleware.Secure())
	e.Use(middleware.CSRFWithConfig(middleware.CSRFConfig{
		// Sent by plain http too: the viewer in front of this may be served so on this machine.
		CookiePath: "/", CookieSameSite: http.SameSiteStrictMode, Skipper: csrf.SkipOnAuthorizationHeader,
	}))
	e.Pre(route.PublicPath(""))
	route.SetHealthRoute(e)
	looking := route.DisableWriteMiddleware(provider)
	calls := e.Group("/api/v1")
	calls.GET("/settings", api.GetSettings(provider))
	calls.GET(api.WorkflowRawHistoryUrl, api.WorkflowRawHistoryHandler(workflowservice.NewWorkflowServiceClient(conn)), looking)
	calls.Match([]string{http.MethodGet, http.MethodPost}, "/*", api.TemporalAPIHandler(provider, nil, conn), looking)
	all, err := ui.Assets()
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(all, "local")
	if err != nil {
		return nil, err
	}
	if err := route.SetUIRoutes(e, "", assets); err != nil {
		return nil, err
	}
	route.SetRenderRoute(e, "")
	return e, nil
}
