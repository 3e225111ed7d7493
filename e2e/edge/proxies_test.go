package edge

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// atOnce is how long a message may take through a proxy. One that holds streams back takes until more has
// come, or forever, so a test run on a busy machine can be patient.
func atOnce() time.Duration {
	if insist {
		return time.Second
	}
	return 5 * time.Second
}

// insist says that all proxies must be there, and that the slow parts are tested, too: `just proxies`.
var insist = os.Getenv("RIG_PROXIES") == "all"

// behind is a Parley behind a proxy, with two friends in two browsers.
type behind struct {
	t        *testing.T
	parley   *rig.Parley
	setup    *setup
	ann, bob *browser
	room     string
}

func startBehind(t *testing.T, p proxy, edit func(sample string) string) *behind {
	t.Helper()
	b := &behind{t: t, parley: start(t, "exec $PARLEY", map[string]string{"PUBLIC_URL": "https://" + site, "TRUSTED_PROXIES": "127.0.0.1", "LOG": "debug"})}
	server, setup, err := startProxy(p, b.parley.Addr, edit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopProxy(server) })
	b.setup = setup
	return b
}

// TestProxies runs the samples of docs/proxies.md with the real proxies.
func TestProxies(t *testing.T) {
	photo := largePhoto(t)
	for _, p := range proxies {
		if _, err := rig.Find(p.name); err != nil && !insist {
			t.Logf("%s is not tested: %v", p.name, err)
			continue
		}
		t.Run(p.sample, func(t *testing.T) {
			if insist {
				t.Parallel() // because most of the time is silence
			}
			b := startBehind(t, p, func(sample string) string { return sample })
			b.pages()
			b.streams()
			b.sockets()
			b.addresses()
			b.photos(photo)
			if insist {
				b.silence()
			}
			if strings.Contains(b.parley.Log(), `"level":"WARN"`) || strings.Contains(b.parley.Log(), `"level":"ERROR"`) {
				t.Errorf("the log has warnings: %s", regexp.MustCompile(`(?m)^.*"(WARN|ERROR)".*$`).FindAllString(b.parley.Log(), 5))
			}
		})
	}
}

// TestSamplesAreTested checks that no sample of docs/proxies.md escapes.
func TestSamplesAreTested(t *testing.T) {
	text, err := os.ReadFile(rig.Root() + "/docs/proxies.md")
	if err != nil {
		t.Fatal(err)
	}
	fences := strings.Count(string(text), "\n```") / 2
	named := regexp.MustCompile(`(?m)^<!-- sample: (.*) -->$`).FindAllStringSubmatch(string(text), -1)
	if fences != len(named) || len(named) != len(proxies)-1 { // one is of deploy/Caddyfile
		t.Errorf("%d blocks, %d of them named, %d tested", fences, len(named), len(proxies))
	}
	for _, name := range named {
		if !slices.ContainsFunc(proxies, func(p proxy) bool { return p.sample == name[1] }) {
			t.Errorf("the sample %q is not tested", name[1])
		}
	}
}

// TestPortsOfSamples checks that every port of a sample becomes its own, also where one begins with another's.
func TestPortsOfSamples(t *testing.T) {
	for _, p := range proxies {
		sample, err := sampleOf(p.sample)
		if err != nil {
			t.Fatal(err)
		}
		s := &setup{dir: t.TempDir(), program: p.name, sample: sample, upstream: "127.0.0.1:29117", plain: "30002", secure: "30003"}
		args, err := p.prepare(s)
		if err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(s.dir, "*"))
		var all strings.Builder
		for _, file := range files {
			text, _ := os.ReadFile(file)
			all.Write(text)
		}
		for _, port := range []string{"29117", "30002", "30003"} {
			if !regexp.MustCompile(`\b` + port + `\b`).MatchString(all.String()) {
				t.Errorf("%v has no port %s:\n%s", args, port, &all)
			}
		}
		if regexp.MustCompile(`\b(3000|29117\d)\b`).MatchString(all.String()) {
			t.Errorf("%v has ports of others:\n%s", args, &all)
		}
	}
}

// must fails the test, and shows the end of Parley's log.
func (b *behind) must(what string, err error) {
	b.t.Helper()
	if err != nil {
		log := b.parley.Log()
		b.t.Fatalf("%s: %v\n%s", what, err, log[max(0, len(log)-2000):])
	}
}

// pages makes two people friends, over HTTP/2 and HTTP/1.1.
func (b *behind) pages() {
	b.t.Helper()
	b.ann, b.bob = newBrowser(b.setup, "127.0.0.9", true), newBrowser(b.setup, "127.0.0.10", false)
	resp, err := b.ann.do(b.t.Context(), http.MethodGet, "/sign-up", nil)
	b.must("the first page", err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 {
		b.t.Errorf("the first page: %s %s", resp.Proto, resp.Status)
	}
	b.must("signing up", b.ann.signUp("ann"))
	b.must("signing up", b.bob.signUp("bob"))
	for _, c := range b.ann.client.Jar.Cookies(&url.URL{Scheme: "https", Host: site, Path: "/"}) {
		if c.Name != "__Host-parley" {
			b.t.Errorf("a cookie called %s", c.Name)
		}
	}
	b.must("asking", b.ann.post("/friends", url.Values{"username": {"bob"}}))
	b.must("accepting", b.bob.post("/friends/ann/accept", nil))
	_, list, err := b.ann.page(http.MethodGet, "/rooms", nil)
	b.must("the rooms", err)
	if b.room = regexp.MustCompile(`/rooms/\d+`).FindString(list); b.room == "" {
		b.t.Fatal("there is no room")
	}
	plain, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, "http://127.0.0.1:"+b.setup.plain+"/rooms", nil)
	b.must("http", err)
	plain.Host = site
	client := http.Client{CheckRedirect: b.ann.client.CheckRedirect}
	resp, err = client.Do(plain)
	b.must("http", err)
	_ = resp.Body.Close()
	if to := resp.Header.Get("Location"); !strings.HasPrefix(to, "https://"+site) {
		b.t.Errorf("http is sent to %q", to)
	}
}

// streams checks that a message arrives at once, whatever the browser would take compressed.
func (b *behind) streams() {
	b.t.Helper()
	for _, listener := range []*browser{b.ann, b.bob} {
		for _, path := range []string{"/events", b.room + "/events", b.room + "/live"} {
			for _, accept := range []string{"identity", "gzip", "gzip, deflate, br, zstd"} {
				s, err := listener.listen(path, accept)
				b.must(path, err)
				time.Sleep(20 * time.Millisecond) // so that not even the beginning pushes it through
				text := fmt.Sprint("hello ", rand.Uint64())
				b.must("posting", b.bob.say(b.room, text))
				if _, err := s.await(text, atOnce()); err != nil {
					b.t.Errorf("%s, for %s: %v", path, accept, err)
				}
				s.hangUp()
			}
		}
	}
}

func (b *behind) sockets() {
	b.t.Helper()
	for _, talker := range []*browser{b.ann, b.bob} {
		conn, _, err := talker.talk(b.room, "over a socket")
		b.must("a socket", err)
		_ = conn.Close()
	}
}

// addresses checks that the log has the visitor's address, and not the proxy's or one that was made up.
func (b *behind) addresses() {
	b.t.Helper()
	stranger := newBrowser(b.setup, "127.0.0.77", true)
	for _, made := range [][]string{nil, {"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "6.6.6.6, 127.0.0.1"}, {"Forwarded", "for=6.6.6.6"}, {"X-Real-IP", "6.6.6.6"}} {
		if err := stranger.post("/sign-in", url.Values{"username": {"ann"}, "password": {"a wrong guess"}}, made...); err == nil || !strings.Contains(err.Error(), "422") {
			b.t.Errorf("signing in with %v: %v", made, err)
		}
	}
	log := b.parley.Log()
	if n := strings.Count(log, `"route":"/sign-in","status":422`); n != 5 {
		b.t.Errorf("%d refused sign-ins in the log", n)
	}
	for line := range strings.Lines(log) {
		if strings.Contains(line, `"status":422`) && strings.Contains(line, "/sign-in") && !strings.Contains(line, `"address":"127.0.0.77"`) {
			b.t.Errorf("the address is wrong: %s", line)
		}
	}
}

// photos checks that a photo of 8 MB arrives, and that one that is too large is refused by Parley itself.
func (b *behind) photos(photo []byte) {
	b.t.Helper()
	status, text, err := b.ann.upload(b.room, photo)
	if err != nil || status != http.StatusSeeOther {
		b.t.Errorf("a photo of %d bytes: %d %v %s", len(photo), status, err, text[:min(len(text), 500)])
	}
	status, text, err = b.ann.upload(b.room, make([]byte, 11<<20))
	if err != nil || status != http.StatusRequestEntityTooLarge || !strings.Contains(text, `role="alert"`) {
		b.t.Errorf("a photo that is too large: %d %v %s", status, err, text[:min(len(text), 500)])
	}
}

// silence checks that a stream and a socket on which nothing happens outlive the patience of the proxy.
func (b *behind) silence() {
	b.t.Helper()
	s, err := b.ann.listen(b.room+"/events", "gzip")
	b.must("a stream", err)
	defer s.hangUp()
	conn, in, err := b.bob.talk(b.room, "and now nothing")
	b.must("a socket", err)
	defer func() { _ = conn.Close() }()
	b.must("a silent socket", stayOn(conn, in, 75*time.Second))
	b.must("a socket after a minute", sayOver(conn, in, "still here"))
	_, err = s.await("still here", atOnce())
	b.must("a stream after a minute", err)
}

// TestProxyWithoutHost checks that a proxy that keeps the name to itself is named in the log.
func TestProxyWithoutHost(t *testing.T) {
	p := proxies[0]
	if _, err := rig.Find(p.name); err != nil && !insist {
		t.Logf("%s is not tested: %v", p.name, err)
		return
	}
	b := &behind{t: t, parley: start(t, "exec $PARLEY", map[string]string{"PUBLIC_URL": "https://" + site, "TRUSTED_PROXIES": "127.0.0.1"})}
	server, setup, err := startProxy(p, b.parley.Addr, func(sample string) string {
		return strings.Replace(sample, "proxy_set_header Host $http_host;", "", 1)
	})
	b.must("starting", err)
	t.Cleanup(func() { stopProxy(server) })
	for range 5 {
		status, _, err := newBrowser(setup, "127.0.0.1", true).page(http.MethodGet, "/sign-in", nil)
		b.must("a page", err)
		if status != http.StatusMisdirectedRequest {
			t.Errorf("status %d", status)
		}
	}
	if want := fmt.Sprintf(`"host":"%s","wanted":"%s"`, b.parley.Addr, site); strings.Count(b.parley.Log(), want) != 1 {
		t.Errorf("the log does not have %s once: %s", want, b.parley.Log())
	}
}

// largePhoto is a picture of noise, which no encoding makes smaller: 8 MB.
func largePhoto(t *testing.T) []byte {
	t.Helper()
	noise := rand.New(rand.NewPCG(1, 2))
	picture := image.NewRGBA(image.Rect(0, 0, 1700, 1600))
	for y := range 1600 {
		for x := range 1700 {
			n := noise.Uint32()
			picture.SetRGBA(x, y, color.RGBA{uint8(n), uint8(n >> 8), uint8(n >> 16), 255})
		}
	}
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.NoCompression}
	if err := encoder.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	if n := file.Len(); n < 8_000_000 || n > 10<<20 {
		t.Fatalf("the photo has %d bytes", n)
	}
	return file.Bytes()
}
