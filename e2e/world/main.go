// Command world writes the world that pictures are taken of into an empty SQLite database, which a server can
// then be started on:
//
//	go run ./e2e/world /tmp/world/parley.db
//	PARLEY_DATABASE_URL=sqlite:/tmp/world/parley.db bin/parley
//
// Eight people have talked for five days in twelve direct rooms and three groups. Their names are Latin,
// Arabic, Chinese and Japanese, and one is as long as names may be; rooms are unread and muted; messages have
// replies, reactions, edits, photos and code. There are open rooms, newcomers who were invited, and somebody who
// was reported, banned and suspended; maya and jonas run the server. It prints, as JSON, where things are.
// Everybody's password is the same.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"os"
	"time"

	"parley/app/auth"
	"parley/app/bus"
	"parley/app/chat"
	"parley/app/photo"
	"parley/app/settings"
	"parley/db"
	"parley/e2e/rig"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./e2e/world FILE.db")
		os.Exit(2)
	}
	places, err := write(context.Background(), os.Args[1])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(places)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "world:", err)
		os.Exit(1)
	}
}

// places lists where things are, for who takes the pictures.
type places struct {
	Password string            `json:"password"`
	Paths    map[string]string `json:"paths"` // of rooms and messages that show something
}

// world is what is written, as it grows.
type world struct {
	*chat.Chat
	ctx      context.Context
	store    *db.DB
	accounts *auth.Accounts
	photos   *photo.Store
	rooms    map[string]*room // the open ones
	time     time.Time
	random   *rand.Rand // the same world each time
	people   map[string]db.User
	paths    map[string]string
}

func write(ctx context.Context, file string) (places, error) {
	store, err := db.Open("sqlite:" + file)
	if err != nil {
		return places{}, err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return places{}, err
	}
	signals := bus.NewLocal(slog.New(slog.DiscardHandler))
	defer func() { _ = signals.Close() }()
	w := &world{ctx: ctx, time: time.Now().Add(-6 * day), random: rand.New(rand.NewPCG(8, 12)), people: map[string]db.User{}, paths: map[string]string{}, rooms: map[string]*room{}, store: store}
	now := w.now
	w.Chat = chat.New(store, signals, chat.Options{Settings: values, Now: now})
	w.accounts = auth.New(store, auth.Options{Settings: values, Now: now})
	w.photos = photo.New(store, now, func(context.Context) photo.Bounds { return photo.DefaultBounds })
	for _, step := range []func() error{w.join, w.befriend, w.talk, w.gather, w.ask, w.gatherAll, w.care} {
		if err := step(); err != nil {
			return places{}, err
		}
	}
	return places{Password: rig.Password, Paths: w.paths}, nil
}

const day = 24 * time.Hour

// values are the settings while the world is written: everybody opens rooms.
func values(context.Context) settings.Values {
	v := settings.Defaults()
	v.OpenRoomsBy = "members"
	return v
}

// now is the clock.
func (w *world) now() time.Time { return w.time }

// ago sets it.
func (w *world) ago(d time.Duration) { w.time = time.Now().Add(-d) }

// join makes the accounts.
func (w *world) join() error {
	for _, p := range append(people, strangers...) {
		u, err := w.accounts.SignUp(w.ctx, netip.MustParseAddr("127.0.0.1"), p.username, rig.Password, "Europe/Berlin")
		if err != nil {
			return fmt.Errorf("%s: %w", p.username, err)
		}
		if p.name != "" {
			if err := w.accounts.UpdateProfile(w.ctx, u, p.name, "Europe/Berlin", ""); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		if p.colors != nil {
			saved, err := w.photos.Save(w.ctx, u.ID, paint(320, 320, p.colors), photo.PurposeAvatar)
			if err != nil {
				return err
			}
			if err := w.photos.SetAvatar(w.ctx, u, saved.ID); err != nil {
				return err
			}
		}
		if w.people[p.username], err = w.accounts.User(w.ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// befriend opens the twelve direct rooms.
func (w *world) befriend() error {
	for _, pair := range friends {
		w.time = w.time.Add(time.Minute)
		if _, err := w.RequestFriend(w.ctx, w.people[pair[0]], pair[1]); err != nil {
			return err
		}
		if err := w.AcceptFriend(w.ctx, w.people[pair[1]], pair[0]); err != nil {
			return err
		}
	}
	return nil
}

// ask leaves requests open: to maya, from her, and one that she does not want.
func (w *world) ask() error {
	w.ago(40 * time.Minute)
	for _, from := range []string{"hana", "ravi.k", "best.prices"} {
		if _, err := w.RequestFriend(w.ctx, w.people[from], "maya"); err != nil {
			return err
		}
	}
	if _, err := w.RequestFriend(w.ctx, w.people["maya"], "oskar"); err != nil {
		return err
	}
	return w.Block(w.ctx, w.people["maya"], "best.prices")
}
