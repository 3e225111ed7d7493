package abuse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/e2e/rig"
)

// patience is how long a browser waits for a response.
const patience = 20 * time.Second

// browser is somebody's browser, signed in or not. The server trusts this machine as a proxy, so each person has
// addresses of their own.
type browser struct {
	name   string
	site   string // host:port
	addr   func() string
	cookie string
	client *http.Client
}

func newBrowser(site, name string, addr func() string) *browser {
	return &browser{name: name, site: site, addr: addr, client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (b *browser) request(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+b.site+path, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range b.headers() {
		r.Header[name] = value
	}
	return b.client.Do(r)
}

func (b *browser) headers() http.Header {
	h := http.Header{"X-Forwarded-For": {b.addr()}}
	if b.cookie != "" {
		h.Set("Cookie", b.cookie)
	}
	return h
}

func (b *browser) send(ctx context.Context, method, path, kind string, body io.Reader) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	resp, err := b.request(ctx, method, path, kind, body)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, text}, err
}

func (b *browser) get(ctx context.Context, path string) (answer, error) {
	return b.send(ctx, http.MethodGet, path, "", nil)
}

// post submits a form of names and values in turn.
func (b *browser) post(ctx context.Context, path string, pairs ...string) (answer, error) {
	return b.send(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(fields(pairs).Encode()))
}

func fields(pairs []string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// upload submits a form with a file.
func (b *browser) upload(ctx context.Context, path string, file []byte, pairs ...string) (answer, error) {
	kind, body, err := multipartForm(file, pairs)
	if err != nil {
		return answer{}, err
	}
	return b.send(ctx, http.MethodPost, path, kind, bytes.NewReader(body))
}

func multipartForm(file []byte, pairs []string) (kind string, body []byte, err error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, values := range fields(pairs) {
		for _, value := range values {
			err = errors.Join(err, w.WriteField(name, value))
		}
	}
	part, problem := w.CreateFormFile("photo", "photo.png")
	if problem == nil {
		_, problem = part.Write(file)
	}
	err = errors.Join(err, problem, w.Close())
	return w.FormDataContentType(), out.Bytes(), err
}

// must submits a form that has to be accepted. A site that is busy is asked again: passwords are hashed only a
// few at a time.
func (b *browser) must(ctx context.Context, path string, pairs ...string) (location string, err error) {
	for until := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		a, err := b.post(ctx, path, pairs...)
		busy := err == nil && (a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests)
		switch {
		case err != nil:
			return "", err
		case a.status == http.StatusSeeOther:
			b.takeCookie(a.header)
			return a.header.Get("Location"), nil
		case !busy || time.Now().After(until):
			return "", fmt.Errorf("POST %s as %s: %d", path, b.name, a.status)
		}
	}
}

func (b *browser) takeCookie(h http.Header) {
	for _, line := range h.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(line, ";"); strings.HasPrefix(pair, "parley") {
			b.cookie = pair
		}
	}
}

func (b *browser) signUp(ctx context.Context) error {
	_, err := b.must(ctx, "/sign-up", "username", b.name, "password", rig.Password, "time_zone", "UTC")
	return err
}

// befriend makes two people friends.
func (b *browser) befriend(ctx context.Context, other *browser) error {
	_, err := b.must(ctx, "/friends", "username", other.name)
	if err == nil {
		_, err = other.must(ctx, "/friends/"+b.name+"/accept")
	}
	return err
}

// room returns the path of the room with a friend.
func (b *browser) room(ctx context.Context, friend string) (string, error) {
	page, err := b.get(ctx, "/friends")
	if err != nil {
		return "", err
	}
	_, line, _ := strings.Cut(string(page.body), `data-username="`+friend+`"`)
	_, id, found := strings.Cut(line, `href="/rooms/`)
	id, _, _ = strings.Cut(id, `"`)
	if !found {
		return "", fmt.Errorf("%s has no room with %s", b.name, friend)
	}
	return "/rooms/" + id, nil
}
