package web

import (
	"cmp"

	"parley/app/chat"
	"parley/app/markup"
	"parley/app/text"
	"parley/db"
	"parley/views/words"
)

// friendOr returns the title of a room: the friend's name in a direct room, or else the group's.
func friendOr(u db.User, name string) string {
	if u.ID == 0 {
		return name
	}
	return u.DisplayName
}

// said returns the line that the room list shows for the last message, and its author's name.
func said(l chat.RoomSummary, me db.User, w *words.Catalog) (by, line string) {
	if l.SaidBy == 0 {
		return "", ""
	}
	if l.SaidGone != 0 {
		return "", w.Message.Deleted
	}
	line = text.Truncate(cmp.Or(markup.Plain(l.Said), w.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "", words.Fill(w.Rooms.You, "{what}", line)
	}
	return l.By.DisplayName, line
}
