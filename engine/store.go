package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

// clusterName is the name that the development server gave to its only cluster. It
// is in the database: state folders from before this program have it.
const clusterName = "active"

// prepareStore brings the tables to the server's version and makes the namespace,
// and returns how the server finds them.
func prepareStore(s settings) (config.Persistence, error) {
	var state, visibility *config.SQL
	var err error
	if s.SQLite != nil {
		state, err = sqliteStore(*s.SQLite)
		visibility = state
	} else {
		state, visibility, err = postgresqlStore(*s.PostgreSQL)
	}
	if err != nil {
		return config.Persistence{}, err
	}
	attributes, err := s.attributes()
	if err != nil {
		return config.Persistence{}, err
	}
	namespace, err := sqlite.NewNamespaceConfig(clusterName, s.Namespace, false, attributes)
	if err != nil {
		return config.Persistence{}, fmt.Errorf("the namespace %s: %w", s.Namespace, err)
	}
	// The package is SQLite's, and what it does is not: it asks the plugin.
	if err := sqlite.CreateNamespaces(state, namespace); err != nil {
		return config.Persistence{}, fmt.Errorf("the namespace %s cannot be made: %w", s.Namespace, err)
	}
	return config.Persistence{
		DefaultStore: "state", VisibilityStore: "visibility",
		// Written into the database at the first start, and never to be changed after it.
		NumHistoryShards: shards(s),
		DataStores:       map[string]config.DataStore{"state": {SQL: state}, "visibility": {SQL: visibility}},
	}, nil
}

// shards is how many locks the histories share. SQLite has one writer anyway.
func shards(s settings) int32 {
	if s.SQLite != nil {
		return 1
	}
	return 4
}

func sqliteStore(s sqliteSettings) (*config.SQL, error) {
	if _, err := os.Stat(s.File); errors.Is(err, os.ErrNotExist) {
		if err := makeSQLite(s.File); err != nil {
			return nil, fmt.Errorf("the database %s cannot be made: %w", s.File, err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("the database cannot be looked at: %w", err)
	}
	// Those of earlier versions could be read by other accounts.
	for _, kept := range []string{s.File, s.File + "-wal", s.File + "-shm"} {
		if err := os.Chmod(kept, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("the database cannot be closed to others: %w", err)
		}
	}
	// With FULL each transition waits for the disk, so that what Temporal has told
	// anybody is still there after the power failed. With the usual journal in place
	// of WAL it would wait several times.
	synchronous := "FULL"
	if s.Throwaway {
		synchronous = "OFF"
	}
	return &config.SQL{
		PluginName: sqliteplugin.PluginName, DatabaseName: s.File,
		ConnectAttributes: map[string]string{"mode": "rw", "journal_mode": "WAL", "synchronous": synchronous},
	}, nil
}

// makeSQLite makes the tables under another name: a database that is there is
// whole, also when this process or the machine dies now.
func makeSQLite(file string) error {
	fresh := file + ".new"
	for _, leftover := range []string{fresh, fresh + "-journal"} {
		if err := os.Remove(leftover); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	setup := &config.SQL{PluginName: sqliteplugin.PluginName, DatabaseName: fresh, ConnectAttributes: map[string]string{"mode": "rwc", "synchronous": "OFF"}}
	if err := sqlite.SetupSchema(setup); err != nil {
		return err
	}
	if err := syncFile(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, file); err != nil {
		return err
	}
	return syncFile(filepath.Dir(file))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func postgresqlStore(p postgresqlSettings) (state, visibility *config.SQL, err error) {
	store := func(database string) *config.SQL {
		return &config.SQL{
			PluginName: postgresql.PluginName, DatabaseName: database, ConnectAddr: p.Address, ConnectProtocol: "tcp",
			User: p.User, Password: p.Password, MaxConns: 5, MaxIdleConns: 5,
		}
	}
	if err := migrate(store(p.Database), "temporal"); err != nil {
		return nil, nil, err
	}
	if err := migrate(store(p.Visibility), "visibility"); err != nil {
		return nil, nil, err
	}
	return store(p.Database), store(p.Visibility), nil
}

// migrate gives a database the tables of this server's version, as the tool does
// that Temporal gives to those who run it.
func migrate(database *config.SQL, name string) error {
	quiet := log.NewNoopLogger()
	conn, err := sql.NewConnection(database, quiet)
	if err != nil {
		return fmt.Errorf("database %s cannot be reached: %w", database.DatabaseName, err)
	}
	defer conn.Close()
	if _, err := conn.ReadSchemaVersion(); err != nil {
		empty := &schema.SetupConfig{InitialVersion: "0.0"}
		if err := schema.NewSetupSchemaTask(conn, empty, quiet).Run(); err != nil {
			return fmt.Errorf("the tables of database %s cannot be begun: %w", database.DatabaseName, err)
		}
	}
	newest := &schema.UpdateConfig{DBName: database.DatabaseName, SchemaName: "postgresql/v12/" + name}
	if err := schema.NewUpdateSchemaTask(conn, newest, quiet).Run(); err != nil {
		return fmt.Errorf("the tables of database %s cannot be brought to the server's version: %w", database.DatabaseName, err)
	}
	return nil
}
