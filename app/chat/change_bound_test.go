package chat

import (
	"fmt"
	"slices"
	"testing"

	"parley/db"
)

// TestAMessageHasABoundedNumberOfChanges checks the bounds of T40: beyond them nothing changes.
func TestAMessageHasABoundedNumberOfChanges(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room, kept := e.makeFriends(t, a, b), 0
		d := e.draftWith(t, a, &kept, "a", "b")
		d.Body = "hello"
		seq, err := e.Post(ctx, a, room, d)
		must(t, err)
		edits, alts := make([]db.Message, maxEdits-1), make([]db.Message, maxEdits-1)
		for i := range edits {
			edits[i] = db.Message{Kind: db.KindEdit, AuthorID: a.ID, TargetSeq: seq, Body: fmt.Sprint("edit ", i)}
			alts[i] = db.Message{Kind: db.KindAltText, AuthorID: a.ID, TargetSeq: seq, PhotoID: 1, Body: fmt.Sprint("alt ", i)}
		}
		e.put(t, room, slices.Concat(edits, alts))
		must(t, e.Edit(ctx, a, room, seq, "the last"))
		must(t, e.SetAltText(ctx, a, room, seq, 2, "the last"))
		for range maxOwnReactionChanges {
			must(t, e.React(ctx, b, room, seq, "😀"))
		}
		must(t, e.React(ctx, b, room, e.post(t, b, room, "another"), "😀"))
		last := len(e.log(t, room))
		wantError(t, "one more edit", e.Edit(ctx, a, room, seq, "beyond"), ErrTooManyEdits)
		wantError(t, "one more alt text", e.SetAltText(ctx, a, room, seq, 1, "beyond"), ErrTooManyAlts)
		wantError(t, "one more reaction", e.React(ctx, b, room, seq, "🎉"), ErrTooManyOwn)
		equal(t, "entries", len(e.log(t, room)), last)
		must(t, e.React(ctx, a, room, seq, "🎉"))
		m, err := e.Permalink(ctx, a, room, seq)
		must(t, err)
		equal(t, "text", m.Body, "the last")
		equal(t, "alt text", m.Pictures[1].Alt, "the last")
		equal(t, "reactions", len(m.Reactions), 1)
		must(t, e.Delete(ctx, a, room, seq)) // which is always possible

		seq = e.post(t, a, room, "popular")
		var crowd []db.Message
		for i := range uint64(maxReactionChanges) {
			crowd = append(crowd, db.Message{Kind: db.KindReaction, AuthorID: 1000 + i, TargetSeq: seq, Body: "+😀"})
		}
		e.put(t, room, crowd)
		wantError(t, "one more of somebody else", e.React(ctx, b, room, seq, "😀"), ErrTooManyReactions)
	})
}

// TestChangesCountAgainstThePace checks that a change counts as a post for the rate limit.
func TestChangesCountAgainstThePace(t *testing.T) {
	e := newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", 2)
	ctx, a := t.Context(), e.people[0]
	room := e.makeFriends(t, a, e.people[1])
	seq := e.post(t, a, room, "hello")
	limited := e.process(t, e.store, Options{Limits: true, Now: e.clock})
	for i := range postsAtOnce / 2 {
		must(t, limited.Edit(ctx, a, room, seq, fmt.Sprint("hello ", i)))
		must(t, limited.React(ctx, a, room, seq, "😀"))
	}
	for what, err := range map[string]error{"post": errOf(limited.Post(ctx, a, room, Draft{Body: "x"})), "edit": limited.Edit(ctx, a, room, seq, "x"),
		"react": limited.React(ctx, a, room, seq, "😀"), "alt text": limited.SetAltText(ctx, a, room, seq, 1, "x"), "delete": limited.Delete(ctx, a, room, seq)} {
		wantError(t, what, err, ErrTooFast)
	}
}

// TestTextsOfAMessageComeByThePage reads all texts of a message, of which somebody has seen a part.
func TestTextsOfAMessageComeByThePage(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "Two", []string{b.Username})
		must(t, err)
		seq := e.post(t, a, room, "text 0")
		for i := 1; i <= 70; i++ {
			switch i {
			case 30:
				must(t, e.RemoveMember(ctx, a, room, b.Username))
			case 40:
				must(t, e.AddMember(ctx, a, room, b.Username))
			}
			must(t, e.Edit(ctx, a, room, seq, fmt.Sprint("text ", i)))
		}
		for who, hidden := range map[*db.User]func(i int) bool{&a: func(int) bool { return false }, &b: func(i int) bool { return i >= 30 && i < 40 }} {
			m, err := e.Permalink(ctx, *who, room, seq)
			must(t, err)
			equal(t, "texts on the first page", len(m.Texts), versionsPerPage+1)
			list := textsOf(m.Texts)
			for m.Older != 0 {
				m, err = e.PermalinkBefore(ctx, *who, room, seq, m.Older)
				must(t, err)
				if len(m.Texts) > versionsPerPage {
					t.Fatalf("%d texts on a page", len(m.Texts))
				}
				list = slices.Concat(textsOf(m.Texts), list)
			}
			var want []string
			for i := range 71 {
				if !hidden(i) {
					want = append(want, fmt.Sprint("text ", i))
				}
			}
			equalLists(t, "all texts", list, want)
		}
	})
}

func textsOf(list []db.Message) (texts []string) {
	for _, m := range list {
		texts = append(texts, m.Body)
	}
	return texts
}
