package web

import (
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"parley/views"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReplayIsWhatWasLive drives a group through a random history, and checks three things. A
// process that has seen nothing of it sends the same bytes for the same seq, unless a deletion has
// reached back, and then without a word of what was deleted. An open page ends up like a page
// that is loaded now. And whoever came later got nothing from before.
func TestReplayIsWhatWasLive(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		for seed := range uint64(3) {
			h := &history{t: t, site: start(t, options{database: fresh(t, s)}), random: rand.New(rand.NewPCG(seed, 4))}
			h.run(70)
		}
	})
}

// history is a group with what was said in it.
type history struct {
	t      *testing.T
	site   *site
	random *rand.Rand
	in     []*browser // those who are in the group
	out    []*browser
	room   uint64
	texts  map[uint64][]string // of each message that was not deleted, all it had
	author map[uint64]*browser
	gone   map[uint64][]string
	words  int
}

func (h *history) run(steps int) {
	t, s := h.t, h.site
	t.Helper()
	ann, bob, cem, dan := circle(s)
	h.in, h.out = []*browser{ann, bob, cem}, []*browser{dan}
	h.texts, h.author, h.gone = map[uint64][]string{}, map[uint64]*browser{}, map[uint64][]string{}
	h.room = ann.makesGroup("Choir", bob, cem)
	live := bob.listen(s.sinceBegin(h.room))
	var late *listener
	var before []string
	for step := range steps {
		if step == steps/2 {
			for _, texts := range h.texts {
				before = append(before, texts...)
			}
			ann.post(views.RoomPath(h.room)+"/members", form("username", "dan")).mustBe(303)
			late = dan.listen(eventsPath(h.room))
			h.in, h.out = append(h.in, dan), nil
			continue
		}
		h.step()
	}
	last := ann.says(h.room, "The end")
	end := func(e event) bool { return strings.HasSuffix(e.id, "-"+itoa(last)) }
	live.await("the end", end)
	late.await("the end", end)
	for _, e := range late.all() {
		for _, text := range before {
			if strings.Contains(e.data, text+"<") {
				t.Errorf("dan got %q, from before his time: %s", text, e.data)
			}
		}
	}
	h.mustBeOnPage(bob, live)

	s.down() // another process has nothing rendered
	s = start(t, options{database: s.data})
	h.site, bob.site = s, s
	replay := bob.listen(s.sinceBegin(h.room))
	replay.await("the end", end)
	first, second := live.entries(), replay.entries()
	if len(first) != len(second) {
		t.Fatalf("%d entries live, %d replayed", len(first), len(second))
	}
	for i, e := range first {
		again := second[i]
		if e.id != again.id || e.data != again.data && !h.tellsOfGone(e.data) {
			t.Errorf("live: %s %s\nagain: %s %s", e.id, e.data, again.id, again.data)
		}
		if h.tellsOfGone(again.data) {
			t.Errorf("said again after its deletion: %s", again.data)
		}
	}
	h.mustBeOnPage(bob, replay)
}

// step is something that somebody does.
func (h *history) step() {
	who := h.in[h.random.IntN(len(h.in))]
	room := views.RoomPath(h.room)
	h.words++
	text := fmt.Sprintf("words %d.", h.words)
	what := h.random.IntN(10)
	seq := h.any()
	switch {
	case what < 3 || seq == 0:
		seq := who.says(h.room, text)
		h.texts[seq], h.author[seq] = []string{text}, who
	case what < 5: // a reply; it may be to what was said before one's time
		a := who.post(room+"/messages", form("body", text, "reply_to", itoa(seq)))
		if a.status == 303 {
			h.texts[h.site.last(h.room)], h.author[h.site.last(h.room)] = []string{text}, who
		} else {
			a.mustBe(422)
		}
	case what < 7:
		author := h.author[seq]
		author.post(messagePath(h.room, seq)+"/edit", form("body", text)).mustBe(303)
		h.texts[seq] = append(h.texts[seq], text)
	case what < 9:
		who.post(messagePath(h.room, seq)+"/react", form("emoji", []string{"👍", "🎉", "❤️"}[h.random.IntN(3)]))
	default:
		h.author[seq].post(messagePath(h.room, seq)+"/delete", nil).mustBe(303)
		h.gone[seq] = h.texts[seq]
		delete(h.texts, seq)
	}
}

// any is a message that is there; 0 if none is.
func (h *history) any() uint64 {
	seqs := slices.Sorted(maps.Keys(h.texts))
	if len(seqs) == 0 {
		return 0
	}
	return seqs[h.random.IntN(len(seqs))]
}

func (h *history) tellsOfGone(data string) bool {
	for _, texts := range h.gone {
		for _, text := range texts {
			if strings.Contains(data, text) {
				return true
			}
		}
	}
	return false
}

var (
	listItem = regexp.MustCompile(`(?s)<li id="(m-\d+)".*?</li>`)
	partial  = regexp.MustCompile(`(?s)<hx-partial hx-target="([^"]*)" hx-swap="(\w+)">(.*?)</hx-partial>`)
)

// mustBeOnPage applies the entries of a stream as a page does, and compares the result with a page
// that is loaded now.
func (h *history) mustBeOnPage(who *browser, l *listener) {
	h.t.Helper()
	page := map[string]string{}
	var order []string
	for _, e := range l.entries() {
		for _, p := range partial.FindAllStringSubmatch(e.data, -1) {
			switch target := html.UnescapeString(p[1]); {
			case strings.HasPrefix(target, "#m-"):
				page[target[1:]] = strings.TrimSpace(p[3])
			case strings.HasPrefix(target, "[data-quotes="):
				quotes := regexp.MustCompile(`(?s)(` + regexp.QuoteMeta(strings.Trim(target, "[]")) + `[^>]*>).*?(</a>)`)
				for id, item := range page {
					page[id] = quotes.ReplaceAllString(item, "${1}"+strings.TrimSpace(p[3])+"${2}")
				}
			}
		}
		for _, item := range listItem.FindAllStringSubmatch(partial.ReplaceAllString(e.data, ""), -1) {
			page[item[1]] = item[0]
			order = append(order, item[1])
		}
	}
	var found [][]string
	for path := views.RoomPath(h.room) + "?around=1"; ; {
		loaded := who.get(path).mustBe(200).body
		found = append(found, listItem.FindAllStringSubmatch(loaded, -1)...)
		if !strings.Contains(loaded, en.Room.Newer) {
			break
		}
		path = views.RoomPath(h.room) + "?after=" + strings.TrimPrefix(found[len(found)-1][1], "m-")
	}
	if len(found) != len(order) {
		h.t.Errorf("%d entries on the page, %d on the open one", len(found), len(order))
	}
	for i, item := range found {
		if i < len(order) && item[1] != order[i] {
			h.t.Fatalf("%s stands where %s came", item[1], order[i])
		}
		if now := strings.Replace(item[0], ` aria-current="true"`, "", 1); now != page[item[1]] {
			h.t.Errorf("loaded: %s\nopen:   %s", now, page[item[1]])
		}
	}
}
