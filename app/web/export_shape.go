package web

import (
	"context"
	"slices"

	"parley/app/chat"
	"parley/app/export"
	"parley/app/photo"
	"parley/db"
	"parley/views"
)

// writeAll writes the archive: the rooms one after the other, and then what leads to them.
func (x *exporter) writeAll(ctx context.Context) error {
	to, err := x.archive.Text("style.css")
	if err != nil {
		return err
	}
	if _, err := to.Write(views.OfflineStyle(x.me.Username)); err != nil {
		return err
	}
	rooms, err := query(ctx, func(ctx context.Context) ([]uint64, error) { return x.server.chat.RoomIDs(ctx, x.me) })
	if err != nil {
		return err
	}
	list := make([]export.Room, 0, len(rooms))
	for _, id := range rooms {
		about, there, err := x.writeRoom(ctx, id)
		if err != nil {
			return err
		}
		if there {
			list = append(list, about)
		}
	}
	if err := x.archive.JSON("rooms.json", list); err != nil {
		return err
	}
	return x.writeAccount(ctx, list)
}

// query bounds the time of one question to the database.
func query[T any](ctx context.Context, ask func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, exportQuery)
	defer cancel()
	return ask(ctx)
}

// writeAccount writes the profile and the lists of people, and the page that leads to everything.
func (x *exporter) writeAccount(ctx context.Context, rooms []export.Room) error {
	sessions, err := query(ctx, func(ctx context.Context) ([]db.Session, error) { return x.server.accounts.Sessions(ctx, x.me.ID) })
	if err != nil {
		return err
	}
	people, err := x.allPeople(ctx)
	if err != nil {
		return err
	}
	index := views.ExportedIndex{Words: x.locale.words, Me: x.me, At: x.now.In(x.locale.zone), Since: x.me.CreatedAt.In(x.locale.zone)}
	profile := x.profile()
	for _, s := range sessions {
		profile.Sessions = append(profile.Sessions, export.Session{Browser: s.UserAgent, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, Current: s.ID == x.session})
		index.Sessions = append(index.Sessions, views.SessionSummary{
			Browser:  browserName(x.locale.words.Profile, s.UserAgent),
			LastSeen: x.locale.words.Dates.Moment(s.SeenAt.In(x.locale.zone)),
		})
	}
	if p, may, err := x.seen(ctx, x.me.PhotoID); err != nil {
		return err
	} else if may {
		profile.Photo = export.PhotoPath(p.ID, photo.Large, p.Type)
		index.Photo = profile.Photo
		if err := x.writePhoto(ctx, p.ID, photo.Large); err != nil {
			return err
		}
	}
	if err := x.archive.JSON("profile.json", profile); err != nil {
		return err
	}
	if err := x.archive.JSON("friends.json", export.People{
		Friends: exportedPeople(people.Friends), Received: exportedPeople(people.Incoming),
		Sent: exportedPeople(people.Outgoing), Blocked: exportedPeople(people.Blocked),
	}); err != nil {
		return err
	}
	for _, r := range rooms {
		index.Rooms = append(index.Rooms, views.ExportedLine{Title: r.Name, File: export.PagePath(r.ID, 1), Muted: r.Muted})
	}
	w := x.locale.words.Own
	for _, list := range []struct {
		heading string
		people  []chat.Known
	}{{w.Friends, people.Friends}, {w.Received, people.Incoming}, {w.Sent, people.Outgoing}, {w.Blocked, people.Blocked}} {
		part := views.ExportedPeople{Heading: list.heading}
		for _, k := range list.people {
			part.People = append(part.People, k.User)
		}
		index.People = append(index.People, part)
	}
	html, err := renderHTML(views.ExportedIndexPage(index))
	if err != nil {
		return err
	}
	to, err := x.archive.Text("index.html")
	if err == nil {
		_, err = to.Write(html)
	}
	return err
}

func (x *exporter) profile() export.Profile {
	me := x.me
	return export.Profile{
		Format: export.Format, ExportedAt: x.now.UTC(), Server: x.origin,
		Username: me.Username, Name: me.DisplayName, TimeZone: me.TimeZone, Language: me.Language, CreatedAt: me.CreatedAt,
		Settings: export.Settings{
			ShowsPresence: !me.HidesPresence, ShowsTyping: !me.HidesTyping, ReadingMode: me.ReadingMode.String(),
			NewestFirst: me.NewestFirst, Notifications: me.Notifications.Desktop, Sound: me.Notifications.Sound,
		},
		Sessions: []export.Session{},
	}
}

// allPeople reads the lists of people to their ends.
func (x *exporter) allPeople(ctx context.Context) (all chat.People, err error) {
	all, err = query(ctx, func(ctx context.Context) (chat.People, error) { return x.server.chat.People(ctx, x.me) })
	for list, next := range map[db.PairList]*db.PairPosition{db.ListFriends: all.NextFriends, db.ListReceived: all.NextIncoming, db.ListBlocked: all.NextBlocked} {
		for next != nil && err == nil {
			var part chat.People
			part, err = query(ctx, func(ctx context.Context) (chat.People, error) {
				return x.server.chat.PeopleAfter(ctx, x.me, list, *next)
			})
			all.Friends, all.Incoming, all.Blocked = append(all.Friends, part.Friends...), append(all.Incoming, part.Incoming...), append(all.Blocked, part.Blocked...)
			next = map[db.PairList]*db.PairPosition{db.ListFriends: part.NextFriends, db.ListReceived: part.NextIncoming, db.ListBlocked: part.NextBlocked}[list]
		}
	}
	return all, err
}

// exportedEntry is an entry in the shape of the JSON.
func exportedEntry(e chat.Entry) export.Entry {
	out := export.Entry{
		Seq: e.Seq, Kind: string(e.Kind), At: e.CreatedAt, Author: exportedPerson(e.Author), About: exportedPerson(e.About),
		Text: e.Body, Edited: e.Edited, Deleted: e.DeleteSeq != 0,
	}
	if e.Quote != nil && !e.Quote.Hidden {
		out.ReplyTo = e.Quote.Seq
	}
	for _, p := range e.Pictures {
		out.Photos = append(out.Photos, export.Photo{File: export.PhotoPath(p.ID, photo.Large, p.Type), Alt: p.Alt, Width: p.Width, Height: p.Height})
	}
	for _, r := range e.Reactions {
		out.Reactions = append(out.Reactions, export.Reaction{Emoji: r.Emoji, By: exportedUsers(r.By)})
	}
	out.Mentions = exportedUsers(e.Mentioned)
	return out
}

func exportedPerson(u db.User) *export.Person {
	if u.ID == 0 {
		return nil
	}
	if u.IsDeleted {
		return &export.Person{}
	}
	return &export.Person{Username: u.Username, Name: u.DisplayName}
}

func exportedUsers(list []db.User) (people []export.Person) {
	for _, u := range list {
		people = append(people, *exportedPerson(u))
	}
	return people
}

func exportedPeople(list []chat.Known) []export.Person {
	people := []export.Person{}
	for _, k := range list {
		people = append(people, *exportedPerson(k.User))
	}
	return slices.Clip(people)
}
