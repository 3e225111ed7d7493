package views

import (
	"strings"
	"testing"
	"time"

	"parley/app/markup"
	"parley/db"
	"parley/views/words"
)

func TestMessageKeepsItsContract(t *testing.T) {
	list := parse(t, render(t, Message(textEntry("hello"))))
	m := byID(t, list, "m-17")
	if m.name != "li" || m.attr["data-author"] != "ada" {
		t.Errorf("the message is <%s data-author=%q>", m.name, m.attr["data-author"])
	}
	if got := m.visibleText(); got != "Ada Lovelace hello Actions 12:00" {
		t.Errorf("it reads %q; author and text come first, the time last", got)
	}
	last := list[len(list)-1]
	if last.name != "time" || last.attr["datetime"] != "2025-11-21T12:00:00Z" {
		t.Errorf("it ends with <%s datetime=%q>", last.name, last.attr["datetime"])
	}
}

// The stylesheet hides the name, but screen readers need it.
func TestContinuedMessageStillNamesItsAuthor(t *testing.T) {
	e := textEntry("and again")
	e.Continues = true
	m := byID(t, parse(t, render(t, Message(e))), "m-17")
	if m.attr["class"] != "message continues" || !strings.HasPrefix(m.visibleText(), "Ada Lovelace and again") {
		t.Errorf("class %q, reads %q", m.attr["class"], m.visibleText())
	}
}

func TestDaySeparatorStandsAboveItsMessage(t *testing.T) {
	e := textEntry("hello")
	e.Day = "Friday 21 November"
	list := parse(t, render(t, Message(e)))
	if list[0].attr["class"] != "day" || list[0].visibleText() != "Friday 21 November" || list[0].attr["id"] != "" {
		t.Errorf("the first is %+v", list[0])
	}
	if list[1].attr["datetime"] != "2025-11-21" {
		t.Errorf("the day is %q", list[1].attr["datetime"])
	}
}

func TestTimeIsShownInTheViewersZone(t *testing.T) {
	e := textEntry("hello")
	e.At = noon.In(time.FixedZone("", 5*3600+1800))
	markup := render(t, Message(e))
	if !strings.Contains(markup, `<time datetime="2025-11-21T12:00:00Z">17:30</time>`) {
		t.Error(markup)
	}
}

// The stylesheet preserves white space, so the markup must not add any.
func TestBodyIsExactlyTheText(t *testing.T) {
	for _, text := range []string{"a\nb\n\n  c", "see https://example.org/a?b=1&c=2, or not", "  lead and trail  ", "<b>&amp;", "https://a.b\nhttps://c.d"} {
		list := parse(t, render(t, messageBody(markup.Parse(text), nil)))
		if list[0].text != text {
			t.Errorf("%q became %q", text, list[0].text)
		}
		breaks := 0
		for _, e := range list {
			if e.name == "br" {
				breaks++
			}
		}
		if breaks != strings.Count(text, "\n") {
			t.Errorf("%q has %d breaks for browsers without stylesheets", text, breaks)
		}
	}
}

func TestNoticesSayWhatHappened(t *testing.T) {
	for kind, want := range map[db.MessageKind]string{
		db.KindOpened: "You’re now friends. Say hello!", db.KindGroupCreated: "Ada Lovelace created this group.", db.KindJoin: "Ada Lovelace added Bo Karlsson.",
		db.KindLeave: "Ada Lovelace removed Bo Karlsson.", db.KindOwnerChanged: "Ada Lovelace made Bo Karlsson the owner.",
		db.KindRenamed: "Ada Lovelace renamed the room to Walks.", db.KindClosed: "This room is closed.",
	} {
		e := textEntry("Walks")
		e.Message.Kind, e.Event = kind, &Event{Subject: bo()}
		n := byID(t, parse(t, render(t, Message(e))), "m-17")
		if n.attr["class"] != "notice" || n.visibleText() != want+" 12:00" {
			t.Errorf("%s: class %q, reads %q", kind, n.attr["class"], n.visibleText())
		}
	}
}

func TestMessageIsTheSameForEverybody(t *testing.T) {
	entries := []Entry{textEntry("hello"), textEntry("mine or yours?")}
	entries[1].Message.Seq = 18
	cut := func(me db.User) string {
		page := render(t, RoomPage(signedInPage(me, "rooms"), RoomList{}, Room{ID: 5, Entries: entries, ReadSeq: 18}))
		list := page[strings.Index(page, "<ol"):strings.Index(page, "</ol>")]
		return strings.Replace(list, "&amp;"+ownerQuery(me)+`"`, `"`, 1) // in the address of the stream, which is the page's
	}
	if a, b := cut(ada()), cut(bo()); a != b {
		t.Errorf("two people see different lists:\n%s\n%s", a, b)
	}
	if alone := render(t, Message(entries[0])); !strings.Contains(cut(bo()), alone) {
		t.Error("the stream and the page show a message differently")
	}
}

func TestReceiptAndRefusal(t *testing.T) {
	out := withAttr(parse(t, render(t, Receipt(words.English(), "k1", 17, "k2"))), "data-key", "k1")
	if len(out) != 1 || out[0].attr["data-seq"] != "17" || out[0].attr["data-next"] != "k2" || out[0].parent.attr["hx-target"] != "#receipt" {
		t.Errorf("the receipt is %+v", out)
	}
	list := parse(t, render(t, Refusal("k1", 429, "Slow down a little.", false)))
	out, why := withAttr(list, "data-refused", "429"), withAttr(list, "role", "alert")
	if len(out) != 1 || out[0].attr["data-key"] != "k1" || out[0].attr["data-seq"] != "" {
		t.Errorf("the refusal is %+v", out)
	}
	if len(why) != 1 || why[0].visibleText() != "Slow down a little." || why[0].parent.attr["hx-target"] != "#composer-problem" {
		t.Errorf("the reason is %+v", why)
	}
}

// A message must not change its size when the next one arrives, so the time is left out at the one below.
func TestTimeIsLeftOutBelowTheSame(t *testing.T) {
	e := textEntry("and again")
	e.Continues, e.SameMinute = true, true
	if m := byID(t, parse(t, render(t, Message(e))), "m-17"); m.attr["class"] != "message continues minute" || !strings.HasSuffix(m.visibleText(), "12:00") {
		t.Errorf("class %q, reads %q", m.attr["class"], m.visibleText())
	}
	e.Edited = true // shows that and when
	if m := byID(t, parse(t, render(t, Message(e))), "m-17"); m.attr["class"] != "message continues" {
		t.Errorf("class %q", m.attr["class"])
	}
}

func TestNameLeadsToThePersonOnce(t *testing.T) {
	e := textEntry("hello")
	link := `<a href="/people/ada" tabindex="-1">`
	if html := render(t, Message(e)); strings.Count(html, link) != 1 {
		t.Error(html)
	}
	e.Continues = true
	if html := render(t, Message(e)); strings.Contains(html, link) {
		t.Error(html)
	}
}

// An emoji is the same with and without the selector that asks for colors.
func TestMenuKnowsWhatWasGivenInEverySpelling(t *testing.T) {
	e := textEntry("hello")
	me := db.User{ID: 7, Username: "bob"}
	e.Reactions = []Reaction{{Emoji: "👍\ufe0f", By: []db.User{me}}, {Emoji: "❤", By: []db.User{me}}, {Emoji: "😂", By: []db.User{{ID: 8}}}}
	html := render(t, MessageMenu(words.English(), Detail{Entry: e, ViewerID: me.ID}))
	for emoji, pressed := range map[string]string{"👍": "true", "❤️": "true", "😂": "false", "🎉": "false"} {
		if want := `value="` + emoji + `" aria-pressed="` + pressed; !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
}
