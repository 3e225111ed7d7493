package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"parley/app/auth"
)

// Results of an attempt to sign in or to sign up.
const (
	attemptOK      = "ok"
	attemptWrong   = "wrong"
	attemptRefused = "refused"
	attemptLimited = "limited" // nothing was looked up
)

// newAttempts returns a counter by result that begins with 0 for each, so that a rate can be computed from the first
// one on.
func newAttempts(name, help string, results ...string) *prometheus.CounterVec {
	attempts := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"result"})
	for _, result := range results {
		attempts.WithLabelValues(result)
	}
	return attempts
}

// observeSignIn counts an attempt to sign in. One that failed because of the server is none.
func (m *metrics) observeSignIn(err error) {
	var throttled *auth.Throttled
	switch {
	case err == nil:
		m.signIns.WithLabelValues(attemptOK).Inc()
	case errors.Is(err, auth.ErrWrongPassword), errors.Is(err, auth.ErrBadCode), errors.Is(err, auth.ErrBadPasskey):
		m.signIns.WithLabelValues(attemptWrong).Inc()
	case errors.As(err, &throttled):
		m.signIns.WithLabelValues(attemptLimited).Inc()
	}
}

// observeSignUp counts an attempt to create an account. One that failed because of the server is none.
func (m *metrics) observeSignUp(err error) {
	var throttled *auth.Throttled
	var invalid *auth.Invalid
	switch {
	case err == nil:
		m.signUps.WithLabelValues(attemptOK).Inc()
	case errors.As(err, &throttled):
		m.signUps.WithLabelValues(attemptLimited).Inc()
	case errors.As(err, &invalid), statusOf(err) < fiber.StatusInternalServerError:
		m.signUps.WithLabelValues(attemptRefused).Inc()
	}
}
