// Duenotice-engine is Temporal's own server for one stack on one machine, with a
// lock on each of its doors.
//
//	duenotice-engine --settings FILE.json
//	duenotice-engine --version
//
// Everything it listens at is on loopback and asks for a certificate of the
// stack's own authority: the front end (gRPC), the parts of the server among each
// other, and Temporal's UI. There is no HTTP API and no port for metrics. What a
// caller may do is decided by the role that its certificate names (roles.go).
//
// It is a module of its own, because the server brings some two hundred modules
// that neither the worker nor the command line needs. Package stack carries its
// source, builds it and runs it; nobody else writes its settings.
package main
