//go:build !unix

package conn

import "math"

// Capacity returns how many connections this process can have open at once.
func Capacity() int { return math.MaxInt32 }
