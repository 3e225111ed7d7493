package text

import (
	"os"
	"path/filepath"
	"strings"
)

// browser drives a text browser the way its users do.
type browser struct {
	name           string
	args           []string
	dismissWelcome func(s *terminal)                     // closes what is shown at the first start
	fill           func(s *terminal, label, text string) // types into the field with this label
	write          func(s *terminal, text string)        // fills the message box, which has several lines
	follow         func(s *terminal, label string)       // follows a link
	send           func(s *terminal, label string)       // presses a button
	reload         func(s *terminal)                     // loads a page again that it would take from its cache
}

var browsers = []browser{
	{"lynx", []string{"-nopause", "-accept_all_cookies"}, func(*terminal) {}, fillInLynx, writeInLynx, followInLynx, sendInLynx, func(*terminal) {}},
	{"w3m", []string{"-cookie"}, func(*terminal) {}, fillInW3m, writeInW3m, followInW3m, sendInW3m, func(*terminal) {}},
	{"links", nil, dismissWelcomeInLinks, fillInLinks, writeInLinks, followInLinks, sendInLinks, reloadInLinks},
}

// Lynx says below the page what the cursor is on, and "/" moves to the next link with a text.

func isField(v view) bool { return v.has("Enter text") }

func leaveFieldInLynx(s *terminal) {
	s.pressUntil("Tab", "something other than a field", func(v view) bool { return !isField(v) })
}

func searchInLynx(s *terminal, label string) {
	leaveFieldInLynx(s)
	s.retry("/", "the search prompt", func(v view) bool { return v.has("Enter a whereis query:") })
	s.press("C-u") // remove what a second key press may have typed
	s.enter(label)
	s.await("the search text", func(v view) bool { return v.has("query: " + label) })
	s.press("Enter")
	s.await("the end of the search", func(v view) bool { return !v.has("whereis query:") })
}

func fillInLynx(s *terminal, label, text string) {
	s.pressUntil("Down", "the field "+label, func(v view) bool { return isField(v) && v.near(label) })
	s.types(text)
}

func writeInLynx(s *terminal, text string) { fillInLynx(s, "Your message", text) }

func followInLynx(s *terminal, label string) {
	searchInLynx(s, label)
	// At the top of the screen, lynx does not say yet that this is a link.
	s.await("the link "+label, func(v view) bool {
		return v.has("(NORMAL LINK)") || strings.HasPrefix(strings.TrimSpace(v.rest()), label)
	})
	s.press("Enter")
}

// sendInLynx moves on from the field before the button: a search could find a heading with the same words.
func sendInLynx(s *terminal, label string) {
	s.pressUntil("Down", "the button "+label, func(v view) bool { return v.has("(Form submit button)") })
	s.press("Enter")
}

// W3m moves between links and fields with Tab. It asks for the text of a field below the page, and opens
// an editor for a box with several lines.

func goInW3m(s *terminal, what string, there func(view) bool) {
	s.pressUntil("Tab", what, there)
	s.press("Enter")
}

// fieldInW3m reports whether the cursor is in the field with this label.
func fieldInW3m(label string) func(view) bool {
	return func(v view) bool {
		runes := []rune(v.at())
		return v.x > 0 && v.x < len(runes) && runes[v.x-1] == '[' && v.near(label)
	}
}

func fillInW3m(s *terminal, label, text string) {
	goInW3m(s, "the field "+label, fieldInW3m(label))
	s.await("the prompt for the text", func(v view) bool {
		return strings.HasPrefix(v.status(), "TEXT:") || strings.HasPrefix(v.status(), "Password:")
	})
	s.enter(text)
	s.press("Enter")
	s.await("what was typed", func(v view) bool { return v.has("["+text) || v.has("["+strings.Repeat("*", len(text))) })
}

func writeInW3m(s *terminal, text string) {
	must(s.t, os.WriteFile(filepath.Join(s.Home, "draft"), []byte(text), 0o600))
	goInW3m(s, "the box", fieldInW3m("Your message"))
	s.await("what was written", func(v view) bool { return v.has("["+text) && v.near("Your message") })
}

func followInW3m(s *terminal, label string) {
	goInW3m(s, label, func(v view) bool { return strings.HasPrefix(v.rest(), label) })
}

// sendInW3m searches: Tab skips a button that follows a box.
func sendInW3m(s *terminal, label string) {
	s.press("/")
	s.await("the search prompt", func(v view) bool { return strings.HasPrefix(v.status(), "Forward:") })
	s.enter(label)
	s.await("the search text", func(v view) bool { return strings.HasPrefix(v.status(), "Forward: "+label) })
	s.press("Enter")
	s.await("the button "+label, func(v view) bool { return strings.HasPrefix(v.rest(), label) })
	s.press("Enter")
}

// Links moves between links and fields with Down, and puts the cursor at their start.

func dismissWelcomeInLinks(s *terminal) {
	s.reads("Welcome to links!")
	s.press("Enter")
	s.await("the page behind it", func(v view) bool { return !v.has("Welcome to links!") })
}

// reloadInLinks is needed because Links caches every page, even if the server forbids it.
func reloadInLinks(s *terminal) {
	s.await("the page", func(v view) bool { return strings.HasPrefix(v.status(), "http") })
	s.press("C-r")
}

func fillInLinks(s *terminal, label, text string) {
	s.pressUntil("Down", "the field "+label, func(v view) bool { return strings.Contains(v.status(), "field, name") && v.near(label) })
	s.types(text)
}

func writeInLinks(s *terminal, text string) {
	s.pressUntil("Down", "the box", func(v view) bool { return strings.Contains(v.status(), "Text area, name body") })
	s.types(text)
}

func followInLinks(s *terminal, label string) {
	s.pressUntil("Down", "the link "+label, func(v view) bool { return strings.HasPrefix(v.rest(), label) })
	s.press("Enter")
}

func sendInLinks(s *terminal, label string) {
	s.pressUntil("Down", "the button "+label, func(v view) bool {
		return strings.HasPrefix(v.status(), "Post form to") && strings.Contains(v.at(), label)
	})
	s.press("Enter")
}
