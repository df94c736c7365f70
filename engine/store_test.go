package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/tools/sql"
)

// pragma fails unless the store's connection has this value of a setting. The
// connection is the server's: the plugin has one for each data source.
func pragma(t *testing.T, store *config.SQL, name, value string) error {
	t.Helper()
	conn, err := sql.NewConnection(store, log.NewNoopLogger())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	table := "seen_" + name
	if err := conn.Exec(fmt.Sprintf("CREATE TEMP TABLE IF NOT EXISTS %s (v TEXT CHECK (v = '%s'))", table, value)); err != nil {
		t.Fatal(err)
	}
	return conn.Exec(fmt.Sprintf("INSERT INTO %[1]s SELECT %[2]s FROM pragma_%[2]s", table, name))
}

// What Temporal has told anybody is on the disk: 2 is FULL.
func TestSQLiteWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	store, err := sqliteStore(sqliteSettings{File: filepath.Join(t.TempDir(), "temporal.db")})
	if err != nil {
		t.Fatal(err)
	}
	if err := pragma(t, store, "synchronous", "2"); err != nil {
		t.Error(err)
	}
	if err := pragma(t, store, "journal_mode", "wal"); err != nil {
		t.Error(err)
	}
	quick, err := sqliteStore(sqliteSettings{File: filepath.Join(t.TempDir(), "temporal.db"), Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := pragma(t, quick, "synchronous", "2"); err == nil {
		t.Error("a throwaway store waits for the disk, or the test sees nothing")
	}
}

// A crash while the tables are made leaves no half of a database.
func TestSQLiteIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.db")
	for _, left := range []string{file + ".new", file + ".new-journal"} {
		if err := os.WriteFile(left, []byte("half a database"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := settings{Namespace: "default", SQLite: &sqliteSettings{File: file}}
	for range 2 { // made, and found
		store, err := prepareStore(s)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := sql.NewConnection(store.DataStores["state"].SQL, log.NewNoopLogger())
		if err != nil {
			t.Fatal(err)
		}
		// The last table of the server's, and the namespace.
		if err := conn.Exec("SELECT 1 FROM executions_visibility LIMIT 1"); err != nil {
			t.Error(err)
		}
		conn.Close()
	}
	if _, err := os.Stat(file + ".new"); !os.IsNotExist(err) {
		t.Error("what a crash left is still there:", err)
	}
}

func TestSettingsThatOpenADoorAreRefused(t *testing.T) {
	t.Parallel()
	good := settings{
		Frontend: "127.0.0.1:1", History: "127.0.0.1:2", Matching: "127.0.0.1:3", Worker: "127.0.0.1:4", UI: "127.0.0.1:5",
		Certificates: "tls", Namespace: "default", SQLite: &sqliteSettings{File: "x"},
	}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*settings){
		"every address":       func(s *settings) { s.Frontend = "0.0.0.0:1" },
		"another machine":     func(s *settings) { s.History = "192.0.2.1:2" },
		"a name":              func(s *settings) { s.Matching = "localhost:3" },
		"the UI to everybody": func(s *settings) { s.UI = "0.0.0.0:5" },
		"no certificates":     func(s *settings) { s.Certificates = "" },
		"no store":            func(s *settings) { s.SQLite = nil },
		"two stores":          func(s *settings) { s.PostgreSQL = &postgresqlSettings{} },
		"an unknown type":     func(s *settings) { s.SearchAttributes = map[string]string{"Phase": "Colour"} },
	} {
		s := good
		spoil(&s)
		if s.check() == nil {
			t.Errorf("%s was taken", name)
		}
	}
	file := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(file, []byte(`{"http": "127.0.0.1:6"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSettings(file); err == nil {
		t.Error("a setting that is none was taken")
	}
}
