package chat

import "testing"

func TestIsEmoji(t *testing.T) {
	for _, one := range []string{"👍", "👋🏽", "❤", "❤️", "ℹ️", "‼️", "↔️", "©️", "☺️", "➕", "🫠", "Ⓜ️", "〰️", "1️⃣", "#⃣", "🇩🇪", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🧑🏽‍🤝‍🧑🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"} {
		if !isEmoji(one) {
			t.Errorf("%s (%+q) is one", one, one)
		}
	}
	for _, none := range []string{"", " ", "a", "1", "12⃣", "👍👍", "👍 ", "👍a", "a👍", "❤️❤️", "🇩🇪🇫🇷", "🇩🇪🇫", "1️⃣2️⃣", "\u200d", "\ufe0f", "\ufe0f👍", "<b>", "\xff", "███", "👍\u202e"} {
		if isEmoji(none) {
			t.Errorf("%s (%+q) is none", none, none)
		}
	}
}

// TestSameToTheEye reacts with a heart from two keyboards, and with more emojis than a message takes.
func TestSameToTheEye(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		seq := w.says(t, a, room, "hello")
		given := func() []Reaction {
			m, err := w.Message(ctx, a, room, seq)
			must(t, err)
			return m.Reactions
		}
		must(t, w.React(ctx, a, room, seq, "❤️"))
		must(t, w.React(ctx, b, room, seq, "❤"))
		equal(t, "emojis", len(given()), 1)
		equal(t, "people", len(given()[0].By), 2)
		must(t, w.React(ctx, a, room, seq, "❤"))
		equal(t, "people after one took it back", len(given()[0].By), 1)
		for i := range rune(reactionsEach - 1) {
			must(t, w.React(ctx, a, room, seq, string('😀'+i)))
		}
		is(t, "one too many", w.React(ctx, b, room, seq, "👍"), ErrManyEmojis)
		must(t, w.React(ctx, b, room, seq, "😀"))
		equal(t, "emojis", len(given()), reactionsEach)
	})
}
