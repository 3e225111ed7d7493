package edge

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"parley/e2e/rig"
)

// browser is a visitor of a site behind a proxy: it asks for the name of the site, and connects to the proxy
// from an address of its own.
type browser struct {
	proxy  string // host:port
	from   string
	client http.Client
}

// newBrowser returns a browser that speaks HTTP/2 or HTTP/1.1.
func newBrowser(s *setup, from string, http2 bool) *browser {
	b := &browser{proxy: "127.0.0.1:" + s.secure, from: from}
	transport := &http.Transport{DisableCompression: true, ForceAttemptHTTP2: http2, TLSClientConfig: b.tls("http/1.1"),
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return b.dial(ctx) }}
	if http2 {
		transport.TLSClientConfig = b.tls("h2", "http/1.1")
	}
	jar, _ := cookiejar.New(nil) // never fails without options
	b.client = http.Client{Transport: transport, Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b
}

func (b *browser) tls(protocols ...string) *tls.Config {
	return &tls.Config{ServerName: site, InsecureSkipVerify: true, NextProtos: protocols} // #nosec G402 -- it signs itself
}

func (b *browser) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(b.from)}}
	return dialer.DialContext(ctx, "tcp", b.proxy)
}

// do sends a request as a page of the site does. Headers are given as names and values in turn.
func (b *browser) do(ctx context.Context, method, path string, body io.Reader, headers ...string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "https://"+site+path, body)
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Origin", "https://"+site)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.client.Do(r)
}

// page returns the status and the body of an answer.
func (b *browser) page(method, path string, body io.Reader, headers ...string) (status int, text string, err error) {
	resp, err := b.do(context.Background(), method, path, body, headers...)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	all, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(all), err
}

func (b *browser) answers(path string) bool {
	b.client.Timeout = time.Second
	status, _, err := b.page(http.MethodGet, path, nil)
	return err == nil && status == http.StatusOK
}

// post submits a form, and fails unless it is answered by a redirect.
func (b *browser) post(path string, form url.Values, headers ...string) error {
	status, text, err := b.page(http.MethodPost, path, strings.NewReader(form.Encode()), headers...)
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("POST %s: %d %s", path, status, text[:min(len(text), 500)])
	}
	return err
}

// say posts a message.
func (b *browser) say(room, text string) error {
	return b.post(room+"/messages", url.Values{"body": {text}, "key": {rand.Text()}})
}

// upload posts a message with a photo.
func (b *browser) upload(room string, photo []byte) (status int, text string, err error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	err = errors.Join(w.WriteField("body", "a photo"), w.WriteField("key", rand.Text()))
	part, problem := w.CreateFormFile("photo", "photo.png")
	if err = errors.Join(err, problem); err != nil {
		return 0, "", err
	}
	if _, err := part.Write(photo); err != nil {
		return 0, "", err
	}
	if err := w.Close(); err != nil {
		return 0, "", err
	}
	return b.page(http.MethodPost, room+"/messages", &form, "Content-Type", w.FormDataContentType())
}

// stream is an open answer that does not end by itself.
type stream struct {
	protocol string
	coding   string
	chunks   chan string // what arrives, decompressed; closed at the end
	hangUp   func()
}

// listen opens a stream.
func (b *browser) listen(path, accept string) (*stream, error) {
	ctx, cancel := context.WithCancel(context.Background())
	client := b.client
	client.Timeout = 0
	other := *b
	other.client = client
	resp, err := other.do(ctx, http.MethodGet, path, nil, "Accept-Encoding", accept)
	if err != nil {
		cancel()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		cancel()
		return nil, fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	s := &stream{protocol: resp.Proto, coding: resp.Header.Get("Content-Encoding"), chunks: make(chan string, 1000), hangUp: cancel}
	go func() {
		defer close(s.chunks)
		defer func() { _ = resp.Body.Close() }()
		var in io.Reader = resp.Body
		if s.coding == "gzip" {
			if in, err = gzip.NewReader(resp.Body); err != nil {
				return
			}
		}
		for buffer := make([]byte, 64<<10); ; {
			n, err := in.Read(buffer)
			if n > 0 {
				s.chunks <- string(buffer[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	return s, nil
}

// await waits until a text has come, and returns how long that took.
func (s *stream) await(text string, limit time.Duration) (time.Duration, error) {
	begin, seen := time.Now(), ""
	timeout := time.After(limit)
	for {
		select {
		case chunk, open := <-s.chunks:
			if seen += chunk; strings.Contains(seen, text) {
				return time.Since(begin), nil
			}
			if !open {
				return 0, fmt.Errorf("the stream (%s, coding %q) ended: %q", s.protocol, s.coding, seen)
			}
		case <-timeout:
			return 0, fmt.Errorf("after %v no %q on the stream (%s, coding %q): %d bytes", limit, text, s.protocol, s.coding, len(seen))
		}
	}
}

// talk opens a WebSocket through the proxy, posts a message, and returns the answer. A browser that has
// HTTP/2 opens a connection of its own for a socket.
func (b *browser) talk(room, text string) (*tls.Conn, *bufio.Reader, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	raw, err := b.dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	conn := tls.Client(raw, b.tls("http/1.1"))
	address := &url.URL{Scheme: "https", Host: site, Path: "/"}
	var cookies []string
	for _, c := range b.client.Jar.Cookies(address) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	_, err = fmt.Fprintf(conn, "GET %s/socket HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nOrigin: https://%s\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: %s\r\n\r\n", room, site, site, strings.Join(cookies, "; "))
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	if err == nil && (resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-Websocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
		err = fmt.Errorf("the socket is answered with %s %v", resp.Status, resp.Header)
	}
	if err == nil {
		err = sayOver(conn, in, text)
	}
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, in, nil
}

// sayOver posts a message over a socket, and waits for its receipt.
func sayOver(conn net.Conn, in *bufio.Reader, text string) error {
	frame := ws.MaskFrame(ws.NewTextFrame([]byte(`{"body":"` + text + `","key":"` + rand.Text() + `"}`)))
	if err := ws.WriteFrame(conn, frame); err != nil {
		return err
	}
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		header, payload, err := readFrame(in)
		switch {
		case err != nil:
			return err
		case header.OpCode == ws.OpPing:
			if err := ws.WriteFrame(conn, ws.MaskFrame(ws.NewPongFrame(payload))); err != nil {
				return err
			}
		case !strings.Contains(string(payload), "data-seq="):
			return fmt.Errorf("no receipt, but %s", payload)
		default:
			return nil
		}
	}
}

// readFrame reads a frame of at most 64 KiB, far more than a receipt has.
func readFrame(in *bufio.Reader) (ws.Header, []byte, error) {
	header, err := ws.ReadHeader(in)
	if err != nil {
		return header, nil, err
	}
	payload := make([]byte, min(header.Length, 64<<10))
	_, err = io.ReadFull(in, payload)
	return header, payload, err
}

// stayOn does on a socket what a browser does by itself for a while: it answers pings.
func stayOn(conn net.Conn, in *bufio.Reader, during time.Duration) error {
	_ = conn.SetReadDeadline(time.Now().Add(during))
	for {
		header, payload, err := readFrame(in)
		var timeout net.Error
		switch {
		case errors.As(err, &timeout) && timeout.Timeout():
			return nil
		case err != nil:
			return err
		case header.OpCode == ws.OpPing:
			if err := ws.WriteFrame(conn, ws.MaskFrame(ws.NewPongFrame(payload))); err != nil {
				return err
			}
		default:
			return fmt.Errorf("a frame %v: %q", header, payload)
		}
	}
}

// signUp creates an account.
func (b *browser) signUp(name string) error {
	return b.post("/sign-up", url.Values{"username": {name}, "password": {rig.Password}})
}
