//go:build race

package photo

// The race detector is slow, and keeps a shadow of all memory: the largest photos are smaller
// with it, and their memory is not measured.
const (
	measured = false
	fullSize = maxMemory / 50
)
