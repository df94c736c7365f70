package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Login makes a database login of the test's own that is a member of these
// roles, and returns the database's address for it. address is the owner's, of a
// database of this test.
func Login(t testing.TB, address string, roles ...string) string {
	t.Helper()
	name := "login_" + strings.ToLower(rand.Text()[:16])
	inherit := "INHERIT"
	if slices.Contains(roles, programRole) {
		inherit = "NOINHERIT" // it takes its roles by name
	}
	u, err := url.Parse(address)
	require.NoError(t, err)
	require.NoError(t, administer(t.Context(), address, fmt.Sprintf("CREATE ROLE %s LOGIN %s PASSWORD 'secret' IN ROLE %s; GRANT CONNECT ON DATABASE %s TO %s",
		name, inherit, strings.Join(roles, ", "), strings.TrimPrefix(u.Path, "/"), name)))
	t.Cleanup(func() {
		// Whoever sets up another database meanwhile gives every program's login the
		// right to connect to it (access.sql), perhaps between the two statements.
		var err error
		for range 20 {
			if err = administer(context.Background(), address, "DROP OWNED BY "+name+"; DROP ROLE "+name); err == nil {
				break
			}
		}
		require.NoError(t, err)
	})
	u.User = url.UserPassword(name, "secret")
	return u.String()
}

// programRole is the role of internal/postgres/access.sql whose members are the program's logins.
const programRole = "duenotice_app"

// ProgramLogin is a Login as the program itself should have.
func ProgramLogin(t testing.TB, address string) string {
	t.Helper()
	return Login(t, address, programRole)
}
