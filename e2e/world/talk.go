package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"parley/app/chat"
	"parley/app/photo"
	"parley/db"
)

// room is a room that is being written.
type room struct {
	*world
	id   uint64
	last uint64 // the newest message
}

// line is what somebody says in a direct room.
type line struct{ who, text string }

// direct are maya's direct rooms: how long ago the last message came, what was said, and how many of the last
// lines she has not read.
var direct = []struct {
	with   string
	ago    time.Duration
	unread int
	lines  []line
}{
	{"tove", 5 * day, 0, []line{
		{"tove", "I can water on Thursday and Friday."}, {"maya", "Lovely, then I’ll take the weekend."}, {"tove", "👍"},
	}},
	{"alexandra.k", 2*day + 3*time.Hour, 0, []line{
		{"alexandra.k", "Hello Maya! Did the parcel arrive? The tracking page says it was left with a neighbour on the third floor."},
		{"maya", "It did, thank you. The blue one is for my sister, isn’t it?"},
		{"alexandra.k", "Exactly. Here is the long link for the care instructions: https://example.org/catalogue/2026/autumn/wool/care-instructions-for-hand-woven-blankets?colour=deep-blue&size=140x200&lang=en"},
		{"maya", "Wonderful."},
	}},
	{"lin", 26 * time.Hour, 0, []line{
		{"lin", "你好!周末的会议改到下午三点了。"}, {"maya", "好的,谢谢!我会带上投影仪。"}, {"lin", "太好了,回头见 😊"},
	}},
	{"yuki", 9 * time.Hour, 3, []line{
		{"maya", "How was the exhibition?"},
		{"yuki", "とてもよかったです!写真をたくさん撮りました。"}, {"yuki", "あとで送りますね。"}, {"yuki", "Also: the ramen place next to it is **really** good 🍜"},
	}},
	{"samir", 100 * time.Minute, 0, []line{
		{"samir", "مرحبا مايا، هل وصلت الصور؟"}, {"maya", "نعم، شكراً جزيلاً! إنها رائعة."}, {"samir", "أراك غداً في الساعة 8:30 عند المحطة."}, {"maya", "See you there!"},
	}},
	{"lea.fontaine", 35 * time.Minute, 1, []line{
		{"lea.fontaine", "Tu viens ce soir ? On commence à 19 h."}, {"maya", "Oui ! J’apporte le dessert."}, {"lea.fontaine", "Parfait, merci ❤️"}, {"lea.fontaine", "Et n’oublie pas les photos de dimanche 🙂"},
	}},
	{"jonas", 4 * time.Minute, 0, []line{
		{"jonas", "Morning! The forecast for Saturday has turned: sun from ten, hardly any wind."},
		{"jonas", "Shall we do the ridge after all?"},
		{"maya", "Yes! I’ve wanted to see it with the heather out."},
		{"maya", "Which way up? I remember two:\n- past the quarry, steep but short\n- along the stream, longer and shady"},
		{"jonas", "Along the stream. We can refill bottles at the hut."},
		{"jonas", "Here’s the timetable: https://example.org/bus/17"},
		{"maya", "**8:42** then. I’ll bring the thermos and the good biscuits."},
		{"jonas", "And I the map. See you at the stop 🥾"},
	}},
}

// talk fills the direct rooms.
func (w *world) talk() error {
	maya := w.people["maya"]
	for _, d := range direct {
		r, err := w.between("maya", d.with)
		if err != nil {
			return err
		}
		w.paths[d.with] = r.path()
		for i, l := range d.lines {
			w.ago(d.ago + time.Duration(len(d.lines)-1-i)*3*time.Minute)
			if err := r.say(l.who, l.text, 0); err != nil {
				return err
			}
			if i == len(d.lines)-1-d.unread {
				if err := w.Read(w.ctx, maya, r.id, r.last); err != nil {
					return err
				}
			}
		}
		if d.with == "jonas" {
			if err := w.React(w.ctx, w.people["jonas"], r.id, r.last-1, "👍"); err != nil {
				return err
			}
			if err := w.React(w.ctx, maya, r.id, r.last, "🎉"); err != nil {
				return err
			}
			if err := w.Read(w.ctx, maya, r.id, r.last+2); err != nil {
				return err
			}
			w.paths["message"] = fmt.Sprintf("%s/messages/%d", r.path(), r.last)
		}
	}
	for _, pair := range friends[7:] { // what others say to each other is not seen
		r, err := w.between(pair[0], pair[1])
		if err != nil {
			return err
		}
		w.ago(3 * day)
		if err := r.say(pair[0], "Hello!", 0); err != nil {
			return err
		}
	}
	return nil
}

// group is what a group is made of.
type group struct {
	key, name string
	owner     string
	others    []string
	entries   int
	unread    int
	ago       time.Duration
	colors    []string
	lines     []string
	muted     bool
}

var groups = []group{
	{"release", "Release train & deployment", "maya", []string{"jonas", "lea.fontaine", "samir", "yuki", "alexandra.k"}, 283, 91, 12 * time.Minute,
		[]string{"#14213d", "#fca311", "#000000"}, work, false},
	{"house", "Lindenhof", "jonas", []string{"maya", "lea.fontaine", "tove", "lin", "alexandra.k", "samir", "yuki"}, 218, 0, 50 * time.Minute,
		nil, house, false},
	{"walks", "Wandern, Berge & lange Wochenenden im Süden", "lea.fontaine", []string{"maya", "jonas", "yuki"}, 212, 193, 3 * time.Hour,
		[]string{"#8ecae6", "#ffb703", "#386641"}, walks, true},
}

// gather fills the groups. The owner brings in friends, and maya the others: she knows everybody.
func (w *world) gather() error {
	for _, g := range groups {
		w.time = time.Now().Add(-5*day - time.Hour)
		owner := w.people[g.owner]
		id, err := w.CreateGroup(w.ctx, owner, g.name, w.known(g.owner, g.others))
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		for _, name := range g.others {
			if !knows(g.owner, name) {
				if err := w.AddMember(w.ctx, w.people["maya"], id, name); err != nil {
					return fmt.Errorf("%s to %s: %w", name, g.name, err)
				}
			}
		}
		r := &room{world: w, id: id}
		w.paths[g.key] = r.path()
		if g.colors != nil {
			if err := w.SetGroupAvatar(w.ctx, owner, id, func(ctx context.Context) (uint64, error) {
				p, err := w.photos.Save(ctx, owner.ID, paint(320, 320, g.colors), photo.PurposeAvatar)
				return p.ID, err
			}); err != nil {
				return err
			}
		}
		if err := r.fill(g); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		if g.muted {
			if err := w.SetNotifyLevel(w.ctx, w.people["maya"], id, db.NotifyNothing); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill lets the members of a group talk for five days.
func (r *room) fill(g group) error {
	members := append([]string{g.owner}, g.others...)
	who := members[0]
	var recent []uint64
	for n := range g.entries {
		left := g.entries - 1 - n
		// Nine in a few minutes, then a pause.
		r.ago(g.ago + time.Duration(float64(5*day-g.ago)*float64(left-left%9)/float64(g.entries)) + time.Duration(left%9)*40*time.Second)
		if r.random.IntN(3) > 0 {
			who = members[r.random.IntN(len(members))]
		}
		text := g.lines[(n+r.random.IntN(3))%len(g.lines)]
		var reply uint64
		if n%11 == 7 && len(recent) > 4 {
			reply = recent[len(recent)-1-r.random.IntN(4)]
		}
		var err error
		switch {
		case n%41 == 23:
			err = r.show(who, n, 1+(n/41)%5)
		case left == 4 && g.key == "release":
			err = r.say(who, code, 0)
		case left == 30 || left == 3 && g.unread > 0 && !g.muted:
			err = r.say(other(members, "maya", r.random.IntN(len(members))), "@maya could you have a look at this before tonight?", 0)
		default:
			err = r.say(who, text, reply)
		}
		if err != nil {
			return err
		}
		if n%17 != 15 { // which may be deleted
			recent = append(recent, r.last)
		}
		if err := r.change(members, who, n); err != nil {
			return err
		}
		if left == g.unread {
			if err := r.Read(r.ctx, r.people["maya"], r.id, r.last+10); err != nil {
				return err
			}
			r.paths[g.key+"-read"] = fmt.Sprintf("%s/messages/%d", r.path(), r.last)
		}
	}
	return nil
}

// change does to the newest message what is done to messages.
func (r *room) change(members []string, who string, n int) error {
	at := r.last
	switch n % 17 {
	case 3, 12:
		for _, name := range members[:2+n%3] {
			if err := r.React(r.ctx, r.people[name], r.id, at, []string{"👍", "❤️", "😂", "🎉", "🙏"}[(n+len(name))%5]); err != nil {
				return err
			}
		}
	case 8:
		if n%2 == 0 {
			r.paths["edited"] = fmt.Sprintf("%s/messages/%d", r.path(), at)
			return r.Edit(r.ctx, r.people[who], r.id, at, "Tomorrow at **ten**, not at nine.")
		}
	case 15:
		if n%3 == 0 {
			return r.Delete(r.ctx, r.people[who], r.id, at)
		}
	}
	return nil
}

func (r *room) path() string { return fmt.Sprintf("/rooms/%d", r.id) }

func (w *world) between(one, other string) (*room, error) {
	_, _, id, err := w.Person(w.ctx, w.people[one], other)
	return &room{world: w, id: id}, err
}

func (r *room) say(who, text string, reply uint64) error {
	return r.post(who, chat.Draft{Key: chat.NewKey(), Body: text, ReplyTo: reply})
}

// show posts photos of several shapes.
func (r *room) show(who string, n, count int) error {
	shapes := [][2]int{{900, 600}, {600, 900}, {700, 700}, {1200, 500}, {640, 480}}
	var uploads [][]byte
	draft := chat.Draft{Key: chat.NewKey()}
	if n%2 == 0 {
		draft.Body = "From this morning:"
	}
	for i := range count {
		shape := shapes[(n+i)%len(shapes)]
		data := paint(shape[0], shape[1], people[(n+2*i)%5].colors)
		sum := sha256.Sum256(data)
		uploads = append(uploads, data)
		draft.Photos = append(draft.Photos, chat.Upload{Sum: hex.EncodeToString(sum[:]), Alt: []string{"Hills in the morning", "", "The view from the hut"}[i%3]})
	}
	draft.Keep = func(ctx context.Context) ([]uint64, error) {
		return r.photos.SaveAll(ctx, r.people[who].ID, uploads, photo.PurposeMessage)
	}
	err := r.post(who, draft)
	r.paths[fmt.Sprintf("photos-%d", count)] = fmt.Sprintf("%s/messages/%d", r.path(), r.last)
	return err
}

func (r *room) post(who string, draft chat.Draft) error {
	seq, err := r.Post(r.ctx, r.people[who], r.id, draft)
	if err == nil {
		r.last = seq
	}
	return err
}

func knows(one, two string) bool {
	for _, f := range friends {
		if f == [2]string{one, two} || f == [2]string{two, one} {
			return true
		}
	}
	return false
}

func (w *world) known(owner string, names []string) (list []string) {
	for _, name := range names {
		if knows(owner, name) {
			list = append(list, name)
		}
	}
	return list
}

func other(members []string, not string, from int) string {
	for i := range members {
		if name := members[(from+i)%len(members)]; name != not {
			return name
		}
	}
	return members[0]
}
