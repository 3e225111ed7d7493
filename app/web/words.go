package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

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

// maxLanguages is how many languages of an Accept-Language count; browsers send four or five.
const maxLanguages = 20

// acceptedLanguage returns the language of ours that a browser prefers, or else English. Regions make no
// difference, and malformed languages do not count.
func acceptedLanguage(header string) *words.Catalog {
	best, most := words.Languages()[0], 0.0
	for _, part := range strings.SplitN(header, ",", maxLanguages+1)[:min(maxLanguages, strings.Count(header, ",")+1)] {
		tag, weight, weighted := strings.Cut(strings.TrimSpace(part), ";")
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

// parseQuality returns a weight from 0 to 1 with three decimals at most, as in q=0.8; 0 for anything else.
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
