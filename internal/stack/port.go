package stack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// loopback is the only address anything of the stack listens on.
const loopback = "127.0.0.1"

// ports returns n different free ports on loopback. Those in kept that are still
// free come first, in their places, so that addresses stay the same over restarts.
func ports(ctx context.Context, n int, kept []int) ([]int, error) {
	var config net.ListenConfig
	found := make([]int, 0, n)
	for i := range n {
		var l net.Listener
		err := errTryAgain
		if i < len(kept) && kept[i] != 0 {
			l, err = listen(ctx, &config, kept[i])
		}
		if err != nil {
			l, err = anyPort(ctx, &config)
		}
		if err != nil {
			return nil, fmt.Errorf("no free port on %s: %w", loopback, err)
		}
		// Held until all are found, or the system would give the same one twice.
		defer func() { _ = l.Close() }()
		found = append(found, l.Addr().(*net.TCPAddr).Port)
	}
	return found, nil
}

// Ports below those that systems give to outgoing connections (from 32768 on Linux,
// from 49152 elsewhere): one of those may sit on the port when it is wanted again.
const (
	lowestPort  = 20_000
	highestPort = 32_000
)

// anyPort listens on some free port.
func anyPort(ctx context.Context, config *net.ListenConfig) (net.Listener, error) {
	for range 50 {
		port := lowestPort + rand.IntN(highestPort-lowestPort) //nolint:gosec // no secret
		if l, err := listen(ctx, config, port); err == nil {
			return l, nil
		}
	}
	return config.Listen(ctx, "tcp", address(0))
}

// listen takes a port that is free at both loopback addresses: browsers look for the
// page's name at both, and would find another program at the other one.
func listen(ctx context.Context, config *net.ListenConfig, port int) (net.Listener, error) {
	other, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, err
	}
	if err == nil { // a machine may have no IPv6
		defer func() { _ = other.Close() }()
	}
	return config.Listen(ctx, "tcp", address(port))
}

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// keptPorts returns the ports a process of this name had last, or zeros.
func (f folder) keptPorts(name string) []int {
	var kept []int
	if !readJSON(f.path(name, "ports.json"), &kept) || len(kept) == 0 {
		return make([]int, 8)
	}
	return kept
}

// choosePorts finds n ports for a process of this name and keeps them.
func (f folder) choosePorts(ctx context.Context, name string, n int) ([]int, error) {
	found, err := ports(ctx, n, f.keptPorts(name))
	if err != nil {
		return nil, err
	}
	return found, writeJSON(f.path(name, "ports.json"), found)
}
