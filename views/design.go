package views

import (
	"strings"
	"time"

	"parley/app/markup"
	"parley/assets"
	"parley/db"
	"parley/views/words"
)

// Design is what the design page shows of the stylesheet.
type Design struct {
	Tokens []assets.Token
	Pairs  []assets.Pair
	Tints  []assets.Tint
}

// DesignViewer is the username whose own messages the design page shows.
const DesignViewer = "ada"

// groups returns the tokens by group, in the order of the stylesheet.
func (d Design) groups() (list [][]assets.Token) {
	for _, t := range d.Tokens {
		if n := len(list); n > 0 && list[n-1][0].Group == t.Group {
			list[n-1] = append(list[n-1], t)
		} else {
			list = append(list, []assets.Token{t})
		}
	}
	return list
}

// DesignStyle returns a rule for each token's sample on the design page. Style attributes would need a
// weaker content security policy.
func DesignStyle(tokens []assets.Token) string {
	properties := map[string]string{"Colours": "background", "Type": "font-size", "Space": "inline-size", "Corners": "border-radius"}
	var b strings.Builder
	for _, t := range tokens {
		property := properties[t.Group]
		switch t.Name {
		case "--sans", "--mono":
			property = "font-family"
		case "--shade":
			property = "box-shadow"
		}
		b.WriteString(`[data-token="` + t.Name + `"]{` + property + ":var(" + t.Name + ")}\n")
	}
	return b.String()
}

func sampleViewer() db.User {
	return db.User{ID: 1, Username: DesignViewer, DisplayName: "Ada Lovelace"}
}

func sampleFriend() db.User { return db.User{ID: 2, Username: "bo.k", DisplayName: "Bo Karlsson"} }
func sampleOther() db.User  { return db.User{ID: 5, Username: "cleo", DisplayName: "Cleo"} }

// sampleMessages returns every kind of message, by the viewer and by others.
func sampleMessages() []Entry {
	at := time.Date(2026, 5, 8, 9, 41, 0, 0, time.UTC)
	say := func(seq uint64, who db.User, text string) Entry {
		return Entry{Words: words.English(), Author: who, At: at.Add(time.Duration(seq) * time.Minute), Text: markup.Parse(text),
			Message: db.Message{RoomID: 1, Seq: seq, Kind: db.KindText, AuthorID: who.ID, Body: text}}
	}
	first := say(1, sampleFriend(), "Morning! The forecast for Saturday has turned: sun from ten.")
	first.Day = "Friday, 8 May"
	second := say(2, sampleFriend(), "Shall we do the ridge after all?")
	second.Continues = true
	second.Reactions = []Reaction{{Emoji: "👍", By: []db.User{sampleViewer(), sampleOther()}}, {Emoji: "🎉", By: []db.User{sampleOther()}}}
	own := say(3, sampleViewer(), "Which way up? I remember two:\n- past the quarry, steep but short\n- along the stream, *longer* and shady")
	edited := say(4, sampleViewer(), "I would take the `8:42`.")
	edited.Continues, edited.Edited = true, true
	reply := say(5, sampleFriend(), "Along the stream, @ada. The map is at https://example.org/map")
	reply.Quote = &Quote{Seq: 3, Author: sampleViewer(), Text: "Which way up? I remember two:"}
	reply.Mentioned = []db.User{sampleViewer()}
	photo := say(6, sampleOther(), "")
	photo.Photos = []db.Photo{{ID: 1, Width: 512, Height: 512, Alt: "Two speech bubbles, face to face"}}
	photos := say(7, sampleViewer(), "And these two.")
	photos.Photos = []db.Photo{{ID: 1, Width: 512, Height: 512}, {ID: 2, Width: 512, Height: 512}}
	deleted, ownDeleted := say(8, sampleFriend(), ""), say(9, sampleViewer(), "")
	deleted.Deleted, ownDeleted.Deleted = true, true
	joined := say(10, sampleFriend(), "")
	joined.Message.Kind, joined.Event = db.KindJoin, &Event{Subject: sampleOther()}
	highlighted := say(11, sampleOther(), "The message that a link led to.")
	highlighted.Highlighted = true
	namesake := say(12, db.User{ID: 9, Username: "cleo.2", DisplayName: "Cleo", SharesName: true}, "Somebody else has this name too.")
	return []Entry{first, second, own, edited, reply, photo, photos, deleted, ownDeleted, joined, highlighted, namesake}
}

func sampleRooms() RoomList {
	at := time.Date(2026, 5, 8, 9, 41, 0, 0, time.UTC)
	return RoomList{CanLeave: true, Next: "1-1", Rooms: []RoomSummary{
		{ID: 1, Title: "Bo Karlsson", Friend: sampleFriend(), Preview: "Shall we do the ridge after all?", At: at, When: "09:43", Current: true},
		{ID: 2, Title: "Cleo", Friend: sampleOther(), Preview: "See you at seven, then.", At: at, When: "Thu", Unread: 3},
		{ID: 3, Title: "Choir", IsGroup: true, Preview: "Bo Karlsson: @ada, can you bring the scores?", At: at, When: "Wed", Unread: 12, Mentioned: true},
		{ID: 4, Title: "Allotment, with a name that is longer than its line", IsGroup: true, Preview: "Cleo: Watered.", At: at, When: "2 May", Unread: 1200, Muted: true},
		{ID: 5, Title: "Somebody new", Friend: db.User{ID: 6, Username: "somebody", DisplayName: "Somebody new"}},
	}}
}

func sampleFriends() Friends {
	return Friends{Words: words.English(), Incoming: []Friend{{User: sampleOther()}}, Friends: []Friend{{User: sampleFriend(), RoomID: 1}},
		Outgoing: []Friend{{User: db.User{ID: 7, Username: "dot", DisplayName: "Dot"}}},
		Blocked:  []Friend{{User: db.User{ID: 8, Username: "eli", DisplayName: "Eli"}}}}
}

func sampleHit() SearchHit {
	return SearchHit{RoomID: 1, Seq: 3, Title: "Choir", Author: sampleFriend(), At: time.Date(2026, 5, 8, 9, 41, 0, 0, time.UTC),
		When: "Yesterday, 09:41", Pieces: []Piece{{Text: "Along the "}, {Text: "stream", Hit: true}, {Text: ", then."}}}
}

func sampleInvitations() []Invitation {
	return []Invitation{
		{ID: 2, Inviter: sampleViewer(), Used: 4, Uses: 12, Until: "8 June 2026, 09:41", State: "open", Rooms: []string{"Town square", "Choir"}},
		{ID: 1, Inviter: sampleFriend(), Uses: 1, State: "expired"},
	}
}

func sampleReport(closed bool) OwnReport {
	at := time.Date(2026, 5, 8, 9, 41, 0, 0, time.UTC)
	r := OwnReport{Report: db.Report{Reason: "spam"}, Author: sampleOther(), At: at, ClosedAt: at.Add(time.Hour)}
	if closed {
		r.Report.IsClosed, r.Report.Answer, r.Report.AnswerWords = true, "acted", "It won’t happen again."
	}
	return r
}
