package rig

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestADaemonComesBackWhereItWas(t *testing.T) {
	d, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	addr := d.Addr
	d.Kill()
	if d.Running() || pongs(addr) {
		t.Fatal("it was killed and answers")
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	if d.Addr != addr || !pongs(addr) {
		t.Fatal("it is not where it was")
	}
}

func TestADaemonTellsHowItEnded(t *testing.T) {
	d, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	d.Signal(syscall.SIGTERM)
	if code, ok := d.Wait(10 * time.Second); !ok || code != 0 {
		t.Fatalf("code %d, ended %v", code, ok)
	}
	d.Close()
	if _, err := os.Stat(d.Dir); !os.IsNotExist(err) {
		t.Fatal("its folder is still there")
	}
}

func TestAFrozenDaemonCanBeClosed(t *testing.T) {
	d, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	d.Signal(syscall.SIGSTOP)
	d.Close()
	if pongs(d.Addr) {
		t.Fatal("still there")
	}
}
