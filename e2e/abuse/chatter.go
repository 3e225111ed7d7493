package abuse

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// chatter posts short messages to one room, one after the other, over a socket or with forms.
type chatter struct {
	who     *browser
	room    string
	label   string
	forms   bool
	pause   time.Duration // between two posts; with all of theirs together nobody comes near the limit
	readers []*reader     // pages of the room
	socket  *socket

	mu       sync.Mutex
	took     []time.Duration // of the posts
	refused  []string        // why
	accepted map[string]time.Time
}

// chat posts until the context ends.
func (c *chatter) chat(ctx context.Context, phase string) {
	c.mu.Lock()
	c.took, c.refused, c.accepted = nil, nil, map[string]time.Time{}
	c.mu.Unlock()
	for n := 1; ctx.Err() == nil; n++ {
		text := fmt.Sprintf("%s-%s-%d-said", phase, c.label, n)
		begin := time.Now()
		key := rand.Text()
		why := c.say(key, text) // one that has begun is not cut off
		took := time.Since(begin)
		c.mu.Lock()
		c.took = append(c.took, took)
		if why == "" {
			c.accepted[text] = begin
		} else {
			c.refused = append(c.refused, fmt.Sprintf("%s after %v: %s", text, took.Round(time.Millisecond), why))
		}
		c.mu.Unlock()
		sleep(ctx, c.pause)
	}
}

// say posts one message. It returns why it was refused, or "".
func (c *chatter) say(key, text string) (why string) {
	ctx := context.Background()
	var status int
	var err error
	if c.forms {
		var a answer
		if a, err = c.who.post(ctx, c.room+"/messages", "key", key, "body", text); a.status != http.StatusSeeOther {
			status = a.status
		}
	} else {
		_, status, err = c.socket.post(ctx, key, text)
	}
	switch {
	case err != nil:
		return err.Error()
	case status != 0:
		return fmt.Sprint("status ", status)
	}
	return ""
}

// lost waits until all that was accepted is on every page of the room, and returns what is not. delays are
// from the post to the page, the shortest first.
func (c *chatter) lost(limit time.Duration) (missing []string, delays []time.Duration) {
	for until := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		missing, delays = nil, nil
		for text, begin := range c.accepted {
			for _, r := range c.readers {
				at, seen := r.arrival(text)
				if !seen {
					missing = append(missing, text+" on a page of "+r.who.name)
				}
				delays = append(delays, at.Sub(begin))
			}
		}
		if len(missing) == 0 || time.Now().After(until) {
			slices.Sort(delays)
			return missing, delays
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// quantile returns 0 for an empty list.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
