package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
	"parley/views"
)

// showSearch shows the form, and the results if there is something to look for.
func (s *Server) showSearch(c *call) error {
	// The address may come from anywhere, so what is not text is not repeated in the form.
	v := views.Search{Query: validText(c.Query("q")), Author: validText(c.Query("author")), RoomID: parseSeq(c.Query("room"))}
	below, later := parsePosition(c.Query("below"))
	status, rooms := fiber.StatusOK, []db.NamedRoom(nil)
	if v.Query != "" || v.Author != "" {
		r, err := s.chat.Search(c.ctx, c.me, search.Request{Text: v.Query, Room: v.RoomID, Author: v.Author, Below: below})
		if err != nil {
			var ok bool
			if status, v.Problem, ok = c.explain(inSearch, err); !ok {
				return err
			}
		} else {
			v.Searched, v.Continued = true, later
		}
		v.Hits, v.Partial, v.ExactOnly, v.Indexing = s.hitViews(r, s.locale(c)), r.Partial, r.ExactOnly, r.Behind
		if r.Next != nil {
			v.Below = formatPosition(*r.Next)
		}
		rooms = r.Rooms
	}
	return s.renderSearch(c, status, v, rooms)
}

// renderSearch shows a search that has found the caller's rooms as well, unless there was none.
func (s *Server) renderSearch(c *call, status int, v views.Search, mine []db.NamedRoom) error {
	p, err := s.page(c, c.words().Nav.Search, "search")
	if err != nil {
		return err
	}
	found := []uint64{v.RoomID}
	for _, hit := range v.Hits {
		found = append(found, hit.RoomID)
	}
	var rooms []chat.RoomName
	if v.Searched {
		rooms, err = s.chat.RoomNamesAmong(c.ctx, c.me, mine, found...)
	} else {
		rooms, err = s.chat.RoomNames(c.ctx, c.me, found...)
	}
	if err != nil {
		return err
	}
	titles, friends := map[uint64]string{}, map[uint64]db.User{}
	for _, r := range rooms {
		titles[r.ID], friends[r.ID] = roomTitle(r.Friend, r.Name), r.Friend
		v.Rooms = append(v.Rooms, views.RoomName{ID: r.ID, Title: titles[r.ID]})
	}
	if titles[v.RoomID] == "" && v.RoomID != 0 {
		return chat.ErrNotFound
	}
	for i := range v.Hits {
		hit := &v.Hits[i]
		friend := friends[hit.RoomID]
		hit.Title, hit.Direct = titles[hit.RoomID], friend.ID != 0
		if hit.Direct && hit.Author.ID != c.me.ID {
			hit.Title = c.me.DisplayName
			hit.Author.SharesName = hit.Author.SharesName || friend.SharesName // as in the list of rooms
		}
	}
	return c.render(status, views.SearchPage(p, v))
}

func (s *Server) hitViews(r search.Results, loc locale) []views.SearchHit {
	now := s.options.Now().In(loc.zone)
	list := make([]views.SearchHit, len(r.Hits))
	for i, h := range r.Hits {
		list[i] = views.SearchHit{RoomID: h.RoomID, Seq: h.Seq, Author: h.Author, At: h.CreatedAt.In(loc.zone)}
		list[i].When = loc.words.Dates.Recent(list[i].At, now)
		for _, p := range h.Excerpt {
			list[i].Pieces = append(list[i].Pieces, views.Piece{Text: p.Text, Hit: p.Match})
		}
	}
	return list
}

// formatPosition writes a position in the results for an address: time, room and seq.
func formatPosition(p db.Position) string { return fmt.Sprintf("%d-%d-%d", p.At, p.RoomID, p.Seq) }

// parsePosition reads it again; ok is false for anything else.
func parsePosition(text string) (p db.Position, ok bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 3 {
		return p, false
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	p = db.Position{At: at, RoomID: parseSeq(parts[1]), Seq: parseSeq(parts[2])}
	if err != nil || p.At <= 0 {
		return db.Position{}, false
	}
	return p, true
}
