package forgetful

import (
	"context"
	"os"
	"path/filepath"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// node is a file or folder that is as the one behind it, and tells the disk what is done.
type node struct {
	fs.LoopbackNode
	disk *Disk
}

// WrapChild has every file and folder of the disk be a node.
func (n *node) WrapChild(context.Context, fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{LoopbackNode: fs.LoopbackNode{RootData: n.RootData}, disk: n.disk}
}

// behind is the path of the file behind it.
func (n *node) behind(name ...string) string {
	return filepath.Join(append([]string{n.disk.live, n.Path(n.Root())}, name...)...)
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	inode, handle, fuseFlags, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	if errno != 0 {
		return inode, handle, fuseFlags, errno
	}
	path := n.behind(name)
	n.disk.begin(path)
	// The file is found by its new node, which is where it is when it is renamed.
	child, ok := inode.Operations().(*node)
	if !ok {
		return nil, nil, 0, syscall.EIO
	}
	wrapped, errno := child.handle(path, flags, handle)
	return inode, wrapped, fuseFlags, errno
}

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	handle, fuseFlags, errno := n.LoopbackNode.Open(ctx, flags)
	if errno != 0 {
		return handle, fuseFlags, errno
	}
	wrapped, errno := n.handle(n.behind(), flags, handle)
	if errno == 0 && flags&syscall.O_TRUNC != 0 {
		n.disk.shortened(wrapped.file, 0)
	}
	return wrapped, fuseFlags, errno
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	inode, errno := n.LoopbackNode.Mkdir(ctx, name, mode, out)
	if errno == 0 {
		n.disk.begin(n.behind(name))
	}
	return inode, errno
}

func (n *node) Mknod(ctx context.Context, name string, mode, rdev uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	inode, errno := n.LoopbackNode.Mknod(ctx, name, mode, rdev, out)
	if errno == 0 {
		n.disk.begin(n.behind(name))
	}
	return inode, errno
}

func (n *node) Symlink(ctx context.Context, target, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	inode, errno := n.LoopbackNode.Symlink(ctx, target, name, out)
	if errno == 0 {
		n.disk.begin(n.behind(name))
	}
	return inode, errno
}

func (n *node) Setattr(ctx context.Context, handle fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	errno := n.LoopbackNode.Setattr(ctx, handle, in, out)
	if errno != 0 {
		return errno
	}
	file, path := (*os.File)(nil), n.behind()
	if open, ok := handle.(*openFile); ok {
		file = open.file
	} else if size, ok := in.GetSize(); ok {
		behind, err := os.Open(path)
		if err != nil {
			return fs.ToErrno(err)
		}
		defer behind.Close() //nolint:errcheck // only read
		n.disk.shortened(behind, int64(size))
	}
	if size, ok := in.GetSize(); ok && file != nil {
		n.disk.shortened(file, int64(size))
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	var st syscall.Stat_t
	if syscall.Lstat(path, &st) == nil {
		if of, ok := n.disk.things[st.Ino]; ok {
			n.disk.see(of, path, st)
		}
	}
	return 0
}

// CopyFileRange is not known here: programs copy by reading and writing then.
func (n *node) CopyFileRange(context.Context, fs.FileHandle, uint64, *fs.Inode, fs.FileHandle, uint64, uint64, uint64) (uint32, syscall.Errno) {
	return 0, syscall.ENOTSUP
}

func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	handle, fuseFlags, errno := n.LoopbackNode.OpendirHandle(ctx, flags)
	if errno != 0 {
		return handle, fuseFlags, errno
	}
	return openFolder{handle.(folderHandle), n}, fuseFlags, 0 //nolint:forcetypeassert // what a loopback gives is all of this
}

// folderHandle is what an open folder can do behind the disk.
type folderHandle interface {
	fs.FileReaddirenter
	fs.FileReleasedirer
	fs.FileSeekdirer
}

// openFolder keeps its folder's names when it is synced.
type openFolder struct {
	folderHandle
	node *node
}

func (f openFolder) Fsyncdir(context.Context, uint32) syscall.Errno {
	f.node.disk.mu.Lock()
	defer f.node.disk.mu.Unlock()
	f.node.disk.keepFirstName(f.node.behind())
	return fs.ToErrno(f.node.disk.keepNames(f.node.behind()))
}

// openFile tells the disk what is written and when it is synced.
type openFile struct {
	*fs.LoopbackFile
	node *node
	// file is the file behind it, also when its name is gone.
	file *os.File
	// always: it was opened so that each write is synced.
	always bool
}

func (n *node) handle(path string, flags uint32, behind fs.FileHandle) (*openFile, syscall.Errno) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fs.ToErrno(err)
	}
	return &openFile{behind.(*fs.LoopbackFile), n, file, flags&(syscall.O_DSYNC|syscall.O_SYNC) != 0}, 0 //nolint:forcetypeassert // what a loopback gives is one
}

func (f *openFile) Write(ctx context.Context, content []byte, at int64) (uint32, syscall.Errno) {
	n, errno := f.LoopbackFile.Write(ctx, content, at)
	f.node.disk.wrote(f.file, at, int64(n))
	if errno == 0 && f.always {
		errno = f.Fsync(ctx, 0)
	}
	return n, errno
}

func (f *openFile) Allocate(ctx context.Context, at, size uint64, mode uint32) syscall.Errno {
	errno := f.LoopbackFile.Allocate(ctx, at, size, mode)
	if errno == 0 {
		f.node.disk.wrote(f.file, int64(at), int64(size))
	}
	return errno
}

func (f *openFile) Fsync(context.Context, uint32) syscall.Errno {
	d := f.node.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keepFirstName(f.node.behind())
	return fs.ToErrno(d.keepContent(f.file))
}

// PassthroughFd would let the kernel write past the disk.
func (f *openFile) PassthroughFd() (int, bool) { return 0, false }

func (f *openFile) Release(ctx context.Context) syscall.Errno {
	_ = f.file.Close() // only read
	return f.LoopbackFile.Release(ctx)
}
