package faults_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// TestWhatIsSaidToBeWrittenIsOnTheDisk traces what the worker asks of the system. Before the
// database is told that a batch is printed, each of its files was synced and then named, and
// the folder that names it was synced after: a power cut takes none of them. The same of
// what is handed over to the mail provider, before a byte of it goes out.
func TestWhatIsSaidToBeWrittenIsOnTheDisk(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: it shows what is synced before what")
	}
	b := furnish(t, officetest.SharedServers(t), 400, 20)
	b.Begin()
	b.insist("start", b.dir, "--by", "Ada Officer", "--no-notices")
	b.answered()
	key := b.writing()[0]
	trace := filepath.Join(t.TempDir(), "trace")
	tracing := exec.CommandContext(t.Context(), strace, "-f", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,write", "-o", trace,
		"-p", strconv.Itoa(b.Worker().Process.Pid))
	require.NoError(t, tracing.Start())
	testkit.Await(t, func() bool { info, err := os.Stat(trace); return err == nil && info.Size() > 0 })
	b.approve()
	b.awaitLetters()
	b.insist("notify", b.id, "--practice", key, "--by", "Ada Officer")
	b.awaitTold(key)
	b.settled()
	b.KillWorker()
	_ = tracing.Wait() // it ends with whom it traced

	batch := "run-001-batch-0001"
	dir := filepath.Join(b.Out, b.id, "mail", batch)
	lines := readLines(t, trace)
	saved := first(t, lines, 0, `write\(\d+<(socket|TCP).*InsertBatch`)
	for _, path := range []string{filepath.Join(dir, "letters.pdf"), filepath.Join(dir, "pieces.csv"), filepath.Join(dir, "manifest.json"),
		filepath.Join(b.Out, b.id, "records", batch+".sealed")} {
		onDisk(t, lines, path, saved)
	}
	record := first(t, lines, 0, `renameat2?\(.*handed-over/[0-9a-f-]+\.json`)
	sent := first(t, lines, 0, `write\(\d+<(socket|TCP).*POST /v3/mail/send`)
	require.Less(t, record, sent)
	named := regexp.MustCompile(`"([^"]*handed-over/[0-9a-f-]+\.json)"`).FindStringSubmatch(lines[record])
	require.NotNil(t, named)
	onDisk(t, lines, named[1], sent)
}

// onDisk requires that, before a line, a file was synced under the name it has while it is
// written, got its own, and its folder was synced.
func onDisk(t *testing.T, lines []string, path string, before int) {
	t.Helper()
	renamed := first(t, lines, 0, `renameat2?\(.*"`+regexp.QuoteMeta(path)+`"`)
	part := regexp.MustCompile(`"([^"]*\.duenotice-part-[^"]*)"`).FindStringSubmatch(lines[renamed])
	require.NotNil(t, part, lines[renamed])
	require.Less(t, first(t, lines, 0, `fsync\(\d+<`+regexp.QuoteMeta(part[1])+`>`), renamed, "%s was named before it was on the disk", path)
	folder := first(t, lines, renamed, `fsync\(\d+<`+regexp.QuoteMeta(filepath.Dir(path))+`>`)
	require.Less(t, folder, before, "%s could be gone after a power cut", path)
}

// first is the first line from one on that matches.
func first(t *testing.T, lines []string, from int, pattern string) int {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	for i := from; i < len(lines); i++ {
		if wanted.MatchString(lines[i]) {
			return i
		}
	}
	require.FailNow(t, "nothing of the kind was asked of the system", pattern)
	return -1
}

func readLines(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	var lines []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		lines = append(lines, strings.TrimSpace(scanner.Text()))
	}
	require.NoError(t, scanner.Err())
	return lines
}
