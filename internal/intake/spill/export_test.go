package spill

// NewSmall sorts so little at once that a test meets many parts.
func NewSmall(dir string, bytes int) *Sorter { return &Sorter{dir: dir, limit: bytes} }
