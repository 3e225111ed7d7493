package abuse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// maxBody is how long a message may be.
const maxBody = 4000

// ideographs is a text whose every character is a word of the search index.
func ideographs(random *rand.Rand, n int) string {
	list := make([]rune, n)
	for i := range list {
		list[i] = 0x4e00 + rune(random.IntN(0x5200)) //nolint:gosec // below 0xa000
	}
	return string(list)
}

func denseTexts(ctx context.Context, t *attempt) {
	t.keep(ctx, func() { t.say(ctx, ideographs(t.random, maxBody)) })
}

// costly are beginnings that a careless parser looks to the end of the text for.
var costly = []string{
	"```x\n", "[x](http://a", "- a\n", "> a\n", "[a](http://b.c)", "*", "`", "~~a", "**a* ", "| a |\n", "https://a.b/c?d=e ",
	"> - > - a\n", "_a_ ", "&amp;", "@a", "<b>", "\u0301a", "1. a\n",
}

func costlyMarkup(ctx context.Context, t *attempt) {
	t.keep(ctx, func() {
		part := costly[t.random.IntN(len(costly))]
		body := strings.Repeat(part, maxBody/len([]rune(part)))
		t.submit(ctx, t.direct+"/messages", "key", fmt.Sprintf("n.%032x", t.random.Uint64()), "body", body)
	})
}

func mentions(ctx context.Context, t *attempt) {
	var all strings.Builder
	for _, a := range t.crew {
		all.WriteString("@" + a.name + " ")
	}
	for _, v := range t.victims {
		all.WriteString("@" + v.name + " ")
	}
	body := strings.Repeat(all.String(), maxBody/all.Len())
	t.keep(ctx, func() {
		t.submit(ctx, t.group+"/messages", "key", fmt.Sprintf("n.%032x", t.random.Uint64()), "body", body)
	})
}

func edits(ctx context.Context, t *attempt) {
	var seq uint64
	t.keep(ctx, func() {
		if seq == 0 {
			seq = t.say(ctx, "I will edit this")
			return
		}
		if a, ok := t.submit(ctx, t.message(seq)+"/edit", "body", ideographs(t.random, maxBody)); !ok && a.status == 422 {
			seq = 0 // it has as many edits as a message may have
		}
	})
}

func reactions(ctx context.Context, t *attempt) {
	emojis := []string{"👍", "👎", "😀", "😂", "🎉", "🔥", "🚀", "👀", "🙏", "💯", "❤️", "🍕", "🐈", "🌧️", "⚡", "🎈", "🥇", "🧀", "🪁", "🦊", "🐙"}
	seq, n := uint64(0), 0
	t.keep(ctx, func() {
		if seq == 0 {
			seq = t.crew[0].lastPost.Load() // all six take the same, if they can
			return
		}
		n++
		if a, ok := t.submit(ctx, t.message(seq)+"/react", "emoji", emojis[n%len(emojis)]); !ok && a.status == 422 && n%50 == 0 {
			seq = 0
		}
	})
}

func deletions(ctx context.Context, t *attempt) {
	var waiting []uint64
	t.keep(ctx, func() {
		if seq := t.say(ctx, ideographs(t.random, maxBody)); seq != 0 {
			waiting = append(waiting, seq)
		}
		if len(waiting) > 3 {
			if _, ok := t.submit(ctx, t.message(waiting[0])+"/delete"); ok {
				waiting = waiting[1:]
			}
		}
	})
}

var messageSeq = regexp.MustCompile(`id="m-(\d+)"`)

// altTexts describes the first photo that the abuser could post to the group of their own.
func altTexts(ctx context.Context, t *attempt) {
	path := ""
	t.keep(ctx, func() {
		if path != "" {
			t.submit(ctx, path, "alt", ideographs(t.random, 500))
			return
		}
		a, err := t.upload(ctx, t.own+"/messages", t.site.files.small, "key", fmt.Sprintf("n.%032x", t.random.Uint64()), "body", "look")
		if !t.count(a.status, err) {
			return
		}
		if page, ok := t.load(ctx, t.own); ok {
			if found := messageSeq.FindAllSubmatch(page.body, -1); found != nil {
				path = fmt.Sprintf("%s/messages/%s/photos/1", t.own, found[len(found)-1][1])
			}
		}
	})
}
