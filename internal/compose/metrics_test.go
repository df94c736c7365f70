package compose_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
)

// TestMetricsAreServedToWhomTheTokenIsGivenAndNotBefore: with a token on the host each
// service listens where its port leads, and the example for Prometheus finds all of them;
// without one nothing listens.
func TestMetricsAreServedToWhomTheTokenIsGivenAndNotBefore(t *testing.T) {
	t.Parallel()
	for name, service := range project(t).Services {
		for variable, value := range service.Environment {
			if value != nil && *value != "" {
				require.NotContains(t, variable, "METRICS_LISTEN", name)
				require.NotContains(t, variable, "OTLP", name)
			}
		}
	}
	environment := required()
	environment["DUENOTICE_METRICS_TOKEN_FILE"], environment["DUENOTICE_PAGES_METRICS_TOKEN_FILE"] = "/srv/duenotice/metrics", "/srv/duenotice/pages-metrics"
	environment["DUENOTICE_PAGES_ADDRESS"], environment["DUENOTICE_PAGES_PASSWORD"] = "https://notice.example.com", "longword"
	p, err := load(environment)
	require.NoError(t, err)
	at := mounted(t)
	worker, viewer := containerOf(t, p.Services["worker"], at).config(t), containerOf(t, p.Services["viewer"], at).config(t)
	var environ []string
	for name, value := range p.Services["pages"].Environment {
		environ = append(environ, name+"="+*value)
	}
	pages, err := app.LoadPagesConfig(environ)
	require.NoError(t, err)
	var served []string
	for name, listen := range map[string]string{"worker": worker.Seeing.Listen, "viewer": viewer.Seeing.Listen, "pages": pages.Seeing.Listen} {
		_, port, err := net.SplitHostPort(listen)
		require.NoError(t, err, name)
		for _, published := range p.Services[name].Ports {
			if port == "9464" && published.Target == 9464 {
				served = append(served, net.JoinHostPort(published.HostIP, published.Published))
			}
		}
	}
	require.Equal(t, "/srv/duenotice/metrics", p.Secrets["metrics"].File)
	require.True(t, provides(p.Services["worker"], worker.Seeing.TokenFile))
	require.True(t, provides(p.Services["viewer"], viewer.Seeing.TokenFile))
	require.True(t, provides(p.Services["pages"], pages.Seeing.TokenFile))
	require.NotEqual(t, p.Secrets["metrics"].File, p.Secrets["pages-metrics"].File)
	// Of further workers there are as many ports as there may be workers.
	further := p.Services["more-workers"]
	require.Equal(t, worker.Seeing, containerOf(t, further, at).config(t).Seeing)
	require.Equal(t, 1, *further.Deploy.Replicas)
	require.Equal(t, uint32(9464), further.Ports[0].Target)
	require.Equal(t, "127.0.0.1:9470-9479", net.JoinHostPort(further.Ports[0].HostIP, further.Ports[0].Published))

	text, err := os.ReadFile(filepath.Join(root, "docs", "monitoring", "prometheus.yml"))
	require.NoError(t, err)
	var example struct {
		Scrapes []struct {
			Job     string `yaml:"job_name"`
			Statics []struct {
				Targets []string `yaml:"targets"`
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal(text, &example))
	require.Contains(t, string(text), "127.0.0.1:9470", "where further workers are found")
	var scraped []string
	for _, s := range example.Scrapes {
		require.Regexp(t, "^duenotice-(worker|board|pages)$", s.Job, "the alarm DuenoticeDown is about these")
		for _, at := range s.Statics {
			scraped = append(scraped, at.Targets...)
		}
	}
	require.ElementsMatch(t, served, scraped)
	require.Len(t, served, 3)
}
