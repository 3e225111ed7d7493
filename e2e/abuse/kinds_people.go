package abuse

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"parley/e2e/rig"
)

func groups(ctx context.Context, t *attempt) {
	pairs := []string{"name", "Yet another group"}
	for _, a := range t.crew {
		if a.n != t.n {
			pairs = append(pairs, "username", a.name)
		}
	}
	t.keep(ctx, func() { t.submit(ctx, "/rooms", pairs...) })
}

func members(ctx context.Context, t *attempt) {
	t.keep(ctx, func() {
		name := t.crew[(t.n+1)%len(t.crew)].name
		t.submit(ctx, t.own+"/members/"+name+"/remove")
		t.submit(ctx, t.own+"/members", "username", name)
	})
}

// leaving makes each leave the group of the one before, who takes them in again.
func leaving(ctx context.Context, t *attempt) {
	host := t.crew[(t.n+len(t.crew)-1)%len(t.crew)]
	t.keep(ctx, func() {
		t.submit(ctx, host.own+"/leave")
		a, err := host.browser.post(ctx, host.own+"/members", "username", t.name)
		t.count(a.status, err)
	})
}

func requests(ctx context.Context, t *attempt) {
	turn := 0
	t.keep(ctx, func() {
		turn++
		name := t.victims[turn%len(t.victims)].name
		if turn%3 == 0 { // somebody whom nobody here needs as a friend
			name = t.site.bystander.name
		}
		switch turn % 4 {
		case 0, 1:
			t.submit(ctx, "/friends", "username", name)
		case 2:
			t.submit(ctx, "/friends/"+name+"/cancel")
		default:
			t.submit(ctx, "/friends/"+t.site.bystander.name+"/block")
			t.submit(ctx, "/friends/"+t.site.bystander.name+"/unblock")
		}
	})
}

func names(ctx context.Context, t *attempt) {
	turn := 0
	t.keep(ctx, func() {
		turn++
		nobody := "nobody" + strconv.Itoa(t.random.IntN(1e9))
		switch turn % 3 {
		case 0:
			t.submit(ctx, "/sign-up", "username", t.crew[0].name, "password", rig.Password)
		case 1:
			t.submit(ctx, "/friends", "username", nobody)
		default:
			t.load(ctx, "/people/"+nobody)
		}
	})
}

// guesses come from as many addresses as a small botnet has.
func guesses(ctx context.Context, t *attempt) {
	turn := 0
	guesser := newBrowser(t.browser.site, t.name, func() string { return fmt.Sprintf("10.2.%d.%d", t.n, turn%250) })
	t.keep(ctx, func() {
		turn++
		name := t.other().name
		if turn%2 == 0 {
			name = "nobody" + strconv.Itoa(turn)
		}
		a, err := guesser.post(ctx, "/sign-in", "username", name, "password", "not it at all")
		t.count(a.status, err)
	})
}

func sessions(ctx context.Context, t *attempt) {
	other := newBrowser(t.browser.site, t.name, t.addr)
	t.keep(ctx, func() {
		a, err := other.post(ctx, "/sign-in", "username", t.name, "password", rig.Password)
		t.count(a.status, err)
	})
}

func settings(ctx context.Context, t *attempt) {
	turn := 0
	t.keep(ctx, func() {
		turn++
		switch turn % 5 {
		case 0:
			t.submit(ctx, "/profile", "display_name", fmt.Sprint("Eve ", turn), "time_zone", "UTC", "language", "en")
		case 1:
			t.submit(ctx, "/profile/reading", "as", []string{"live", "streamed", "plain"}[turn%3])
		case 2:
			t.submit(ctx, t.group+"/mute", "muted", []string{"yes", "no"}[turn%2])
		case 3:
			t.submit(ctx, t.group+"/read", "seq", strconv.FormatUint(t.lastPost.Load(), 10))
		default:
			t.submit(ctx, t.message(t.lastPost.Load())+"/unread")
		}
	})
}

func (b *browser) requestSized(ctx context.Context, path, kind string, body *dripping, size int64) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+b.site+path, body)
	if err != nil {
		return nil, err
	}
	r.ContentLength = size
	for name, value := range b.headers() {
		r.Header[name] = value
	}
	r.Header.Set("Content-Type", kind)
	return b.client.Do(r)
}

// words are what searches look for: letters that everything begins with, and words that nothing has.
func words(t *attempt) string {
	switch t.random.IntN(5) {
	case 0:
		return ideographs(t.random, 2)
	case 1:
		return ideographs(t.random, 1)
	case 2:
		return strings.Repeat("a b c d e ", 20)
	case 3:
		return `"I will edit" said`
	}
	return ideographs(t.random, 200)
}
