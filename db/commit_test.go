package db

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"parley/e2e/rig"
)

// fault is what a faultProxy does to one statement.
type fault struct {
	statement string // the statement's prefix
	forward   bool   // deliver it to the server, and drop the response
	freeze    bool   // keep the connection open, and silent
}

// faultProxy sits between us and MariaDB, and breaks the connection at a statement.
type faultProxy struct {
	net.Listener
	server string
	next   atomic.Pointer[fault]
}

// openBehindProxy opens an empty database twice: directly, and through a proxy.
func openBehindProxy(t *testing.T) (direct, proxied *DB, p *faultProxy) {
	t.Helper()
	address := rig.MySQL(t)
	u, err := url.Parse(address)
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	p = &faultProxy{Listener: listener, server: u.Host}
	go p.serve()
	direct = openMigrated(t, address)
	u.Host = listener.Addr().String()
	return direct, openMigrated(t, u.String()), p
}

func (p *faultProxy) serve() {
	for {
		client, err := p.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			return
		}
		var muted atomic.Bool
		go func() {
			_, _ = io.Copy(&mutableConn{client, &muted}, server)
			_, _ = client.Close(), server.Close()
		}()
		go func() {
			p.forward(server, client, &muted)
			_, _ = client.Close(), server.Close()
		}()
	}
}

// mutableConn passes the server's responses on until it is muted.
type mutableConn struct {
	net.Conn
	muted *atomic.Bool
}

func (c *mutableConn) Write(b []byte) (int, error) {
	if c.muted.Load() {
		return 0, io.ErrClosedPipe
	}
	return c.Conn.Write(b)
}

// forward parses the client's packets: three bytes of length, one of sequence, and the command, 3 for a query.
func (p *faultProxy) forward(server io.Writer, client io.Reader, muted *atomic.Bool) {
	for {
		var head [4]byte
		if _, err := io.ReadFull(client, head[:]); err != nil {
			return
		}
		packet := make([]byte, 4+binary.LittleEndian.Uint32(append(head[:3:3], 0)))
		copy(packet, head[:])
		if _, err := io.ReadFull(client, packet[4:]); err != nil {
			return
		}
		if f := p.next.Load(); f != nil && bytes.HasPrefix(packet[4:], []byte("\x03"+f.statement)) && p.next.CompareAndSwap(f, nil) {
			switch {
			case f.freeze:
				_, _ = io.Copy(io.Discard, client)
				return
			case !f.forward:
				return
			}
			muted.Store(true)
		}
		if _, err := server.Write(packet); err != nil {
			return
		}
	}
}

// TestCommitMayBeUnknown breaks the connection at COMMIT, before and after the server receives it. Either
// way the caller must learn that the outcome is unknown, and never that the commit failed.
func TestCommitMayBeUnknown(t *testing.T) {
	direct, d, proxy := openBehindProxy(t)
	ctx, r := t.Context(), createRoom(t, direct)
	stored := 0
	for round := range 20 {
		forward, key := round%2 == 0, strconv.Itoa(round)
		m := Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, ClientKey: &key, CreatedAt: noon}
		proxy.next.Store(&fault{statement: "COMMIT", forward: forward})
		wantError(t, "cut at the commit", d.append(ctx, &m), ErrUnknown)
		if proxy.next.Load() != nil {
			t.Fatal("nothing was cut")
		}
		// After locking the room, the outcome is visible.
		must(t, direct.Tx(ctx, func(tx *DB) error {
			if err := tx.exec(ctx, "UPDATE rooms SET name = '' WHERE id = ?", r.ID); err != nil {
				return err
			}
			got, err := tx.MessageByKey(ctx, r.ID, 1, key)
			if forward {
				must(t, err)
				equal(t, "seq", got.Seq, m.Seq)
			} else {
				wantError(t, "what was never sent", err, ErrNotFound)
			}
			return nil
		}))
		err := d.append(ctx, &m) // repeated, on a new connection
		if forward {
			wantError(t, "sent again", err, ErrDuplicate)
		} else {
			must(t, err)
		}
		stored++
	}
	equal(t, "unknowns counted", d.Unknowns(), 20)
	list, err := direct.MessagesAfter(ctx, r.ID, 0, 99)
	must(t, err)
	equal(t, "entries", len(list), stored)
	equal(t, "last", list[len(list)-1].Seq, uint64(stored))
}

// TestLineCutBeforeTheCommit checks that what certainly did not happen is not called unknown.
func TestLineCutBeforeTheCommit(t *testing.T) {
	direct, d, proxy := openBehindProxy(t)
	ctx, r := t.Context(), createRoom(t, direct)
	for _, forward := range []bool{true, false} {
		proxy.next.Store(&fault{statement: "INSERT INTO `messages`", forward: forward})
		wantError(t, "cut at the insert", d.append(ctx, &Message{RoomID: r.ID, Kind: KindJoin, CreatedAt: noon}), ErrUnavailable)
	}
	proxy.next.Store(&fault{statement: "SELECT"})
	_, err := d.UserByID(ctx, 1)
	wantError(t, "cut at a query", err, ErrUnavailable)
	equal(t, "seq given back", addEntry(t, direct, r.ID, 1, KindJoin).Seq, 1)
	equal(t, "unknowns counted", d.Unknowns(), 0)
}

// TestFrozenServer checks that without any response a COMMIT times out, and all else ends with its context.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	direct, d, proxy := openBehindProxy(t)
	r := createRoom(t, direct)
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	proxy.next.Store(&fault{statement: "SELECT", freeze: true})
	_, err := d.UserByID(ctx, 1)
	wantError(t, "a query", err, ErrUnavailable)
	if took := time.Since(start); took > rig.Limit(5*time.Second) {
		t.Errorf("a query with a timeout of a second took %v", took)
	}
	start = time.Now()
	proxy.next.Store(&fault{statement: "COMMIT", freeze: true})
	wantError(t, "a commit", d.append(t.Context(), &Message{RoomID: r.ID, Kind: KindJoin, CreatedAt: noon}), ErrUnknown)
	if took := time.Since(start); took > rig.Limit(12*time.Second) {
		t.Errorf("the commit took %v", took)
	}
	must(t, d.Check(t.Context()))
}
