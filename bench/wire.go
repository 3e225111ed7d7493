package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// patience is how long one answer may take before it counts as missing.
const patience = 30 * time.Second

// wire is one connection that asks one thing after the other. It does as little as HTTP/1.1 allows, because it shares
// the processors with what it measures.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	host string
}

func dial(addr string) (*wire, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, host: addr}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// get is the request for a page. It has what a browser says about itself: to a program, Parley's pages mark as read
// what they show, and a second request would find nothing unread.
func (w *wire) get(path, cookie string) []byte { return w.request(path, cookie, "document") }

// follow is the request for a stream.
func (w *wire) follow(path, cookie string) []byte { return w.request(path, cookie, "empty") }

func (w *wire) request(path, cookie, destination string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Language: en\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: %s\r\n\r\n",
		path, w.host, cookie, destination)
}

// post is the request that our own script sends with a message.
func (w *wire) post(path, cookie, key, body string) []byte {
	form := "key=" + key + "&body=" + url.QueryEscape(body)
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Language: en\r\nHX-Request: true\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, w.host, cookie, len(form), form)
}

// ask sends a request and returns the answer's status and content.
func (w *wire) ask(request []byte) (status int, body []byte, err error) {
	if err := w.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err := w.conn.Write(request); err != nil {
		return 0, nil, err
	}
	if w.in == nil {
		w.in = bufio.NewReaderSize(w.conn, 32<<10)
	}
	status, header, err := readHead(w.in)
	if err != nil {
		return 0, nil, err
	}
	if header.Get("Transfer-Encoding") == "chunked" {
		body, err = readChunks(w.in)
		return status, body, err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		if status == 204 || status == 304 {
			return status, nil, nil
		}
		return status, nil, errors.New("an answer without its length")
	}
	body = make([]byte, length)
	_, err = io.ReadFull(w.in, body)
	return status, body, err
}

func readHead(in *bufio.Reader) (status int, header textproto.MIMEHeader, err error) {
	r := textproto.NewReader(in)
	line, err := r.ReadLine()
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 || !strings.HasPrefix(line, "HTTP/1.1 ") {
		return 0, nil, fmt.Errorf("no answer in HTTP: %q", line)
	}
	if status, err = strconv.Atoi(line[9:12]); err != nil {
		return 0, nil, err
	}
	header, err = r.ReadMIMEHeader()
	return status, header, err
}

func readChunks(in *bufio.Reader) (body []byte, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 31)
		if err != nil {
			return nil, err
		}
		from := len(body)
		body = append(body, make([]byte, n+2)...)
		if _, err := io.ReadFull(in, body[from:]); err != nil {
			return nil, err
		}
		body = body[:from+int(n)]
		if n == 0 {
			return body, nil
		}
	}
}
