// Package seeing lets operators see how a program of ours does: numbers for Prometheus
// and OpenTelemetry, traces, and whether it is stuck or ready. It decides nothing of
// cases and names nobody: what leaves the process is on lists in this package.
package seeing
