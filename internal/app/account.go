package app

import (
	"os"
	"os/user"
	"strconv"
)

// Account is the account this program runs under, its number where it has no name, as
// in a container. Not user.Current, which then believes the environment.
func Account() string {
	uid := strconv.Itoa(os.Geteuid())
	account, err := user.LookupId(uid)
	if err != nil || account.Username == "" {
		return "uid " + uid
	}
	return account.Username
}
