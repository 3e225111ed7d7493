package chat

import (
	"os/exec"
	"strings"
	"testing"
)

func TestIsEmojiTakesOneEmojiAndNothingElse(t *testing.T) {
	for _, one := range []string{"👍", "👋🏽", "❤", "❤️", "ℹ️", "‼️", "↔️", "©️", "☺️", "➕", "🫠", "Ⓜ️", "〰️", "1️⃣", "#⃣", "🇩🇪", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🧑🏽‍🤝‍🧑🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"} {
		if !IsEmoji(one) {
			t.Errorf("%s (%+q) is one", one, one)
		}
	}
	for _, none := range []string{"", " ", "a", "1", "12⃣", "👍👍", "👍 ", "👍a", "a👍", "❤️❤️", "🇩🇪🇫🇷", "🇩🇪🇫", "1️⃣2️⃣", "\u200d", "\ufe0f", "\ufe0f👍", "<b>", "\xff", "███", "👍\u202e",
		"\ufdfd", "﷽", "Ω", "ß", "½", "②", "★", "☃️☃️", "€", "→", "♔", "∞", "…", "𝓐", "Ⅷ", "⠿", "┼", "1️", "5", "#", "*", "©a", "🇩", "🏴\U000e0067", "🏴\U000e0067\U000e0062\U000e007f",
		"👍\u200d", "\u200d👍", "👍\u200d\u200d👍", "👍\u200d👍\u200d👍\u200d👍\u200d👍", "👋🏽🏽", "a🏽", "👍\ufe0e", "👍\u0301", "1\u20e3\u20e3", strings.Repeat("👍", 100)} {
		if IsEmoji(none) {
			t.Errorf("%s (%+q) is none", none, none)
		}
	}
}

func TestIsFewEmojisTakesUpToThree(t *testing.T) {
	for text, want := range map[string]bool{
		"👍": true, "👍👍": true, "🎉 🥳 ❤️": true, "🇩🇪🇫🇷": true, "👨‍👩‍👧‍👦👋🏽1️⃣": true,
		"": false, " ": false, "👍👍👍👍": false, "👍  👍": false, "👍\n👍": false, "ok 👍": false, "👍 ": false, "123": false, "🇩🇪🇫": false,
	} {
		if got := IsFewEmojis(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestIsEmojiTakesEveryRecommendedEmoji asks Node for the emojis that Unicode recommends to send.
func TestIsEmojiTakesEveryRecommendedEmoji(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "node", "testdata/emojis.mjs").Output()
	must(t, err)
	all := strings.Fields(string(out))
	if len(all) < 3600 { // of Unicode 15
		t.Fatalf("%d emojis", len(all))
	}
	for _, one := range all {
		if !IsEmoji(one) {
			t.Errorf("%s (%+q) is one", one, one)
		}
	}
}

// TestEmojisThatLookAlikeAreOneReaction reacts with a heart from two keyboards, and with more emojis
// than a message takes.
func TestEmojisThatLookAlikeAreOneReaction(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		seq := e.post(t, a, room, "hello")
		given := func() []Reaction {
			m, err := e.Permalink(ctx, a, room, seq)
			must(t, err)
			return m.Reactions
		}
		must(t, e.React(ctx, a, room, seq, "❤️"))
		must(t, e.React(ctx, b, room, seq, "❤"))
		equal(t, "emojis", len(given()), 1)
		equal(t, "people", len(given()[0].By), 2)
		must(t, e.React(ctx, a, room, seq, "👍"))
		must(t, e.React(ctx, b, room, seq, "👍\ufe0f")) // as the picker has it
		equal(t, "people with a thumb", len(given()[1].By), 2)
		must(t, e.React(ctx, b, room, seq, "👍"))
		must(t, e.React(ctx, a, room, seq, "👍\ufe0f"))
		equal(t, "emojis after both took it back", len(given()), 1)
		must(t, e.React(ctx, a, room, seq, "❤"))
		equal(t, "people after one removed it", len(given()[0].By), 1)
		for i := range rune(maxReactions - 1) {
			must(t, e.React(ctx, a, room, seq, string('😀'+i)))
		}
		wantError(t, "one too many", e.React(ctx, b, room, seq, "👍"), ErrTooManyEmojis)
		must(t, e.React(ctx, b, room, seq, "😀"))
		equal(t, "emojis", len(given()), maxReactions)
	})
}
