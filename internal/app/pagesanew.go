package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// socketsVariable names the sockets that the pages' server hands to itself when it begins
// anew, as numbers of open files between commas. Nobody else sets it.
const socketsVariable = "DUENOTICE_PAGES_SOCKETS"

// handedOn are the listeners of the process before, in whose place this one began; none
// where it began by itself.
func handedOn(numbers string) (listeners []net.Listener, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("what %s names cannot be listened at; take the variable away, only the pages' server sets it: %w", socketsVariable, err), closeAll(listeners))
		}
	}()
	for number := range strings.SplitSeq(numbers, ",") {
		if number == "" {
			continue
		}
		fd, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return listeners, err
		}
		file := os.NewFile(uintptr(fd), "socket of the pages")
		l, err := net.FileListener(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return listeners, err
		}
		listeners = append(listeners, l)
	}
	return listeners, nil
}

// sockets are what a server listens at, apart from the listeners: while no listener is
// left, who connects waits there and is not refused.
type sockets []*os.File

func socketsOf(listeners []net.Listener) (s sockets, err error) {
	for _, l := range listeners {
		own, ok := l.(*net.TCPListener)
		if !ok {
			return s, fmt.Errorf("a listener at %s has no socket to hand on", l.Addr())
		}
		file, err := own.File()
		if err != nil {
			return s, err
		}
		s = append(s, file)
	}
	return s, nil
}

// listeners listen there again.
func (s sockets) listeners() (all []net.Listener, err error) {
	for _, file := range s {
		l, err := net.FileListener(file)
		if err != nil {
			return all, errors.Join(err, closeAll(all))
		}
		all = append(all, l)
	}
	return all, nil
}

func (s sockets) close() (err error) {
	for _, file := range s {
		err = errors.Join(err, file.Close())
	}
	return err
}

func closeAll(listeners []net.Listener) (err error) {
	for _, l := range listeners {
		err = errors.Join(err, l.Close())
	}
	return err
}

// namingSockets is an environment that names sockets, and no earlier ones.
func namingSockets(environ, numbers []string) (named []string) {
	for _, v := range environ {
		if !strings.HasPrefix(v, socketsVariable+"=") {
			named = append(named, v)
		}
	}
	return append(named, socketsVariable+"="+strings.Join(numbers, ","))
}
