package bucket

import "time"

// Hurried is the bucket with little patience.
func (b *Bucket) Hurried(limit time.Duration) *Bucket {
	b.patience = patience{request: limit, stall: limit}
	return b
}
