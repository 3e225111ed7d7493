package web

import (
	"cmp"

	"parley/app/chat"
	"parley/app/text"
	"parley/db"
	"parley/views/words"
)

// roomTitle returns the title of a room: the friend's name in a direct room, or else the group's.
func roomTitle(u db.User, name string) string {
	if u.ID == 0 {
		return name
	}
	return nameOf(u)
}

// nameOf returns a person's name, with the username where somebody else has a name like it.
func nameOf(u db.User) string {
	if u.SharesName {
		return u.DisplayName + " (@" + u.Username + ")"
	}
	return u.DisplayName
}

// lastMessage returns the line that the room list shows for the last message, and its author's name.
func (s *Server) lastMessage(l chat.RoomSummary, me db.User, w *words.Catalog) (by, line string) {
	if l.SaidBy == 0 {
		return "", ""
	}
	if l.SaidGone != 0 {
		return "", w.Message.Deleted
	}
	line = text.Truncate(cmp.Or(s.chat.Texts.Text(l.Said).Plain(), w.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "", words.Fill(w.Rooms.You, "{what}", line)
	}
	return nameOf(l.By), line
}
