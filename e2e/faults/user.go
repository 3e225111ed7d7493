package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// host is the name of the site; connections to it go through the link that the scenario has chosen.
const host = "parley.test"

const password = "nine green lanterns"

// user is a signed-in user in a browser without scripts.
type user struct {
	Name   string
	cookie string
	via    *atomic.Pointer[string] // host:port to connect to
	client *http.Client
}

func newUser(name string, via *atomic.Pointer[string]) *user {
	u := &user{Name: name, via: via}
	u.client = &http.Client{
		// One connection per request, so that a fault never hits a request through the connection of another.
		Transport:     &http.Transport{DialContext: u.dial, DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return u
}

func (u *user) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", *u.via.Load())
}

// request gets a page or posts a form. It returns the status, the body and the headers.
func (u *user) request(ctx context.Context, method, path string, form url.Values) (int, string, http.Header, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+host+path, body)
	if err != nil {
		return 0, "", nil, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+host)
	}
	if u.cookie != "" {
		r.Header.Set("Cookie", u.cookie)
	}
	resp, err := u.client.Do(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), resp.Header, err
}

func (u *user) get(path string) (int, string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, body, _, err := u.request(ctx, http.MethodGet, path, nil)
	return status, body, err
}

// submit posts a form, and fails unless the response is a 303.
func (u *user) submit(path string, form url.Values) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, body, header, err := u.request(ctx, http.MethodPost, path, form)
	if err != nil {
		return err
	}
	if status == http.StatusServiceUnavailable {
		return fmt.Errorf("%w: POST %s as %s: %s", errBusy, path, u.Name, alertOf(body))
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("POST %s as %s: %d %s", path, u.Name, status, alertOf(body))
	}
	for _, line := range header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(line, ";"); strings.HasPrefix(pair, "parley") {
			u.cookie = pair
		}
	}
	return nil
}

// errBusy is a 503: nothing was done, and the request may be repeated.
var errBusy = errors.New("faults: the site is busy")

// retryWhileBusy repeats a request while the site is too busy for it. Passwords are hashed only a few at a
// time, so that many sign-ins at once are refused, by design.
func retryWhileBusy(fn func() error) error {
	for until := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		if err := fn(); !errors.Is(err, errBusy) || time.Now().After(until) {
			return err
		}
	}
}

func (u *user) signUp() error {
	err := retryWhileBusy(func() error {
		return u.submit("/sign-up", url.Values{"username": {u.Name}, "password": {password}, "time_zone": {"UTC"}})
	})
	if err == nil && u.cookie == "" {
		return errors.New("faults: signed up, but not signed in")
	}
	return err
}

func (u *user) signIn() error {
	return retryWhileBusy(func() error {
		return u.submit("/sign-in", url.Values{"username": {u.Name}, "password": {password}})
	})
}

// elsewhere returns the same user, signed in in another browser.
func (u *user) elsewhere() (*user, error) {
	other := newUser(u.Name, u.via)
	return other, other.signIn()
}

// through returns the same browser, connecting through a link.
func (u *user) through(l *link) *user {
	var via atomic.Pointer[string]
	via.Store(&l.Addr)
	other := newUser(u.Name, &via)
	other.cookie = u.cookie
	return other
}

// befriend makes two users friends: each sends the other a friend request. A request that was not answered in time
// is repeated, and gets 422 if they have become friends meanwhile. If they have not, finding their room fails next.
func (u *user) befriend(other *user) error {
	for _, pair := range [][2]*user{{u, other}, {other, u}} {
		err := pair[0].submit("/friends", url.Values{"username": {pair[1].Name}})
		if err != nil && !strings.Contains(err.Error(), ": 422 ") {
			return err
		}
	}
	return nil
}

var alertPattern = regexp.MustCompile(`role="alert"[^>]*>([^<]*)`)

// alertOf returns the sentence in which a page says what is wrong.
func alertOf(page string) string {
	if found := alertPattern.FindStringSubmatch(page); found != nil {
		return found[1]
	}
	return page[:min(len(page), 200)]
}
