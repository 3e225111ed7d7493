package assets

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed css/tokens.css
var tokenSheet string

//go:embed css/design.css
var designSheet string

// DesignSheet is the style of the design page's own samples, which no other page loads.
func DesignSheet() string { return designSheet }

// Token is a custom property of the style sheet: a colour, a size of type, a space, a corner.
type Token struct {
	Group string // "Colours", "Type", ...
	Name  string // "--ink"
	Light string // its value
	Dark  string // in the dark scheme, the same one for most
	Why   string // what it is for
}

// Tint is one of the discs of people without a picture: its ground and its letters in the light
// scheme, which change places in the dark one.
type Tint struct{ Class, Pale, Deep string }

var (
	heading  = regexp.MustCompile(`^  /\* (.*) \*/$`)
	property = regexp.MustCompile(`^ +(--[\w-]+): (.*?);(?: /\* (.*) \*/)?$`)
	tinted   = regexp.MustCompile(`(?m)^\.(tint-\d) \{ --pale: (\S+); --deep: (\S+); \}$`)
)

// Tokens are all of them, as css/tokens.css has them: the page that shows them cannot go stale.
func Tokens() (list []Token) {
	light, rest, _ := strings.Cut(tokenSheet, "\n}\n")
	_, dark, _ := strings.Cut(rest, "prefers-color-scheme: dark")
	dark, _, _ = strings.Cut(dark, "\n}\n")
	group := ""
	for _, line := range strings.Split(light, "\n") {
		if found := heading.FindStringSubmatch(line); found != nil {
			group = found[1]
		}
		if found := property.FindStringSubmatch(line); found != nil {
			list = append(list, Token{Group: group, Name: found[1], Light: found[2], Dark: found[2], Why: found[3]})
		}
	}
	for _, line := range strings.Split(dark, "\n") {
		for i := range list {
			if found := property.FindStringSubmatch(line); found != nil && found[1] == list[i].Name {
				list[i].Dark = found[2]
			}
		}
	}
	return list
}

// Tints are all of them, in the order of their numbers.
func Tints() (list []Tint) {
	for _, found := range tinted.FindAllStringSubmatch(tokenSheet, -1) {
		list = append(list, Tint{Class: found[1], Pale: found[2], Deep: found[3]})
	}
	return list
}
