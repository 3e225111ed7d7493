package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"parley/db"
	"parley/e2e/rig"
)

// TestASignInThatTakesTooLong checks that whoever could not be signed in within the time of a request reads
// that they should try again, and that nothing about it looks broken.
func TestASignInThatTakesTooLong(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	s.person("ann")
	held, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_ = s.store.Tx(t.Context(), func(*db.DB) error {
			close(held)
			time.Sleep(workTime + 500*time.Millisecond) // the only writer
			return nil
		})
	}()
	<-held
	a := s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(503)
	if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, `name="username"`) {
		t.Errorf("%v %s", a.header, shortened(a.body))
	}
	<-done
	if s.log.has(`"level":"ERROR"`) {
		t.Errorf("%s", s.log)
	}
	if !s.log.has(`"level":"WARN","msg":"request took too long"`) {
		t.Errorf("%s", s.log)
	}
}

// TestSignInsLeaveATrace checks that the log and the metrics show attempts to sign in that
// failed, without the name that was typed.
func TestSignInsLeaveATrace(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true, trusted: []string{"127.0.0.1/32"}})
	s.person("ann")
	from := "X-Forwarded-For: 203.0.113.7"
	for range 5 {
		s.visitor().post("/sign-in", form("username", "annabel", "password", "a wrong guess"), from).mustBe(422)
	}
	s.visitor().post("/sign-in", form("username", "annabel", "password", "a wrong guess"), from).mustBe(429)
	s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword), from).mustBe(303)
	for result, want := range map[string]float64{"ok": 1, "wrong": 5, "limited": 1} {
		if got := s.metric(`parley_sign_ins_total{result="` + result + `"}`); got != want {
			t.Errorf("%s: %v", result, got)
		}
	}
	traces := map[string]int{}
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, `"level":"INFO"`) && strings.Contains(line, `"route":"/sign-in"`) && strings.Contains(line, `"address":"203.0.113.7"`) {
			_, status, _ := strings.Cut(line, `"status":`)
			traces[status[:3]]++
		}
	}
	if len(traces) != 2 || traces["422"] != 5 || traces["429"] != 1 || s.log.has("annabel") {
		t.Errorf("%v: %s", traces, s.log)
	}
}

// TestAStreamWaitsLonger checks that a stream is given more time than a page: whoever is refused only asks again.
func TestAStreamWaitsLonger(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	limits := map[responseKind]time.Duration{}
	for _, r := range s.server.routes {
		c := s.server.app.AcquireCtx(&fasthttp.RequestCtx{})
		limits[r.kind] = max(limits[r.kind], s.server.timeLimit(c, r))
		s.server.app.ReleaseCtx(c)
	}
	if limits[page] != workTime || limits[post] != workTime || limits[stream] != workTime+streamPatience {
		t.Errorf("pages have %v, posts %v, streams %v", limits[page], limits[post], limits[stream])
	}
}

// TestTheFilterFindsRefusedSignIns applies the filter for fail2ban to what the server really logs. `just alerts` runs
// fail2ban's own program.
func TestTheFilterFindsRefusedSignIns(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, limits: true, trusted: []string{"127.0.0.1/32"}, oidc: []*rig.OIDC{o}})
	ann := s.person("ann")
	attempts := []struct {
		path, from string
		fields     url.Values
	}{
		{"/sign-in", "203.0.113.7", form("username", `"address":"192.0.2.1"`, "password", "a wrong guess")},
		{"/sign-in", "2001:db8::7", form("username", "ann", "password", "a wrong guess")},
		{"/recover", "203.0.113.8", form("username", "ann", "code", "a wrong guess", "password", "four score and seven")},
	}
	for _, a := range attempts {
		s.visitor().post(a.path, a.fields, "X-Forwarded-For: "+a.from).mustBe(422)
	}
	stranger := s.visitor()
	stranger.signsInAt(o, "/oidc/p0", "x").mustGoTo("/sign-in/new")
	stranger.post("/sign-in/connect", form("username", "ann", "password", "a wrong guess"), "X-Forwarded-For: 203.0.113.10").mustBe(422)
	s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword), "X-Forwarded-For: 203.0.113.9").mustBe(303)
	ann.post("/friends", form("username", "nobody-at-all"), "X-Forwarded-For: 203.0.113.9").mustBe(422)
	_, expression, _ := strings.Cut(read(t, "deploy/fail2ban/filter.d/parley.conf"), "failregex = ")
	expression, _, _ = strings.Cut(expression, "\n")
	filter := regexp.MustCompile(strings.ReplaceAll(expression, "<ADDR>", "([0-9a-f.:]+)"))
	var found []string
	for line := range strings.Lines(s.log.String()) {
		if match := filter.FindStringSubmatch("host parley[7]: " + line); match != nil {
			found = append(found, match[1])
		}
	}
	if !slices.Equal(found, []string{"203.0.113.7", "2001:db8::7", "203.0.113.8", "203.0.113.10"}) {
		t.Errorf("found %q in\n%s", found, s.log)
	}
}
