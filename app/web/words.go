package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/db"
	"parley/views/words"
)

// words is the language of whoever calls.
func (c *call) words() *words.Catalog { return wordsOf(c.Ctx) }

// wordsOf is the language of a request: what whoever calls has chosen, or else what their browser
// wants. Nothing of the request may have been checked yet.
func wordsOf(c *fiber.Ctx) *words.Catalog {
	if me, known := c.Locals(meLocal).(*db.User); known {
		if w := words.In(me.Language); w != nil {
			return w
		}
	}
	return acceptedLanguage(c.Get(fiber.HeaderAcceptLanguage))
}

// maxLanguages is how much of an Accept-Language is looked at; browsers send four languages or five.
const maxLanguages = 20

// acceptedLanguage is the language of ours that a browser wants most, or else English. A region makes no
// difference, and what is malformed counts for nothing.
func acceptedLanguage(header string) *words.Catalog {
	best, most := words.Languages()[0], 0.0
	for _, one := range strings.SplitN(header, ",", maxLanguages+1)[:min(maxLanguages, strings.Count(header, ",")+1)] {
		tag, weight, weighted := strings.Cut(strings.TrimSpace(one), ";")
		q := 1.0
		if weighted {
			q = parseQuality(strings.TrimSpace(weight))
		}
		lang, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if w := words.In(lang); w != nil && q > most {
			best, most = w, q
		}
	}
	return best
}

// parseQuality reads a weight from 0 to 1 with three decimals at most, as in q=0.8; 0 is no such thing.
func parseQuality(text string) float64 {
	digits, ok := strings.CutPrefix(strings.ToLower(text), "q=")
	if !ok || len(digits) > len("0.123") || strings.Trim(digits, "0123456789.") != "" {
		return 0
	}
	q, err := strconv.ParseFloat(digits, 64)
	if err != nil || q > 1 {
		return 0
	}
	return q
}
