package web

import (
	"context"
	"encoding/json"
	"strings"

	"parley/db"
	"parley/views"
)

// calls is what hidden pages know: how much is unread, and what to notify their reader of. Like all lists it
// is sent whole, so that what has been read elsewhere meanwhile is gone from it.
type calls struct {
	Unread   int        `json:"unread"` // in the rooms of the list, as far as they notify; of each up to 1000, which is "more than 999"
	Requests int        `json:"requests"`
	Rooms    []roomCall `json:"rooms"`
}

// roomCall is a room that notifies, whose last message is by somebody else. Where only mentions notify, the last
// message may be another one than the one that does.
type roomCall struct {
	Room  uint64 `json:"room"`
	At    int64  `json:"at"` // when the last message came, in microseconds since 1970
	Title string `json:"title"`
	Text  string `json:"text"`
}

// calls reads them from as much of the room list as is shown beside an open room.
func (l *userLists) calls(ctx context.Context, loc locale) ([]byte, error) {
	lines, err := l.lines(ctx, roomsBeside, 0)
	if err != nil {
		return nil, err
	}
	rooms := l.server.roomSummaries(lines.rooms, l.me, openRoom{}, loc)
	c := calls{Unread: views.TotalUnread(rooms), Requests: l.waiting.Requests, Rooms: []roomCall{}}
	for i, r := range rooms {
		if !r.Calls() || lines.rooms[i].SaidBy == l.me.ID || r.At.IsZero() {
			continue
		}
		title := r.Title
		if r.Mentioned {
			title += " · " + loc.words.Rooms.Mentioned
		}
		c.Rooms = append(c.Rooms, roomCall{r.ID, r.At.UnixMicro(), title, strings.TrimSpace(r.LastAuthor + " " + r.Preview)})
	}
	return json.Marshal(c)
}

// setCalls stores how a person wants to be notified.
func (s *Server) setCalls(c *call) error {
	if err := s.accounts.SetCalls(c.ctx, c.me, db.Calls{Notify: c.field("notify") == "yes", Sound: c.field("sound") == "yes"}); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}
