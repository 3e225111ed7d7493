package web

import (
	"errors"

	"parley/app/auth"
)

// readAs stores how somebody's pages work where there are no scripts.
func (s *Server) readAs(c *call) error {
	err := s.accounts.SetReadingMode(c.ctx, c.me, c.field("as"), c.field("newest") == "first")
	if errors.Is(err, auth.ErrNoLadder) {
		f := profileOf(c.me)
		f.ReadingProblem = c.words().Profile.NoSuchMode
		return s.answerProfile(c, 422, f)
	}
	if err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}
