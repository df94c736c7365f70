// Package access says who may do what: roles, who holds them, and which permissions
// each allows. It decides on what it is given and looks nothing up; the database
// enforces the same for its own sessions (internal/postgres/access.sql).
package access
