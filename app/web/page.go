package web

import "parley/views"

// page is what every page of somebody who is signed in shows.
func (s *Server) page(c *call, title, place string) (views.Page, error) {
	requests, err := s.chat.Requests(c.ctx, c.me)
	return views.Page{Words: c.words(), Title: title, Me: &c.me, Place: place, Requests: requests}, err
}
