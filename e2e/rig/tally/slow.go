package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
)

// timed is how long a test took, or all the tests of a package together.
type timed struct {
	name string
	took time.Duration
}

// slowShown is the number of the slowest that are shown. Whoever wants a quicker run begins there.
const slowShown = 12

// printSlowest prints what took longest, the slowest first.
func printSlowest(out io.Writer, list []timed) {
	slices.SortStableFunc(list, func(a, b timed) int { return cmp.Compare(b.took, a.took) })
	fmt.Fprintln(out, "\nWhat took longest:")
	for _, t := range list[:min(slowShown, len(list))] {
		fmt.Fprintf(out, "%7.1f s  %s\n", t.took.Seconds(), t.name)
	}
}
