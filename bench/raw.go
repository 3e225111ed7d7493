package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// The raw loop is a child of this program that writes bytes to sockets and does nothing else: what a server on this
// machine cannot do without. It is a process of its own, so that the kernel counts its cost apart. Each of its
// connections begins with a line:
//
//	watch          keeps the connection, and writes to it what is to be written to all
//	answer N       answers each request, which ends with an empty line, with N bytes
//	write N K R P  R times, P microseconds after the other: writes K waiting events of N bytes to all that watch, in one
//	               write each; then answers with a byte

// rawLoop is a running raw loop.
type rawLoop struct {
	cmd  *exec.Cmd
	in   io.Closer
	addr string
}

func startRaw() (*rawLoop, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "raw")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return &rawLoop{cmd, in, strings.TrimSpace(line)}, err
}

func (l *rawLoop) close() {
	_ = l.in.Close() // it ends then
	_ = l.cmd.Wait()
}

// cpu measures what the loop computes while run runs.
func (l *rawLoop) cpu(run func() error) (used, wall time.Duration, err error) {
	before, err := cpuOf(l.cmd.Process.Pid)
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	err = run()
	wall = time.Since(start)
	after, readErr := cpuOf(l.cmd.Process.Pid)
	return after - before, wall, errors.Join(err, readErr)
}

// watch opens n sockets that read whatever comes. The function that it returns closes them.
func (l *rawLoop) watch(n int) (stop func(), err error) {
	var conns []net.Conn
	stop = func() {
		for _, c := range conns {
			_ = c.Close()
		}
	}
	for range n {
		c, err := net.Dial("tcp", l.addr)
		if err != nil {
			stop()
			return nil, err
		}
		conns = append(conns, c)
		if _, err := io.WriteString(c, "watch\n"); err != nil {
			stop()
			return nil, err
		}
		if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
			stop()
			return nil, err
		}
		go func() {
			for buffer := make([]byte, 4<<10); ; {
				if _, err := c.Read(buffer); err != nil {
					return
				}
			}
		}()
	}
	return stop, nil
}

// write makes the loop write, and returns when it has.
func (l *rawLoop) write(size, waiting, times int, pause time.Duration) error {
	c, err := net.Dial("tcp", l.addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if _, err := fmt.Fprintf(c, "write %d %d %d %d\n", size, waiting, times, pause.Microseconds()); err != nil {
		return err
	}
	_, err = io.ReadFull(c, make([]byte, 1))
	return err
}

// rawPages is the CPU time in ms that a page of this size takes the raw loop.
func rawPages(size int, lasts time.Duration) (float64, error) {
	l, err := startRaw()
	if err != nil {
		return 0, err
	}
	defer l.close()
	w, err := dial(l.addr)
	if err != nil {
		return 0, err
	}
	defer w.close()
	if _, err := io.WriteString(w.conn, "answer "+strconv.Itoa(size)+"\n"); err != nil {
		return 0, err
	}
	request, asked := w.get("/", ""), 0
	used, _, err := l.cpu(func() error {
		for until := time.Now().Add(max(lasts, time.Second)); time.Now().Before(until); asked++ {
			if _, _, err := w.ask(request); err != nil {
				return err
			}
		}
		return nil
	})
	return ms(used) / float64(max(1, asked)), err
}
