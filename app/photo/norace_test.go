//go:build !race

package photo

const (
	measured = true
	fullSize = maxMemory
)
