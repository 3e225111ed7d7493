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
	Item        Item         // the entry, rendered; the zero Item if it is to be rendered here
	Text        *markup.Text // the body of a message, nil if it has none
	Author      db.User
	At          time.Time // in the viewer's time zone
	Day         string    // the separator above it, "" if the entry before is of the same day
	Today       time.Time // where the separator may say "Today"; zero where it must be right for longer
	Continues   bool      // the entry before is by the same author, not long ago
	SameMinute  bool      // and shows the same time
	FewEmojis   bool      // the text is one, two or three emojis
	Quote       *Quote    // of the message that this one replies to, or pins
	Photos      []db.Photo
	Mentioned   []db.User // their usernames in the text become links
	Reactions   []Reaction
	Edited      bool
	Deleted     bool     // a placeholder stays
	Expired     bool     // deleted because the room does not keep messages for that long
	Highlighted bool     // a link led here
	Evidence    bool     // in a report: whoever reads it need not be in the room, so no link leads there
	DeletedBy   *db.User // the moderator who deleted it; nil if its author did
	Event       *Event   // nil for a message
}

// Event is what has happened, in an entry that is not a message.
type Event struct {
	JoinedNext    db.User   // the second of a line of people who joined
	JoinedToo     int       // and the number of people after the first
	Subject       db.User   // who joined, left, became the owner, was banned and so on
	MemberCount   int       // from here on, 0 if unchanged
	NewLookalikes []db.User // people in the room who share a name from here on
}

// event returns what has happened, which is nothing for a message.
func (e Entry) event() Event {
	if e.Event == nil {
		return Event{}
	}
	return *e.Event
}

// Anchor returns the id of an entry's element.
func Anchor(seq uint64) string {
	return "m-" + strconv.FormatUint(seq, 10)
}

// actionsLabel names the message that a link belongs to, for people who hear one link after another.
func actionsLabel(e Entry) string {
	return words.Fill(e.Words.Message.Actions, "{who}", nameOf(e.Words, e.Author), "{when}", e.At.Format("15:04"))
}

// sharesTime reports whether the entry above shows its time as well. It is the one above and not the one
// below, because a message must not change its size when the next one arrives.
func sharesTime(e Entry) bool { return e.SameMinute && !e.Edited }

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
		if e.Message.AboutID != 0 { // of an open room
			return e.Words.Open.Created
		}
		return w.GroupCreated
	case db.KindJoin:
		if e.Message.IsJoinLine() {
			return joinedSentence(e.Words.Open, e.event().JoinedToo)
		}
		return w.MemberAdded
	case db.KindLeave, db.KindWentAway:
		if e.event().Subject.ID == e.Author.ID {
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
	case db.KindRetention:
		return retentionSentence(e)
	case db.KindClosed:
		return w.Closed
	case db.KindAbout:
		if e.Message.Body == "" {
			return e.Words.Open.AboutRemoved
		}
		return e.Words.Open.AboutChanged
	case db.KindOpenness:
		if e.Message.Body == string(db.RoomOpen) {
			return e.Words.Open.MadeOpen
		}
		return e.Words.Open.MadeGroup
	}
	return moderationSentence(e)
}

// moderationSentence returns the sentence for what a moderator did.
func moderationSentence(e Entry) string {
	w, on := e.Words.Moderation, e.Message.Body == "on"
	switch e.Message.Kind {
	case db.KindModerator:
		return choose(on, w.ModeratorMade, w.ModeratorTaken)
	case db.KindBanned:
		return w.Banned
	case db.KindUnbanned:
		return w.Unbanned
	case db.KindPinned:
		return choose(on, w.Pinned, w.Unpinned)
	case db.KindPosting:
		return choose(e.Message.Body == "moderators", w.OnlyModerators, w.EverybodyPosts)
	case db.KindSlowMode:
		seconds, err := strconv.Atoi(e.Message.Body)
		if err != nil || seconds == 0 {
			return w.SlowOff
		}
		return words.Fill(w.SlowOn, "{time}", w.Duration(seconds))
	}
	return ""
}

func choose(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}

// joinedSentence is for one who joined, two, or more.
func joinedSentence(w words.Open, others int) string {
	switch others {
	case 0:
		return w.Joined
	case 1:
		return w.TwoJoined
	}
	return w.ManyJoined(others - 1)
}

// noticePlaces fills the places of that sentence.
func noticePlaces(e Entry) []string {
	subject, what := e.event().Subject, e.Message.Body
	if e.Message.IsJoinLine() {
		subject = e.event().JoinedNext
	}
	return []string{"{who}", nameOf(e.Words, e.Author), "{whom}", nameOf(e.Words, subject), "{what}", what}
}
