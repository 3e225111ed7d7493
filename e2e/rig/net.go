package rig

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"
)

// FreePort returns a port that nobody listens on. It picks below the range from which the kernel
// takes ports for outgoing connections: a port found by listening on :0 is often in use again before the server
// gets to it.
func FreePort() (string, error) {
	var problem error
	for range 100 {
		port := strconv.Itoa(20000 + rand.IntN(12000))
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			return port, l.Close()
		}
		problem = err
	}
	return "", fmt.Errorf("no free port: %w", problem)
}

// answers connects, sends a request, and reports whether the first five bytes of the reply end in want.
// A port may accept connections some time before the server behind it answers.
func answers(addr, send, want string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := io.WriteString(conn, send); err != nil {
		return false
	}
	reply := make([]byte, 5)
	_, err = io.ReadFull(conn, reply)
	return err == nil && strings.HasSuffix(string(reply), want)
}

// Accepts reports whether somebody accepts connections at an address.
func Accepts(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
