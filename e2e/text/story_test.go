package text

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views/words"
)

const password = rig.Password

// TestTextBrowsers lets somebody in a text browser and a friend elsewhere become friends, write to each
// other, see what they said, and wait for new messages with a single key.
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
			s.hides(w.Room.NotSentYet, w.Room.TryAgain, w.Room.Emoji, "IFRAME", "IFrame", "[small")

			b.write(s, "It is, and the cake is ready.")
			b.send(s, w.Room.Send)
			friend.reads("It is, and the cake is ready.")
			s.readsMessage("It is, and the cake is ready.")

			// On a page of several screens, what one said is on the screen after sending it.
			for i := range 30 {
				friend.say(fmt.Sprintf("It took %d minutes", i+1))
			}
			b.write(s, "That is a long way.")
			b.send(s, w.Room.Send)
			friend.reads("That is a long way.")
			s.readsMessage("That is a long way.")

			b.follow(s, w.Room.WaitForNew)
			friend.say("On my way")
			s.reads("On my way")
			s.press("Enter") // the one key
			friend.say("Nearly there")
			s.reads("Nearly there")
			b.write(s, "The door is open.")
			b.send(s, w.Room.Send)
			friend.reads("The door is open.")
			s.readsMessage("The door is open.")
		})
	}
}

// TestAReportInLynx lets somebody in lynx report a message, and read the outcome.
func TestAReportInLynx(t *testing.T) {
	t.Parallel()
	site, w, b := startParley(t), words.English(), browsers[0]
	root, friend := newPartner(t, site, "rosa"), newPartner(t, site, "ben") // the first account runs the server
	s := openTerminal(t, b, "http://"+site.Addr+"/sign-up")
	s.reads("10 characters")
	b.fill(s, w.Account.Username, "ann")
	b.fill(s, w.Account.Password, password)
	b.send(s, w.Account.SignUp)
	s.reads(w.Rooms.None)
	b.follow(s, w.Rooms.AskFriend)
	s.reads(w.Friends.AskHint)
	b.fill(s, w.Friends.Ask, "ben")
	b.send(s, w.Friends.AskButton)
	s.reads(w.Friends.Outgoing)
	friend.accept("ann")
	friend.say("You silly goose")

	b.follow(s, w.Nav.Rooms)
	s.reads("You silly goose")
	b.follow(s, "ben") // keys that come while a page loads would go to the next one, so each page is awaited
	s.reads(w.Message.More)
	b.follow(s, w.Message.More)
	s.reads(w.Reports.Report)
	b.follow(s, w.Reports.Report)
	s.reads(w.Reports.Why)
	s.pressUntil("Down", "the first reason", func(v view) bool { return v.has("(Radio Button)") })
	s.press("Enter")
	b.send(s, w.Reports.Send)
	s.reads(w.Reports.Waiting)

	must(t, root.Post("/admin/reports/1", url.Values{"answer": {"warned"}, "words": {"He is sorry"}}))
	b.follow(s, w.Nav.Rooms)
	b.follow(s, w.Reports.News(1))
	s.reads("He is sorry")
}

// TestTextBrowsersJoin lets somebody sign up by the link of an invitation in a text browser.
func TestTextBrowsersJoin(t *testing.T) {
	site, w := startParley(t), words.English()
	for _, b := range browsers {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			me, friend := "cem-"+b.name, newPartner(t, site, "dan-"+b.name)
			must(t, friend.Post("/invitations", url.Values{"uses": {"1"}, "days": {"1"}}))
			page, err := friend.Get("/invitations")
			must(t, err)
			_, link, _ := strings.Cut(page, `href="http://`+site.Addr+"/join/")
			s := openTerminal(t, b, "http://"+site.Addr+"/join/"+link[:22])
			b.dismissWelcome(s)
			s.reads(friend.Name)
			b.fill(s, w.Account.Username, me)
			b.fill(s, w.Account.Password, password)
			b.send(s, w.Account.SignUp)
			s.reads(w.Message.NowFriends)
			page, err = friend.Get("/friends")
			must(t, err)
			if !strings.Contains(page, `data-username="`+me+`"`) {
				t.Error("they are no friends")
			}
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
