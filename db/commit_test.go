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

// A fault is what a cutter does with one statement.
type fault struct {
	statement string // how it begins
	forward   bool   // the server gets it, and its answer is lost
	freeze    bool   // the line stays open, and silent
}

// faultProxy stands between us and MariaDB, and cuts the line at a statement.
type faultProxy struct {
	net.Listener
	server string
	next   atomic.Pointer[fault]
}

// openBehindProxy opens an empty database twice: directly, and through a cutter.
func openBehindProxy(t *testing.T) (direct, cut *DB, c *faultProxy) {
	t.Helper()
	address := rig.MySQL(t)
	u, err := url.Parse(address)
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	c = &faultProxy{Listener: listener, server: u.Host}
	go c.serve()
	direct = openMigrated(t, address)
	u.Host = listener.Addr().String()
	return direct, openMigrated(t, u.String()), c
}

func (c *faultProxy) serve() {
	for {
		client, err := c.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil {
			_ = client.Close()
			return
		}
		var deaf atomic.Bool
		go func() {
			_, _ = io.Copy(&mutableConn{client, &deaf}, server)
			_, _ = client.Close(), server.Close()
		}()
		go func() {
			c.forward(server, client, &deaf)
			_, _ = client.Close(), server.Close()
		}()
	}
}

// mutableConn passes the server's answers on, until it is deaf.
type mutableConn struct {
	net.Conn
	muted *atomic.Bool
}

func (e *mutableConn) Write(b []byte) (int, error) {
	if e.muted.Load() {
		return 0, io.ErrClosedPipe
	}
	return e.Conn.Write(b)
}

// forward reads the client's packets: three bytes of length, one of sequence, and 3 for a statement.
func (c *faultProxy) forward(server io.Writer, client io.Reader, deaf *atomic.Bool) {
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
		if f := c.next.Load(); f != nil && bytes.HasPrefix(packet[4:], []byte("\x03"+f.statement)) && c.next.CompareAndSwap(f, nil) {
			switch {
			case f.freeze:
				_, _ = io.Copy(io.Discard, client)
				return
			case !f.forward:
				return
			}
			deaf.Store(true)
		}
		if _, err := server.Write(packet); err != nil {
			return
		}
	}
}

// TestCommitMayBeUnknown cuts the line at COMMIT, before and after the server gets it: either way
// the caller hears that nobody knows, and never that it failed.
func TestCommitMayBeUnknown(t *testing.T) {
	direct, d, cutter := openBehindProxy(t)
	ctx, r := t.Context(), createRoom(t, direct)
	stored := 0
	for round := range 20 {
		forward, key := round%2 == 0, strconv.Itoa(round)
		m := Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, ClientKey: &key, CreatedAt: noon}
		cutter.next.Store(&fault{statement: "COMMIT", forward: forward})
		wantError(t, "cut at the commit", d.append(ctx, &m), ErrUnknown)
		if cutter.next.Load() != nil {
			t.Fatal("nothing was cut")
		}
		// Whoever locks the room sees what became of it.
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
		err := d.append(ctx, &m) // the same again, on a new line
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

// TestLineCutBeforeTheCommit holds that what certainly did not happen is not called unknown.
func TestLineCutBeforeTheCommit(t *testing.T) {
	direct, d, cutter := openBehindProxy(t)
	ctx, r := t.Context(), createRoom(t, direct)
	for _, forward := range []bool{true, false} {
		cutter.next.Store(&fault{statement: "INSERT INTO `messages`", forward: forward})
		wantError(t, "cut at the insert", d.append(ctx, &Message{RoomID: r.ID, Kind: KindJoin, CreatedAt: noon}), ErrUnavailable)
	}
	cutter.next.Store(&fault{statement: "SELECT"})
	_, err := d.UserByID(ctx, 1)
	wantError(t, "cut at a question", err, ErrUnavailable)
	equal(t, "seq given back", addEntry(t, direct, r.ID, 1, KindJoin).Seq, 1)
	equal(t, "unknowns counted", d.Unknowns(), 0)
}

// TestFrozenServer lets nothing answer: a COMMIT ends by itself, all else with its context.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	direct, d, cutter := openBehindProxy(t)
	r := createRoom(t, direct)
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	cutter.next.Store(&fault{statement: "SELECT", freeze: true})
	_, err := d.UserByID(ctx, 1)
	wantError(t, "a question", err, ErrUnavailable)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a question with a second to live took %v", took)
	}
	start = time.Now()
	cutter.next.Store(&fault{statement: "COMMIT", freeze: true})
	wantError(t, "a commit", d.append(t.Context(), &Message{RoomID: r.ID, Kind: KindJoin, CreatedAt: noon}), ErrUnknown)
	if took := time.Since(start); took > 12*time.Second {
		t.Errorf("the commit took %v", took)
	}
	must(t, d.Ping(t.Context()))
}
