//go:build !race

package photo

const (
	measured = true
	smaller  = 1
)
