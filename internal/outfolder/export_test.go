package outfolder

import "path/filepath"

// Disk is a folder as a place.
func Disk(root string) Place { return disk{root: filepath.Clean(root)} }
