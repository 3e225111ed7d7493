package web

import (
	"cmp"
	"strings"

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

// lastMessage is what the room list shows of the last message.
func (s *Server) lastMessage(l chat.RoomSummary, me db.User, w *words.Catalog) (by, line, kind string) {
	switch {
	case l.SaidBy == 0:
		return "", "", ""
	case l.SaidGone != 0:
		return "", w.Message.Deleted, "gone"
	case l.Photos > 0:
		kind = "photo"
	}
	line = text.Truncate(cmp.Or(s.chat.Texts.Text(l.Said).Plain(), w.Photos(l.Photos)), 140)
	switch {
	case l.SaidBy == me.ID:
		by = w.Lists.Me
	case l.Kind != db.RoomDirect:
		by = firstName(l.By(), w) + ":"
	}
	return by, line, kind
}

// firstName returns the part of a person's name that is shown before their text: the first word, or all
// of it where the first word is short for another, or where somebody else has a name like it.
func firstName(u db.User, w *words.Catalog) string {
	if u.IsDeleted {
		return w.Someone
	}
	first, _, _ := strings.Cut(u.DisplayName, " ")
	if u.SharesName || strings.HasSuffix(first, ".") {
		return nameOf(u)
	}
	return first
}
