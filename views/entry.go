package views

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"parley/app/markup"
	"parley/db"
	"parley/views/words"
)

// Entry is one entry of a room's log, ready to be shown.
type Entry struct {
	Words       *words.Catalog
	Message     db.Message
	Text        *markup.Text // the body of a message, nil if it has none
	Author      db.User
	At          time.Time // in the viewer's time zone
	Day         string    // the separator above it, "" if the entry before is of the same day
	Continues   bool      // the entry before is by the same author, not long ago
	Quote       *Quote    // of the message that this one replies to
	Photos      []db.Photo
	Mentioned   []db.User // their usernames in the text become links
	Reactions   []Reaction
	Edited      bool
	Deleted     bool // a placeholder stays
	Highlighted bool // a link led here

	// Of an entry that is not a message.
	Subject     db.User   // who joined, left or became the owner
	MemberCount int       // from here on, 0 if unchanged
	NewlyLike   []db.User // people in the room who share a name from here on
}

// Anchor returns the id of an entry's element.
func Anchor(seq uint64) string {
	return "m-" + strconv.FormatUint(seq, 10)
}

// moreLabel tells people who hear one "More" link after another which message each belongs to.
func moreLabel(e Entry) string {
	return e.Words.Message.More + " " + words.Fill(e.Words.Friends.MoreAbout, "{who}", nameOf(e.Words, e.Author)) + ", " + e.At.Format("15:04")
}

func highlightAttrs(e Entry) templ.Attributes {
	if !e.Highlighted {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

// noticeSentence returns the sentence for an entry that is not a message.
func noticeSentence(e Entry) string {
	w := e.Words.Message
	switch e.Message.Kind {
	case db.KindOpened:
		return w.NowFriends
	case db.KindGroupCreated:
		return w.GroupCreated
	case db.KindJoin:
		return w.MemberAdded
	case db.KindLeave:
		if e.Subject.ID == e.Author.ID {
			return w.MemberLeft
		}
		return w.MemberRemoved
	case db.KindOwnerChanged:
		return w.OwnerChanged
	case db.KindRenamed:
		return w.GroupRenamed
	case db.KindAvatarChanged:
		if e.Message.PhotoID == 0 {
			return w.PhotoRemoved
		}
		return w.PhotoChanged
	case db.KindClosed:
		return w.Closed
	}
	return ""
}
