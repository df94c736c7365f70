package access

import (
	"maps"
	"slices"
)

// Permissions are all there are.
func Permissions() []Permission { return slices.Sorted(maps.Keys(allows)) }
