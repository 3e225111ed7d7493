// Package words is everything that Parley says, in every language, and how each writes dates.
//
// English is written first and the others from it. A sentence with names in it is one sentence, with
// {who}, {whom} or {what} where they go, so that each language can order them as it likes; one with
// a number is a function, for its plural. Tests fail where a language lacks a sentence.
package words

import (
	"strings"
)

// Catalog is everything that Parley says in one language. A component gets it with the value that it
// shows; sentences that app/web chooses are here as well. Where a sentence has a name in it, {who},
// {whom} or {what} stands in its place.
type Catalog struct {
	Lang    string // its code, as in <html lang>
	Self    string // its own name for itself
	Someone string // an account that is gone

	Dates      Dates
	Nav        Nav
	Account    Account
	Trouble    Trouble
	Friends    Friends
	Person     Person
	Profile    Profile
	Group      Group
	Rooms      Rooms
	Room       Room
	Message    Message
	Refusals   Refusals
	Detail     Detail
	PhotoForm  PhotoForm
	Search     Search
	Formatting Formatting
}

// Languages are those that Parley speaks. The first one is for everybody who asks for none of them.
func Languages() []*Catalog { return []*Catalog{&english, &german, &spanish} }

// In are the words of a language that Parley speaks, or else nil.
func In(lang string) *Catalog {
	for _, w := range Languages() {
		if w.Lang == lang {
			return w
		}
	}
	return nil
}

// English is what Parley speaks where nobody has asked for anything.
func English() *Catalog { return &english }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Fill puts names and the like into their places in a sentence: "{who}" and what goes there, and so on.
func Fill(sentence string, places ...string) string {
	return strings.NewReplacer(places...).Replace(sentence)
}
