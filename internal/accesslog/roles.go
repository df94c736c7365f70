package accesslog

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// mostRoleRows bounds the list of who has which role.
const mostRoleRows = 10 * mostAccounts

// readRoles reads a CSV file with the columns account and role; none is empty.
func readRoles(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	name := filepath.Base(path)
	file, err := givenfile.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, breach.Refuse("access_roles", "Give the path of a CSV file.", "%s: there is no such file", name)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	rows := csv.NewReader(file)
	roles := map[string]string{}
	account, role := -1, -1
	for line := 1; line <= mostRoleRows; line++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return roles, nil
		}
		if err != nil {
			return nil, breach.Refuse("access_roles", "Write it as CSV with the columns account and role.", "%s cannot be read as CSV", name)
		}
		if line == 1 {
			for i, column := range cells {
				switch strings.ToLower(strings.TrimSpace(strings.TrimPrefix(column, "\ufeff"))) {
				case "account":
					account = i
				case "role":
					role = i
				}
			}
			if account < 0 || role < 0 {
				return nil, breach.Refuse("access_roles", "Its first line has the names account and role.", "%s has no columns account and role", name)
			}
			continue
		}
		roles[strings.ToLower(strings.TrimSpace(cells[account]))] = strings.TrimSpace(cells[role])
	}
	return nil, breach.Refuse("access_roles", "Give only accounts of the logs.", "%s has more than %d rows", name, mostRoleRows)
}
