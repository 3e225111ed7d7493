package rig

import (
	"testing"
	"time"
)

// Eventually waits until holds returns true, and fails the test after a minute, which is far beyond
// what a busy machine needs: only a condition that never comes true gets there.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("did not come true: " + what)
		}
	}
}
