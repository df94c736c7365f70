// Package stack runs Duenotice on one machine: a private PostgreSQL, Temporal's
// own server with its UI (the module engine), and the worker, all on loopback, with
// everything they keep under one state folder. Loopback is reached by every account
// of the machine and every web page on it: the database asks for a password, and
// Temporal and its UI for a certificate of the stack's own authority.
//
// The folder, ".duenotice" unless said otherwise:
//
//	stack.json       addresses of the stack, with the database password; 0600
//	lock             held while a command starts or stops the stack
//	run/NAME.json    one record per started process: pid, identity, command
//	logs/NAME.log    what the process printed
//	bin/             the copy of this program that the worker runs
//	postgres/        password, port, and data/ (or location, see below)
//	temporal/        temporal.db, the ports, the engine's settings, and tls/, the
//	                 authority with a certificate for each role
//	worker/          the port of the page that shows Temporal's UI
//
// PostgreSQL refuses to run as root. As root it is run as the user postgres, or
// nobody; where that user cannot enter the state folder (below /root, say) the
// data lives in a folder of /var/lib/duenotice that postgres/location names, and
// that says in belongs-to whose it is.
//
// A process is only ever signalled when its record still describes it: the same
// pid and the same moment of birth. A record that does not is a leftover of a
// crash or a restart of the machine, and only the record is removed.
package stack
