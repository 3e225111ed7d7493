package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/conn"
	"parley/app/export"
	"parley/app/live"
)

// An archive is as long as all that its owner may see, so it is written to the raw connection while it is read
// from the database, a batch at a time, like the streams: the HTTP server would end it with the time of a request,
// and wait for it forever at a shutdown.
const (
	exportPatience = 30 * time.Second // for a reader who reads nothing
	exportPiece    = 32 << 10         // that must be taken in that time
	exportBuffer   = 256 << 10        // that the kernel holds for them
	exportTime     = 6 * time.Hour    // for all of it, however slow its reader is
)

// exportConn is the connection of an archive. It ends with the session and with the process.
type exportConn struct {
	raw  net.Conn
	stop context.CancelFunc
}

// SignOut ends the archive: whoever has no session may read no more.
func (c *exportConn) SignOut() { c.end() }

// Drain ends it, too. What has arrived is not a complete archive, and the browser says so.
func (c *exportConn) Drain(time.Duration) { c.end() }

func (c *exportConn) end() {
	c.stop()
	_ = c.raw.Close()
}

// Write gives a slow reader time for each piece.
func (c *exportConn) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		if err := c.raw.SetWriteDeadline(time.Now().Add(exportPatience)); err != nil {
			return n, err
		}
		var written int
		written, err = c.raw.Write(b[:min(len(b), exportPiece)])
		n, b = n+written, b[written:]
	}
	return n, err
}

// exportData sends the caller an archive of all that they may see.
func (s *Server) exportData(c *call) error {
	lease, err := s.beginExport(c)
	if err != nil {
		return s.refuseOwn(c, err)
	}
	if err := s.handOverExport(c, lease); err != nil {
		return errors.Join(err, lease.End())
	}
	return nil
}

// refuseOwn shows the profile with the reason why there is no archive.
func (s *Server) refuseOwn(c *call, why error) error {
	c.Locals(errorLocal, why)
	status, sentence, ok := c.explain(inPassword, why)
	if !ok {
		return why
	}
	f := profileOf(c.me)
	f.ExportProblem = sentence
	return s.renderProfile(c, status, f)
}

// beginExport checks the password before anything is claimed.
func (s *Server) beginExport(c *call) (*export.Lease, error) {
	if err := s.accounts.ConfirmPassword(c.ctx, c.me, c.field("password"), c.session.ID); err != nil {
		return nil, err
	}
	if s.draining.Load() {
		return nil, conn.ErrDraining
	}
	return s.exports.Begin(c.ctx, c.me.ID)
}

func (s *Server) handOverExport(c *call, lease *export.Lease) error {
	place, err := s.limiter.Acquire(conn.Stream, c.me.ID, c.addr)
	if err != nil {
		return err
	}
	now := s.options.Now()
	name := fmt.Sprintf("parley-%s-%s.zip", c.me.Username, now.In(s.locale(c).zone).Format(time.DateOnly))
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Set("X-Accel-Buffering", "no") // or nginx would take all of it, however slow the reader is
	chunked := c.Request().Header.IsHTTP11()
	head := responseHead(c, chunked)
	x := &exporter{
		server: s, lease: lease, me: c.me, session: c.session.ID, locale: s.locale(c), origin: s.origin(c.Ctx).String(), now: now,
		files: map[uint64]string{},
	}
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(wrapped net.Conn) {
		ctx, stop := context.WithTimeout(context.Background(), exportTime)
		to := &exportConn{raw: takeConn(wrapped), stop: stop}
		end := func() {
			stop()
			_ = to.raw.Close()
			place.Release()
		}
		began := s.exporting.run(func() {
			defer end()
			err := errUnknownCause // if it panics
			s.recovering("an export", func() { err = x.send(ctx, to, head, chunked) })
			err = errors.Join(err, lease.End())
			if err != nil && ctx.Err() == nil && !isHangUp(err) {
				s.options.Log.Error("an export broke off", "user", x.me.ID, "error", err)
			}
		})
		if !began {
			end()
			_ = lease.End()
		}
	})
	return nil
}

// isHangUp reports whether an archive ended because of its reader.
func isHangUp(err error) bool {
	var network net.Error
	return errors.Is(err, net.ErrClosed) || errors.As(err, &network)
}

// send writes the response. Without its last chunk, or without the list of files at the end, nobody mistakes it for
// a complete one.
func (x *exporter) send(ctx context.Context, to *exportConn, head []byte, chunked bool) error {
	if !x.server.conns.Add(x.session, to) {
		return nil
	}
	if tcp, ok := to.raw.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = tcp.SetWriteBuffer(exportBuffer)
	}
	defer x.server.conns.Remove(x.session, to)
	if _, err := to.Write(head); err != nil {
		return err
	}
	var body io.Writer = to
	if chunked {
		body = httputil.NewChunkedWriter(to)
	}
	buffer := bufio.NewWriterSize(body, exportPiece)
	x.archive = export.NewArchive(buffer, x.now)
	if err := x.writeAll(ctx); err != nil {
		return err
	}
	if err := errors.Join(x.archive.Close(), buffer.Flush(), x.lease.End()); err != nil || !chunked {
		return err // whoever has all of it can ask for the next at once
	}
	_, err := to.Write([]byte(live.LastChunk))
	return err
}

// exportGroup is the archives that are being written.
type exportGroup struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// run writes one, unless the process is shutting down.
func (g *exportGroup) run(write func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed { // or it could begin while close waits
		g.running.Go(write)
	}
	return !g.closed
}

// close waits until all have ended, as the registry has asked them to.
func (g *exportGroup) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.running.Wait()
}
