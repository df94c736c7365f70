package access

import (
	"maps"
	"slices"
)

// Deeds are all there are.
func Deeds() []Deed { return slices.Sorted(maps.Keys(allows)) }
