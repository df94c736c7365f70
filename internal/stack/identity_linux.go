package stack

import (
	"fmt"
	"os"
	"strings"
)

// identity names the process that has this pid now, so that a later holder of
// the same pid is told apart: the boot of the machine and the clock tick of the
// process's birth. Unlike a time of day neither moves when the clock is set. It
// is empty when there is no such process or it is dead and only not yet reaped.
func identity(pid int) string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The second field is the program's name in parentheses and may hold spaces
	// and parentheses itself: count from the last one. proc(5) numbers state 3
	// and starttime 22.
	_, after, found := cutLast(string(stat), ")")
	fields := strings.Fields(after)
	if !found || len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return ""
	}
	return strings.TrimSpace(string(boot)) + "/" + fields[19]
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
