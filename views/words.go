package views

import (
	"strings"

	"parley/db"
)

// Words is everything that Parley says in one language. A component gets it with the value that it
// shows; sentences that app/web chooses are here as well. Where a sentence has a name in it, {who},
// {whom} or {what} stands in its place.
type Words struct {
	Lang    string // its code, as in <html lang>
	Self    string // its own name for itself
	Someone string // an account that is gone

	Dates      DateWords
	Frame      FrameWords
	Door       DoorWords
	Trouble    TroubleWords
	Friends    FriendWords
	Person     PersonWords
	Profile    ProfileWords
	Group      GroupWords
	Rooms      RoomsWords
	Room       RoomWords
	Message    MessageWords
	Refusals   RefusalWords
	Detail     DetailWords
	Picture    PictureWords
	Searching  SearchWords
	Formatting FormattingWords
}

// Languages are those that Parley speaks. The first one is for everybody who asks for none of them.
func Languages() []*Words { return []*Words{&english, &german, &spanish} }

// WordsIn are the words of a language that Parley speaks, or else nil.
func WordsIn(lang string) *Words {
	for _, w := range Languages() {
		if w.Lang == lang {
			return w
		}
	}
	return nil
}

// English is what Parley speaks where nobody has asked for anything.
func English() *Words { return &english }

// name is what people read; an account that is gone has none.
func (w *Words) name(u db.User) string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	if u.Username != "" {
		return u.Username
	}
	return w.Someone
}

func (w *Words) names(list []db.User) string {
	all := make([]string, len(list))
	for i, u := range list {
		all[i] = w.name(u)
	}
	return strings.Join(all, ", ")
}

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
