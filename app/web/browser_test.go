package web

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/db"
)

// browser is a client with cookies. It obeys every Set-Cookie and follows no redirect.
type browser struct {
	site    *site
	name    string
	id      uint64
	session uint64
	cookies map[string]string
	agent   string
}

// reply is a response with its body.
type reply struct {
	t       testing.TB
	request string
	status  int
	header  http.Header
	body    string
}

// Every page of every test is looked through for these.
var (
	postedForm = regexp.MustCompile(`(?s)<form[^>]* method="post"[^>]*>(.*?)</form>`)
	namedField = regexp.MustCompile(`<(?:input|select|textarea|button)[^>]* name="`)
	swapTarget = regexp.MustCompile(` hx-target="#([^"]*)"`)
)

// visitor returns a browser that is signed out.
func (s *site) visitor() *browser {
	return &browser{site: s, cookies: map[string]string{}, agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
}

// signInAgain gives the browser a session of its own, as a sign-in does.
func (b *browser) signInAgain() {
	t := b.site.t
	t.Helper()
	u, err := b.site.store.UserByID(t.Context(), b.id)
	must(t, err)
	token, session, err := b.site.server.accounts.CreateSession(t.Context(), u, b.agent)
	must(t, err)
	b.session = session.ID
	b.cookies[b.site.cookieName()] = token
}

// cookieName returns the name of the session's cookie, as browsers of this site get it.
func (s *site) cookieName() string {
	u, err := url.Parse(s.origin())
	must(s.t, err)
	return cookieName(u, s.server.isHTTPS())
}

// token returns the token of the browser's session.
func (b *browser) token() string { return b.cookies[b.site.cookieName()] }

// another returns a second browser of the same person.
func (b *browser) another() *browser {
	other := b.site.visitor()
	other.name, other.id = b.name, b.id
	other.signInAgain()
	return other
}

// copy returns the browser with its present cookies. The original does not get those that follow.
func (b *browser) copy() *browser {
	other := *b
	other.cookies = maps.Clone(b.cookies)
	return &other
}

func (b *browser) user() db.User {
	b.site.t.Helper()
	u, err := b.site.store.UserByID(b.site.t.Context(), b.id)
	must(b.site.t, err)
	return u
}

// get requests a path. Headers are given as "Name: value".
func (b *browser) get(path string, headers ...string) *reply {
	b.site.t.Helper()
	return b.send("GET", path, nil, headers...)
}

// post sends a form.
func (b *browser) post(path string, fields url.Values, headers ...string) *reply {
	b.site.t.Helper()
	headers = append([]string{"Content-Type: application/x-www-form-urlencoded"}, headers...)
	return b.send("POST", path, strings.NewReader(fields.Encode()), headers...)
}

func (b *browser) send(method, path string, body io.Reader, headers ...string) *reply {
	t := b.site.t
	t.Helper()
	response, err := b.ask(method, path, body, headers...)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(t, err)
	a := &reply{t: t, request: method + " " + path[:min(len(path), 80)], status: response.StatusCode, header: response.Header,
		body: string(text)}
	b.keepCookies(response.Header)
	for _, form := range postedForm.FindAllStringSubmatch(a.body, -1) {
		if !namedField.MatchString(form[1]) {
			t.Errorf("%s: Lynx sends a form without a named field or button by GET: %s", a.request, form[0])
		}
	}
	for _, target := range swapTarget.FindAllStringSubmatch(a.body, -1) {
		if strings.Contains(a.body, "<html") && !strings.Contains(a.body, ` id="`+target[1]+`"`) {
			t.Errorf("%s: nothing on the page is #%s, which something wants to swap", a.request, target[1])
		}
	}
	if a.status == http.StatusInternalServerError { // shown if the test fails
		t.Logf("%s is a 500; the log ends with\n%s", a.request, b.site.log.end())
	}
	return a
}

// ask is send without reading the response.
func (b *browser) ask(method, path string, body io.Reader, headers ...string) (*http.Response, error) {
	t := b.site.t
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, b.site.base(), body)
	must(t, err)
	request.URL.Opaque = path // unescaped, with whatever is wrong with it
	request.Header.Set("User-Agent", b.agent)
	if public := b.site.server.options.PublicURL; public != nil {
		request.Host = public.Host
	}
	if cookie := b.cookie(); cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			request.Host = value
			continue
		}
		request.Header.Add(name, value)
	}
	return b.site.client.Do(request)
}

func (b *browser) keepCookies(header http.Header) {
	for _, line := range header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		must(b.site.t, err)
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
			continue
		}
		b.cookies[cookie.Name] = cookie.Value
	}
}

// cookie returns the Cookie header that the browser sends.
func (b *browser) cookie() string {
	var pairs []string
	for name, value := range b.cookies {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

// isSignedIn asks the server.
func (b *browser) isSignedIn() bool {
	b.site.t.Helper()
	return b.get("/rooms").status == 200
}

// upload sends a multipart form with a file in the field photo.
func (b *browser) upload(path, fileName string, file []byte, fields url.Values, headers ...string) *reply {
	b.site.t.Helper()
	body, contentType := multipartForm(b.site.t, fileName, file, fields)
	return b.send("POST", path, bytes.NewReader(body), append([]string{"Content-Type: " + contentType}, headers...)...)
}

func multipartForm(t testing.TB, fileName string, file []byte, fields url.Values) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, value := range values {
			must(t, w.WriteField(name, value))
		}
	}
	if file != nil {
		part, err := w.CreateFormFile("photo", fileName)
		must(t, err)
		_, err = part.Write(file)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes(), w.FormDataContentType()
}

// form makes the fields of a form from names and values in turn.
func form(pairs ...string) url.Values {
	fields := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	return fields
}

func (a *reply) mustBe(status int) *reply {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d instead of %d: %s", a.request, a.status, status, shortened(a.body))
	}
	return a
}

// shouldBe is mustBe for a table: the test continues.
func (a *reply) shouldBe(status int) *reply {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("%s: %d instead of %d: %s", a.request, a.status, status, shortened(a.body))
	}
	return a
}

func (a *reply) mustHave(texts ...string) *reply {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%s: no %q in %s", a.request, text, shortened(a.body))
		}
	}
	return a
}

func (a *reply) mustGoTo(path string) *reply {
	a.t.Helper()
	if got := a.header.Get("Location"); a.status != 303 || got != path {
		a.t.Errorf("%s: %d to %q instead of 303 to %q", a.request, a.status, got, path)
	}
	return a
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

func shortened(text string) string {
	if len(text) > 600 {
		return text[:600] + "..."
	}
	return text
}
