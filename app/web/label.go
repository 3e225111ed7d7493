package web

import (
	"cmp"

	"parley/app/chat"
	"parley/app/markup"
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
func said(l chat.RoomSummary, me db.User, w *words.Catalog) (by, text string) {
	if l.SaidBy == 0 {
		return "", ""
	}
	if l.SaidGone != 0 {
		return "", w.Message.Deleted
	}
	text = clipped(cmp.Or(markup.Plain(l.Said), w.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "", words.Fill(w.Rooms.You, "{what}", text)
	}
	return l.By.DisplayName, text
}

// clipped returns the first characters of a text, with an ellipsis if there are more.
func clipped(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
