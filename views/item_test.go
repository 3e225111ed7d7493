package views

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/app/markup"
	"parley/db"
	"parley/views/words"
)

// TestItemKeyHasAllThatAnItemDependsOn changes one field of an entry after the other. Whatever changes the entry that is
// rendered changes the key, and what is not in the key is not there to be rendered.
func TestItemKeyHasAllThatAnItemDependsOn(t *testing.T) {
	e := fullEntry()
	key, before := ItemKeyOf(e), e.ofItem()
	if key != ItemKeyOf(fullEntry()) {
		t.Fatal("equal entries have different keys")
	}
	inKey := 0
	for _, path := range changeEach(reflect.ValueOf(&e).Elem(), "Entry", func(path string) {
		now := ItemKeyOf(e)
		if reflect.DeepEqual(e.ofItem(), before) {
			if now != key {
				t.Errorf("%s is in the key and not in what is rendered", path)
			}
			return
		}
		inKey++
		if now == key {
			t.Errorf("%s is rendered and not in the key", path)
		}
	}) {
		t.Errorf("nothing is known of how to change %s", path)
	}
	if inKey < 60 {
		t.Errorf("only %d fields are in the key", inKey)
	}
	if key != ItemKeyOf(e) {
		t.Error("the fields were not put back")
	}
	for name, other := range map[string]func(e *Entry){
		"another zone":                       func(e *Entry) { e.At = e.At.In(time.FixedZone("X", 60)) },
		"another time":                       func(e *Entry) { e.At = e.At.Add(time.Minute) },
		"another language":                   func(e *Entry) { e.Words = words.In("de") },
		"no quote":                           func(e *Entry) { e.Quote = nil },
		"no text":                            func(e *Entry) { e.Text = nil },
		"a text that goes on in a user name": func(e *Entry) { e.Message.Body, e.Author.Username = "b", "od"+e.Author.Username },
		"one photo less":                     func(e *Entry) { e.Photos = nil },
		"one reaction less":                  func(e *Entry) { e.Reactions = nil },
	} {
		changed := fullEntry()
		other(&changed)
		if ItemKeyOf(changed) == key {
			t.Errorf("%s has the same key", name)
		}
	}
}

// fullEntry has a value in every field.
func fullEntry() Entry {
	e := Entry{Words: words.English(), At: time.Date(2026, 11, 29, 12, 0, 0, 0, time.FixedZone("Z", 3600)), Text: markup.Parse("body")}
	fill(reflect.ValueOf(&e).Elem())
	return e
}

// fill gives every field a value that has none.
func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), !v.CanSet():
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[words.Catalog]() && v.Type() != reflect.TypeFor[markup.Text]():
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case v.Kind() == reflect.Pointer && v.IsNil() && v.Type().Elem().Kind() == reflect.Struct && v.Type() != reflect.TypeFor[*time.Time]():
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case v.Kind() == reflect.Slice && v.IsNil():
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.String:
		v.SetString("body")
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	}
}

// changeEach changes one field after the other, calls changed, and puts it back. It returns the fields that it cannot
// change; what is unexported is made from something else, or by this package's own functions.
func changeEach(v reflect.Value, path string, changed func(path string)) (unknown []string) {
	set := func(to any) {
		was := reflect.New(v.Type()).Elem()
		was.Set(v)
		v.Set(reflect.ValueOf(to).Convert(v.Type()))
		changed(path)
		v.Set(was)
	}
	switch {
	case !v.CanSet(), v.Type() == reflect.TypeFor[*words.Catalog](), v.Type() == reflect.TypeFor[*markup.Text](), v.Type() == reflect.TypeFor[Item]():
	case v.Type() == reflect.TypeFor[time.Time]():
		set(time.Date(2020, 1, 1, 1, 1, 1, 0, time.UTC))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			unknown = append(unknown, changeEach(v.Field(i), path+"."+v.Type().Field(i).Name, changed)...)
		}
	case v.Kind() == reflect.Pointer && v.IsNil():
		set(reflect.New(v.Type().Elem()).Interface())
	case v.Kind() == reflect.Pointer:
		unknown = changeEach(v.Elem(), path, changed)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			unknown = append(unknown, changeEach(v.Index(i), fmt.Sprint(path, "[", i, "]"), changed)...)
		}
	case v.Kind() == reflect.Bool:
		set(!v.Bool())
	case v.Kind() == reflect.String:
		set("changed")
	case v.CanInt():
		set(v.Int() + 1)
	case v.CanUint():
		set(v.Uint() + 1)
	default:
		unknown = append(unknown, path)
	}
	return unknown
}

// TestItemIsTheEntry compares an entry that has its item with one that is rendered.
func TestItemIsTheEntry(t *testing.T) {
	for _, e := range []Entry{fullEntry(), textEntry("hello *you*"), {Words: words.English(), Message: db.Message{Seq: 3, Kind: db.KindRenamed, Body: "Choir"}, At: noon}} {
		want := render(t, Message(e))
		item, err := RenderItem(e)
		if err != nil {
			t.Fatal(err)
		}
		e.Item = item
		if got := render(t, Message(e)); got != want || item.Len() == 0 || !strings.HasSuffix(want, item.html) {
			t.Errorf("%s\ninstead of\n%s", got, want)
		}
	}
}

// TestLineKeyHasAllThatALineDependsOn changes one field of a room and of a friend after the other. Whatever changes the
// line changes its key.
func TestLineKeyHasAllThatALineDependsOn(t *testing.T) {
	w := words.English()
	room := RoomSummary{At: noon}
	fill(reflect.ValueOf(&room).Elem())
	room.Friend.IsDeleted, room.Friend.PhotoID = false, 0
	direct, group, muted, photo := room, room, room, room
	direct.IsGroup, group.IsGroup, muted.Muted, photo.Friend.PhotoID = false, true, true, 9
	group.Mentioned = true
	for name, r := range map[string]RoomSummary{"direct": direct, "group": group, "muted": muted, "with a photo": photo} {
		linesDiffer(t, name, &r, func() (string, Line) { return render(t, roomItem(w, r)), RoomLine(w, r) }, 12)
	}
	friend := Friend{User: db.User{SharesName: true}}
	fill(reflect.ValueOf(&friend).Elem())
	linesDiffer(t, "friend", &friend, func() (string, Line) { return render(t, friendLine(w, friend, "")), FriendLine(w, friend, "") }, 5)
	for name, other := range map[string]Line{
		"another language": FriendLine(words.In("de"), friend, ""), "another page": FriendLine(w, friend, "?list=friends"), "a room": RoomLine(w, RoomSummary{ID: 7}),
	} {
		if other.Key == FriendLine(w, friend, "").Key {
			t.Errorf("%s has the same key", name)
		}
	}
	if RoomLine(words.In("de"), direct).Key == RoomLine(w, direct).Key {
		t.Error("a room has the same key in another language")
	}
}

// linesDiffer changes each field of what a line is of, and checks that the line is what is rendered without a key, that
// its key differs if it does, and that at least so many fields change it.
func linesDiffer(t *testing.T, name string, of any, line func() (string, Line), least int) {
	t.Helper()
	before, first := line()
	changed := 0
	for _, path := range changeEach(reflect.ValueOf(of).Elem(), name, func(path string) {
		html, now := line()
		item, err := now.Render()
		if err != nil || item.html != html {
			t.Errorf("%s: %v, a line of\n%s\ninstead of\n%s", path, err, item.html, html)
		}
		if html != before {
			changed++
			if now.Key == first.Key {
				t.Errorf("%s is rendered and not in the key", path)
			}
		}
	}) {
		t.Errorf("nothing is known of how to change %s", path)
	}
	if changed < least {
		t.Errorf("%s: only %d fields change the line", name, changed)
	}
}
