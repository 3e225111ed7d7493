package chat

import (
	"context"
	"slices"

	"parley/app/bus"
	"parley/db"
)

// Present is who is in a room just now, of its members and of those who let it be seen.
type Present struct {
	Here    []db.User // nil if there are too many to be named
	Writing []db.User
	Visible []uint64 // the ids of all who are here, in order
	blocks  []db.Friendship
}

// Others is what one person sees of the people in a room.
type Others struct {
	Here    int     // the number of others
	One     db.User // who it is, if it is one
	Writing []db.User
}

// MaxPresentNamed is the most people in a room who are named, and not only counted: blocks between them make no
// difference any more.
const MaxPresentNamed = 100

// Present looks up who may be shown in a room. The ids come from signals that anybody with access to
// Redis can make up, so they prove nothing by themselves.
func (c *Chat) Present(ctx context.Context, room uint64, here, writing []uint64) (p Present, err error) {
	ids := slices.Concat(here, writing)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) > MaxPresentNamed {
		return c.crowd(ctx, room, here, writing)
	}
	members, err := c.store.MembersAmong(ctx, room, ids)
	if err != nil {
		return p, err
	}
	ids = slices.DeleteFunc(ids, func(id uint64) bool { return !members[id] })
	users, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return p, err
	}
	here = slices.Compact(slices.Sorted(slices.Values(here))) // whoever has two pages open is one person
	for _, id := range here {
		if u, is := users[id]; is && !u.HidesPresence {
			p.Here = append(p.Here, u)
			p.Visible = append(p.Visible, id)
		}
	}
	for _, id := range writing {
		if u, is := users[id]; is && !u.HidesTyping {
			p.Writing = append(p.Writing, u)
		}
	}
	if p.blocks, err = c.store.BlocksAmong(ctx, ids); err != nil {
		return p, err
	}
	return p, c.markLookalikes(ctx, room, p.Here, p.Writing)
}

// crowd is Present for a crowd, in which nobody is named. Only if nearly all of them hide do the others get names.
func (c *Chat) crowd(ctx context.Context, room uint64, here, writing []uint64) (Present, error) {
	visible, err := c.Visible(ctx, room, here)
	if err != nil {
		return Present{}, err
	}
	if len(visible)+len(writing) <= MaxPresentNamed {
		return c.Present(ctx, room, visible, writing)
	}
	return c.PresentCrowd(ctx, room, visible, writing)
}

// Visible returns which of these people are in a room and let others see that they are there, in the order of their
// ids, which may be made up.
func (c *Chat) Visible(ctx context.Context, room uint64, users []uint64) ([]uint64, error) {
	return c.store.VisibleMembersAmong(ctx, room, users)
}

// PresentCrowd is Present for many people who may be shown, according to Visible. It looks up only those
// who are said to be typing.
func (c *Chat) PresentCrowd(ctx context.Context, room uint64, visible, writing []uint64) (Present, error) {
	p := Crowd(visible)
	if len(writing) == 0 {
		return p, nil
	}
	members, err := c.store.MembersAmong(ctx, room, writing)
	if err != nil {
		return p, err
	}
	users, err := c.store.UsersByID(ctx, writing)
	if err != nil {
		return p, err
	}
	for _, id := range writing {
		if u, is := users[id]; is && members[id] && !u.HidesTyping {
			p.Writing = append(p.Writing, u)
		}
	}
	if p.blocks, err = c.store.BlocksOf(ctx, writing); err != nil {
		return p, err
	}
	return p, c.markLookalikes(ctx, room, p.Writing)
}

// Crowd is what is known of a crowd in a room when nobody asks for names: the ids of those who let it be
// seen, in order.
func Crowd(visible []uint64) Present { return Present{Visible: visible} }

// For returns the people whom one person may see: others, but nobody whom they block. They themselves are shown to
// the people they block as to everybody else. Hiding them would reveal the block: anyone who
// compared notes with another member, or saw a message from somebody who is never here, would know.
func (p Present) For(viewer uint64) (here, writing []db.User) {
	hidden := p.hiddenFrom(viewer)
	return slices.DeleteFunc(slices.Clone(p.Here), hidden), slices.DeleteFunc(slices.Clone(p.Writing), hidden)
}

// OthersFor returns as much of For as an open page shows. It lists nobody: whenever somebody comes or goes it is asked
// for every viewer, and in a room of thousands they would each get a list of thousands.
func (p Present) OthersFor(viewer uint64) Others {
	hidden := p.hiddenFrom(viewer)
	o := Others{Here: len(p.Visible), Writing: slices.DeleteFunc(slices.Clone(p.Writing), hidden)}
	if p.isHere(viewer) {
		o.Here--
	}
	for _, f := range p.blocks {
		if f.Blocks(viewer) && p.isHere(f.Other(viewer)) {
			o.Here--
		}
	}
	if i := slices.IndexFunc(p.Here, func(u db.User) bool { return !hidden(u) }); o.Here == 1 && i >= 0 {
		o.One = p.Here[i]
	}
	return o
}

func (p Present) isHere(user uint64) bool {
	_, is := slices.BinarySearch(p.Visible, user)
	return is
}

// hiddenFrom returns what is not shown to one person.
func (p Present) hiddenFrom(viewer uint64) func(db.User) bool {
	return func(u db.User) bool {
		return u.ID == viewer || slices.ContainsFunc(p.blocks, func(f db.Friendship) bool {
			return f.Blocks(viewer) && f.Other(viewer) == u.ID
		})
	}
}

// NotifyTyping tells the members of a room that I am typing, if I let that be seen. It does nothing
// if it is called again within a second, through however many sockets.
func (c *Chat) NotifyTyping(ctx context.Context, me db.User, room uint64) error {
	if !c.typingLimit.allow(me.ID, c.now()) {
		return nil
	}
	if err := c.CheckMember(ctx, me, room); err != nil {
		return err
	}
	current, err := c.store.UserByID(ctx, me.ID) // me is as old as the socket, and they may have changed this since
	if err == nil && !current.HidesTyping {
		c.bus.Publish(bus.Signal{Kind: bus.Typing, Room: room, User: me.ID})
	}
	return err
}

// SetPresenceVisibility stores whether others may see that I am here, and that I am typing.
func (c *Chat) SetPresenceVisibility(ctx context.Context, me db.User, here, typing bool) error {
	if here == !me.HidesPresence && typing == !me.HidesTyping {
		return nil
	}
	if err := c.store.SetPresenceVisibility(ctx, me.ID, here, typing); err != nil {
		return err
	}
	c.bus.Publish(bus.Signal{Kind: bus.VisibilityChanged, User: me.ID})
	return nil
}
