// Package outfolder knows where the papers of an incident lie under
// $DUENOTICE_OUT and writes them so that a reader never sees half a file: to a
// temporary name, to the disk, and then under the real name. Files are 0600 in
// folders of 0700, because the lists and letters hold patient data.
package outfolder
