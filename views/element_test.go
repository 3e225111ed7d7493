package views

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"parley/app/markup"
	"parley/db"
	"parley/views/words"
)

// element is one element of rendered HTML.
type element struct {
	name   string
	attr   map[string]string
	text   string // with that of its descendants
	parent *element
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// parse parses HTML as simple as ours. It fails the test if an element is left open.
func parse(t *testing.T, markup string) []*element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(markup))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var list []*element
	var open *element
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if open != nil {
				t.Fatalf("<%s> is not closed in %s", open.name, markup)
			}
			return list
		}
		if err != nil {
			t.Fatalf("%v in %s", err, markup)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: qualifiedName(token.Name), attr: map[string]string{}, parent: open}
			for _, a := range token.Attr {
				e.attr[qualifiedName(a.Name)] = a.Value
			}
			list = append(list, e)
			if !strings.Contains(" meta link input img br ", " "+e.name+" ") {
				open = e
			}
		case xml.EndElement:
			if name := qualifiedName(token.Name); name == "meta" || name == "link" || name == "input" || name == "img" || name == "br" {
				continue // the decoder adds an end to <br/>
			}
			if open == nil || open.name != qualifiedName(token.Name) {
				t.Fatalf("</%s> has no start in %s", qualifiedName(token.Name), markup)
			}
			open = open.parent
		case xml.CharData:
			for e := open; e != nil; e = e.parent {
				e.text += string(token)
			}
		}
	}
}

func qualifiedName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// byID returns the one element with the id.
func byID(t *testing.T, list []*element, id string) *element {
	t.Helper()
	var found *element
	for _, e := range list {
		if e.attr["id"] == id {
			if found != nil {
				t.Fatalf("two elements have the id %q", id)
			}
			found = e
		}
	}
	if found == nil {
		t.Fatalf("nothing has the id %q", id)
	}
	return found
}

// withAttr returns all elements with the attribute and the value.
func withAttr(list []*element, key, value string) (found []*element) {
	for _, e := range list {
		if v, ok := e.attr[key]; ok && v == value {
			found = append(found, e)
		}
	}
	return found
}

// isInside reports whether the element is a descendant of another.
func (e *element) isInside(other *element) bool {
	for up := e.parent; up != nil; up = up.parent {
		if up == other {
			return true
		}
	}
	return false
}

// visibleText returns the text with its white space collapsed, as a browser shows it.
func (e *element) visibleText() string {
	return strings.Join(strings.Fields(e.text), " ")
}

var noon = time.Date(2025, 11, 21, 12, 0, 0, 0, time.UTC)

func ada() db.User { return db.User{ID: 1, Username: "ada", DisplayName: "Ada Lovelace"} }
func bo() db.User  { return db.User{ID: 2, Username: "bo.k", DisplayName: "Bo Karlsson", PhotoID: 7} }

func signedInPage(me db.User, place string) Page {
	return Page{Words: words.English(), Title: "Title", Me: &me, NavItem: place}
}

func textEntry(body string) Entry {
	return Entry{Words: words.English(), Message: db.Message{RoomID: 5, Seq: 17, Kind: db.KindText, AuthorID: 1, Body: body}, Text: markup.Parse(body), Author: ada(), At: noon}
}

func signedOutPage() Page { return Page{Words: words.English(), Title: "Title"} }
