// Package forgetful is a disk for tests that forgets at a power loss what nobody had
// synced, as a real one may: a kill leaves everything with the kernel, and a power loss
// does not.
//
// It promises what POSIX and Linux's file systems promise, and nothing more:
//
//   - What was written to a file is there once the file was synced, and otherwise is as it
//     was at the sync before. Nothing of it is there in part: real disks can be worse.
//   - A name is there, or gone, or another's, once its folder was synced.
//   - The first sync of a new file keeps its name as well, and the folders it is in, as
//     ext4, XFS and Btrfs do and PostgreSQL expects; renaming it later does not.
//   - Owners and permissions are kept at once.
//
// It is a FUSE file system over a folder, and needs Linux, root and /dev/fuse.
package forgetful
