package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"parley/app/chat"
	"parley/app/export"
	"parley/app/photo"
	"parley/db"
	"parley/views"
)

const (
	exportBatch   = 100             // entries that are read and rendered at a time
	exportEntries = 500             // about as many are on a page
	exportBytes   = 1 << 20         // or this many bytes of JSON
	exportQuery   = 5 * time.Second // for what is read at a time
)

// exporter writes one archive. It holds a page of JSON, a batch of entries or a photo at a time, and the names
// of the files.
type exporter struct {
	server  *Server
	lease   *export.Lease
	me      db.User
	session uint64
	locale  locale
	origin  string
	now     time.Time
	archive *export.Archive
	files   map[uint64]string // avatars that are in the archive; "" for those that may not be seen
	avatars []uint64          // that have to be written when the page ends
}

// exportedRoom is a room while it is written.
type exportedRoom struct {
	*exporter
	id     uint64
	last   chat.HistoryPage // the batch that was read last
	after  uint64           // everything up to here is written
	begins []uint64         // the first seq of each page
	said   int
	broken bool // the caller has left, or was removed
	photos []db.Photo
}

// read reads the next entries. Each time it checks again that the caller is a member, and what they may see, so nothing
// is read of a room that they have left meanwhile.
func (r *exportedRoom) read(ctx context.Context) error {
	if err := r.lease.Renew(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, exportQuery)
	defer cancel()
	v, err := r.server.chat.EntriesAfter(ctx, r.me, r.id, r.after, exportBatch)
	if errors.Is(err, chat.ErrNotFound) {
		r.broken, r.last.Entries = true, nil
		return nil
	}
	if err == nil {
		r.last = v
	}
	return err
}

// writeRoom writes all pages of a room. A room that is gone before its first is left out.
func (x *exporter) writeRoom(ctx context.Context, id uint64) (export.Room, bool, error) {
	r := &exportedRoom{exporter: x, id: id}
	if err := r.read(ctx); err != nil || r.broken {
		return export.Room{}, false, err
	}
	about := export.Room{ID: id, Kind: string(r.last.Room.Kind), Name: roomTitle(r.last.Friend, r.last.Room.Name), Muted: r.last.Level == db.NotifyNothing,
		Mentions: r.last.Level == db.NotifyMentions, CreatedAt: r.last.Room.CreatedAt}
	if r.last.Friend.ID != 0 {
		about.With = exportedPerson(r.last.Friend)
	}
	for n := 1; n == 1 || len(r.last.Entries) > 0; n++ {
		if err := r.writePage(ctx, n, about.Name); err != nil {
			return about, false, err
		}
		about.Files = append(about.Files, export.DataPath(id, n))
	}
	about.Entries, about.Broken = r.said, r.broken
	return about, true, nil
}

// writePage writes a page as HTML and as JSON, and the photos on it.
func (r *exportedRoom) writePage(ctx context.Context, n int, title string) error {
	page := views.ExportedRoom{Words: r.locale.words, Title: title, N: n, Empty: len(r.last.Entries) == 0}
	if n > 1 {
		page.Earlier = export.PageName(n - 1)
	}
	to, err := r.archive.Text(export.PagePath(r.id, n))
	if err != nil {
		return err
	}
	if err := writePart(to, page, true); err != nil {
		return err
	}
	var data bytes.Buffer
	if len(r.last.Entries) > 0 {
		r.begins = append(r.begins, r.last.Entries[0].Seq)
	}
	for first, begun := true, r.said; len(r.last.Entries) > 0 && r.said-begun < exportEntries && data.Len() < exportBytes; first = false {
		start := time.Now()
		html, err := r.render(ctx, first, &data)
		if err != nil {
			return err
		}
		spent := time.Since(start)
		if _, err := to.Write(html); err != nil { // as long as the reader takes
			return err
		}
		if err := r.server.pause(ctx, spent); err != nil {
			return err
		}
		if err := r.read(ctx); err != nil {
			return err
		}
	}
	page.Broken = r.broken
	if len(r.last.Entries) > 0 {
		page.Later = export.PageName(n + 1)
	}
	if err := writePart(to, page, false); err != nil {
		return err
	}
	if err := r.writeData(n, data.Bytes()); err != nil {
		return err
	}
	if err := r.writePhotos(ctx); err != nil {
		return err
	}
	return r.archive.Flush()
}

// writePart writes the page up to its entries, or from there on.
func writePart(to io.Writer, page views.ExportedRoom, upper bool) error {
	html, err := renderHTML(views.ExportedRoomPage(page))
	if err != nil {
		return err
	}
	part, lower, _ := bytes.Cut(html, []byte(views.ExportMark))
	if !upper {
		part = lower
	}
	_, err = to.Write(part)
	return err
}

// render returns the batch as HTML and appends it to data as JSON.
func (r *exportedRoom) render(ctx context.Context, first bool, data *bytes.Buffer) ([]byte, error) {
	var html bytes.Buffer
	for i, e := range r.last.Entries {
		if data.Len() > 0 {
			data.WriteString(",\n")
		}
		if err := encode(data, exportedEntry(e)); err != nil {
			return nil, err
		}
		if err := r.setAvatars(ctx, &e); err != nil {
			return nil, err
		}
		v := entryView(e, r.locale)
		if first && i == 0 {
			v.Day = r.locale.words.Dates.Day(v.At)
		}
		one, err := renderHTML(views.Message(v))
		if err != nil {
			return nil, err
		}
		html.Write(views.Offline(one, r.address(e)))
		r.photos = append(r.photos, e.Pictures...)
		r.said, r.after = r.said+1, e.Seq
	}
	return html.Bytes(), nil
}

func encode(to *bytes.Buffer, value any) error {
	in := json.NewEncoder(to)
	in.SetEscapeHTML(false)
	err := in.Encode(value)
	to.Truncate(max(to.Len()-1, 0)) // the line feed
	return err
}

// address returns which files of the archive take the place of the addresses in an entry.
func (r *exportedRoom) address(e chat.Entry) func(address string) string {
	files := map[string]string{}
	for i, p := range e.Pictures {
		file := "../../" + export.PhotoPath(p.ID, photo.Large, p.Type)
		files[views.PhotoPath(p.ID, photo.Small)] = file
		files[views.PhotoPagePath(e.RoomID, e.Seq, i+1)] = file
	}
	if id := e.Author.PhotoID; r.files[id] != "" {
		files[views.PhotoPath(id, photo.Small)] = "../../" + r.files[id]
	}
	files[views.Permalink(e.RoomID, e.Seq)] = "#" + views.Anchor(e.Seq)
	if e.Quote != nil {
		if n := r.pageOf(e.Quote.Seq); n > 0 {
			files[views.Permalink(e.RoomID, e.Quote.Seq)] = export.PageName(n) + "#" + views.Anchor(e.Quote.Seq)
		}
	}
	return func(address string) string { return files[address] }
}

// pageOf returns the page of an entry that is already written; 0 if it is on none.
func (r *exportedRoom) pageOf(seq uint64) int {
	n, begins := slices.BinarySearch(r.begins, seq)
	if begins {
		n++
	}
	return n
}

// writeData writes a page as JSON.
func (r *exportedRoom) writeData(n int, entries []byte) error {
	to, err := r.archive.Text(export.DataPath(r.id, n))
	if err != nil {
		return err
	}
	for _, part := range [][]byte{[]byte("[\n"), entries, []byte("\n]\n")} {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return nil
}
