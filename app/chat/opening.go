package chat

import (
	"context"
	"encoding/binary"
	"errors"

	"parley/app/cache"
	"parley/db"
)

// Rooms are often opened again when nothing has happened in them, so the page that a room opens with is cached as the
// caller rendered it. Changes do not invalidate the cache. A page is shown again only if two statements have just found
// what it was made from:
//
//   - the first lets the member in; a page finds the session with it. With it come the head of the log, up to where it is
//     erased, and the spans. They are the key, because whatever changes an entry of a log raises its last_seq or its
//     erased_seq in the same transaction, and a restored log has another epoch.
//   - the second reads the people of the room, unless it has two, who come with the first. What they look like changes
//     without an entry, so all that a page shows of people is in its version (cast). Where a page has mentions, which go
//     with an account, a third statement reads them.
//
// So a page is never older than the first statement of its request, whatever the bus does and whoever else writes to the
// database. Otherwise the page is read in a snapshot that begins with the same head, or all is read in one. Neither a
// waiting request nor a page that is shown again holds a transaction.
//
// Each page counts for whoever asked for it first, and nobody has more than their share of the cache: one person could push
// out what all others open, by opening a room in one time zone after the other. Pages of history are not kept, because
// everybody scrolls through them once.

// pageCache is the number of bytes of rendered pages that a process keeps: 50 messages take about 40,000.
const pageCache = 32 << 20

// Rendering is what the caller of Opening makes of the entries of a page.
type Rendering struct {
	Key    any // all that the result depends on besides the entries, such as the language; comparable
	Render func(list []Entry) (result any, bytes int, err error)
}

// openingKey is what a page depends on, except for its cast.
type openingKey struct {
	room, epoch, last, erased uint64
	createdAt                 int64 // in microseconds since 1970: SQLite may use the id of a deleted room again
	spans                     string
	after                     uint64 // the page begins after this entry; 0 is the end
	rendering                 any    // nil for the extent alone
}

// openingPage is a page that may be shown again. Nothing in it may be changed.
type openingPage struct {
	extent
	rendered         any
	pins             Pins
	version          castVersion
	others, messages []uint64
}

var errMoved = errors.New("chat: the room has changed between two statements")

// Opening is OpeningOf for whoever has not been let in yet.
func (c *Chat) Opening(ctx context.Context, me db.User, room uint64, unread bool, as Rendering) (HistoryPage, error) {
	in, err := c.store.EntranceOf(ctx, me.ID, room)
	if err != nil {
		return HistoryPage{}, notFound(err)
	}
	return c.OpeningOf(ctx, me, in, unread, as)
}

// OpeningOf is History of what a room opens with: its first unread messages if unread is set and they do not fit on the
// last page, else its end. In place of the entries the page has the result of their rendering, which may have been made
// earlier and for another member who sees the same. My account and my entrance must have just been looked up.
func (c *Chat) OpeningOf(ctx context.Context, me db.User, in db.Entrance, unread bool, as Rendering) (v HistoryPage, err error) {
	v, err = c.opening(ctx, c.store, me, in, unread, as)
	if errors.Is(err, errMoved) {
		err = c.store.Snapshot(ctx, func(tx *db.DB) (err error) {
			if in, err = tx.EntranceOf(ctx, me.ID, in.Room.ID); err == nil {
				v, err = c.opening(ctx, tx, me, in, unread, as)
			}
			return err
		})
	}
	return v, notFound(err)
}

func (c *Chat) opening(ctx context.Context, store *db.DB, me db.User, in db.Entrance, unread bool, as Rendering) (HistoryPage, error) {
	o := opener{chat: c, me: me, reader: c.readerWith(store, in), in: in, unread: unread, as: as}
	for mayWait := store == c.store; ; mayWait = false {
		v, ok, err := o.kept(ctx)
		if ok || err != nil {
			return v, err
		}
		done, wait := c.Pages.Claim(o.wanted)
		if done == nil && mayWait {
			select {
			case <-wait:
				continue
			case <-ctx.Done():
				return HistoryPage{}, ctx.Err()
			}
		}
		if done != nil {
			defer done()
		}
		return o.read(ctx)
	}
}

// opener opens a room for a member.
type opener struct {
	chat   *Chat
	me     db.User
	reader roomReader
	in     db.Entrance
	unread bool
	as     Rendering
	wanted openingKey // the page that is not kept, as far as it is known
}

func (o *opener) key(after uint64, rendering any) openingKey {
	r := o.in.Room
	k := openingKey{room: r.ID, epoch: r.Epoch, last: r.LastSeq, erased: r.ErasedSeq, createdAt: r.CreatedAt.UnixMicro(), after: after, rendering: rendering}
	var spans []byte
	for _, s := range o.in.Spans {
		spans = binary.AppendUvarint(binary.AppendUvarint(spans, s.From), s.To)
	}
	k.spans = string(spans)
	return k
}

// kept returns the page if it is kept, and still what there is to show.
func (o *opener) kept(ctx context.Context) (v HistoryPage, ok bool, err error) {
	o.wanted = o.key(0, o.as.Key)
	end, ok := o.chat.Pages.Get(o.key(0, nil))
	if !ok {
		return v, false, nil
	}
	first, err := end.firstUnread(ctx, o.reader.tx, o.in)
	if err != nil {
		return v, false, err
	}
	if o.unread {
		o.wanted.after = end.opensAfter(first)
	}
	p, ok := o.chat.Pages.Get(o.wanted)
	if !ok {
		return v, false, nil
	}
	now, err := castAgain(ctx, o.reader.tx, o.me, o.in, p.others, p.messages)
	if err != nil || now.version() != p.version {
		return v, false, err
	}
	o.chat.Stats.PagesKept.Add(1)
	return o.show(*p, first, o.wanted.after), true, nil
}

// read reads and renders the page, and keeps it.
func (o *opener) read(ctx context.Context) (v HistoryPage, err error) {
	var found reading
	var c *cast
	err = o.reader.tx.Snapshot(ctx, func(tx *db.DB) error {
		reader := o.reader
		reader.tx = tx
		if c, err = castOf(ctx, tx, o.in.Room.ID); err != nil {
			return err
		}
		if h, r := c.names.Head, o.in.Room; h.Epoch != r.Epoch || h.LastSeq != r.LastSeq || c.names.ErasedSeq != r.ErasedSeq {
			return errMoved
		}
		c.like = likeNamesOf(c.names)
		reader.cast = c
		found, err = reader.read(ctx, o.in, Place{Unread: o.unread})
		return err
	})
	if err != nil {
		return v, err
	}
	p := openingPage{extent: found.extent, pins: found.pins, version: c.version(), others: c.others, messages: c.messages}
	var bytes int
	if p.rendered, bytes, err = o.as.Render(found.entries); err != nil {
		return v, err
	}
	o.keep(o.key(0, nil), openingPage{extent: found.end}, 0)
	o.keep(o.key(found.after, o.as.Key), p, bytes)
	o.chat.Stats.PagesRead.Add(1)
	return o.show(p, found.first, found.after), nil
}

// Sizes of what is kept, in bytes.
const (
	lineBytes = 24
	pageBytes = 1000 // its key, its version and what is pinned
)

func (o *opener) keep(k openingKey, p openingPage, rendered int) {
	o.chat.Pages.AddFor(o.me.ID, k, &p, pageBytes+rendered+len(k.spans)+lineBytes*len(p.lines)+8*(len(p.others)+len(p.messages)))
}

func (o *opener) show(p openingPage, first, after uint64) HistoryPage {
	v := newHistoryPage(o.in, p.extent, first)
	v.Opened, v.Rendered, v.Pins = after > 0, p.rendered, p.pins
	return v
}

// Pages are what rooms open with, by what decides it.
type Pages = cache.Cache[openingKey, *openingPage]
