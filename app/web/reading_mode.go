package web

import (
	"parley/app/auth"
)

// setReadingMode stores how the pages of a person work without scripts.
func (s *Server) setReadingMode(c *call) error {
	mode, err := auth.ReadingMode(c.field("as"))
	if err != nil {
		status, sentence, ok := c.explain(anywhere, err)
		if !ok {
			return err
		}
		f := profileOf(c.me)
		f.ReadingProblem = sentence
		return s.renderProfile(c, status, f)
	}
	if err := s.accounts.SetReadingMode(c.ctx, c.me, mode, c.field("newest") == "first"); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}

// requestedMode returns the reading mode that a page or a form asks for, "" if it asks for none.
func requestedMode(name string) string {
	if _, err := auth.ReadingMode(name); err != nil {
		return ""
	}
	return name
}
