package play

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/app"
	"duenotice/internal/stack"
)

// looks are the commands by which officers see where a large incident stands, those that
// write something for each practice among them: none of them may need more memory for that.
func (r *run) looks(practice string) [][]string {
	id := r.kept.Incident
	return [][]string{
		{"status"}, {"status", id}, {"status", id, "--json"}, {"status", id, "--late"}, {"status", id, "--due", "7d"},
		{"status", id, "--needs"}, {"status", id, "--held"}, {"status", id, "--csv"}, {"status", id, "--due", "400d", "--json"}, {"status", id, "--practice", practice},
		{"approve", id, "--list"}, {"notify", id, "--list"}, {"report", "open", id}, {"report", "open", id, "--csv"}, {"report", "unopened", id}, {"report", "unopened", id, "--csv"},
		{"report", "board", id, "--output", r.path("board.html")}, {"report", "calendar", id}, {"report", "binder", id, "--practice", practice},
		{"report", "evidence", id, "--practice", practice}, {"doctor"},
	}
}

// lookAll gives each of them, and says how many.
func (r *run) lookAll(ctx context.Context) (int, error) {
	practice, err := r.somePractice()
	if err != nil {
		return 0, err
	}
	looks := r.looks(practice)
	for _, words := range looks {
		shown := strings.NewReplacer(" "+r.kept.Incident, "", " "+practice, " KEY", " "+r.path("board.html"), " FILE").Replace(strings.Join(words, " "))
		if err := r.office.glance(ctx, shown, words...); err != nil {
			return 0, err
		}
	}
	return len(looks), nil
}

func (r *run) lookWaiting(ctx context.Context) (n int, err error) {
	if r.kept.Result.Waiting, err = r.temporal(ctx); err != nil {
		return 0, err
	}
	return r.lookAll(ctx)
}

func (r *run) lookEnd(ctx context.Context) (n int, err error) {
	result := &r.kept.Result
	if result.Life, err = r.temporal(ctx); err != nil {
		return 0, err
	}
	info, ok := stack.Read(r.office.state)
	if !ok {
		return 0, fmt.Errorf("the stack in %s does not run any more", r.office.state)
	}
	if result.Disk.Files, err = size(r.path("out")); err != nil {
		return 0, err
	}
	if result.Disk.Engine, err = size(filepath.Join(r.office.state, "temporal")); err != nil {
		return 0, err
	}
	db, err := pgx.Connect(ctx, info.OwnerDatabaseURL)
	if err != nil {
		return 0, err
	}
	defer db.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read
	if err := db.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&result.Disk.Database); err != nil {
		return 0, err
	}
	version, err := r.office.look(ctx, "--version", "--version")
	if err != nil {
		return 0, err
	}
	result.Program = strings.ReplaceAll(strings.TrimSpace(string(version)), "\n", ", ")
	return r.lookAll(ctx)
}

// temporal counts what the incident's workflows took of Temporal up to now.
func (r *run) temporal(ctx context.Context) (count temporalCount, err error) {
	info, ok := stack.Read(r.office.state)
	if !ok {
		return count, fmt.Errorf("the stack in %s does not run any more", r.office.state)
	}
	config, err := app.LoadConfig(func(name string) string {
		for _, v := range info.Env() {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}, r.office.state)
	if err != nil {
		return count, err
	}
	c, err := app.DialTemporal(ctx, config, slog.New(slog.DiscardHandler))
	if err != nil {
		return count, err
	}
	defer c.Close()
	keys, err := r.someKeys()
	if err != nil {
		return count, err
	}
	return countTemporal(ctx, c, r.kept.Incident, keys)
}

// sampled is of how many practices the histories are read.
const sampled = 150

// someKeys are practices from all over the list.
func (r *run) someKeys() ([]string, error) {
	var keys []string
	n, every := 0, max(1, r.Size.Practices/sampled)
	err := eachRow(filepath.Join(r.caseFolder(), "practices.csv"), func(row map[string]string) {
		if n%every == 0 && len(keys) < sampled {
			keys = append(keys, row["practice_key"])
		}
		n++
	})
	return keys, err
}

// somePractice is one in the middle of the list.
func (r *run) somePractice() (string, error) {
	keys, err := r.someKeys()
	if err != nil || len(keys) == 0 {
		return "", err
	}
	return keys[len(keys)/2], nil
}
