package rig

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestServerRestartsAtTheSameAddress(t *testing.T) {
	s, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	addr := s.Addr
	s.Kill()
	if s.Running() || pongs(addr) {
		t.Fatal("it still answers after it was killed")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if s.Addr != addr || !pongs(addr) {
		t.Fatal("it does not answer at its old address")
	}
}

func TestServerReportsItsExitCodeAndRemovesItsFolder(t *testing.T) {
	s, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	s.Signal(syscall.SIGTERM)
	if code, ok := s.Wait(10 * time.Second); !ok || code != 0 {
		t.Fatalf("exit code %d, ended %v", code, ok)
	}
	s.Close()
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Fatal("its folder is still there")
	}
}

func TestFrozenServerCanBeClosed(t *testing.T) {
	s, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	s.Signal(syscall.SIGSTOP)
	s.Close()
	if pongs(s.Addr) {
		t.Fatal("it still answers")
	}
}
