package web

import (
	"strconv"
	"unicode/utf8"

	"parley/app/chat"
)

// number returns a number from the path; chat.ErrNotFound for anything else, and for other spellings of it.
func (c *call) number(name string) (uint64, error) {
	n, err := strconv.ParseUint(c.Params(name), 10, 63)
	if err != nil || n == 0 || c.Params(name)[0] == '0' {
		return 0, chat.ErrNotFound
	}
	return n, nil
}

// field returns a text field of the form in the body, "" if there is none of that name.
func (c *call) field(name string) string {
	for _, value := range c.fields(name) {
		return value
	}
	return ""
}

// fields returns all values of a field. Fiber's FormValue would also look in the query, and proxies write
// queries to their logs.
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

// has reports whether the form has a field of that name, even an empty one.
func (c *call) has(name string) bool { return len(c.fields(name)) > 0 }

// parseSeq parses a seq from a query or a form. Anything else is 0, which means the end.
func parseSeq(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return n
}

// validText returns a value from the address, or "" if it is not UTF-8.
func validText(value string) string {
	if !utf8.ValidString(value) {
		return ""
	}
	return value
}
