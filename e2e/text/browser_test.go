package text

import (
	"os"
	"path/filepath"
	"strings"
)

// browser is how somebody who knows a text browser uses it.
type browser struct {
	name   string
	args   []string
	greets func(s *terminal)                     // closes what it shows at its first start
	fill   func(s *terminal, label, text string) // types into the field with this label
	write  func(s *terminal, text string)        // writes into the box that has several lines
	follow func(s *terminal, label string)       // follows a link
	send   func(s *terminal, label string)       // presses a button
	again  func(s *terminal)                     // asks for a page that it would rather remember
}

var browsers = []browser{
	{"lynx", []string{"-nopause", "-accept_all_cookies"}, func(*terminal) {}, fillInLynx, writeInLynx, followInLynx, sendInLynx, func(*terminal) {}},
	{"w3m", []string{"-cookie"}, func(*terminal) {}, fillInW3m, writeInW3m, followInW3m, sendInW3m, func(*terminal) {}},
	{"links", nil, greetLinks, fillInLinks, writeInLinks, followInLinks, sendInLinks, reloadInLinks},
}

// Lynx says below the page what the cursor is on, and "/" goes to the next link with a text.

func isField(v view) bool { return v.has("Enter text") }

func leaveFieldInLynx(s *terminal) {
	s.goes("Tab", "something that is no field", func(v view) bool { return !isField(v) })
}

func searchInLynx(s *terminal, label string) {
	leaveFieldInLynx(s)
	s.insists("/", "the question what to search", func(v view) bool { return v.has("Enter a whereis query:") })
	s.press("C-u") // what a second press has typed
	s.enter(label)
	s.await("what is searched", func(v view) bool { return v.has("query: " + label) })
	s.press("Enter")
	s.await("the search's end", func(v view) bool { return !v.has("whereis query:") })
}

func fillInLynx(s *terminal, label, text string) {
	s.goes("Down", "the field "+label, func(v view) bool { return isField(v) && v.near(label) })
	s.types(text)
}

func writeInLynx(s *terminal, text string) { fillInLynx(s, "Your message", text) }

func followInLynx(s *terminal, label string) {
	searchInLynx(s, label)
	// At the top of the screen it says nothing of the link yet.
	s.await("the link "+label, func(v view) bool {
		return v.has("(NORMAL LINK)") || strings.HasPrefix(strings.TrimSpace(v.rest()), label)
	})
	s.press("Enter")
}

// From the field before it, so that neither a heading of the same words nor another button is meant.
func sendInLynx(s *terminal, label string) {
	s.goes("Down", "the button "+label, func(v view) bool { return v.has("(Form submit button)") })
	s.press("Enter")
}

// W3m goes from one to the next with Tab. A field asks for its text below the page, and a box with
// several lines is handed to an editor.

func goInW3m(s *terminal, what string, there func(view) bool) {
	s.goes("Tab", what, there)
	s.press("Enter")
}

// fieldInW3m is a field that the cursor stands in.
func fieldInW3m(label string) func(view) bool {
	return func(v view) bool {
		runes := []rune(v.at())
		return v.x > 0 && v.x < len(runes) && runes[v.x-1] == '[' && v.near(label)
	}
}

func fillInW3m(s *terminal, label, text string) {
	goInW3m(s, "the field "+label, fieldInW3m(label))
	s.await("the question for the text", func(v view) bool {
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

// Tab passes over the button that follows a box, but a search finds it.
func sendInW3m(s *terminal, label string) {
	s.press("/")
	s.await("the question what to search", func(v view) bool { return strings.HasPrefix(v.status(), "Forward:") })
	s.enter(label)
	s.await("what is searched", func(v view) bool { return strings.HasPrefix(v.status(), "Forward: "+label) })
	s.press("Enter")
	s.await("the button "+label, func(v view) bool { return strings.HasPrefix(v.rest(), label) })
	s.press("Enter")
}

// Links goes from link to link and from field to field with Down, with the cursor at their start.

func greetLinks(s *terminal) {
	s.reads("Welcome to links!")
	s.press("Enter")
	s.await("the page behind", func(v view) bool { return !v.has("Welcome to links!") })
}

// Links remembers every page it has had, whatever the server says of it.
func reloadInLinks(s *terminal) {
	s.await("the page", func(v view) bool { return strings.HasPrefix(v.status(), "http") })
	s.press("C-r")
}

func fillInLinks(s *terminal, label, text string) {
	s.goes("Down", "the field "+label, func(v view) bool { return strings.Contains(v.status(), "field, name") && v.near(label) })
	s.types(text)
}

func writeInLinks(s *terminal, text string) {
	s.goes("Down", "the box", func(v view) bool { return strings.Contains(v.status(), "Text area, name body") })
	s.types(text)
}

func followInLinks(s *terminal, label string) {
	s.goes("Down", "the link "+label, func(v view) bool { return strings.HasPrefix(v.rest(), label) })
	s.press("Enter")
}

func sendInLinks(s *terminal, label string) {
	s.goes("Down", "the button "+label, func(v view) bool {
		return strings.HasPrefix(v.status(), "Post form to") && strings.Contains(v.at(), label)
	})
	s.press("Enter")
}
