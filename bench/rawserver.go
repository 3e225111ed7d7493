package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// serveRaw is the raw loop itself. It ends with the program that started it.
func serveRaw() error {
	if err := raiseFiles(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	var h rawHub
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go h.serve(c)
	}
}

type rawHub struct {
	mu       sync.Mutex
	watching []net.Conn
}

func (h *rawHub) serve(c net.Conn) {
	in := bufio.NewReaderSize(c, 4<<10)
	line, err := in.ReadString('\n')
	if err != nil {
		return
	}
	var what string
	var size, waiting, times, pause int
	_, _ = fmt.Sscan(strings.TrimSpace(line), &what, &size, &waiting, &times, &pause) // what is not there stays 0
	switch what {
	case "watch":
		h.mu.Lock()
		h.watching = append(h.watching, c)
		h.mu.Unlock()
		_, _ = c.Write([]byte{'.'})
		return // and no goroutine stays with it
	case "answer":
		answer(c, in, size)
	case "write":
		h.write(size, waiting, times, time.Duration(pause)*time.Microsecond)
		_, _ = c.Write([]byte{'.'})
	}
	_ = c.Close()
}

func answer(c net.Conn, in *bufio.Reader, size int) {
	page := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
	page = append(page, bytes.Repeat([]byte{'x'}, size)...)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) == 2 {
			if _, err := c.Write(page); err != nil {
				return
			}
		}
	}
}

func (h *rawHub) write(size, waiting, times int, pause time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	events := bytes.Repeat([]byte{'x'}, size*waiting)
	next := time.Now()
	for range times {
		time.Sleep(time.Until(next))
		next = next.Add(pause)
		for _, c := range h.watching {
			_, _ = c.Write(events) // one that is gone is of no interest
		}
	}
}
