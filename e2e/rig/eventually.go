package rig

import (
	"fmt"
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

// WaitFor waits for a condition outside of tests, and returns an error that says what it was if it does not come about in time.
func WaitFor(limit time.Duration, what string, holds func() bool) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if holds() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("timed out after %s waiting for %s", limit, what)
		}
	}
}
