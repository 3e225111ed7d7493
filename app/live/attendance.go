package live

import (
	"container/heap"
	"maps"
	"slices"
	"time"

	"parley/app/bus"
)

// attendance is who is present in a room. It is guarded by the lock of presence.
type attendance struct {
	room    uint64
	local   map[uint64]int       // by user, the number of streams open in this process
	leaving map[uint64]time.Time // by user without a stream, until when they still count as present
	remote  map[uint64]time.Time // by user in another process, until when that is believed
	typing  map[uint64]time.Time // by user who is typing, until when that is believed

	announced  map[uint64]bool // local users that the other processes know of
	rollCalled bool            // another process has asked who is present
	stale      bool            // the pages may have to show something else
	updatedAt  time.Time       // when the pages were last updated
	announceAt time.Time       // when to announce everybody again
	toAnnounce []uint64        // who is announced again at the next updates
	moreAt     time.Time       // when the next of them are due

	visible []uint64        // who may be shown, at the last update; never changed in place
	changed map[uint64]bool // users who may have become visible or hidden since they were looked up

	// Only for a crowd, and used only by the goroutine that updates.
	known      map[uint64]bool // whether each of them may be shown, as far as they were looked up
	askedAllAt time.Time       // when all of them were

	due   time.Time // of the next update
	index int       // in the schedule, -1 for none
}

func newAttendance(room uint64) *attendance {
	return &attendance{room: room, index: -1, local: map[uint64]int{}, leaving: map[uint64]time.Time{},
		remote: map[uint64]time.Time{}, typing: map[uint64]time.Time{}, announced: map[uint64]bool{}}
}

// withdraw appends the signal that takes an announcement back, if there was one.
func (a *attendance) withdraw(signals []bus.Signal, user uint64) []bus.Signal {
	if !a.announced[user] {
		return signals
	}
	delete(a.announced, user)
	return append(signals, bus.Signal{Kind: bus.Left, Room: a.room, User: user})
}

// announceSome appends the next signals that announce again who is present. In a crowd they would fill the bus if
// they all came at once.
func (a *attendance) announceSome(signals []bus.Signal, now time.Time) []bus.Signal {
	if len(a.toAnnounce) == 0 || now.Before(a.moreAt) {
		return signals
	}
	n := min(len(a.toAnnounce), announceBatch)
	for _, user := range a.toAnnounce[:n] {
		if a.announced[user] { // still
			signals = append(signals, bus.Signal{Kind: bus.Arrived, Room: a.room, User: user})
		}
	}
	if a.toAnnounce = a.toAnnounce[n:]; len(a.toAnnounce) > 0 {
		a.moreAt = now.Add(announcePause)
	}
	return signals
}

// expire forgets everything whose time is over, and returns the users who have left this process.
func (a *attendance) expire(now time.Time) (left []uint64) {
	expired := func(until map[uint64]time.Time) (users []uint64) {
		for user, t := range until {
			if !t.After(now) {
				delete(until, user)
				users = append(users, user)
				a.stale = true
			}
		}
		return users
	}
	expired(a.remote)
	expired(a.typing)
	return expired(a.leaving)
}

// present returns the users who count as present, in a fixed order.
func (a *attendance) present() []uint64 {
	users := map[uint64]bool{}
	for user := range a.local {
		users[user] = true
	}
	for user := range a.leaving {
		users[user] = true
	}
	for user := range a.remote {
		users[user] = true
	}
	return slices.Sorted(maps.Keys(users))
}

// nextExpiry returns when something changes by itself; the zero time is never.
func (a *attendance) nextExpiry() (next time.Time) {
	sooner := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for _, until := range []map[uint64]time.Time{a.leaving, a.remote, a.typing} {
		for _, t := range until {
			sooner(t)
		}
	}
	if len(a.announced) > 0 {
		sooner(a.announceAt)
	}
	if len(a.toAnnounce) > 0 {
		sooner(a.moreAt)
	}
	return next
}

// schedule is a heap of the rooms that are due for an update, the first one on top. The zero value is
// ready to use.
type schedule struct{ list dueRooms }

// add makes an update due at a time, or at an earlier one that it is due at already. It reports whether
// that is now the first of all.
func (s *schedule) add(a *attendance, due time.Time) (first bool) {
	switch {
	case a.index < 0:
		a.due = due
		heap.Push(&s.list, a)
	case due.Before(a.due):
		a.due = due
		heap.Fix(&s.list, a.index)
	default:
		return false
	}
	return a.index == 0
}

func (s *schedule) remove(a *attendance) {
	if a.index >= 0 {
		heap.Remove(&s.list, a.index)
	}
}

// take removes the rooms that are due, and returns when the next one is; the zero time is never.
func (s *schedule) take(now time.Time) (ready []*attendance, next time.Time) {
	for len(s.list) > 0 {
		if s.list[0].due.After(now) {
			return ready, s.list[0].due
		}
		ready = append(ready, heap.Pop(&s.list).(*attendance))
	}
	return ready, time.Time{}
}

// dueRooms implements heap.Interface.
type dueRooms []*attendance

func (d dueRooms) Len() int           { return len(d) }
func (d dueRooms) Less(i, j int) bool { return d[i].due.Before(d[j].due) }

func (d dueRooms) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].index, d[j].index = i, j
}

func (d *dueRooms) Push(x any) {
	a := x.(*attendance)
	a.index = len(*d)
	*d = append(*d, a)
}

func (d *dueRooms) Pop() any {
	last := len(*d) - 1
	a := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	a.index = -1
	return a
}
