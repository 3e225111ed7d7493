package web

import (
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"parley/db"
)

// TestASignInThatTakesTooLong checks that whoever could not be signed in within the time of a request is
// told to try again, and that nothing about it looks broken.
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

// TestAStreamWaitsLonger holds that a stream is given more time than a page: whoever is refused only asks again.
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
