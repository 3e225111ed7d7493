//go:build community

package faults

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The size of the evening.
const (
	eveningAccounts = 1000
	eveningRooms    = 20
	eveningTalkers  = 6 // in each room, with an open page; the others come and go
	eveningLasts    = time.Minute
)

// TestCommunity is an evening of a community, through two processes: an owner, who invites a thousand people; twenty
// open rooms, which they join; three moderators, who ban and delete; reports, a suspension, a deletion and an
// export, while some hundred people talk. In the end nothing may be lost or doubled, and whoever is out is out. It
// has a build tag, because it takes minutes: `just community`.
func TestCommunity(t *testing.T) {
	b := &builder{dir: t.TempDir(), built: map[string]string{}}
	binary, err := b.build("product", false)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(err)
	extra := settings{"SIGN_UP": "invite", "LIMITS": "off"}
	d, err := newDeployment(binary, extra, extra)
	ok(err)
	t.Cleanup(d.Close)

	owner := newUser("olga", &d.entry)
	ok(owner.submit("/sign-up", url.Values{"username": {"olga"}, "password": {password}, "time_zone": {"UTC"}, "server_name": {"The evening"}}))
	if err := newUser("uninvited", &d.entry).submit("/sign-up", url.Values{"username": {"uninvited"}, "password": {password}}); err == nil {
		t.Error("somebody came in without an invitation")
	}
	rooms := make([]uint64, eveningRooms)
	for i := range rooms {
		rooms[i] = owner.creates(t, url.Values{"kind": {"open"}, "name": {fmt.Sprintf("Room %d", i)}, "about": {"What room " + strconv.Itoa(i) + " is about"}})
	}

	began := time.Now()
	people := make([]*user, eveningAccounts)
	links := make([]string, (eveningAccounts+99)/100)
	for i := range links {
		links[i] = owner.invites(t, 100)
	}
	var joined atomic.Int64
	ok(inParallel(len(people), func(i int) error {
		people[i] = newUser(fmt.Sprintf("person%04d", i), &d.entry)
		err := retryWhileBusy(func() error {
			return people[i].submit(links[i/100], url.Values{"username": {people[i].Name}, "password": {password}, "time_zone": {"UTC"}})
		})
		for n := range 3 {
			if err == nil {
				err = retryWhileBusy(func() error { return people[i].submit(roomPath(rooms[(i+7*n)%eveningRooms])+"/join", url.Values{}) })
				joined.Add(1)
			}
		}
		return err
	}))
	t.Logf("%d accounts by %d invitations, and %d times somebody joined a room: %s", len(people), len(links), joined.Load(), short(time.Since(began)))
	if status, _, err := newUser("late", &d.entry).get(links[0]); err != nil || status != http.StatusNotFound {
		t.Errorf("an invitation that is used up: %d, %v", status, err)
	}

	// person i is in the rooms i, i+7 and i+14, modulo twenty.
	in := func(room, n int) *user { return people[room+eveningRooms*n] }
	var talk []chatRoom
	for i, room := range rooms {
		r := chatRoom{ID: room}
		for n := range eveningTalkers {
			r.Members = append(r.Members, in(i, n))
		}
		talk = append(talk, r)
	}
	moderators := []*user{in(0, 0), in(1, 0), in(2, 0)}
	for i, m := range moderators {
		ok(owner.submit(roomPath(rooms[i])+"/members/"+m.Name+"/moderator", url.Values{}))
	}
	// Pages without scripts show a deletion in the place of the message, where the checker looks for entries of
	// their own: it knows of no deletions. So the moderated rooms have pages with scripts.
	loads := []*load{
		d.startLoad("moderated", 7, loadConfig{rooms: talk[:3], pages: 1, rate: 6}),
		d.startLoad("evening", 8, loadConfig{rooms: talk[3:], pages: 1, rate: 34, withoutScripts: true}),
	}
	for _, l := range loads {
		ok(l.awaitLive(time.Minute))
	}
	until := time.Now().Add(eveningLasts)

	// What moderators do, and what it means for those they do it to.
	troll := func(i int) *user { return in(i%3, 20+i/3) }
	for i := range 9 {
		who, room := troll(i), roomPath(rooms[i%3])
		seq := who.posts(t, room, fmt.Sprintf("unkind %d", i))
		reporter := in(i%3, 10)
		ok(reporter.submit(fmt.Sprintf("%s/messages/%d/report", room, seq), url.Values{"reason": {"insult"}, "words": {"Please look at this."}}))
		ok(moderators[i%3].submit(fmt.Sprintf("%s/messages/%d/delete", room, seq), url.Values{}))
		ok(moderators[i%3].submit(room+"/members/"+who.Name+"/ban", url.Values{}))
		who.mustBeOut(t, room)
		if err := who.submit(room+"/join", url.Values{}); err == nil {
			t.Errorf("%s is banned from %s, and came back", who.Name, room)
		}
	}
	if err := in(3, 0).submit(roomPath(rooms[0])+"/members/"+in(0, 9).Name+"/ban", url.Values{}); err == nil {
		t.Error("somebody who is no moderator banned somebody")
	}
	_, reports, err := owner.get("/admin/reports")
	ok(err)
	if n := len(regexp.MustCompile(`href="/admin/reports/\d+"`).FindAllString(reports, -1)); n < 9 {
		t.Errorf("the owner sees %d of 9 reports", n)
	}
	report := regexp.MustCompile(`/admin/reports/\d+`).FindString(reports)
	if _, page, err := owner.get(report); err != nil || !strings.Contains(page, "unkind") {
		t.Errorf("a report does not show what was deleted: %v", err)
	}

	// Suspended, deleted, and taking everything along.
	ok(owner.submit("/admin/people/"+troll(0).Name+"/suspend", url.Values{}))
	if err := troll(0).signIn(); err == nil {
		t.Error("somebody who is suspended signed in")
	}
	leaver := in(5, 30)
	leaver.posts(t, roomPath(rooms[5]), "my last words")
	archive := leaver.export(t)
	if !strings.Contains(archive, "my last words") {
		t.Error("the export does not have what was just posted")
	}
	ok(leaver.submit("/profile/delete", url.Values{"password": {password}, "messages": {"delete"}}))
	if _, _, err := leaver.get("/rooms"); err != nil {
		t.Error(err)
	}

	time.Sleep(time.Until(until))
	for _, l := range loads {
		s, took, err := l.finish(40*time.Second, 20*time.Second)
		ok(err)
		for _, v := range check(l.history, s) {
			t.Errorf("violation of %s", v)
		}
		posts := l.history.latencies(timeSpan{l.history.Start, time.Now()}, acked)
		t.Logf("%s: %d messages, %d pages, all current after %s; a post took %s in the median, %s in 99 of 100", l.label, l.Posted.Load(), len(l.viewers),
			short(took), short(quantile(posts, 0.5)), short(quantile(posts, 0.99)))
	}
	if _, log, err := owner.get("/admin/log"); err != nil || !strings.Contains(log, troll(0).Name) {
		t.Errorf("the log does not tell what was done: %v", err)
	}
}

func roomPath(room uint64) string { return "/rooms/" + strconv.FormatUint(room, 10) }

// creates makes a room.
func (u *user) creates(t *testing.T, form url.Values) uint64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	status, page, header, err := u.request(ctx, http.MethodPost, "/rooms", form)
	room, noRoom := strconv.ParseUint(strings.TrimPrefix(header.Get("Location"), "/rooms/"), 10, 64)
	if err != nil || noRoom != nil {
		t.Fatalf("creating a room: %d %s, %v", status, alertOf(page), err)
	}
	return room
}

// invites makes an invitation that can be used so often, and returns its path.
func (u *user) invites(t *testing.T, uses int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	status, _, header, err := u.request(ctx, http.MethodPost, "/invitations", url.Values{"uses": {strconv.Itoa(uses)}, "days": {"1"}, "server": {"yes"}})
	if err != nil || status != http.StatusSeeOther {
		t.Fatalf("inviting: %d, %v", status, err)
	}
	with := *u // the link is in a cookie, and shown once
	for _, line := range header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(line, ";")
		with.cookie += "; " + pair
	}
	_, page, err := with.get("/invitations")
	path := regexp.MustCompile(`href="[^"]*(/join/[\w-]+)"`).FindStringSubmatch(page)
	if err != nil || path == nil {
		t.Fatalf("no link to pass on: %v", err)
	}
	return path[1]
}

// posts posts a message and returns its seq, as the room's page has it.
func (u *user) posts(t *testing.T, room, body string) uint64 {
	t.Helper()
	if err := u.submit(room+"/messages", url.Values{"body": {body}, "key": {strings.ReplaceAll(body, " ", "-")}}); err != nil {
		t.Fatal(err)
	}
	_, page, err := u.get(room + "?at=end")
	at := strings.Index(page, body)
	if err != nil || at < 0 {
		t.Fatalf("%s does not have %q: %v", room, body, err)
	}
	ids := regexp.MustCompile(`id="m-(\d+)"`).FindAllStringSubmatch(page[:at], -1)
	seq, err := strconv.ParseUint(ids[len(ids)-1][1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// mustBeOut checks that somebody neither reads nor posts in a room.
func (u *user) mustBeOut(t *testing.T, room string) {
	t.Helper()
	if status, _, err := u.get(room); err != nil || status != http.StatusNotFound {
		t.Errorf("%s still sees %s: %d, %v", u.Name, room, status, err)
	}
	if err := u.submit(room+"/messages", url.Values{"body": {"again"}, "key": {"again"}}); err == nil {
		t.Errorf("%s still posts in %s", u.Name, room)
	}
}

// export returns all text of the archive of somebody's data.
func (u *user) export(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	status, body, _, err := u.request(ctx, http.MethodPost, "/profile/export", url.Values{"password": {password}})
	if err != nil || status != http.StatusOK {
		t.Fatalf("exporting: %d, %v", status, err)
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, file := range archive.File {
		f, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.ReadFrom(f); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	return all.String()
}
