package export

import "time"

// Format is the version of the shape of the JSON. It changes when a reader would have to.
const Format = 1

// Profile is profile.json: the account, and how it is used.
type Profile struct {
	Format     int       `json:"format"`
	ExportedAt time.Time `json:"exported_at"`
	Server     string    `json:"server"`
	Username   string    `json:"username"`
	Name       string    `json:"name"`
	Photo      string    `json:"photo,omitempty"` // a file of the archive
	TimeZone   string    `json:"time_zone"`
	Language   string    `json:"language,omitempty"` // "" is that of the browser
	CreatedAt  time.Time `json:"created_at"`
	Settings   Settings  `json:"settings"`
	Sessions   []Session `json:"sessions"`
}

// Settings are what somebody has chosen in the profile.
type Settings struct {
	ShowsPresence bool   `json:"shows_presence"`
	ShowsTyping   bool   `json:"shows_typing"`
	ReadingMode   string `json:"reading_mode"`
	NewestFirst   bool   `json:"newest_first"`
	Notifications bool   `json:"notifications"`
	Sound         bool   `json:"sound"`
}

// Session is one browser that is signed in.
type Session struct {
	Browser   string    `json:"browser"` // as it names itself
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	Current   bool      `json:"current,omitempty"` // this one has asked for the archive
}

// Person is how somebody is named. A deleted account has neither.
type Person struct {
	Username string `json:"username,omitempty"`
	Name     string `json:"name,omitempty"`
}

// People is friends.json.
type People struct {
	Friends  []Person `json:"friends"`
	Received []Person `json:"requests_received"`
	Sent     []Person `json:"requests_sent"`
	Blocked  []Person `json:"blocked"`
}

// Room is an element of rooms.json.
type Room struct {
	ID        uint64    `json:"id"`
	Kind      string    `json:"kind"` // "direct", "group", ...
	Name      string    `json:"name"`
	With      *Person   `json:"with,omitempty"` // the other person of a direct room
	Muted     bool      `json:"muted,omitempty"`
	Mentions  bool      `json:"mentions_only,omitempty"` // only mentions call the owner of the archive
	CreatedAt time.Time `json:"created_at"`
	Entries   int       `json:"entries"`
	Files     []string  `json:"files"`            // of the archive, oldest first
	Broken    bool      `json:"broken,omitempty"` // the export was no longer in the room before its end
}

// Entry is an element of a room's file: a message, or what else has happened in the room.
type Entry struct {
	Seq       uint64     `json:"seq"`
	Kind      string     `json:"kind"`
	At        time.Time  `json:"at"`
	Author    *Person    `json:"author,omitempty"`
	About     *Person    `json:"about,omitempty"` // who joins, leaves or becomes the owner
	Text      string     `json:"text,omitempty"`
	Edited    bool       `json:"edited,omitempty"`
	Deleted   bool       `json:"deleted,omitempty"`
	ReplyTo   uint64     `json:"reply_to,omitempty"` // a seq
	Photos    []Photo    `json:"photos,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
	Mentions  []Person   `json:"mentions,omitempty"`
}

// Photo is a photo of a message.
type Photo struct {
	File   string `json:"file"` // of the archive; it is missing if the photo was deleted meanwhile
	Alt    string `json:"alt,omitempty"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Reaction is an emoji below a message, and who gave it.
type Reaction struct {
	Emoji string   `json:"emoji"`
	By    []Person `json:"by"`
}
