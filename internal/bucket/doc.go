// Package bucket keeps the outputs of a database in a bucket of an object store that
// speaks S3, so that workers on any machines share them. It is the only one that
// knows the protocol; what a place of outputs owes is outfolder.Place's.
//
// Each file is one object, written by one request, so that there are no parts to be
// left over and a reader finds the earlier file or the later one. With it goes the
// SHA-256 sum of what was written, which the store checks as it takes the file in and
// which is compared again as it is read. What is being written is held in memory: it
// never touches this machine's disk.
package bucket
