package web

import (
	"context"
	"encoding/json"
	"strings"

	"parley/db"
	"parley/views"
)

// notifications is what hidden pages know: how much is unread, and what to notify their reader of. Like all lists it
// is sent whole, so that what has been read elsewhere meanwhile is gone from it.
type notifications struct {
	Unread   int                `json:"unread"` // in the rooms of the list, as far as they notify; of each up to 1000, which is "more than 999"
	Requests int                `json:"requests"`
	Rooms    []roomNotification `json:"rooms"`
}

// roomNotification is a room that notifies, whose last message is by somebody else. Where only mentions notify, the last
// message may be another one than the one that does.
type roomNotification struct {
	Room  uint64 `json:"room"`
	At    int64  `json:"at"` // when the last message came, in microseconds since 1970
	Title string `json:"title"`
	Text  string `json:"text"`
}

// notifications reads them from as much of the room list as is shown beside an open room.
func (l *userLists) notifications(ctx context.Context, loc locale) ([]byte, error) {
	lines, err := l.lines(ctx, roomsBeside, 0)
	if err != nil {
		return nil, err
	}
	rooms := l.server.roomSummaries(lines.rooms, l.me, openRoom{}, loc)
	n := notifications{Unread: views.TotalUnread(rooms), Requests: l.waiting.Requests, Rooms: []roomNotification{}}
	for i, r := range rooms {
		if !r.Notifies() || lines.rooms[i].SaidBy == l.me.ID || r.At.IsZero() {
			continue
		}
		title := r.Title
		if r.Mentioned {
			title += " · " + loc.words.Rooms.Mentioned
		}
		n.Rooms = append(n.Rooms, roomNotification{r.ID, r.At.UnixMicro(), title, strings.TrimSpace(r.LastAuthor + " " + r.Preview)})
	}
	return json.Marshal(n)
}

// setNotifications stores how a person wants to be notified.
func (s *Server) setNotifications(c *call) error {
	if err := s.accounts.SetNotifications(c.ctx, c.me, db.Notifications{Desktop: c.field("notify") == "yes", Sound: c.field("sound") == "yes"}); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}
