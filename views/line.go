package views

import (
	"time"

	"github.com/a-h/templ"

	"parley/views/words"
)

// A Line is a line of a list, which can be kept as an Item: a list is shown again whenever one of its lines changes, and
// then the others are as they were. Like an ItemKey, its key is all that it depends on.
type Line struct {
	Key       ItemKey
	component templ.Component
}

// What an ItemKey is of.
const (
	ofEntry byte = iota
	ofRoomLine
	ofFriendLine
)

// RoomLine returns the line of a room in the room list.
func RoomLine(w *words.Catalog, r RoomSummary) Line {
	r = r.ofLine()
	k := make(keyBytes, 0, 256)
	k = k.numbers(r.ID, r.PhotoID, uint64(r.Unread), uint64(r.Mentions), uint64(r.At.Unix()))
	k = k.texts(r.Title, r.LastAuthor, r.Preview, r.Kind, r.When)
	k = k.flags(r.IsGroup, r.Muted, r.Quiet, r.Mentioned, r.Current).person(r.Friend)
	return Line{k.key(w, ofRoomLine), roomItem(w, r)}
}

// ofLine returns a room with nothing but what is in the key of its line, so that the line can depend on nothing else.
func (r RoomSummary) ofLine() RoomSummary {
	return RoomSummary{
		ID: r.ID, Title: r.Title, Friend: shownOf(r.Friend), IsGroup: r.IsGroup, PhotoID: r.PhotoID,
		LastAuthor: r.LastAuthor, Preview: r.Preview, Kind: r.Kind, At: r.At.UTC().Truncate(time.Second), When: r.When,
		Unread: r.Unread, Muted: r.Muted, Quiet: r.Quiet, Mentions: r.Mentions, Mentioned: r.Mentioned, Current: r.Current,
	}
}

// FriendLine returns the line of a friend on the page of friends, or on a later page of it, which has this query.
func FriendLine(w *words.Catalog, f Friend, query string) Line {
	f = Friend{User: shownOf(f.User), RoomID: f.RoomID}
	k := make(keyBytes, 0, 256).numbers(f.RoomID).texts(query).person(f.User)
	return Line{k.key(w, ofFriendLine), friendLine(w, f, query)}
}

// Render renders the line.
func (l Line) Render() (Item, error) { return renderItem(l.component) }

// roomLine returns the line of a room, as it was rendered before if it was kept.
func roomLine(w *words.Catalog, r RoomSummary) templ.Component {
	if r.Line != (Item{}) {
		return r.Line
	}
	return RoomLine(w, r).component
}

// lineOf returns the line of a friend, as it was rendered before if it was kept.
func (f Friends) lineOf(friend Friend) templ.Component {
	if friend.Line != (Item{}) {
		return friend.Line
	}
	return FriendLine(f.Words, friend, f.Query()).component
}
