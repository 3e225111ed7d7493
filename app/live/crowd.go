package live

import (
	"context"
	"time"
)

// crowdSize is the number of people that makes a room a crowd: its pages show a number and no names. In a crowd, only
// newcomers are looked up.
const crowdSize = 100

// look asks the source who of those who are present may be shown, and how.
func (p *presence) look(ctx context.Context, a *attendance, present, typing []uint64) (visible []uint64, render func(*Viewer) []byte, err error) {
	source := p.hub.source
	p.mu.Lock()
	changed := a.changed
	a.changed = nil
	p.mu.Unlock()
	if len(present) <= crowdSize || source.Crowd == nil {
		a.known = nil
		return source.Presence(ctx, a.room, present, typing)
	}
	if visible, err = p.visibleOf(ctx, a, present, changed); err != nil {
		return nil, nil, err
	}
	if len(visible) <= crowdSize {
		return source.Presence(ctx, a.room, visible, typing)
	}
	render, err = source.Crowd(ctx, a.room, visible, typing)
	return visible, render, err
}

// visibleOf returns which of these people may be shown. It asks about those it does not know, or who have
// changed that, and now and then about everybody, because a signal that somebody hides may get lost.
func (p *presence) visibleOf(ctx context.Context, a *attendance, present []uint64, changed map[uint64]bool) (visible []uint64, err error) {
	now := time.Now()
	if now.Sub(a.askedAllAt) > p.hub.times.announceInterval {
		a.known, a.askedAllAt = nil, now
	}
	for user := range changed {
		delete(a.known, user)
	}
	var unknown []uint64
	for _, user := range present {
		if _, is := a.known[user]; !is {
			unknown = append(unknown, user)
		}
	}
	fresh := map[uint64]bool{}
	if len(unknown) > 0 {
		found, err := p.hub.source.Visible(ctx, a.room, unknown)
		if err != nil {
			a.known = nil
			return nil, err
		}
		for _, user := range found {
			fresh[user] = true
		}
	}
	known := make(map[uint64]bool, len(present))
	for _, user := range present {
		known[user] = a.known[user] || fresh[user]
		if known[user] {
			visible = append(visible, user)
		}
	}
	a.known = known
	return visible, nil
}
