package views

import (
	"slices"

	"github.com/a-h/templ"

	"parley/db"
	"parley/views/words"
)

// Room is a stretch of a room's log, and the composer.
type Room struct {
	ID          uint64
	Title       string
	Friend      db.User // the other person of a direct room
	PhotoID     uint64  // of a group
	IsOpen      bool    // everybody may join it
	About       string  // what a group or an open room is about
	MemberCount int
	Others      int     // the number of others who have it open
	Other       db.User // who it is, if it is one
	Level       db.NotifyLevel
	MayPost     bool // the viewer may write
	Pins        Pins // what is shown above the room

	Cursor      string // "<epoch>-<seq>", where the list ends
	Entries     []Entry
	LastShown   uint64 // the seq of the last entry, for ?after=
	ReadSeq     uint64 // entries up to here had been seen before
	FirstUnseen uint64 // the first entry that had not, if it is above this page, else 0
	UnreadCount int    // the number that had not, 0 if that is not known
	AtUnread    bool   // the page begins with the first entry that had not been seen
	FromTop     bool   // without scripts, the list is in view from its top, where the new entries begin
	Notice      string // what there is to say about a jump to a day
	NoticeAt    uint64 // the entry above which it stands, 0 for the end
	TimeZone    string
	Highlighted uint64 // the entry that a link led to
	Older       uint64 // the seq for ?before=, 0 at the beginning of the log
	History     bool   // newer messages follow, to which the page links; with scripts it loads them
	NewestFirst bool   // the list runs downwards, below the composer, and the page is not live
	Waiting     bool   // the page was waited for, and has a link that waits again

	ReadingMode string // how the page works without scripts: "live", "wait" or "plain"
	ChosenMode  string // the same, if it was chosen on the page and not in the profile
	TextBrowser bool   // the page is for one, so its reading mode is "plain"

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
	Owner   uint64 // whose form it is; nobody else's session may send it

	ReadOnly bool // its author may not write in the room, and has nothing in it
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
	return (!r.History || r.AtUnread) && r.Notice == "" && !r.Waiting && r.Highlighted == 0 && r.Reply == nil && r.Problem == "" && len(r.Uploads) == 0
}

// usesListIframe reports whether the room list is in an iframe as well.
func usesListIframe(r Room) bool { return usesIframes(r) && r.ReadingMode == "live" }

// isStatic reports whether the page never updates by itself, with scripts or without.
func isStatic(r Room) bool { return r.Waiting || r.NewestFirst || r.TextBrowser }

// streamAttrs connects a list to the room's stream. What is said from now on follows the list, or the gap at
// its end, which a script fills.
func streamAttrs(p Page, r Room) templ.Attributes {
	if isStatic(r) {
		return nil
	}
	path := RoomPath(r.ID) + "/events?after=" + r.Cursor + "&" + localeQuery(p)
	if r.History {
		path += "&gap=1"
	}
	attrs := templ.Attributes{
		"hx-sse:connect": path,
		"hx-sse:close":   "signed-out",
		"hx-swap":        "beforeend",
		"data-older":     p.Words.Room.Older,
		"data-from":      r.Cursor,
		"data-zone":      r.TimeZone,
		"data-today":     p.Words.Dates.Today,
		"data-yesterday": p.Words.Dates.Yesterday,
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
	for i := range r.Entries {
		if r.Entries[i].Message.Kind == db.KindText {
			return true
		}
	}
	return r.Older != 0 || r.History
}

// firstNewIndex returns the index of the entry below the mark between seen and new, or -1. There is a
// mark only if the viewer has seen something above it. Their own messages and notices are not news,
// except to somebody who has waited for anything at all.
func firstNewIndex(p Page, r Room) int {
	if r.AtUnread {
		return 0
	}
	if p.Me == nil || len(r.Entries) == 0 || r.Entries[0].Message.Seq > r.ReadSeq {
		return -1
	}
	for i := range r.Entries {
		e := &r.Entries[i]
		isNews := e.Message.Kind == db.KindText && !e.Deleted && e.Message.AuthorID != p.Me.ID
		if e.Message.Seq > r.ReadSeq && (isNews || r.Waiting) {
			return i
		}
	}
	return -1
}

// mostBelow is the most entries below the mark that a page may have and still open at its end: about as many as fit
// into a window.
const mostBelow = 6

// OpenAtNew lets a page whose new entries may not fit into the window begin with them. On a plain page it leaves
// out what is above them, because only a script could scroll there; on the others a script or an iframe does.
func (r *Room) OpenAtNew(p Page) {
	r.FromTop = r.AtUnread && !r.NewestFirst
	if i := firstNewIndex(p, *r); i > 0 && len(r.Entries)-i > mostBelow && r.ReadingMode == "plain" && !r.NewestFirst && !r.Waiting && r.Highlighted == 0 {
		r.Entries = r.Entries[i:]
		r.Entries[0].Day = r.Entries[0].Words.Dates.Day(r.Entries[0].At)
		r.Older, r.AtUnread, r.FromTop = r.Entries[0].Message.Seq, true, true
	}
}

// NoticeAnchor is the id of the notice of a jump to a day.
const NoticeAnchor = "found"

// endPath is the address of the end of a room, whatever is unread in it.
func endPath(r Room) string { return RoomPath(r.ID) + "?at=end" + modeQuery("&", r) }

// newAbove counts the new messages above a page, if their number is known.
func newAbove(w words.Room, n int) string {
	if n == 0 {
		return w.ToFirstNew
	}
	return words.Fill(w.NewAbove, "{n}", shortCount(n))
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
		e.Continues, e.Day, e.Item = false, "", Item{}
		if day := e.Words.Dates.Day(e.At); i == 0 || day != e.Words.Dates.Day(reversed[i-1].At) {
			e.Day = day
		}
	}
	return reversed
}
