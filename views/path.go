package views

import (
	"net/url"
	"strconv"
	"strings"

	"parley/db"
)

// The addresses of pages. They consist of numbers, usernames and what url.Values has escaped, so they
// are safe in every attribute.

// RoomPath is the page of a room.
func RoomPath(id uint64) string { return "/rooms/" + strconv.FormatUint(id, 10) }

// RoomsPath is the page of the room list that begins after a position.
func RoomsPath(after string) string {
	if after == "" {
		return "/rooms"
	}
	return "/rooms?after=" + after
}

// FriendsPath is the page of one list of people that begins after a position.
func FriendsPath(list, after string) string {
	if list == "" {
		return "/friends"
	}
	return "/friends?" + listQuery(list, after)
}

func listQuery(list, after string) string { return "list=" + list + "&after=" + after }

// MembersPath is the page of a group's members that begins after a position.
func MembersPath(id uint64, after string) string {
	if after == "" {
		return RoomPath(id) + "/members"
	}
	return RoomPath(id) + "/members?after=" + after
}

// OpenRoomsPath is the page of the open rooms that begins after a position.
func OpenRoomsPath(after string) string {
	if after == "" {
		return "/rooms/open"
	}
	return "/rooms/open?after=" + after
}

// LivePath is the streamed page of a room.
func LivePath(id uint64) string { return RoomPath(id) + "/live" }

// WaitPath is the page of a room that is answered once there is something after the cursor. It opens
// at what is new.
func WaitPath(id uint64, cursor string) string {
	return RoomPath(id) + "/wait?after=" + cursor + "#new"
}

// RoomsLivePath is the streamed room list beside a room, or alone if that is 0.
func RoomsLivePath(beside uint64) string {
	if beside == 0 {
		return "/rooms/live"
	}
	return "/rooms/live?room=" + strconv.FormatUint(beside, 10)
}

// AutoRefreshPath marks a request as one that a page makes by itself, without its reader.
func AutoRefreshPath(path string) string {
	if strings.Contains(path, "?") {
		return path + "&again=1"
	}
	return path + "?again=1"
}

// MessagePath is the page of one message.
func MessagePath(room, seq uint64) string {
	return RoomPath(room) + "/messages/" + strconv.FormatUint(seq, 10)
}

// Permalink is a message in the room, among those around it.
func Permalink(room, seq uint64) string {
	return RoomPath(room) + "?around=" + strconv.FormatUint(seq, 10) + "#" + Anchor(seq)
}

// PhotoPagePath is the page of the nth photo of a message, from 1.
func PhotoPagePath(room, seq uint64, n int) string {
	return MessagePath(room, seq) + "/photos/" + strconv.Itoa(n)
}

func photoPagePath(e Entry, n int) string { return PhotoPagePath(e.Message.RoomID, e.Message.Seq, n) }

// PersonPath is somebody's profile.
func PersonPath(u db.User) string { return "/people/" + u.Username }

// FriendPath takes an action on a friendship: "accept", "block" and so on.
func FriendPath(u db.User, action string) string { return "/friends/" + u.Username + "/" + action }

// PhotoPath is the file of a photo. The sizes are "small" and "large".
func PhotoPath(id uint64, size string) string {
	return "/photos/" + strconv.FormatUint(id, 10) + "/" + size
}

// SearchPath is a search. Empty values are left out.
func SearchPath(query, room, author, below string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": query, "room": room, "author": author, "below": below} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/search?" + v.Encode()
}

// OwnReportsPath is the page of one's own reports below an id; 0 is the first.
func OwnReportsPath(below uint64) string { return belowPath("/reports", below) }

// AdminRoomsPath is the page of all rooms below an id; 0 is the first.
func AdminRoomsPath(below uint64) string { return belowPath("/admin/rooms", below) }

func belowPath(path string, below uint64) string {
	if below == 0 {
		return path
	}
	return path + "?below=" + strconv.FormatUint(below, 10)
}

// AdminReportsPath is the page of the reports in a state that begins after a position.
func AdminReportsPath(only, after string) string {
	v := url.Values{}
	if only != "" {
		v.Set("state", only)
	}
	if after != "" {
		v.Set("after", after)
	}
	if len(v) == 0 {
		return "/admin/reports"
	}
	return "/admin/reports?" + v.Encode()
}
