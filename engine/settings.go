package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
)

// settings are what package stack says: where to listen, what to prove oneself
// with, where to keep the state. The file holds a password and is its owner's.
type settings struct {
	// Frontend, History, Matching and Worker are where Temporal's parts listen,
	// host:port on loopback.
	Frontend string `json:"frontend"`
	History  string `json:"history"`
	Matching string `json:"matching"`
	Worker   string `json:"worker"`
	// UI is where Temporal's UI listens, "" for none.
	UI string `json:"ui,omitempty"`
	// Certificates is the folder with the authority and a certificate for each role.
	Certificates string `json:"certificates"`
	// Namespace is made when it is not there, with these search attributes by their
	// types.
	Namespace        string            `json:"namespace"`
	SearchAttributes map[string]string `json:"search_attributes,omitempty"`
	// SQLite or PostgreSQL is where the state is kept.
	SQLite     *sqliteSettings     `json:"sqlite,omitempty"`
	PostgreSQL *postgresqlSettings `json:"postgresql,omitempty"`
}

type sqliteSettings struct {
	File string `json:"file"`
	// Throwaway is for tests: nothing is kept safe from a crash of the machine.
	Throwaway bool `json:"throwaway,omitempty"`
}

type postgresqlSettings struct {
	// Address is host:port.
	Address  string `json:"address"`
	User     string `json:"user"`
	Password string `json:"password"`
	// Database and Visibility are two databases that the user owns.
	Database   string `json:"database"`
	Visibility string `json:"visibility"`
}

func readSettings(path string) (settings, error) {
	var s settings
	content, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("the settings cannot be read: %w", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(content)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fmt.Errorf("the settings in %s: %w", path, err)
	}
	return s, s.check()
}

// check refuses what would open a door: an address beyond loopback, or no certificates.
func (s settings) check() error {
	addresses := []string{s.Frontend, s.History, s.Matching, s.Worker}
	if s.UI != "" {
		addresses = append(addresses, s.UI)
	}
	for _, a := range addresses {
		host, _, err := splitAddress(a)
		if err != nil {
			return err
		}
		if !net.ParseIP(host).IsLoopback() {
			return fmt.Errorf("%s is not on loopback, and nothing of the engine may be reached from elsewhere", a)
		}
	}
	if s.Certificates == "" {
		return errors.New("the settings name no certificates")
	}
	if (s.SQLite == nil) == (s.PostgreSQL == nil) {
		return errors.New("the settings have to name SQLite or PostgreSQL, and one of them")
	}
	_, err := s.attributes()
	return err
}

func splitAddress(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("an address of the settings: %w", err)
	}
	port, err = strconv.Atoi(text)
	if err != nil || net.ParseIP(host) == nil {
		return "", 0, fmt.Errorf("%q is not an address such as 127.0.0.1:7233", address)
	}
	return host, port, nil
}

func (s settings) attributes() (map[string]enumspb.IndexedValueType, error) {
	all := make(map[string]enumspb.IndexedValueType, len(s.SearchAttributes))
	for name, kind := range s.SearchAttributes {
		value, err := enumspb.IndexedValueTypeFromString(kind)
		if err != nil {
			return nil, fmt.Errorf("search attribute %s: %w", name, err)
		}
		all[name] = value
	}
	return all, nil
}
