package web

import "parley/views"

// page returns what every page of a signed-in person shows.
func (s *Server) page(c *call, title, place string) (views.Page, error) {
	requests, err := s.chat.Requests(c.ctx, c.me)
	return views.Page{Words: c.words(), Title: title, Me: &c.me, NavItem: place, Requests: requests}, err
}
