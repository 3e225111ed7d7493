package web

import "parley/views"

func (s *Server) showPerson(c *call) error {
	who, standing, room, err := s.chat.Person(c.ctx, c.me, c.Params("username"))
	if err != nil {
		return err
	}
	p, err := s.page(c, who.DisplayName, "")
	if err != nil {
		return err
	}
	v := views.Person{User: who, State: string(standing), RoomID: room}
	if room != 0 {
		if v.Muted, err = s.chat.IsMuted(c.ctx, c.me, room); err != nil {
			return err
		}
	}
	return c.render(200, views.PersonPage(p, v))
}

// page is what every page of somebody who is signed in shows.
func (s *Server) page(c *call, title, place string) (views.Page, error) {
	requests, err := s.chat.Requests(c.ctx, c.me)
	return views.Page{Words: c.words(), Title: title, Me: &c.me, NavItem: place, Requests: requests}, err
}
