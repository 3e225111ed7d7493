package web

import (
	"crypto/tls"
	"errors"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/e2e/rig"
	"parley/views"
)

// metric reads a value as Prometheus does.
func (s *site) metric(name string) float64 {
	s.t.Helper()
	text := s.metrics()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		s.t.Fatalf("there is no %s in\n%s", name, text)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	must(s.t, err)
	return n
}

// metrics returns what Prometheus reads.
func (s *site) metrics() string {
	answer := httptest.NewRecorder()
	s.server.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return answer.Body.String()
}

// TestMetrics checks that the metrics on the admin listener count what happens.
func TestMetrics(t *testing.T) {
	s, ann, bob, room := talked(t, options{}, 1)
	a, b := ann.open(room), bob.open(room)
	eventually(t, "both streams are counted", func() bool { return s.metric("parley_viewers") == 4 }) // rooms' and lists'
	if n := s.metric("parley_sockets"); n != 2 {
		t.Errorf("%v sockets", n)
	}
	a.talk.say("k", "over the socket")
	a.talk.say("k", "over the socket")
	ann.post(views.RoomPath(room)+"/messages", form("body", "by the form")).mustBe(303)
	ann.post(views.RoomPath(room)+"/messages", form("body", "")).mustBe(422)
	b.room.await("the last message", shows("by the form"))
	for name, want := range map[string]float64{
		`parley_ack_seconds_count{answer="ok",transport="socket"}`:    2,
		`parley_ack_seconds_count{answer="ok",transport="form"}`:      1,
		`parley_ack_seconds_count{answer="refused",transport="form"}`: 1,
		`parley_post_repeats_total`:                                   1,
		`parley_bus_up`:                                               1,
		`parley_bus_peers`:                                            1,
		`parley_gaps_total`:                                           0,
		`parley_resets_total{reason="other-log"}`:                     0,
	} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	eventually(t, "deliveries are timed", func() bool { return s.metric("parley_delivery_seconds_count") == 2 })
	if sum := s.metric("parley_delivery_seconds_sum"); sum <= 0 || sum > 5 {
		t.Errorf("the deliveries took %v s", sum)
	}
	bob.listen(eventsPath(room) + "?after=" + s.cursor(room, 99)).awaitEnd()
	if n := s.metric(`parley_resets_total{reason="bad-cursor"}`); n != 1 {
		t.Errorf("%v resets", n)
	}
}

// TestMetricsOfRequests checks that requests are counted by the pattern of their route, never by what somebody chose.
func TestMetricsOfRequests(t *testing.T) {
	s, ann, _, room := talked(t, options{limits: true}, 1)
	ann.get(views.RoomPath(room)).mustBe(200)
	ann.get(views.RoomPath(room + 1)).mustBe(404)
	ann.get("/nowhere/at/all").mustBe(404)
	l := s.dial()
	l.write("NOSUCH / HTTP/1.1\r\nHost: " + s.addr + "\r\n\r\n")
	l.head()
	for i := 0; ann.get("/search?q=hello").status != 429; i++ {
		if i > 100 {
			t.Fatal("searches have no limit")
		}
	}
	s.clock.panicWithin("web.(*Server).showRooms", "a broken clock")
	ann.get("/rooms").shouldBe(500)
	s.clock.repair()
	for name, want := range map[string]float64{
		`parley_http_request_seconds_count{method="GET",route="/rooms/:room",status="2xx"}`: 1,
		`parley_http_request_seconds_count{method="GET",route="/rooms/:room",status="4xx"}`: 1,
		`parley_http_request_seconds_count{method="GET",route="none",status="4xx"}`:         1,
		`parley_http_request_seconds_count{method="GET",route="/rooms",status="5xx"}`:       1,
		`parley_http_too_many_requests_total{route="/search"}`:                              1,
		`parley_http_request_seconds_count{method="none",route="none",status="5xx"}`:        1,
		`parley_panics_total`: 1,
	} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	if strings.Contains(s.metrics(), "nowhere") {
		t.Error("an address that somebody chose is in the metrics")
	}
}

// TestMetricsOfPeople checks what is counted of accounts, photos and open pages.
func TestMetricsOfPeople(t *testing.T) {
	s := start(t, options{})
	if n := s.metric("parley_accounts"); n != 0 {
		t.Errorf("%v accounts", n)
	}
	s.visitor().post("/sign-up", form("username", "ann", "password", goodPassword)).mustBe(303)
	s.visitor().post("/sign-up", form("username", "ann", "password", goodPassword)).mustBe(422)
	list := s.people("bob", "eve")
	bob, room := list[0], s.befriend(list[0], list[1])
	bob.upload("/profile", "photo.png", tinyPNG(t), form("display_name", "Bob", "time_zone", "UTC")).mustBe(303)
	bob.upload("/profile", "photo.png", []byte("no photo"), form("display_name", "Bob", "time_zone", "UTC")).mustBe(422)
	stream, page := bob.listen(eventsPath(room)), bob.watchPage(views.LivePath(room))
	answered := bob.awaitsPage(room, s.cursorNow(room))
	kinds := map[string]float64{"stream": 1, "streamed": 1, "waiting": 1}
	for kind, n := range kinds {
		eventually(t, "a page is counted: "+kind, func() bool { return s.metric(`parley_streams{kind="`+kind+`"}`) == n })
	}
	stream.hangUp()
	page.hangUp()
	list[1].say(room, "hello")
	soonAnswered(t, answered).mustBe(200)
	for kind := range kinds {
		eventually(t, "a page that is gone is not counted: "+kind, func() bool { return s.metric(`parley_streams{kind="`+kind+`"}`) == 0 })
	}
	for name, want := range map[string]float64{
		`parley_sign_ups_total{result="ok"}`:      1,
		`parley_sign_ups_total{result="refused"}`: 1,
		`parley_uploads_total{result="stored"}`:   1,
		`parley_uploads_total{result="refused"}`:  1,
		`parley_uploads_total{result="failed"}`:   0,
		`parley_accounts`:                         0, // counted every few minutes
		`parley_ready`:                            1,
		`parley_processes`:                        1,
	} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	s.server.size = cachedSize{}
	for name, want := range map[string]float64{"parley_accounts": 3, "parley_rooms": 1, "parley_sessions": 3} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	if size, free := s.metric("parley_database_size_bytes"), s.metric("parley_disk_free_bytes"); size < 4096 || free < 1 {
		t.Errorf("the database has %v bytes, and room for %v", size, free)
	}
}

// TestMetricsOfADatabaseThatIsAway checks that the metrics come, and say so, while the database does not answer.
func TestMetricsOfADatabaseThatIsAway(t *testing.T) {
	address, w := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	w.cut()
	if n := s.metric("parley_ready"); n != 0 {
		t.Errorf("ready is %v", n)
	}
	if n := s.metric("parley_rooms"); !math.IsNaN(n) {
		t.Errorf("there are %v rooms, which nobody can know", n)
	}
}

// TestMetricsOfTheCertificate checks that the metrics know when the certificate that browsers get expires.
func TestMetricsOfTheCertificate(t *testing.T) {
	const name = "parley_certificate_expiry_timestamp_seconds"
	s := start(t, overTLS)
	response, err := s.client.Get("https://" + s.addr + "/livez")
	must(t, err)
	must(t, response.Body.Close())
	if got, want := s.metric(name), response.TLS.PeerCertificates[0].NotAfter.Unix(); got != float64(want) {
		t.Errorf("it ends at %.0f, and the metric says %.0f", float64(want), got)
	}
	if strings.Contains(start(t, options{}).metrics(), name) {
		t.Error("there is a certificate without TLS")
	}
	none := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("not yet") }}
	if got := certificateEnd(none); got != 0 {
		t.Errorf("before the first certificate: %.0f", got)
	}
}

var (
	servedMetric     = regexp.MustCompile(`(?m)^# TYPE (parley_\w+) `)
	documentedMetric = regexp.MustCompile("(?m)^\\| `(parley_\\w+)`")
	mentionedMetric  = regexp.MustCompile(`\bparley_\w+`)
)

// TestMetricsAreDocumented compares what is served with the table of docs/operate.md, and with what the dashboard and the
// alerts ask for.
func TestMetricsAreDocumented(t *testing.T) {
	s, ann, _, room := talked(t, overTLS, 0)
	ann.post(views.RoomPath(room)+"/messages", form("body", "hello")).mustBe(303)
	s.server.metrics.tooMany.WithLabelValues(noRoute)
	served := names(servedMetric, s.metrics())
	if documented := names(documentedMetric, read(t, "docs/operate.md")); !slices.Equal(served, documented) {
		t.Errorf("served:     %s\ndocumented: %s", served, documented)
	}
	for _, file := range []string{"deploy/grafana.json", "deploy/alerts.yaml"} {
		asked := names(mentionedMetric, read(t, file))
		if len(asked) < 8 {
			t.Errorf("%s asks for %s", file, asked)
		}
		for _, name := range asked {
			base := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(name, "")
			if !slices.Contains(served, name) && !slices.Contains(served, base) {
				t.Errorf("%s asks for %s, which is not served", file, name)
			}
		}
	}
}

// names returns what the group of a pattern matches, each once and in order.
func names(pattern *regexp.Regexp, text string) (list []string) {
	for _, found := range pattern.FindAllStringSubmatch(text, -1) {
		list = append(list, found[len(found)-1])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// read reads a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", path))
	must(t, err)
	return string(text)
}
