package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
)

// isScriptPost reports whether a script posts a message without files. Its session is checked in the transaction that
// stores the message, where that costs least, and it gets nothing but an answer to that.
func isScriptPost(c *fiber.Ctx, r route) bool {
	return r.path == postRoute && r.method == fiber.MethodPost && isPartial(c) && !isUpload(c, r)
}

// unchecked returns the session of a caller if it has to be checked with what they post, and otherwise 0.
func (c *call) unchecked() uint64 {
	if c.isRecent {
		return c.session.ID
	}
	return 0
}

// run runs a route. It responds to a caller who turns out to be signed out as to any other.
func (s *Server) run(c *call, r route) (err error) {
	if c.isRecent && !s.accounts.Remembers(c.session) { // an earlier request of theirs found the session ended
		err = s.checkSession(c)
	}
	if err == nil {
		err = r.run(s, c)
	}
	if c.isRecent && errors.Is(err, chat.ErrSignedOut) {
		s.accounts.ForgetSession(c.session)
		return s.respondSignedOut(c, r)
	}
	return err
}

// checkSession returns chat.ErrSignedOut if the session of the caller is over.
func (s *Server) checkSession(c *call) error {
	alive, err := s.accounts.AliveSessions(c.ctx, []uint64{c.session.ID})
	if err == nil && !alive[c.session.ID] {
		err = chat.ErrSignedOut
	}
	return err
}
