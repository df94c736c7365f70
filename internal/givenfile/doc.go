// Package givenfile opens the files whose path a person, a configuration or a
// case folder gives. What is opened is looked at by its descriptor and read from
// it, so that nobody can put another file in its place in between, and it is
// opened without waiting, so that a pipe does not stop the program.
//
// There are three kinds. Any regular file may be handed over, through whatever
// links (Open, Read). A password's file (ReadPassword) and a key's (OpenKey,
// ReadKey) must in addition be named themselves and not through a link, belong to
// this account or to root, and be kept from others.
package givenfile
