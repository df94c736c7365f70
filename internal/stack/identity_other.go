//go:build !linux

package stack

import (
	"slices"
	"strconv"

	"github.com/shirou/gopsutil/v4/process"
)

// identity names the process that has this pid now, so that a later holder of
// the same pid is told apart: the millisecond of its birth. It is empty when
// there is no such process or it is dead and only not yet reaped.
func identity(pid int) string {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return ""
	}
	if status, err := p.Status(); err == nil && slices.Contains(status, process.Zombie) {
		return ""
	}
	created, err := p.CreateTime()
	if err != nil {
		return ""
	}
	return strconv.FormatInt(created, 10)
}
