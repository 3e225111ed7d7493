package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"parley/e2e/rig"
)

// text is the text of the recorded messages, which markup.ts replaces.
const text = "the recorded text"

var cursorOf = regexp.MustCompile(`data-cursor="([^"]+)"`)

// record signs up three users. Ann has the room that she shares with bea open; cid writes to her in
// another one, so that her room list changes. It returns the recordings by the names of their files.
func record(ctx context.Context, p *rig.Parley) (map[string]string, error) {
	recordings := map[string]string{}
	ann, err := p.SignUp("ann")
	if err != nil {
		return nil, err
	}
	bea, room, err := friend(p, "bea", ann)
	if err != nil {
		return nil, err
	}
	cid, other, err := friend(p, "cid", ann)
	if err != nil {
		return nil, err
	}
	// markup.ts replaces the number of a message wherever it occurs, so it must be above 31, unlike those in dates.
	for range 80 {
		if err := ann.Say(room, "filler"); err != nil {
			return nil, err
		}
	}
	if err := savePages(ctx, p, ann, room, recordings); err != nil {
		return nil, err
	}
	cursor := cursorOf.FindStringSubmatch(recordings["room.html"])
	if cursor == nil {
		return nil, errors.New("the room page has no cursor")
	}
	events, err := follow(ctx, ann, room+"/events?after="+cursor[1])
	if err != nil {
		return nil, err
	}
	defer func() { _ = events.Close() }()
	if err := bea.Say(room, text); err != nil {
		return nil, err
	}
	if recordings["message-bea.html"], err = events.next(`data-author="bea"`, ""); err != nil {
		return nil, err
	}
	if err := overSocket(ctx, p, ann, room, recordings); err != nil {
		return nil, err
	}
	if recordings["message-ann.html"], err = events.next(`data-author="ann"`, ""); err != nil {
		return nil, err
	}
	for range 3 {
		if err := cid.Say(other, "unread"); err != nil {
			return nil, err
		}
	}
	if recordings["lists-3.html"], err = events.next(`data-count="3"`, ""); err != nil {
		return nil, err
	}
	if err := ann.Post(other+"/read", url.Values{}); err != nil {
		return nil, err
	}
	recordings["lists-0.html"], err = events.next(`id="rooms"`, `data-count="3"`)
	return recordings, err
}

// friend signs somebody up who becomes ann's friend, and returns the path of their room.
func friend(p *rig.Parley, name string, ann *rig.User) (u *rig.User, room string, err error) {
	if u, err = p.SignUp(name); err != nil {
		return nil, "", err
	}
	if err := ann.Post("/friends", url.Values{"username": {name}}); err != nil {
		return nil, "", err
	}
	room, err = u.Accept(ann.Name)
	return u, room, err
}

// savePages saves the pages that the tests open, and the content security policy that they come with.
func savePages(ctx context.Context, p *rig.Parley, ann *rig.User, room string, recordings map[string]string) (err error) {
	for name, path := range map[string]string{
		"room.html": room, "history.html": room + "?around=40", "reply.html": room + "?reply=2", "rooms.html": "/rooms", "friends.html": "/friends", "profile.html": "/profile", "me.css": "/me.css",
	} {
		if recordings[name], err = ann.Get(path); err != nil {
			return err
		}
	}
	_, recordings["sign-in.html"] = rig.Get("http://" + p.Addr + "/sign-in")
	_, recordings["sign-up.html"] = rig.Get("http://" + p.Addr + "/sign-up")
	resp, err := ann.Do(ctx, http.MethodGet, room, nil)
	if err != nil {
		return err
	}
	if recordings["policy"] = resp.Header.Get("Content-Security-Policy"); recordings["policy"] == "" {
		err = errors.New("the room page has no content security policy")
	}
	return errors.Join(err, resp.Body.Close())
}
