package views

import (
	"net/url"
	"strconv"

	"parley/db"
)

// The addresses of pages. They are made of numbers, of usernames and of what url.Values has escaped,
// so they are safe in every attribute.

// RoomPath is the page of a room.
func RoomPath(id uint64) string { return "/rooms/" + strconv.FormatUint(id, 10) }

// LivePath is the streamed page of a room.
func LivePath(id uint64) string { return RoomPath(id) + "/live" }

// WaitPath is the page of a room that comes when something is new after a cursor, at the news.
func WaitPath(id uint64, cursor string) string {
	return RoomPath(id) + "/wait?after=" + cursor + "#new"
}

// RoomsLivePath is the streamed room list that stands beside a room; 0 is beside none.
func RoomsLivePath(beside uint64) string {
	if beside == 0 {
		return "/rooms/live"
	}
	return "/rooms/live?room=" + strconv.FormatUint(beside, 10)
}

// MessagePath is the page of one message.
func MessagePath(room, seq uint64) string {
	return RoomPath(room) + "/messages/" + strconv.FormatUint(seq, 10)
}

// PersonPath is somebody's profile.
func PersonPath(u db.User) string { return "/people/" + u.Username }

// FriendPath is where something is done about a friendship.
func FriendPath(u db.User, verb string) string { return "/friends/" + u.Username + "/" + verb }

// PhotoPath is where the bytes of a photo are.
func PhotoPath(id uint64, size string) string {
	return "/photos/" + strconv.FormatUint(id, 10) + "/" + size
}

// SearchPath is a search; what is empty is left out.
func SearchPath(query, room, author, below string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": query, "room": room, "author": author, "below": below} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/search?" + v.Encode()
}
