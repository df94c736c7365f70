// Package compose holds what docker-compose.yml mounts into its containers, and
// the tests that read it, the Dockerfile and the scripts. It has no code.
package compose
