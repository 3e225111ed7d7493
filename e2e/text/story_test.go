package text

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views/words"
)

const password = rig.Password

// TestTextBrowsers lets somebody in a text browser and a friend elsewhere become friends, write to each
// other, and wait for new messages with a single key.
func TestTextBrowsers(t *testing.T) {
	site, w := startParley(t), words.English()
	for _, b := range browsers {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			me, friend := "ann-"+b.name, newPartner(t, site, "ben-"+b.name)
			s := openTerminal(t, b, "http://"+site.Addr)
			b.dismissWelcome(s)

			s.reads(w.Account.New)
			b.follow(s, w.Account.CreateOne)
			s.reads("10 characters")
			b.fill(s, w.Account.Username, me)
			b.fill(s, w.Account.Password, password)
			b.send(s, w.Account.SignUp)
			s.reads(w.Rooms.None)

			b.follow(s, w.Rooms.AskFriend)
			s.reads(w.Friends.AskHint)
			b.fill(s, w.Friends.Ask, friend.Name)
			b.send(s, w.Friends.AskButton)
			s.reads(w.Friends.Outgoing)
			friend.accept(me)
			b.follow(s, w.Nav.Rooms)
			b.reload(s)
			s.reads(w.Rooms.NoMessages)

			friend.say("Is the kettle on?")
			b.follow(s, friend.Name)
			s.reads("Is the kettle on?")

			b.write(s, "It is, and the cake is ready.")
			b.send(s, w.Room.Send)
			friend.reads("It is, and the cake is ready.")

			b.follow(s, w.Room.WaitForNew)
			friend.say("On my way")
			s.reads("On my way")
			s.press("Enter") // the one key
			friend.say("Nearly there")
			s.reads("Nearly there")
			b.write(s, "The door is open.")
			b.send(s, w.Room.Send)
			friend.reads("The door is open.")
			s.reads("The door is open.")
		})
	}
}

// startParley builds and starts the program.
func startParley(t *testing.T) *rig.Parley {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	must(t, rig.Build(binary))
	p, err := rig.NewParley(binary, map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "parley.db")})
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Start())
	return p
}

// partner is the friend, who uses another browser.
type partner struct {
	*rig.User
	t    *testing.T
	room string // its path
}

func newPartner(t *testing.T, site *rig.Parley, name string) *partner {
	t.Helper()
	u, err := site.SignUp(name)
	must(t, err)
	return &partner{User: u, t: t}
}

// accept accepts a friend request and opens the room.
func (p *partner) accept(name string) {
	p.t.Helper()
	room, err := p.Accept(name)
	must(p.t, err)
	p.room = room
}

func (p *partner) say(text string) {
	p.t.Helper()
	must(p.t, p.Say(p.room, text))
}

// reads waits until a message is on the friend's page.
func (p *partner) reads(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		page, err := p.Get(p.room)
		must(p.t, err)
		if strings.Contains(page, text) {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%s does not see %q", p.Name, text)
		}
	}
}
