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

// host is what the clients call the site; their connections go wherever the world says.
const host = "parley.test"

const password = "nine green lanterns"

// person is somebody with an account who is signed in.
type person struct {
	Name   string
	cookie string
	via    *atomic.Pointer[string] // host:port to connect to
	client *http.Client
}

func newPerson(name string, via *atomic.Pointer[string]) *person {
	p := &person{Name: name, via: via}
	p.client = &http.Client{
		// One connection for each request: no fault hits a request through another's connection.
		Transport:     &http.Transport{DialContext: p.dial, DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

func (p *person) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", *p.via.Load())
}

// request asks for a page or posts a form. It answers the status, the body and the headers.
func (p *person) request(ctx context.Context, method, path string, form url.Values) (int, string, http.Header, error) {
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
	if p.cookie != "" {
		r.Header.Set("Cookie", p.cookie)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), resp.Header, err
}

func (p *person) get(path string) (int, string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, body, _, err := p.request(ctx, http.MethodGet, path, nil)
	return status, body, err
}

// do posts a form that must be answered with 303.
func (p *person) do(path string, form url.Values) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, body, header, err := p.request(ctx, http.MethodPost, path, form)
	if err != nil {
		return err
	}
	if status == http.StatusServiceUnavailable {
		return fmt.Errorf("%w: POST %s as %s: %s", errBusy, path, p.Name, alert(body))
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("POST %s as %s: %d %s", path, p.Name, status, alert(body))
	}
	for _, line := range header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(line, ";"); strings.HasPrefix(pair, "parley=") {
			p.cookie = pair
		}
	}
	return nil
}

// errBusy is a 503: nothing was done, and it is worth another try.
var errBusy = errors.New("faults: the site is busy")

// patiently tries again what the site was too busy for. Passwords are hashed one or few at a time,
// and of a crowd that comes at once some are sent away: that is as it should be.
func patiently(fn func() error) error {
	for until := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		if err := fn(); !errors.Is(err, errBusy) || time.Now().After(until) {
			return err
		}
	}
}

func (p *person) signUp() error {
	err := patiently(func() error {
		return p.do("/sign-up", url.Values{"username": {p.Name}, "password": {password}, "time_zone": {"UTC"}})
	})
	if err == nil && p.cookie == "" {
		return errors.New("faults: signed up and not signed in")
	}
	return err
}

func (p *person) signIn() error {
	return patiently(func() error {
		return p.do("/sign-in", url.Values{"username": {p.Name}, "password": {password}})
	})
}

// again is the same person in another browser, signed in on its own.
func (p *person) again() (*person, error) {
	other := newPerson(p.Name, p.via)
	return other, other.signIn()
}

// through is the same browser on another way to the site.
func (p *person) through(l *link) *person {
	var via atomic.Pointer[string]
	via.Store(&l.Addr)
	other := newPerson(p.Name, &via)
	other.cookie = p.cookie
	return other
}

// befriend makes friends by asking each other.
func (p *person) befriend(other *person) error {
	if err := p.do("/friends", url.Values{"username": {other.Name}}); err != nil {
		return err
	}
	return other.do("/friends", url.Values{"username": {p.Name}})
}

var alertText = regexp.MustCompile(`role="alert"[^>]*>([^<]*)`)

// alert is the sentence in which a page says what is wrong.
func alert(page string) string {
	if found := alertText.FindStringSubmatch(page); found != nil {
		return found[1]
	}
	return page[:min(len(page), 200)]
}
