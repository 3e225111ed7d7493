// Package chat decides who may talk to whom, and who sees what: friends, rooms, messages and
// the feed of a room. Its rules know nothing of HTTP.
//
// Every function takes the person who acts, and finds rooms through that person, so that what
// is not theirs does not exist. What changes a room takes the room's lock first, commits, and
// only then notifies the bus: a signal before the commit would send readers to find nothing.
package chat

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"parley/app/batch"
	"parley/app/bus"
	"parley/app/cache"
	"parley/app/markup"
	"parley/app/search"
	"parley/app/settings"
	"parley/app/turn"
	"parley/db"
)

// What can be refused. The sentences for people are made in web.
var (
	ErrNotFound         = errors.New("chat: not found, or not accessible")
	ErrSignedOut        = errors.New("chat: no longer signed in")
	ErrEmpty            = errors.New("chat: the message is empty")
	ErrTooLong          = errors.New("chat: the message is too long")
	ErrBadText          = errors.New("chat: the text has characters that cannot be stored")
	ErrBadKey           = errors.New("chat: the key is malformed")
	ErrKeyReused        = errors.New("chat: the key was used for another message")
	ErrTooFast          = errors.New("chat: too many messages at once")
	ErrUnknownOutcome   = errors.New("chat: the message may not be stored; send it again with the same key")
	ErrNoSuchUser       = errors.New("chat: no such user")
	ErrSelf             = errors.New("chat: that is yourself")
	ErrFriends          = errors.New("chat: already friends")
	ErrBlocking         = errors.New("chat: this person is blocked")
	ErrNoRequest        = errors.New("chat: no such friend request")
	ErrTooManyPending   = errors.New("chat: too many pending requests")
	ErrBadReply         = errors.New("chat: the message to reply to is gone")
	ErrBadEmoji         = errors.New("chat: not an emoji")
	ErrTooManyEmojis    = errors.New("chat: too many different emoji on one message")
	ErrTooManyPhotos    = errors.New("chat: too many photos in one message")
	ErrPhotoGone        = errors.New("chat: a photo is gone, or in a message already")
	ErrBadAlt           = errors.New("chat: the description of a photo is too long or cannot be stored")
	ErrBadName          = errors.New("chat: the name of the group cannot be one")
	ErrNotFriend        = errors.New("chat: only friends can be added to a group")
	ErrAlreadyMember    = errors.New("chat: already a member of the group")
	ErrTooManyAtOnce    = errors.New("chat: too many people for the creation of a group")
	ErrGroupFull        = errors.New("chat: the group is full")
	ErrOnlyAdmins       = errors.New("chat: only administrators can open rooms to everybody")
	ErrTooManyForGroup  = errors.New("chat: the room has more members than a group may have")
	ErrTooManyDefaults  = errors.New("chat: too many rooms for newcomers")
	ErrTooManyJoins     = errors.New("chat: too many rooms joined today")
	ErrBadAbout         = errors.New("chat: what the room is about is too long or cannot be stored")
	ErrGroupsByAdmins   = errors.New("chat: only administrators create groups here")
	ErrTooManyGroups    = errors.New("chat: too many groups today")
	ErrTooManyBroughtIn = errors.New("chat: too many people brought into groups today")
	ErrTooManyNames     = errors.New("chat: too many usernames today")
	ErrTooManyUnblocks  = errors.New("chat: too many ended blocks today")
	ErrTooManyToday     = errors.New("chat: too many requests today")
	ErrTooManyEdits     = errors.New("chat: too many edits of one message")
	ErrTooManyReactions = errors.New("chat: too many reactions to one message")
	ErrTooManyOwn       = errors.New("chat: too many reactions of one person to one message")
	ErrTooManyAlts      = errors.New("chat: too many alt texts on one message")
	ErrBadReason        = errors.New("chat: not a reason for a report")
	ErrBadAnswer        = errors.New("chat: not an answer to a report")
	ErrLongWords        = errors.New("chat: the words about a report are too long")
	ErrTooManyReports   = errors.New("chat: too many reports today")
	ErrReportClosed     = errors.New("chat: the report is closed already")
	ErrWrongName        = errors.New("chat: not the name of the room")
	ErrNotMember        = errors.New("chat: not a member of the room")
	ErrBanned           = errors.New("chat: banned from the room")
	ErrTooManyPins      = errors.New("chat: too many pinned messages")
	ErrBadPace          = errors.New("chat: no such pace of slow mode")
	ErrBadPosting       = errors.New("chat: neither everybody nor moderators may post")
	ErrBadLevel         = errors.New("chat: no such level of notification")
	ErrSlowMode         = errors.New("chat: slow mode is on")
	ErrOnlyModerators   = errors.New("chat: only moderators post in this room")
)

// textCache is the number of bytes of parsed texts that a process keeps: some 20,000 texts of ordinary length, which
// are the newest pages of hundreds of rooms, or 200 of the costliest.
const textCache = 16 << 20

// Options are the choices of whoever runs the server.
type Options struct {
	Settings func(ctx context.Context) settings.Values // what administrators decided
	Limits   bool                                      // limit posts, searches and groups per day; always for strangers
	Now      func() time.Time                          // the clock

	// Committed receives messages that have just been committed, before they are published. It must not wait, and
	// may be nil.
	Committed func(Committed)
}

// Chat is the rules over one database and one bus.
type Chat struct {
	store      *db.DB
	bus        bus.Bus
	now        func() time.Time
	settings   func(ctx context.Context) settings.Values
	engine     *search.Engine
	posts      *batcher
	entrances  *batch.Loader[db.RoomUser, db.Entrance]
	limits     bool
	committed  func(Committed)
	Texts      *markup.Cache // what people write, parsed
	Pages      *Pages        // what rooms open with, rendered
	casts      castCache     // of the rooms where people post
	Lines      *Lines        // of room lists
	mostSorted int
	Stats      Stats

	// One change to a room is made at a time. A transaction that waits for a room's lock in MySQL holds a connection,
	// and there are few: the changes that six people can make to one room at once would hold all of them, and posts
	// to other rooms would wait for one. Posts have a turn of their own, in the room's batch.
	changes *turn.Queue

	postLimit    *userLimiter // nil without limits
	searchLimit  *userLimiter // nil without limits
	attemptLimit *userLimiter // nil without limits
	typingLimit  *userLimiter
}

// Stats counts the outcomes of posts and of opening rooms since the start.
type Stats struct {
	Repeats atomic.Uint64 // their key was stored already
	Batches atomic.Uint64 // the transactions they were written in

	PagesKept atomic.Uint64 // rooms that were opened with a page that was kept
	PagesRead atomic.Uint64 // and with one that had to be read

	LinesKept atomic.Uint64 // lines of room lists that were kept
	LinesRead atomic.Uint64 // and those that had to be read
}

// New returns the rules of this process.
func New(store *db.DB, bus bus.Bus, o Options) *Chat {
	if o.Settings == nil {
		o.Settings = func(context.Context) settings.Values { return settings.Defaults() }
	}
	c := &Chat{store: store, bus: bus, settings: o.Settings, limits: o.Limits, committed: o.Committed, Texts: markup.NewCache(textCache),
		Pages: cache.New[openingKey, *openingPage](pageCache), Lines: cache.New[db.RoomUser, *keptLine](linesCache), mostSorted: mostSorted,
		now: func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }}
	c.casts = newCastCache()
	c.entrances = batch.New(db.BatchSize, store.Entrances)
	c.engine = search.New(store, c.now)
	c.engine.Plain = func(body string) string { return c.Texts.Text(body).Plain() }
	c.posts = newBatcher(c)
	c.changes = turn.New(1)
	c.typingLimit = newUserLimiter(1, 1)
	if o.Limits {
		c.attemptLimit = newUserLimiter(attemptsPerSecond, attemptsAtOnce)
		c.postLimit, c.searchLimit = newUserLimiter(postsPerSecond, postsAtOnce), newUserLimiter(postsPerSecond, postsAtOnce)
	}
	return c
}

// notifyRoom tells all processes that the room's log has grown.
func (c *Chat) notifyRoom(r db.Room) {
	c.engine.RoomChanged(r.ID)
	c.bus.Publish(bus.Signal{Kind: bus.EntryAdded, Room: r.ID, Epoch: r.Epoch, Seq: r.LastSeq})
}

// notifyUsers tells all processes that what these people see of each other has changed.
func (c *Chat) notifyUsers(users ...uint64) {
	for _, u := range users {
		c.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: u})
	}
}

// notFound turns the absence of a row into the one answer that strangers get.
func notFound(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return ErrNotFound
	}
	return err
}
