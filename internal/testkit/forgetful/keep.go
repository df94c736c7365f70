package forgetful

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// unsynced is what was done to a file since it was synced.
type unsynced struct {
	// shortest is the least size that it was given; behind it is nothing of before.
	shortest int64
	written  []span
}

// span is where something was written, in bytes.
type span struct{ from, to int64 }

// begin makes a new thing of what was just made at a path. A file that had its inode
// number before is gone.
func (d *Disk) begin(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var st syscall.Stat_t
	if syscall.Lstat(path, &st) != nil {
		return // somebody removed it at once
	}
	d.next++
	d.things[st.Ino] = d.next
	d.see(d.next, path, st)
}

// see keeps how a thing looks.
func (d *Disk) see(of thing, path string, st syscall.Stat_t) {
	is := look{mode: st.Mode, uid: int(st.Uid), gid: int(st.Gid)}
	if st.Mode&syscall.S_IFMT == syscall.S_IFLNK {
		is.target, _ = os.Readlink(path) // "" for one that is gone
	}
	d.looks[of] = is
}

// wrote notes where a file was written, and shortened that it was cut to a size.
func (d *Disk) wrote(file *os.File, from, n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.unsyncedOf(file)
	if u == nil {
		return
	}
	if last := len(u.written) - 1; last >= 0 && u.written[last].to == from {
		u.written[last].to += n
		return
	}
	u.written = append(u.written, span{from, from + n})
}

func (d *Disk) shortened(file *os.File, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if u := d.unsyncedOf(file); u != nil {
		u.shortest = min(u.shortest, size)
	}
}

// unsyncedOf is what an open file has unsynced, nil for one the disk does not know.
func (d *Disk) unsyncedOf(file *os.File) *unsynced {
	of, ok := d.thingOf(file)
	if !ok {
		return nil
	}
	u, ok := d.files[of]
	if !ok {
		u = &unsynced{shortest: math.MaxInt64}
		d.files[of] = u
	}
	return u
}

func (d *Disk) thingOf(file *os.File) (thing, bool) {
	var st syscall.Stat_t
	if syscall.Fstat(int(file.Fd()), &st) != nil {
		return 0, false
	}
	of, ok := d.things[st.Ino]
	return of, ok
}

// keepContent keeps what is in a file now.
func (d *Disk) keepContent(file *os.File) error {
	of, ok := d.thingOf(file)
	if !ok {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	kept, err := os.OpenFile(d.keptOf(of), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer kept.Close() //nolint:errcheck // of what is lost at a power loss a test tells
	if u := d.files[of]; u != nil {
		if before, err := kept.Stat(); err != nil {
			return err
		} else if u.shortest < before.Size() {
			if err := kept.Truncate(u.shortest); err != nil {
				return err
			}
		}
		for _, s := range u.written {
			if _, err := io.Copy(io.NewOffsetWriter(kept, s.from), io.NewSectionReader(file, s.from, s.to-s.from)); err != nil {
				return err
			}
		}
		delete(d.files, of)
	}
	return kept.Truncate(info.Size())
}

// keepNames keeps which names a folder has now, and makes no difference to what they name.
func (d *Disk) keepNames(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		return err
	}
	folder, names := d.things[st.Ino], map[string]thing{}
	for _, e := range entries {
		if syscall.Lstat(filepath.Join(path, e.Name()), &st) != nil {
			continue // removed meanwhile
		}
		if of, ok := d.things[st.Ino]; ok {
			names[e.Name()], d.named[of] = of, true
		}
	}
	d.folders[folder] = names
	return nil
}

// keepFirstName keeps the name of a thing that has none yet, and of the folders it is in.
func (d *Disk) keepFirstName(path string) {
	var st syscall.Stat_t
	for ; path != d.live && syscall.Lstat(path, &st) == nil; path = filepath.Dir(path) {
		of, known := d.things[st.Ino]
		if !known || d.named[of] || syscall.Lstat(filepath.Dir(path), &st) != nil {
			return
		}
		folder := d.things[st.Ino]
		if d.folders[folder] == nil {
			d.folders[folder] = map[string]thing{}
		}
		d.folders[folder][filepath.Base(path)], d.named[of] = of, true
	}
}
