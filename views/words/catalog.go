// Package words holds all text of the user interface, in every language, and date formats.
//
// English is written first, the others are translated from it. A sentence with names in it has the
// placeholders {who}, {whom} or {what}, so that each language can choose its own word order; one with
// a number is a function, for its plural. A test fails if a language lacks a sentence.
//
// "Today" is wrong a day later, so DayName and When are for what does not last: pages, which a script keeps
// right (assets/js/days.js), and lists, which are sent again with each stream, after 18 minutes at most. An
// entry in a stream says the whole date (Day): its bytes are shared by viewers, kept for others who come back,
// and the same whenever they are rendered. Without scripts, a page that never ends says it, too.
package words

import (
	"strings"
)

// Catalog is all text in one language: that of the components, which receive it with the value they
// show, and the sentences that app/web chooses.
type Catalog struct {
	Lang    string // language code, as in <html lang>
	Self    string // the language's own name
	Someone string // a deleted account

	Dates      Dates
	Nav        Nav
	Account    Account
	Trouble    Trouble
	Friends    Friends
	Person     Person
	Profile    Profile
	Group      Group
	Invite     Invite
	Rooms      Rooms
	Open       Open
	Lists      Lists
	Room       Room
	Message    Message
	Refusals   Refusals
	Detail     Detail
	PhotoForm  PhotoForm
	Search     Search
	Formatting Formatting
	Keys       Keys
	Reports    Reports
	Care       Care
	Moderation Moderation
	Admin      Admin
	Settings   Settings
	Own        Own
	Recovery   Recovery
	Device     Device
	Mail       Mail

	SecondFactor SecondFactor
	Passkeys     Passkeys
	SSO          SSO
}

// Languages returns all catalogs. The first one is the fallback.
func Languages() []*Catalog { return []*Catalog{&english, &german, &spanish} }

// In returns the catalog of a language, or nil if there is none.
func In(lang string) *Catalog {
	for _, w := range Languages() {
		if w.Lang == lang {
			return w
		}
	}
	return nil
}

// English returns the fallback catalog.
func English() *Catalog { return &english }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Fill replaces placeholders in a sentence, given as pairs: "{who}", name, ...
func Fill(sentence string, places ...string) string {
	var filled strings.Builder
	for rest := sentence; ; {
		begin := strings.IndexByte(rest, '{')
		if begin < 0 {
			filled.WriteString(rest)
			return filled.String()
		}
		filled.WriteString(rest[:begin])
		place, with := placeAt(rest[begin:], places)
		filled.WriteString(with)
		rest = rest[begin+len(place):]
	}
}

// placeAt returns the placeholder that a text begins with, and what stands there instead; the first byte for itself if
// it is none.
func placeAt(text string, places []string) (place, with string) {
	for i := 0; i+1 < len(places); i += 2 {
		if strings.HasPrefix(text, places[i]) {
			return places[i], places[i+1]
		}
	}
	return text[:1], text[:1]
}
