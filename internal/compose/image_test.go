package compose_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/temporalx"
)

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func TestTheImageIsPinnedStaticAndUnprivileged(t *testing.T) {
	t.Parallel()
	dockerfile := read(t, filepath.Join(root, "Dockerfile"))
	from := regexp.MustCompile(`(?m)^FROM (?:--platform=\S+ )?(\S+)`).FindAllStringSubmatch(dockerfile, -1)
	require.Len(t, from, 2)
	require.Regexp(t, `^golang:\d+\.\d+\.\d+-bookworm$`, from[0][1])
	require.Equal(t, "scratch", from[1][1])

	// The compiler must be one that go.mod accepts, or the build would fetch another.
	wanted := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, filepath.Join(root, "go.mod")))
	require.NotNil(t, wanted)
	require.Contains(t, from[0][1], "golang:"+wanted[1]+".")

	builds := regexp.MustCompile(`(?m)go build .*$`).FindAllString(dockerfile, -1)
	require.Len(t, builds, 2)
	// And so is what is run on the way, to make the font that they embed.
	runs := regexp.MustCompile(`(?m)go -C \S+ run .*$`).FindAllString(dockerfile, -1)
	require.Len(t, runs, 1)
	require.Equal(t, len(builds)+len(runs), strings.Count(dockerfile, "CGO_ENABLED=0 "))
	users := regexp.MustCompile(`(?m)^USER (\S+)`).FindAllStringSubmatch(dockerfile, -1)
	require.Len(t, users, 1)
	require.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, users[0][1])
	require.Contains(t, dockerfile, "ca-certificates.crt")
	require.Contains(t, dockerfile, "ZONEINFO=")

	// What the compose file starts and checks is what the image holds.
	services := project(t).Services
	require.Contains(t, dockerfile, `ENTRYPOINT ["/duenotice-worker"]`)
	require.Contains(t, dockerfile, "-o /image"+services["cli"].Entrypoint[0]+" ./starter")
	require.Contains(t, dockerfile, "-o /image"+services["worker"].HealthCheck.Test[1]+" ./starter")
}

func TestPatientDataAndSecretsStayOutOfTheBuild(t *testing.T) {
	t.Parallel()
	ignored := strings.Split(read(t, filepath.Join(root, ".dockerignore")), "\n")
	for _, path := range []string{".env", ".duenotice", "out", "cases", ".git"} {
		require.Contains(t, ignored, path)
	}
	require.Contains(t, strings.Split(read(t, filepath.Join(root, ".gitignore")), "\n"), "/.env")
}

func TestTheSearchAttributesAreTheWorkflows(t *testing.T) {
	t.Parallel()
	script := read(t, "temporal/namespace.sh")
	_, list, found := strings.Cut(script, "<<'ATTRIBUTES'\n")
	require.True(t, found)
	list, _, found = strings.Cut(list, "\nATTRIBUTES")
	require.True(t, found)
	got := strings.Split(strings.ReplaceAll(list, " ", "="), "\n")
	want := temporalx.SearchAttributes()
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got)
}

func TestTheScriptsAreShell(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("*/*.sh")
	require.NoError(t, err)
	require.Len(t, scripts, 3)
	for _, script := range scripts {
		out, err := exec.CommandContext(t.Context(), "sh", "-n", script).CombinedOutput()
		require.NoError(t, err, "%s: %s", script, out)
		require.Contains(t, read(t, script), "\nset -eu\n", script)
	}
}
