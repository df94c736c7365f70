package compose_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

func TestWithoutItsSecretsNothingStarts(t *testing.T) {
	t.Parallel()
	for name := range required() {
		environment := required()
		delete(environment, name)
		_, err := load(environment)
		require.ErrorContains(t, err, name, "missing")
		environment[name] = ""
		_, err = load(environment)
		require.ErrorContains(t, err, name, "empty")
	}
}

var (
	secretName = regexp.MustCompile(`(?i)passw|pwd|secret|token|_key$|^api_key$|credential`)
	// fromOutside is a whole value that is a variable which must be set, or is
	// empty when it is not.
	fromOutside = regexp.MustCompile(`^\$\{[A-Z_]+(:\?[^}$]+|:-)\}$`)
	urlPassword = regexp.MustCompile(`://[^:/@\s]+:([^@\s][^@]*)@`)
)

// TestNoSecretIsWrittenDown looks at the file as it stands, before variables
// are replaced.
func TestNoSecretIsWrittenDown(t *testing.T) {
	t.Parallel()
	for name, secrets := range map[string]int{
		"docker-compose.yml": 20,
		bucketFile:           0, // its secrets are a file
	} {
		content, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		var file struct {
			Services map[string]struct {
				Environment map[string]string `yaml:"environment"`
			} `yaml:"services"`
		}
		require.NoError(t, yaml.Unmarshal(content, &file))
		require.NotEmpty(t, file.Services["worker"].Environment)
		looked := 0
		for service, s := range file.Services {
			for name, value := range s.Environment {
				// A path names a file that is mounted, and is no secret itself.
				if secretName.MatchString(name) && !strings.HasPrefix(value, "/") {
					looked++
					require.Regexp(t, fromOutside, value, "%s of %s", name, service)
				}
				for _, found := range urlPassword.FindAllStringSubmatch(value, -1) {
					looked++
					require.Regexp(t, fromOutside, found[1], "%s of %s", name, service)
				}
			}
		}
		require.Equal(t, secrets, looked, "the test no longer sees the secrets it is about")
	}
}

// TestSecretsReachOnlyThoseWhoNeedThem reads the file with every secret set.
func TestSecretsReachOnlyThoseWhoNeedThem(t *testing.T) {
	t.Parallel()
	environment := required()
	environment["SENDGRID_API_KEY"] = "secret-of-sendgrid"
	environment["DUENOTICE_PAGES_PASSWORD"] = "secret-of-pages"
	p, err := load(environment)
	require.NoError(t, err)
	want := map[string][]string{
		"postgresql":      {"postgres", "duenotice", "temporal", "pages"},
		"pages":           {"pages"},
		"temporal-schema": {"temporal"},
		"temporal":        {"temporal"},
		"worker":          {"duenotice", "sendgrid"},
		"more-workers":    {"duenotice", "sendgrid"},
		"cli":             {"duenotice", "sendgrid"},
		"viewer":          {"duenotice"},
		"mail-sink":       {"sendgrid"},
	}
	for name, service := range p.Services {
		yml, err := yaml.Marshal(map[string]any{"environment": service.Environment, "command": service.Command, "test": service.HealthCheck})
		require.NoError(t, err)
		var got []string
		for _, whose := range []string{"postgres", "duenotice", "temporal", "sendgrid", "pages"} {
			if strings.Contains(string(yml), "secret-of-"+whose) {
				got = append(got, whose)
			}
		}
		require.Equal(t, want[name], got, name)
	}
}
