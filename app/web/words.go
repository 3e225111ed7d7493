package web

import (
	"sync"

	"github.com/gofiber/fiber/v2"

	"parley/app/text"
	"parley/db"
	"parley/views/words"
)

// words returns the sentences in the caller's language.
func (c *call) words() *words.Catalog { return wordsOf(c.Ctx) }

// wordsOf returns the sentences in the language that the caller has chosen, or else in the one that their
// browser prefers. The request may not have been checked yet.
func wordsOf(c *fiber.Ctx) *words.Catalog {
	if me, known := c.Locals(meLocal).(*db.User); known {
		if w := words.In(me.Language); w != nil {
			return w
		}
	}
	return acceptedLanguage(c.Get(fiber.HeaderAcceptLanguage))
}

// spoken are the languages of Parley, ready to be matched. Preparing them takes fifty times as long as a
// match.
var spoken = sync.OnceValue(func() text.Languages {
	var codes []string
	for _, w := range words.Languages() {
		codes = append(codes, w.Lang)
	}
	return text.NewLanguages(codes...)
})

// acceptedLanguage returns the language of ours that a browser prefers, or else English.
func acceptedLanguage(header string) *words.Catalog {
	return words.In(spoken().Match(header))
}
