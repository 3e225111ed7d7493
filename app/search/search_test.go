package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
)

func TestSearchFindsWhatPeopleMean(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, ben := e.people[0], e.people[1]
		room := e.befriend(t, ann, ben)
		for _, body := range []string{
			"We went walking in the Café Müller", "a walk, don't run", "100% of snake_case isn't 'quoted' ", `he said "yes" -- no`,
			"東京タワーに行きました", "京東", "猫", "黒猫が好き", "가나다라", "서울에서 만나요", "Łódź straße ΟΔΟΣ", "party 🎉 at 3.14",
			"the\nend", "SELECT * FROM users; DROP", "e-mail me", strings.Repeat("long", 20),
		} {
			e.advance(time.Second)
			e.post(t, ann, room, body)
		}
		for typed, want := range map[string][]string{
			"walk":                     {"a [walk], don't run", "We went [walking] in the Café Müller"},
			`"walk"`:                   {"a [walk], don't run"},
			"walk run":                 {"a [walk], don't [run]"},
			"wa":                       nil,
			"cafe":                     {"We went walking in the [Café] Müller"},
			"CAFÉ MULLER":              {"We went walking in the [Café] [Müller]"},
			"dont":                     {"a walk, [don't] run"},
			"don’t":                    {"a walk, [don't] run"},
			"100%":                     {"[100]% of snake_case isn't 'quoted' "},
			"snake_case":               {"100% of [snake]_[case] isn't 'quoted' "},
			"case_snake":               nil,
			"quoted":                   {"100% of snake_case isn't '[quoted]' "},
			`"yes"`:                    {`he said "[yes]" -- no`},
			"-no":                      {`he said "yes" -- [no]`},
			"+walking* ~the":           {"We went [walking] in [the] Café Müller"},
			"東京":                       {"[東京]タワーに行きました"},
			"京":                        {"[京]東", "東[京]タワーに行きました"},
			"タワー":                      {"東京[タワー]に行きました"},
			"京タ":                       {"東[京タ]ワーに行きました"},
			"猫":                        {"黒[猫]が好き", "[猫]"},
			"나다":                       {"가[나다]라"},
			"서울":                       {"[서울]에서 만나요"},
			"lodz STRASSE οδός":        {"[Łódź] [straße] [ΟΔΟΣ]"},
			"🎉":                        {"party [🎉] at 3.14"},
			"3.14":                     {"party 🎉 at [3].[14]"},
			`"the end"`:                {"[the]\n[end]"},
			`"end the"`:                nil,
			"select * from":            {"[SELECT] * [FROM] users; DROP"},
			"email":                    nil,
			"e-mail":                   {"[e]-[mail] me"},
			strings.Repeat("long", 20): {"[" + strings.Repeat("long", 20) + "]"},
			strings.Repeat("long", 7):  {"[" + strings.Repeat("long", 20) + "]"},
		} {
			got := e.find(t, ben, search.Request{Text: typed})
			equalLists(t, "search for "+typed, got, want)
		}
		// So many words that not all are looked up in the index: who said it counts all the same.
		e.post(t, ben, room, "not that")
		equalLists(t, "by who did not say it", e.find(t, ben, search.Request{Text: "東京タワーに行きました", Author: ben.Username}), nil)
	})
}

// TestExcerptsAreWithoutFormatting checks that what is found reads as in its room, unless it is found in the
// formatting alone.
func TestExcerptsAreWithoutFormatting(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, bob := e.people[0], e.people[1]
		room := e.befriend(t, ann, bob)
		e.post(t, bob, room, "> a **bold** plan\n\nfor `tomorrow`")
		e.post(t, bob, room, "see [the map](https://example.org/valley)")
		for text, want := range map[string]string{
			"plan":   "a bold [plan]\nfor tomorrow",
			"bold":   "a [bold] plan\nfor tomorrow",
			"map":    "see the [map]",
			"valley": "see [the map](https://example.org/[valley])",
		} {
			equalLists(t, text, e.find(t, ann, search.Request{Text: text}), []string{want})
		}
	})
}

func TestSearchRefusesWhatMakesNoSense(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, ben := e.people[0], e.people[1]
		room := e.befriend(t, ann, ben)
		for typed, want := range map[string]error{
			"": search.ErrEmpty, " % _ \" ": search.ErrEmpty, strings.Repeat("a ", 11): search.ErrTooLong, strings.Repeat("a", 201): search.ErrTooLong,
			"a\x00b": search.ErrBadText, "\xff": search.ErrBadText,
		} {
			_, err := e.Search(t.Context(), ann, search.Request{Text: typed})
			wantError(t, fmt.Sprintf("search for %q", typed), err, want)
		}
		_, err := e.Search(t.Context(), ann, search.Request{Text: "%", Author: ben.Username})
		wantError(t, "no word and an author", err, search.ErrEmpty)
		_, err = e.Search(t.Context(), e.join(t, "stranger"), search.Request{Text: "hello", Room: room})
		wantError(t, "a room of others", err, chat.ErrNotFound)
		e.post(t, ben, room, "hello")
		equalLists(t, "all of an author", e.find(t, ann, search.Request{Author: "@" + strings.ToUpper(ben.Username)}), []string{"hello"})
		equalLists(t, "of nobody", e.find(t, ann, search.Request{Text: "hello", Author: "nobody"}), nil)
		equalLists(t, "of another", e.find(t, ann, search.Request{Text: "hello", Author: ann.Username}), nil)
		stranger := e.people[2]
		equalLists(t, "of a stranger", e.find(t, stranger, search.Request{Text: "hello", Author: ben.Username}), nil)
	})
}

// TestALongSearchGoesOnWithTheNextPage checks that a search for something rare among common words ends
// soon, and that the pages together still have all of it.
func TestALongSearchGoesOnWithTheNextPage(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann := e.people[0]
		room := e.befriend(t, ann, e.people[1])
		var rows []db.Message
		must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
			r, err := tx.NextSaidSeqs(t.Context(), room, 2000)
			must(t, err)
			for i := range uint64(2000) {
				body := "one two"
				if i == 7 {
					body = "two one"
				}
				rows = append(rows, db.Message{RoomID: room, Seq: r.LastSeq - 1999 + i, Kind: db.KindText, AuthorID: ann.ID, Body: body, CreatedAt: e.now()})
			}
			for part := range slices.Chunk(rows, 500) {
				if err := tx.InsertMessages(t.Context(), part); err != nil {
					return err
				}
			}
			return nil
		}))
		r, err := e.Search(t.Context(), ann, search.Request{Text: `"two one"`})
		must(t, err)
		equal(t, "behind", r.Behind, true)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		wantError(t, "indexing without time", e.engine.IndexAll(ctx), db.ErrUnavailable)
		must(t, e.engine.IndexAll(t.Context()))
		r, err = e.Search(t.Context(), ann, search.Request{Text: `"two one"`})
		must(t, err)
		if !r.Partial || r.Next == nil || len(r.Hits) > 0 {
			t.Errorf("an endless search: %+v", r)
		}
		equalLists(t, "the rare one", e.find(t, ann, search.Request{Text: `"two one"`}), []string{"[two] [one]"})
	})
}

// TestCompletionsAreTheSameOnAllPages searches for the beginning of so many words that only the word itself is searched
// for, also on the last page, below which few of them are left.
func TestCompletionsAreTheSameOnAllPages(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, ben := e.people[0], e.people[1]
		room, words := e.befriend(t, ann, ben), 0
		completions := func(n int) {
			var body strings.Builder
			for range n {
				words++
				fmt.Fprintf(&body, "lamp%05d ", words)
			}
			e.post(t, ann, room, body.String())
			e.advance(time.Minute)
		}
		completions(100)
		for i := range search.PageSize + 1 {
			e.post(t, ann, room, fmt.Sprint("lamp ", i))
			e.advance(time.Minute)
		}
		for words < search.MaxCompletion {
			completions(300)
		}
		must(t, e.engine.IndexAll(t.Context()))
		request, found := search.Request{Text: "lamp"}, 0
		for {
			e.advance(time.Second)
			page, err := e.Search(t.Context(), ben, request)
			must(t, err)
			equal(t, "only the word", page.ExactOnly, "lamp")
			found += len(page.Hits)
			if page.Next == nil {
				break
			}
			request.Below = *page.Next
		}
		equal(t, "found", found, search.PageSize+1)
	})
}

// TestRareAndFrequentWords has as many postings of a word as make the difference between one query and several, of words
// with one beginning in the same messages, alone and beside others.
func TestRareAndFrequentWords(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, ben := e.people[0], e.people[1]
		room := e.befriend(t, ann, ben)
		wanted := []search.Request{{Text: `"lantern"`}, {Text: "lantern"}, {Text: "lant"}, {Text: "lantern lanterns"}, {Text: "even lantern"}, {Text: "ninth"}, {Author: ann.Username}}
		counts := make([]int, len(wanted))
		posted := 0
		post := func() {
			body := fmt.Sprintf("lantern %d of lanterns", posted)
			if posted%2 == 0 {
				body += " even"
			}
			if posted%9 == 0 {
				body += " ninth"
			}
			e.post(t, e.people[posted%2], room, body)
			e.advance(time.Duration(posted%3) * time.Hour) // some at the same moment
			for i, n := range []int{1, 1, 1, 1, (posted + 1) % 2, 0, (posted + 1) % 2} {
				counts[i] += n
			}
			if posted%9 == 0 {
				counts[5]++
			}
			posted++
		}
		for _, n := range []int{1, 20, 21, 26, search.FirstPostings/2 - 1, search.FirstPostings / 2, search.FirstPostings - 1, search.FirstPostings, search.FirstPostings + 1} {
			for posted < n {
				post()
			}
			must(t, e.engine.IndexAll(t.Context()))
			for i, request := range wanted {
				var found []db.Position
				for {
					e.advance(time.Second) // nobody may search faster
					page, err := e.Search(t.Context(), ben, request)
					must(t, err)
					for _, h := range page.Hits {
						found = append(found, db.Position{At: h.CreatedAt.UnixMicro(), RoomID: h.RoomID, Seq: h.Seq})
						if h.Author.Username != e.people[int(h.AuthorID)-1].Username {
							t.Errorf("%+v by %+v", h.Message, h.Author)
						}
					}
					if page.Next == nil {
						break
					}
					equal(t, "a full page", len(page.Hits) == search.PageSize || page.Partial, true)
					request.Below = *page.Next
				}
				equal(t, fmt.Sprintf("%d messages: found of %+v", n, wanted[i]), len(found), counts[i])
				if !slices.IsSortedFunc(found, search.NewestFirst) || len(slices.Compact(found)) != counts[i] {
					t.Errorf("%d messages: %+v is found in this order: %v", n, wanted[i], found)
				}
			}
		}
	})
}
