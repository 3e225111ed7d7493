package chat

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"parley/app/cache"
	"parley/db"
)

const (
	castCacheBytes = 4 << 20
	castBytes      = 250 // of one person
	// castTTL is how long a cast is used, because a process of an older version does not count how often people change
	// how they look.
	castTTL = 15 * time.Second
)

// castCache keeps the casts of rooms for the messages that are posted there. One holds for a message if people looked
// the same when it was written, which its transaction has read, and if no entry before it has changed who is in the
// room: whoever reads the log of a room passes it on to follow.
type castCache struct {
	kept *cache.Cache[uint64, *keptCast]
}

// keptCast is a cast that several readers use, and that nobody changes.
type keptCast struct {
	cast   *cast
	looks  uint64
	readAt time.Time
	seen   atomic.Uint64 // entries up to this one have not changed who is in the room, or are in the cast
}

func newCastCache() castCache { return castCache{cache.New[uint64, *keptCast](castCacheBytes)} }

// follow takes entries of a room's log, which are contiguous, and keeps its cast in use unless they change who is in it.
func (c castCache) follow(room, epoch uint64, rows []db.Message) {
	k, ok := c.kept.Get(room)
	if !ok || k.cast.names.Head.Epoch != epoch || rows[0].Seq > k.seen.Load()+1 {
		return
	}
	for _, m := range rows {
		if m.Seq > k.seen.Load() && !slices.Contains([]db.MessageKind{db.KindText, db.KindEdit, db.KindDelete, db.KindReaction, db.KindAltText}, m.Kind) {
			return // what comes after it needs a new cast
		}
	}
	k.saw(rows[len(rows)-1].Seq)
}

func (k *keptCast) saw(seq uint64) {
	for seen := k.seen.Load(); seq > seen && !k.seen.CompareAndSwap(seen, seq); seen = k.seen.Load() {
	}
}

// holdsFor reports whether a cast is what a read would find for messages.
func (k *keptCast) holdsFor(posts Committed) bool {
	return k.cast.names.Head.Epoch == posts.Epoch && k.looks == posts.looks && posts.First() <= k.seen.Load()+1 && time.Since(k.readAt) < castTTL
}

// castFor returns the cast of a room for messages.
func (c *Chat) castFor(ctx context.Context, posts Committed) (*cast, error) {
	k, ok := c.casts.kept.Get(posts.Room)
	if !ok || !k.holdsFor(posts) {
		now, err := castOf(ctx, c.store, posts.Room)
		if err != nil {
			return nil, err
		}
		now.like = likeNamesOf(now.names)
		k = &keptCast{cast: now, looks: posts.looks, readAt: time.Now()}
		k.seen.Store(now.names.Head.LastSeq)
		// A database that lags would show people as they looked before.
		if now.names.Head.Epoch == posts.Epoch && now.names.Head.LastSeq >= posts.Last() {
			c.casts.kept.Add(posts.Room, k, castBytes*len(now.people))
		}
	}
	k.saw(posts.Last())
	own := *k.cast
	if slices.ContainsFunc(posts.rows, func(m db.Message) bool { _, known := own.people[m.AuthorID]; return !known }) {
		own.people = maps.Clone(own.people) // people are added: the room has had too many for its cast to have all
	}
	return &own, nil
}
