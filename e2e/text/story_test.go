package text

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

const password = "nine green lanterns"

// TestTextBrowsers is the story of somebody with a text browser and a friend elsewhere: they meet,
// write and read, and wait for news with one key.
func TestTextBrowsers(t *testing.T) {
	site := startParley(t)
	for _, b := range browsers {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			me, friend := "ann-"+b.name, newPartner(t, site, "ben-"+b.name)
			s := openTerminal(t, b, site)
			b.greets(s)

			s.reads("New here?")
			b.follow(s, "Make an account")
			s.reads("At least 10 characters")
			b.fill(s, "Username", me)
			b.fill(s, "Password", password)
			b.send(s, "Make an account")
			s.reads("No rooms yet.")

			b.follow(s, "Ask a friend")
			s.reads("They see your name and can say yes or no.")
			b.fill(s, "Ask somebody", friend.name)
			b.send(s, "Ask")
			s.reads("You asked")
			friend.post("/friends/"+me+"/accept", nil)
			b.follow(s, "Rooms")
			b.again(s)
			s.reads("Nothing said yet")

			friend.room(me)
			friend.say("Is the kettle on?")
			b.follow(s, friend.name)
			s.reads("Is the kettle on?")

			b.write(s, "It is, and the cake is ready.")
			b.send(s, "Send")
			friend.reads("It is, and the cake is ready.")

			b.follow(s, "Wait for new messages")
			friend.say("On my way")
			s.reads("On my way")
			s.press("Enter") // the one key
			friend.say("Nearly there")
			s.reads("Nearly there")
			b.write(s, "The door is open.")
			b.send(s, "Send")
			friend.reads("The door is open.")
			s.reads("The door is open.")
		})
	}
}

// startParley builds and starts the program, and returns its address.
func startParley(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	must(t, rig.Build(binary))
	p, err := rig.NewParley(binary, map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "parley.db")})
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Start())
	return "http://" + p.Addr
}

// partner is the friend, in a browser that is no part of the test.
type partner struct {
	t      *testing.T
	site   string
	name   string
	client http.Client
	chat   string // the path of the room
}

func newPartner(t *testing.T, site, name string) *partner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	p := &partner{t: t, site: site, name: name, client: http.Client{Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p.post("/sign-up", url.Values{"username": {name}, "password": {password}})
	return p
}

func (p *partner) post(path string, form url.Values) {
	p.t.Helper()
	r, err := p.client.PostForm(p.site+path, form)
	must(p.t, err)
	_ = r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("%s as %s: %s", path, p.name, r.Status)
	}
}

func (p *partner) get(path string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.site+path, nil)
	must(p.t, err)
	a, err := p.client.Do(r)
	must(p.t, err)
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	must(p.t, err)
	return string(text)
}

// room finds the room with somebody.
func (p *partner) room(with string) {
	p.t.Helper()
	_, line, _ := strings.Cut(p.get("/friends"), `data-username="`+with+`"`)
	_, path, _ := strings.Cut(line, `href="/rooms/`)
	path, _, _ = strings.Cut(path, `"`)
	p.chat = "/rooms/" + path
}

func (p *partner) say(text string) {
	p.t.Helper()
	p.post(p.chat+"/messages", url.Values{"body": {text}, "key": {rand.Text()}})
}

// reads waits until the friend's page has a message.
func (p *partner) reads(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(p.get(p.chat), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("%s does not see %q", p.name, text)
		}
	}
}
