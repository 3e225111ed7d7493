//go:build race

package photo

// The race detector is slow and shadows all memory, so the largest photos are smaller with it, and
// their memory is not measured.
const (
	measured = false
	smaller  = 50
)
