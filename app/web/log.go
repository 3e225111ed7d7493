package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/netaddr"
	"parley/db"
)

// Keys of what the parts of a request pass to the log and the error page.
type localKey int

const (
	identityLocal localKey = iota
	meLocal
	errorLocal
	routeLocal // the pattern of the route that was found
)

var (
	errUnknownCause = errors.New("web: the handler did not say why")
	errNotReady     = errors.New("web: not ready")
)

// logIdentity is what the log may know about a person.
type logIdentity struct {
	user    uint64
	session string // the first characters of the token's hash
}

// logRequest logs each request with the pattern of its route, and never the address itself or anything
// that a person wrote.
func (s *Server) logRequest(c *fiber.Ctx) error {
	start := time.Now()
	id := rand.Text()[:12]
	c.Set(fiber.HeaderXRequestID, id)
	if err := c.Next(); err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), workTime)
		defer cancel()
		seen := s.recognize(&call{Ctx: c, ctx: ctx}, err)
		if err := s.respondError(c, withoutAddress(seen)); err != nil {
			return err
		}
	}
	status := c.Response().StatusCode()
	fields := []any{"id", id, "method", c.Method(), "route", c.Route().Path, "status", status,
		"ms", float64(time.Since(start).Microseconds()) / 1000, "address", s.clientAddr(c).String()}
	who, known := c.Locals(identityLocal).(logIdentity)
	if known {
		fields = append(fields, "user", who.user, "session", who.session)
	}
	s.metrics.observeRequest(c, time.Since(start))
	err, _ := c.Locals(errorLocal).(error)
	if status >= fiber.StatusInternalServerError && err == nil {
		err = errUnknownCause
	}
	switch {
	case errors.Is(err, errNotReady): // logged when it changes, and not at each probe
		s.options.Log.Debug("request", fields...)
	case errors.Is(err, context.DeadlineExceeded): // the server is busy, and nothing is broken
		s.options.Log.Warn("request took too long", append(fields, "error", err)...)
	case status >= fiber.StatusInternalServerError:
		if errors.Is(err, db.ErrUnavailable) {
			s.readiness.doubt()
		}
		s.options.Log.Error("request failed", append(fields, "error", err)...)
	case isExcess(status, known) && !errors.Is(err, db.ErrTooLarge): // that limit is for whoever runs the server to raise
		s.logExcess(status, c.Route().Path, who.user, s.clientAddr(c))
	case err != nil && status != fiber.StatusNotFound:
		s.options.Log.Info("request refused", append(fields, "error", err)...)
	default:
		s.options.Log.Debug("request", fields...)
	}
	return nil
}

// isExcess reports whether a response says that something is too much. Too many attempts to get in, by somebody who is
// not known yet, are each in the log as any other refusal, because fail2ban counts these lines.
func isExcess(status int, known bool) bool {
	return status == fiber.StatusRequestEntityTooLarge || status == fiber.StatusTooManyRequests && known
}

// logExcess logs that something was refused for being too much, a line a minute for each person, and for each address
// of those who are not signed in.
func (s *Server) logExcess(status int, route string, user uint64, addr netip.Addr) {
	fields := []any{"status", status, "route", route, "address", addr.String()}
	var who any = netaddr.Network(addr)
	if user != 0 {
		who, fields = user, append(fields, "user", user)
	}
	s.excessLog.Info("somebody sends too much, and is refused", who, fields...)
}

// withoutAddress returns the error without the address, which Fiber's own 404 repeats.
func withoutAddress(err error) error {
	var none *fiber.Error
	if errors.As(err, &none) && none.Code == fiber.StatusNotFound {
		return fiber.ErrNotFound
	}
	return err
}

// recovering runs a function and recovers its panic, which is logged and does not end the process.
func (s *Server) recovering(what string, fn func()) {
	defer func() {
		if cause := recover(); cause != nil {
			s.metrics.panics.Inc()
			s.options.Log.Error("panic in "+what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
