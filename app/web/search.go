package web

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// showSearch shows the form, and what is found if something was asked for.
func (s *Server) showSearch(c *call) error {
	// The address may come from anywhere: what is no text is not repeated in the form.
	v := views.Search{Query: textOf(c.Query("q")), Author: textOf(c.Query("author")), RoomID: seqOf(c.Query("room"))}
	below, later := spotOf(c.Query("below"))
	status := 200
	if v.Query != "" || v.Author != "" {
		r, err := s.chat.Search(c.ctx, c.me, search.Request{Text: v.Query, Room: v.RoomID, Author: v.Author, Below: below})
		if err != nil {
			if status, v.Problem = searchRefusal(c.words().Search, err); v.Problem == "" {
				return err
			}
			setRetryAfter(c.Ctx, status, err)
		} else {
			v.Asked, v.Later = true, later
		}
		v.Hits, v.Partial, v.Whole, v.Behind = s.foundView(r, c.me), r.Partial, r.ExactOnly, r.Behind
		if r.Next != nil {
			v.Below = spotText(*r.Next)
		}
	}
	return s.answerSearch(c, status, v)
}

func (s *Server) answerSearch(c *call, status int, v views.Search) error {
	p, err := s.page(c, c.words().Nav.Search, "search")
	if err != nil {
		return err
	}
	rooms, err := s.chat.RoomNames(c.ctx, c.me)
	if err != nil {
		return err
	}
	titles, two := map[uint64]string{}, map[uint64]bool{}
	for _, r := range rooms {
		titles[r.Room.ID], two[r.Room.ID] = friendOr(r.Friend, r.Room.Name), r.Friend.ID != 0
		v.Rooms = append(v.Rooms, views.RoomName{ID: r.Room.ID, Title: titles[r.Room.ID]})
	}
	if titles[v.RoomID] == "" && v.RoomID != 0 {
		return chat.ErrNotFound
	}
	for i := range v.Hits {
		hit := &v.Hits[i]
		hit.Title, hit.Two = titles[hit.RoomID], two[hit.RoomID]
		if hit.Two && hit.Author.ID != c.me.ID {
			hit.Title = c.me.DisplayName
		}
	}
	return c.render(status, views.SearchPage(p, v))
}

func (s *Server) foundView(r search.Results, me db.User) []views.Found {
	zone := s.zones.named(me.TimeZone)
	list := make([]views.Found, len(r.Hits))
	for i, h := range r.Hits {
		list[i] = views.Found{RoomID: h.RoomID, Seq: h.Seq, Author: h.Author, At: h.CreatedAt.In(zone)}
		for _, p := range h.Excerpt {
			list[i].Pieces = append(list[i].Pieces, views.Piece{Text: p.Text, Hit: p.Match})
		}
	}
	return list
}

// searchRefusal says why nothing was looked for; an empty sentence is an error that is not about it.
func searchRefusal(w words.Search, err error) (status int, sentence string) {
	switch {
	case errors.Is(err, search.ErrEmpty):
		return 422, w.NoWord
	case errors.Is(err, search.ErrTooLong):
		return 422, w.TooMuch
	case errors.Is(err, search.ErrBadText):
		return 422, w.BadText
	case errors.Is(err, chat.ErrTooFast):
		return 429, w.TooFast
	}
	return 0, ""
}

// spotText is a place in the results as it stands in an address: time, room and seq.
func spotText(s db.Position) string { return fmt.Sprintf("%d-%d-%d", s.At, s.RoomID, s.Seq) }

// spotOf reads it again; what is none is the beginning.
func spotOf(text string) (spot db.Position, ok bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 3 {
		return spot, false
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	spot = db.Position{At: at, RoomID: seqOf(parts[1]), Seq: seqOf(parts[2])}
	if err != nil || spot.At <= 0 {
		return db.Position{}, false
	}
	return spot, true
}

func textOf(value string) string {
	if !utf8.ValidString(value) {
		return ""
	}
	return value
}
