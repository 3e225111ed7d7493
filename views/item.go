package views

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"parley/db"
)

// Item is an entry without the day above it, rendered once for all pages and streams that show it. Only renderItem makes
// one, so its HTML always comes from a component.
type Item struct{ html string }

// Render writes the item, which makes it a component.
func (i Item) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, i.html)
	return err
}

// Len returns how many bytes an item has.
func (i Item) Len() int { return len(i.html) }

// RenderItem renders an entry. An entry that has its item needs nothing else but what the list around it depends on:
// its place in the log, its author, its time and its day.
func RenderItem(e Entry) (Item, error) {
	return renderItem(entryItem(e.ofItem()))
}

func renderItem(c templ.Component) (Item, error) {
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		return Item{}, err
	}
	return Item{b.String()}, nil
}

// ofItem returns an entry with nothing but what is in its ItemKey, so that an item can depend on nothing else.
func (e Entry) ofItem() Entry {
	zone, offset := e.At.Zone()
	m := e.Message
	of := Entry{
		Words: e.Words, Text: e.Text, At: time.UnixMicro(e.At.UnixMicro()).In(time.FixedZone(zone, offset)),
		Message:   db.Message{RoomID: m.RoomID, Seq: m.Seq, Kind: m.Kind, AuthorID: m.AuthorID, AboutID: m.AboutID, PhotoID: m.PhotoID, Body: m.Body},
		Author:    shownOf(e.Author),
		Mentioned: allShownOf(e.Mentioned),
		Continues: e.Continues, SameMinute: e.SameMinute, FewEmojis: e.FewEmojis, Edited: e.Edited, Deleted: e.Deleted, Expired: e.Expired,
		Highlighted: e.Highlighted, Evidence: e.Evidence,
	}
	if e.DeletedBy != nil {
		by := shownOf(*e.DeletedBy)
		of.DeletedBy = &by
	}
	if about := e.Event; about != nil {
		of.Event = &Event{Subject: shownOf(about.Subject), JoinedNext: shownOf(about.JoinedNext), JoinedToo: about.JoinedToo}
	}
	if e.Quote != nil {
		q := *e.Quote
		q.Author = shownOf(q.Author)
		of.Quote = &q
	}
	for _, p := range e.Photos {
		of.Photos = append(of.Photos, db.Photo{ID: p.ID, Width: p.Width, Height: p.Height, Alt: p.Alt})
	}
	for _, r := range e.Reactions {
		of.Reactions = append(of.Reactions, Reaction{Emoji: r.Emoji, By: allShownOf(r.By)})
	}
	return of
}

// shownOf returns a person with what an entry may show of them.
func shownOf(u db.User) db.User {
	return db.User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, PhotoID: u.PhotoID, IsDeleted: u.IsDeleted, SharesName: u.SharesName}
}

func allShownOf(list []db.User) []db.User {
	list = slices.Clone(list)
	for i, u := range list {
		list[i] = shownOf(u)
	}
	return list
}

// entryOf returns an entry of a list. Most have their item and no day above them, and there the item is all of it: a
// list of fifty would otherwise copy each of them several times.
func entryOf(e *Entry) templ.Component {
	if e.Day == "" && e.Item != (Item{}) {
		return e.Item
	}
	return Message(*e)
}
