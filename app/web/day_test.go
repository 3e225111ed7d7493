package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/views"
)

// TestJumpToADay says something on three days with two between them, and jumps to each, in the time zone of the
// one who jumps.
func TestJumpToADay(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "eve")
		ann, bob, eve := list[0], list[1], list[2]
		ann.post("/profile", form("display_name", "Ann", "time_zone", "Asia/Tokyo", "language", "en")).mustBe(303)
		room := s.befriend(ann, bob)
		tokyo, err := time.LoadLocation("Asia/Tokyo")
		must(t, err)
		today := s.clock.now().In(tokyo)
		s.clock.pass(time.Date(today.Year(), today.Month(), today.Day()+1, 12, 0, 0, 0, tokyo).Sub(s.clock.now()))
		days := []time.Time{s.clock.now().In(tokyo)} // noons
		for _, pause := range []int{1, 3} {
			s.says(bob, room, fmt.Sprint("said before the pause of ", pause))
			s.says(bob, room, "and more")
			s.clock.pass(time.Duration(pause) * 24 * time.Hour)
			days = append(days, s.clock.now().In(tokyo))
		}
		s.says(bob, room, "on the last day")

		path, on := views.RoomPath(room), func(day time.Time) string { return views.RoomPath(room) + "?on=" + day.Format(time.DateOnly) }
		for _, c := range []struct {
			day    time.Time
			seq    int
			anchor string
		}{
			{days[0], 2, "m-2"}, {days[1], 4, "m-4"}, {days[2], 6, "m-6"},
			{days[1].AddDate(0, 0, 1), 6, views.NoticeAnchor}, {days[0].AddDate(-20, 0, 0), 1, views.NoticeAnchor},
		} {
			to := fmt.Sprintf("%s?around=%d&on=%s#%s", path, c.seq, c.day.Format(time.DateOnly), c.anchor)
			ann.get(on(c.day)).mustGoTo(to)
			page := ann.get(strings.Split(to, "#")[0]).mustBe(200)
			missing := strings.Contains(page.body, strings.ReplaceAll(en.Room.NoneOnDay, "{day}", en.Dates.Day(c.day)))
			if missing != (c.anchor == views.NoticeAnchor) || missing != strings.Contains(page.body, `id="`+views.NoticeAnchor+`"`) {
				t.Errorf("%v: the notice is wrong", c)
			}
		}
		// In Tokyo it is the next day nine hours earlier than in London.
		s.clock.pass(8 * time.Hour)
		s.says(bob, room, "late in Tokyo")
		s.clock.pass(5 * time.Hour)
		s.says(bob, room, "early in Tokyo")
		next := days[2].AddDate(0, 0, 1)
		ann.get(on(next)).mustGoTo(fmt.Sprintf("%s?around=8&on=%s#m-8", path, next.Format(time.DateOnly)))
		bob.get(on(next)).mustBe(200).mustHave(strings.ReplaceAll(en.Room.ToCome, "{day}", en.Dates.Day(next)), "early in Tokyo")

		s.clock.pass(48 * time.Hour)
		quiet := days[2].AddDate(0, 0, 2)
		ann.get(on(quiet)).mustBe(200).mustHave(strings.ReplaceAll(en.Room.NoneSince, "{day}", en.Dates.Day(quiet)), "early in Tokyo")
		ann.get(path + "?on=3026-01-01").mustBe(200).mustHave(en.Room.ToCome[len("{day}"):])
		for _, odd := range []string{"yesterday", "2026-13-01", "2026-02-30", "28.11.2026", "0000-01-01", "2026-11-28T10:00", "-1", "%ff", "99999-01-01", strings.Repeat("9", 900)} {
			ann.get(path+"?on="+odd).mustBe(422).mustHave(en.Room.BadDay, `id="composer"`)
		}
		ann.get(path + "?on=").mustBe(200)
		eve.get(on(days[0])).mustBe(404)
		ann.get("/rooms/987654321?on=" + url.QueryEscape("2026-11-28")).mustBe(404)
	})
}

// TestDaysBegin has days that begin at one o'clock, have midnight twice, or do not exist.
func TestDaysBegin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, begins string }{
		{"Europe/Berlin", "2026-11-28", "2026-11-27T23:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
		{"Asia/Beirut", "2023-03-26", "2023-03-25T22:00:00Z"},
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		must(t, err)
		day, err := beginningOf(c.day, zone)
		must(t, err)
		if got := day.UTC().Format(time.RFC3339); got != c.begins {
			t.Errorf("%s in %s begins at %s, not %s", c.day, c.zone, got, c.begins)
		}
	}
}

// TestDaysHaveTheirNamesOnPagesOnly checks that what outlives its day, or is shared, does not say "Today".
func TestDaysHaveTheirNamesOnPagesOnly(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 1)
	path, today := views.RoomPath(room), `>`+en.Dates.Today+`</time></li>`
	l := ann.listen(eventsPath(room) + "?after=" + s.cursor(room, 0))
	ann.get(path).mustBe(200).mustHave(today)
	s.clock.pass(24 * time.Hour)
	s.says(bob, room, "the next day")
	ann.get(path).mustBe(200).mustHave(`>`+en.Dates.Yesterday+`</time></li>`, today)
	ann.get("/rooms").mustBe(200)
	l.await("the next day", shows("the next day"))
	for _, e := range l.entries() {
		if strings.Contains(e.data, today) || strings.Contains(e.data, en.Dates.Yesterday) {
			t.Errorf("a stream says %s", e.data)
		}
	}
	s.clock.pass(24 * time.Hour)
	ann.get("/rooms").mustBe(200).mustHave(`>` + en.Dates.Yesterday + `</time>`)
}
