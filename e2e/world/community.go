package main

import (
	"fmt"
	"net/netip"
	"time"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/invite"
	"parley/db"
	"parley/e2e/rig"
)

// openRooms are those that anybody may join; maya is not in all of them.
var openRooms = []struct {
	key, name, about, owner string
	members                 []string
	ago                     time.Duration
}{
	{"quiz", "Quiz night", "", "yuki", nil, 3 * day},
	{"tandem", "Sprachtandem Deutsch · Español · العربية", "Half an hour in one language, then half an hour in the other. Wednesdays at 19:00 in the library, or here at any time.", "samir", []string{"maya", "lea.fontaine"}, 26 * time.Hour},
	{"repair", "Repair café", "Every second Saturday. Tools are there, cake is welcome.", "jonas", []string{"tove", "lin", "samir", "lea.fontaine"}, 5 * time.Hour},
	{"books", "Book swap", "Offer what you’ve read, find what you haven’t.", "lea.fontaine", []string{"yuki", "jonas"}, 2 * time.Hour},
	{"square", "Town square", "News for everybody, and a place to say hello.", "maya", []string{"jonas", "lea.fontaine", "samir", "yuki", "tove", "ravi.k", "best.prices"}, 25 * time.Minute},
}

// newcomers came by an invitation of maya's.
var newcomers = []person{{"ines", "Inés Ortega", nil}, {"kofi", "Kofi Mensah", nil}, {"olena", "Олена Коваль", nil}, {"bao", "Bảo Trần", nil}}

// gatherAll opens the rooms, and lets the newcomers in.
func (w *world) gatherAll() error {
	for _, o := range openRooms {
		w.ago(5 * day)
		id, err := w.CreateOpenRoom(w.ctx, w.people[o.owner], o.name, o.about)
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		r := &room{world: w, id: id}
		w.rooms[o.key], w.paths[o.key] = r, r.path()
		for i, name := range o.members {
			w.ago(4*day - time.Duration(i)*7*time.Hour)
			if err := w.JoinRoom(w.ctx, w.people[name], id); err != nil {
				return fmt.Errorf("%s to %s: %w", name, o.name, err)
			}
		}
		w.ago(o.ago)
		if err := r.say(o.owner, "Welcome! What would you like to do here?", 0); err != nil {
			return err
		}
	}
	if err := w.SetDefaultRoom(w.ctx, w.people["maya"], w.rooms["square"].id, true); err != nil {
		return err
	}
	return w.invite()
}

// invite makes invitations in every state, and the newcomers come by one.
func (w *world) invite() error {
	maya, square := w.people["maya"], w.rooms["square"].id
	invitations := invite.New(w.store, w.accounts, w.Chat, invite.Options{Settings: values, Now: w.now})
	w.ago(9 * day)
	if _, err := invitations.Make(w.ctx, maya, invite.Wish{Uses: 3, Days: 2}); err != nil {
		return err
	}
	w.ago(2 * day)
	if _, err := invitations.Make(w.ctx, maya, invite.Wish{Uses: 30, Days: 14, Rooms: []uint64{square}}); err != nil {
		return err
	}
	mine, _, err := invitations.Mine(w.ctx, maya, 0)
	if err != nil {
		return err
	}
	if err := invitations.Revoke(w.ctx, maya, mine[0].ID); err != nil {
		return err
	}
	if _, err := invitations.Make(w.ctx, w.people["jonas"], invite.Wish{Uses: 5, Days: 30}); err != nil {
		return err
	}
	token, err := invitations.Make(w.ctx, maya, invite.Wish{Uses: 12, Days: 30, Rooms: []uint64{square}, ServerWide: true})
	if err != nil {
		return err
	}
	for i, p := range newcomers {
		w.ago(24*time.Minute - time.Duration(i)*40*time.Second)
		if w.people[p.username], _, err = invitations.SignUp(w.ctx, netip.MustParseAddr("127.0.0.1"), token, auth.Newcomer{Username: p.username, DisplayName: p.name, Password: rig.Password, TimeZone: "Europe/Berlin"}); err != nil {
			return fmt.Errorf("%s: %w", p.username, err)
		}
	}
	return nil
}

// care is what moderators and administrators did.
func (w *world) care() error {
	r := w.rooms["square"]
	maya, jonas, tove := w.people["maya"], w.people["jonas"], w.people["tove"]
	var insult, spam uint64
	steps := []struct {
		ago time.Duration
		do  func() error
	}{
		{24 * time.Minute, func() error { return w.SetModerator(w.ctx, maya, r.id, "tove", true) }},
		{23 * time.Minute, func() error { return r.say("tove", "**Street party** on the 12th: who brings benches?", 0) }},
		{22 * time.Minute, func() error { return w.Pin(w.ctx, tove, r.id, r.last) }},
		{21 * time.Minute, func() error { return r.say("samir", "I have two, and a long table.", r.last) }},
		{20 * time.Minute, func() error { return r.say("ravi.k", "Nobody wants your stupid party, Samir. Stay at home.", 0) }},
		{19 * time.Minute, func() error {
			insult = r.last
			return r.say("lea.fontaine", "Please don’t talk to each other like that.", 0)
		}},
		{18 * time.Minute, func() error {
			return w.Report(w.ctx, w.people["lea.fontaine"], r.id, insult, chat.ReportDraft{Reason: "insult"})
		}},
		{17 * time.Minute, func() error {
			return w.Report(w.ctx, jonas, r.id, insult, chat.ReportDraft{Reason: "insult", Words: "He’s done it twice this week."})
		}},
		{16 * time.Minute, func() error {
			return w.decide(maya, chat.Decision{Acts: []string{chat.ActDelete}, Answer: "warned", Words: "It won’t happen again, he says."})
		}},
		{15 * time.Minute, func() error {
			return r.say("best.prices", "🔥🔥 BEST PRICES 🔥🔥 Watches, phones, coins: https://example.org/offers?ref=93481", 0)
		}},
		{14 * time.Minute, func() error { spam = r.last; return r.say("best.prices", "Last chance!! Answer now, only today", 0) }},
		{13 * time.Minute, func() error {
			return w.Report(w.ctx, maya, r.id, insult-1, chat.ReportDraft{Reason: "other", Words: "Isn’t this the wrong room?"})
		}},
		{12 * time.Minute, func() error { return w.decide(jonas, chat.Decision{Answer: "fine"}) }},
		{11 * time.Minute, func() error {
			return w.Report(w.ctx, maya, r.id, spam, chat.ReportDraft{Reason: "spam", Words: "The same in two other rooms, every evening."})
		}},
		{10 * time.Minute, func() error { return w.Report(w.ctx, w.people["ines"], r.id, spam, chat.ReportDraft{Reason: "spam"}) }},
		{9 * time.Minute, func() error { return w.Ban(w.ctx, tove, r.id, "best.prices") }},
		{8 * time.Minute, func() error { return w.Delete(w.ctx, tove, r.id, spam+1) }},
		{7 * time.Minute, func() error { return w.SetSlowMode(w.ctx, tove, r.id, 30) }},
		{6 * time.Minute, func() error { return r.say("ines", "Hello everybody! I can bring a cake 🍰", 0) }},
		{5 * time.Minute, func() error { return w.Pin(w.ctx, maya, r.id, r.last) }},
	}
	if err := w.accounts.SetAdmin(w.ctx, maya.ID, "jonas", true); err != nil {
		return err
	}
	w.people["jonas"], _ = w.accounts.User(w.ctx, jonas.ID)
	jonas = w.people["jonas"]
	for i, step := range steps {
		w.ago(step.ago)
		if err := step.do(); err != nil {
			return fmt.Errorf("step %d of the care: %w", i, err)
		}
	}
	w.paths["spam"] = fmt.Sprintf("%s/messages/%d", r.path(), spam)
	w.paths["unreported"] = fmt.Sprintf("%s/messages/%d", r.path(), insult+1)
	if err := w.SetOnlyModerators(w.ctx, w.people["samir"], w.rooms["tandem"].id, true); err != nil {
		return err
	}
	if _, err := w.accounts.Suspend(w.ctx, maya.ID, "best.prices"); err != nil {
		return err
	}
	if _, err := w.accounts.SignOutEverywhere(w.ctx, maya.ID, "oskar"); err != nil {
		return err
	}
	for name, ago := range map[string]time.Duration{
		"jonas": 4 * time.Minute, "lea.fontaine": 19 * time.Minute, "ines": 6 * time.Minute, "samir": 21 * time.Minute,
		"yuki": 9 * time.Hour, "lin": 26 * time.Hour, "tove": 7 * time.Minute, "ravi.k": 20 * time.Minute, "alexandra.k": 51 * time.Hour,
	} {
		w.ago(ago)
		if _, _, err := w.accounts.CreateSession(w.ctx, w.people[name], "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"); err != nil {
			return err
		}
	}
	w.ago(3 * time.Minute)
	_, err := w.accounts.AskDeletion(w.ctx, w.people["greta"], rig.Password, 0, false)
	return err
}

// decide closes the newest open report.
func (w *world) decide(admin db.User, d chat.Decision) error {
	list, _, err := w.Reports(w.ctx, admin, chat.ReportsPlace{})
	if err != nil || len(list) == 0 {
		return fmt.Errorf("%d reports: %w", len(list), err)
	}
	return w.Decide(w.ctx, admin, list[0].ID, d)
}
