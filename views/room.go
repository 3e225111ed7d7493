package views

import (
	"slices"

	"github.com/a-h/templ"

	"parley/db"
)

// Room is a stretch of a room's log, and the composer.
type Room struct {
	ID          uint64
	Title       string
	Friend      db.User // the other person of a direct room
	PhotoID     uint64  // of a group
	MemberCount int
	Present     []db.User // the others who have it open

	Cursor      string // "<epoch>-<seq>", where the list ends
	Entries     []Entry
	LastShown   uint64 // the seq of the last entry, for ?after=
	ReadSeq     uint64 // entries up to here had been seen before
	FirstUnseen uint64 // the first entry that had not, if it is above this page, else 0
	Highlighted uint64 // the entry that a link led to
	Older       uint64 // the seq for ?before=, 0 at the beginning of the log
	History     bool   // newer messages follow, so the page is not live and links to them
	NewestFirst bool   // the list runs downwards, below the composer, and the page is not live
	Waiting     bool   // the page was waited for, and has a link that waits again

	ReadingMode string // how the page works without scripts: "live", "wait" or "plain"
	ChosenMode  string // the same, if it was chosen on the page and not in the profile

	Draft // what the composer holds
}

// Draft is a message that isn't sent yet, as its composer shows it.
type Draft struct {
	Body string
	Key  string // the idempotency key of the message
	Attachments
	Reply   *Reply // the message that this one replies to
	Problem string // why it was not sent
	SignIn  bool   // the session has ended; it can be sent after signing in
}

// withComposer adds a skip link to the composer, and a problem to the title.
func (p Page) withComposer(r Room) Page {
	p.HasComposer = true
	return p.withProblem(r.Problem)
}

// usesIframes reports whether the room may be shown in iframes when scripts are off. Those show the end
// of the room and an empty composer, so a page that leads to a message, replies to one or gives back a
// text does without.
func usesIframes(r Room) bool {
	return !r.History && !r.Waiting && r.Highlighted == 0 && r.Reply == nil && r.Problem == "" && len(r.Uploads) == 0
}

// usesListIframe reports whether the room list is in an iframe as well.
func usesListIframe(r Room) bool { return usesIframes(r) && r.ReadingMode == "live" }

// isStatic reports whether the page never updates by itself, with scripts or without.
func isStatic(r Room) bool { return r.History || r.Waiting || r.NewestFirst }

// streamAttrs connects a list that ends at the newest message to the room's stream.
func streamAttrs(p Page, r Room) templ.Attributes {
	if isStatic(r) {
		return nil
	}
	attrs := templ.Attributes{
		"hx-sse:connect": RoomPath(r.ID) + "/events?after=" + r.Cursor + "&" + localeQuery(p),
		"hx-sse:close":   "signed-out",
		"hx-swap":        "beforeend",
		"data-older":     p.Words.Room.Older,
	}
	if r.FirstUnseen != 0 { // viewing the end does not mark as read what is above
		attrs["data-unseen"] = ""
	}
	return attrs
}

func socketAttrs(r Room) templ.Attributes {
	if isStatic(r) {
		return nil
	}
	return templ.Attributes{"hx-ws:send": ""}
}

// modeQuery carries on the reading mode that was chosen on the page. separator is "?" or "&".
func modeQuery(separator string, r Room) string {
	if r.ChosenMode == "" {
		return ""
	}
	return separator + "as=" + r.ChosenMode
}

// hasMessages reports whether the room has a message, as far as this page can tell.
func hasMessages(r Room) bool {
	for _, e := range r.Entries {
		if e.Message.Kind == db.KindText {
			return true
		}
	}
	return r.Older != 0 || r.History
}

// firstNewIndex returns the index of the entry below the mark between seen and new, or -1. There is a
// mark only if the viewer has seen something above it. Their own messages and notices are not news,
// except to somebody who has waited for anything at all.
func firstNewIndex(p Page, r Room) int {
	if p.Me == nil || len(r.Entries) == 0 || r.Entries[0].Message.Seq > r.ReadSeq {
		return -1
	}
	for i, e := range r.Entries {
		isNews := e.Message.Kind == db.KindText && !e.Deleted && e.Message.AuthorID != p.Me.ID
		if e.Message.Seq > r.ReadSeq && (isNews || r.Waiting) {
			return i
		}
	}
	return -1
}

// hasNews reports whether something arrived after what the viewer had seen.
func hasNews(r Room) bool {
	return len(r.Entries) > 1 && r.Entries[len(r.Entries)-1].Message.Seq > r.ReadSeq
}

// newestFirst reverses a stretch of a log. What an entry says about the one before it would then be
// wrong, so every message shows its author, and the day stands above its first message on the page.
func newestFirst(list []Entry) []Entry {
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	for i := range reversed {
		e := &reversed[i]
		e.Continues, e.Day = false, ""
		if day := e.Words.Dates.Day(e.At); i == 0 || day != e.Words.Dates.Day(reversed[i-1].At) {
			e.Day = day
		}
	}
	return reversed
}
