package abuse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// abuser is one of the six, with everything that they can reach.
type abuser struct {
	*browser
	site     *site
	n        int
	crew     []*abuser // all six
	victims  []*browser
	group    string // path of the group of all, the two people who chat too
	own      string // of a group that is the abuser's own
	direct   string // of the room with another abuser
	posting  sync.Mutex
	socket   *socket       // of the group
	lastPost atomic.Uint64 // its newest message's seq
}

// kind is one way to make work.
type kind struct {
	name, what string
	act        func(context.Context, *attempt)
}

// kinds are all ways, in the order of the table.
var kinds = []kind{
	{"texts", "4,000 random Han characters, over a socket", denseTexts},
	{"markup", "4,000 characters of formatting that is costly to parse", costlyMarkup},
	{"mentions", "every name of the group, 4,000 characters of them", mentions},
	{"edits", "one message edited to 4,000 Han characters, again and again", edits},
	{"reactions", "reactions to one message, given and taken back", reactions},
	{"deletions", "dense texts deleted as soon as they are indexed", deletions},
	{"alts", "a photo described with 500 characters, again and again", altTexts},
	{"photos", "photos of 8 MB, noise", largePhotos},
	{"pixels", "photos of 84 kB that are 24 megapixels", manyPixels},
	{"small", "photos of a few hundred bytes, ten in a message", smallPhotos},
	{"drips", "uploads of 9 MB that come byte by byte, four at once", drips},
	{"search", "searches for common letters, rare words, and 200 characters", searches},
	{"groups", "groups with everybody in them", groups},
	{"members", "somebody put out of a group and taken in again", members},
	{"leaving", "groups left and entered again", leaving},
	{"requests", "friend requests, sent and taken back; blocks", requests},
	{"names", "who has an account: sign-up, requests, profiles", names},
	{"guesses", "wrong passwords, from 250 addresses each", guesses},
	{"sessions", "sign-ins with the right password", sessions},
	{"settings", "profile, reading mode, mute, read and unread", settings},
	{"pages", "the pages with the most on them", pages},
	{"history", "the history of a room, page by page", history},
	{"streams", "as many streams of all kinds as there may be, opened again and again; bytes sent into them", streams},
	{"frames", "empty frames, pings and “is typing”, three sockets at full speed", frames},
	{"sockets", "sockets opened and closed", sockets},
}

// attempt is one kind as one abuser does it.
type attempt struct {
	*abuser
	random *rand.Rand
	over   context.Context // of the phase
	pause  time.Duration
	counts *counts
}

// counts are the outcomes of one kind.
type counts struct {
	requests, accepted, refused, busy, failed atomic.Int64
}

// count counts the outcome of a request, and reports whether it was accepted. Refusals are 4xx: the
// request was one of too many, or too large. Busy is 5xx.
func (t *attempt) count(status int, err error) bool {
	t.counts.requests.Add(1)
	switch {
	case err != nil && t.over.Err() != nil: // cut off, because the minute is over
		t.counts.requests.Add(-1)
	case err != nil:
		t.counts.failed.Add(1)
	case status >= http.StatusInternalServerError:
		t.counts.busy.Add(1)
	case status >= http.StatusBadRequest:
		t.counts.refused.Add(1)
	default:
		t.counts.accepted.Add(1)
		return true
	}
	return false
}

// keep does something at the pace until the context ends.
func (t *attempt) keep(ctx context.Context, do func()) {
	sleep(ctx, time.Duration(t.random.Int64N(int64(t.pause)+1))) // not all in the same moment
	for ctx.Err() == nil {
		do()
		sleep(ctx, t.pause)
	}
}

// load gets a page.
func (t *attempt) load(ctx context.Context, path string) (answer, bool) {
	a, err := t.get(ctx, path)
	return a, t.count(a.status, err)
}

// submit submits a form.
func (t *attempt) submit(ctx context.Context, path string, pairs ...string) (answer, bool) {
	a, err := t.browser.post(ctx, path, pairs...)
	return a, t.count(a.status, err)
}

// say posts a message to the group over the abuser's socket, and returns its seq, 0 if it was refused.
func (t *attempt) say(ctx context.Context, body string) uint64 {
	t.posting.Lock()
	defer t.posting.Unlock()
	seq, status, err := t.socket.post(ctx, fmt.Sprintf("%016x%016x", t.random.Uint64(), t.random.Uint64()), body)
	if err != nil {
		status, err = statusOf(err)
	}
	t.count(status, err)
	if seq != 0 {
		t.lastPost.Store(seq)
	}
	return seq
}

// message returns the path of a message in the group.
func (t *attempt) message(seq uint64) string { return fmt.Sprintf("%s/messages/%d", t.group, seq) }

// other is another of the six.
func (t *attempt) other() *abuser {
	return t.crew[(t.n+1+t.random.IntN(len(t.crew)-1))%len(t.crew)]
}
