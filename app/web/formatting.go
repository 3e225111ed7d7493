package web

import "parley/views"

func (s *Server) showFormatting(c *call) error {
	p, err := s.page(c, c.words().Formatting.Title, "")
	if err != nil {
		return err
	}
	return c.render(200, views.FormattingPage(p))
}
