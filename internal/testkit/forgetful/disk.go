package forgetful

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Disk is a mounted disk.
type Disk struct {
	// Dir is where it is mounted.
	Dir string

	t      testing.TB
	live   string // the folder with everything as it is now
	kept   string // and that with the synced content of each file, by its thing
	server *fuse.Server

	mu sync.Mutex
	// things are who is behind an inode number, which the system gives to another file
	// when one is gone.
	things map[uint64]thing
	next   thing
	// folders are the synced names of each folder, files what each file has unsynced.
	folders map[thing]map[string]thing
	files   map[thing]*unsynced
	looks   map[thing]look
	named   map[thing]bool
}

// thing is a file, a folder or a link, as long as there is one.
type thing uint64

// root is the thing behind the disk's own folder.
const root thing = 0

// look is what is kept of a thing at once.
type look struct {
	mode     uint32
	uid, gid int
	target   string // of a symbolic link
}

// Mount makes an empty disk, and skips the test where there can be none. Whatever uses it
// has to be gone before the test ends.
func Mount(t testing.TB) *Disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root mounts a disk that forgets")
	}
	if device, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0); err != nil {
		t.Skip("no disk that forgets without FUSE:", err)
	} else {
		require.NoError(t, device.Close())
	}
	dir, err := os.MkdirTemp("", "duenotice-forgetful-") //nolint:usetesting // t.TempDir lets no other user pass, as whom PostgreSQL runs
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	d := &Disk{
		Dir: filepath.Join(dir, "disk"), t: t, live: filepath.Join(dir, "live"), kept: filepath.Join(dir, "kept"),
		things: map[uint64]thing{}, folders: map[thing]map[string]thing{root: {}}, files: map[thing]*unsynced{}, looks: map[thing]look{}, named: map[thing]bool{root: true},
	}
	for _, path := range []string{d.Dir, d.live, d.kept} {
		require.NoError(t, os.Mkdir(path, 0o755))
	}
	d.mount()
	t.Cleanup(func() {
		d.unmount()
		require.NoError(t, os.RemoveAll(dir))
	})
	return d
}

func (d *Disk) mount() {
	d.t.Helper()
	var st syscall.Stat_t
	require.NoError(d.t, syscall.Stat(d.live, &st))
	d.things[st.Ino] = root
	loopback := &fs.LoopbackRoot{Path: d.live, Dev: st.Dev}
	top := &node{LoopbackNode: fs.LoopbackNode{RootData: loopback}, disk: d}
	loopback.RootNode = top
	var err error
	d.server, err = fs.Mount(d.Dir, top, &fs.Options{MountOptions: fuse.MountOptions{
		AllowOther: true, DirectMountStrict: true, FsName: "forgetful", Name: "forgetful", Options: []string{"default_permissions"},
	}})
	require.NoError(d.t, err)
}

func (d *Disk) unmount() {
	d.t.Helper()
	// Whoever still looks into it gets an error, as of a disk that is gone.
	require.NoError(d.t, unix.Unmount(d.Dir, unix.MNT_DETACH))
}

// Settle syncs everything, as a machine does by itself that was left alone for a while.
func (d *Disk) Settle() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	require.NoError(d.t, filepath.WalkDir(d.live, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return d.keepNames(path)
		}
		if !e.Type().IsRegular() {
			return nil
		}
		file, err := os.Open(path) //nolint:gosec // G122: nobody else is at a test's own disk
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // only read
		return d.keepContent(file)
	}))
}

// PowerLoss forgets what was not synced. Every program that wrote to the disk must have
// been killed; what else looks into it gets errors until it is back.
func (d *Disk) PowerLoss() {
	d.t.Helper()
	d.unmount()
	d.mu.Lock()
	defer d.mu.Unlock()
	require.NoError(d.t, os.RemoveAll(d.live))
	require.NoError(d.t, os.Mkdir(d.live, 0o755))
	// What the kernel still asks for of the mount that is gone finds nothing of it.
	d.things, d.files = map[uint64]thing{}, map[thing]*unsynced{}
	require.NoError(d.t, d.restore(root, d.live))
	d.mount()
}

// restore makes everything in a folder again as it was synced.
func (d *Disk) restore(folder thing, path string) error {
	for name, of := range d.folders[folder] {
		at, is := filepath.Join(path, name), d.looks[of]
		var err error
		switch is.mode & syscall.S_IFMT {
		case syscall.S_IFDIR:
			err = os.Mkdir(at, 0o700)
		case syscall.S_IFLNK:
			err = os.Symlink(is.target, at)
		case syscall.S_IFREG:
			err = d.copyKept(of, at)
		default:
			continue // a socket is nothing without its program
		}
		if err != nil {
			return err
		}
		if err := os.Lchown(at, is.uid, is.gid); err != nil {
			return err
		}
		if is.mode&syscall.S_IFMT != syscall.S_IFLNK {
			if err := syscall.Chmod(at, is.mode&0o7777); err != nil {
				return err
			}
		}
		var st syscall.Stat_t
		if err := syscall.Lstat(at, &st); err != nil {
			return err
		}
		d.things[st.Ino] = of
		if err := d.restore(of, at); err != nil {
			return err
		}
	}
	return nil
}

func (d *Disk) keptOf(of thing) string { return filepath.Join(d.kept, fmt.Sprint(uint64(of))) }

// copyKept gives a file the content it was synced with; one that never was is empty.
func (d *Disk) copyKept(of thing, at string) error {
	to, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	from, err := os.Open(d.keptOf(of))
	if os.IsNotExist(err) {
		return to.Close()
	}
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Close()
}
