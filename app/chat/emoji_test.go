package chat

import (
	"os/exec"
	"strings"
	"testing"
)

func TestIsEmoji(t *testing.T) {
	for _, one := range []string{"👍", "👋🏽", "❤", "❤️", "ℹ️", "‼️", "↔️", "©️", "☺️", "➕", "🫠", "Ⓜ️", "〰️", "1️⃣", "#⃣", "🇩🇪", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🧑🏽‍🤝‍🧑🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"} {
		if !isEmoji(one) {
			t.Errorf("%s (%+q) is one", one, one)
		}
	}
	for _, none := range []string{"", " ", "a", "1", "12⃣", "👍👍", "👍 ", "👍a", "a👍", "❤️❤️", "🇩🇪🇫🇷", "🇩🇪🇫", "1️⃣2️⃣", "\u200d", "\ufe0f", "\ufe0f👍", "<b>", "\xff", "███", "👍\u202e",
		"\ufdfd", "﷽", "Ω", "ß", "½", "②", "★", "☃️☃️", "€", "→", "♔", "∞", "…", "𝓐", "Ⅷ", "⠿", "┼", "1️", "5", "#", "*", "©a", "🇩", "🏴\U000e0067", "🏴\U000e0067\U000e0062\U000e007f",
		"👍\u200d", "\u200d👍", "👍\u200d\u200d👍", "👍\u200d👍\u200d👍\u200d👍\u200d👍", "👋🏽🏽", "a🏽", "👍\ufe0e", "👍\u0301", "1\u20e3\u20e3", strings.Repeat("👍", 100)} {
		if isEmoji(none) {
			t.Errorf("%s (%+q) is none", none, none)
		}
	}
}

// TestEveryEmoji holds that whatever Unicode recommends to send is taken. Node knows it by its own tables.
func TestEveryEmoji(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "node", "testdata/emojis.mjs").Output()
	must(t, err)
	all := strings.Fields(string(out))
	if len(all) < 3600 { // of Unicode 15
		t.Fatalf("%d emojis", len(all))
	}
	for _, one := range all {
		if !isEmoji(one) {
			t.Errorf("%s (%+q) is one", one, one)
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
			m, err := w.Permalink(ctx, a, room, seq)
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
		is(t, "one too many", w.React(ctx, b, room, seq, "👍"), ErrTooManyEmojis)
		must(t, w.React(ctx, b, room, seq, "😀"))
		equal(t, "emojis", len(given()), reactionsEach)
	})
}
