package web

import (
	"cmp"

	"parley/app/chat"
	"parley/app/markup"
	"parley/db"
	"parley/views/words"
)

func friendOr(u db.User, name string) string {
	if u.ID == 0 {
		return name
	}
	return u.DisplayName
}

// said is the one line that a room list has for what was said last, and in a group by whom.
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

// clipped is the beginning of a text, up to so many characters.
func clipped(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
