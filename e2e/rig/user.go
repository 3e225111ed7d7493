package rig

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Password is the password of every user that SignUp creates.
const Password = "nine green lanterns"

// User is somebody who is signed in, in a browser without scripts.
type User struct {
	Name   string
	site   string
	client http.Client
}

// SignUp creates an account.
func (p *Parley) SignUp(name string) (*User, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	u := &User{Name: name, site: "http://" + p.Addr, client: http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	return u, u.Post("/sign-up", url.Values{"username": {name}, "password": {Password}})
}

// At is the same person, with the same session, at another process. Its cookies have the port of their site in their
// names, and a process takes those of another port as well.
func (u *User) At(p *Parley) *User {
	other := *u
	other.site = "http://" + p.Addr
	return &other
}

// Do sends a request that has only a path.
func (u *User) Do(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, u.site+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return u.client.Do(r)
}

// Post submits a form, and fails unless the answer is a redirect.
func (u *User) Post(path string, form url.Values) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	resp, err := u.Do(ctx, http.MethodPost, path, form)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("POST %s as %s: %s", path, u.Name, resp.Status)
	}
	return nil
}

// Get returns the body of a page.
func (u *User) Get(path string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	resp, err := u.Do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s as %s: %s", path, u.Name, resp.Status)
	}
	return string(body), err
}

// Accept accepts another user's friend request, and returns the path of their room.
func (u *User) Accept(other string) (room string, err error) {
	if err := u.Post("/friends/"+other+"/accept", nil); err != nil {
		return "", err
	}
	page, err := u.Get("/friends")
	if err != nil {
		return "", err
	}
	_, line, _ := strings.Cut(page, `data-username="`+other+`"`)
	_, id, found := strings.Cut(line, `href="/rooms/`)
	id, _, _ = strings.Cut(id, `"`)
	if !found {
		return "", fmt.Errorf("%s has no room with %s", u.Name, other)
	}
	return "/rooms/" + id, nil
}

// Say posts a message.
func (u *User) Say(room, text string) error {
	return u.Post(room+"/messages", url.Values{"body": {text}, "key": {rand.Text()}})
}

// Cookie is the value of the Cookie header that signs the user in.
func (u *User) Cookie() string {
	site, err := url.Parse(u.site)
	if err != nil {
		return ""
	}
	var pairs []string
	for _, c := range u.client.Jar.Cookies(site) {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; ")
}
