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
	require.NoError(t, changeRoles(t.Context(), address, fmt.Sprintf("CREATE ROLE %s LOGIN %s PASSWORD 'secret' IN ROLE %s; GRANT CONNECT ON DATABASE %s TO %s",
		name, inherit, strings.Join(roles, ", "), strings.TrimPrefix(u.Path, "/"), name)))
	t.Cleanup(func() {
		require.NoError(t, changeRoles(context.Background(), address, "DROP OWNED BY "+name+"; DROP ROLE "+name))
	})
	u.User = url.UserPassword(name, "secret")
	return u.String()
}

// changeRoles is administer for roles, which belong to the whole server: another
// test may be at them in the same moment, for which PostgreSQL does not wait.
func changeRoles(ctx context.Context, server, statements string) error {
	for tries := 0; ; tries++ {
		err := administer(ctx, server, statements)
		// Or it gives every program's login a right on its own database between the two
		// statements, or drops that database.
		passes := err != nil && (strings.Contains(err.Error(), "tuple concurrently") || strings.Contains(err.Error(), "some objects depend on it") ||
			strings.Contains(err.Error(), "cache lookup failed for database"))
		if !passes || tries == 20 {
			return err
		}
	}
}

// programRole is the role of internal/postgres/access.sql whose members are the program's logins.
const programRole = "duenotice_app"

// ProgramLogin is a Login as the program itself should have.
func ProgramLogin(t testing.TB, address string) string {
	t.Helper()
	return Login(t, address, programRole)
}
