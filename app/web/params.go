package web

import (
	"strconv"
	"unicode/utf8"

	"parley/app/chat"
)

// number reads an id from the path. What is no number does not exist.
func (c *call) number(name string) (uint64, error) {
	n, err := strconv.ParseUint(c.Params(name), 10, 63)
	if err != nil || n == 0 || c.Params(name)[0] == '0' {
		return 0, chat.ErrNotFound
	}
	return n, nil
}

// field reads a text field of the form in the body, "" when there is none of that name.
func (c *call) field(name string) string {
	for _, value := range c.fields(name) {
		return value
	}
	return ""
}

// fields reads all values of a field that may be there several times. A query would do for
// FormValue too, and queries are written down by whoever passes a request on.
func (c *call) fields(name string) (values []string) {
	if c.Request().BodyStream() != nil { // readBody refused it; the parsers would read it to its end
		return nil
	}
	if form, err := c.MultipartForm(); err == nil {
		return form.Value[name]
	}
	for _, value := range c.Request().PostArgs().PeekMulti(name) {
		values = append(values, string(value))
	}
	return values
}

// has tells whether a form has a field at all.
func (c *call) has(name string) bool { return len(c.fields(name)) > 0 }

// seqOf reads a seq from a query or a form; what is none is 0, the end.
func seqOf(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return n
}

func validText(value string) string {
	if !utf8.ValidString(value) {
		return ""
	}
	return value
}
