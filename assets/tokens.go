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

// DesignSheet returns the stylesheet of the design page's samples, which no other page loads.
func DesignSheet() string { return designSheet }

// Token is a custom property of the stylesheet: a color, a font size, a space or a corner.
type Token struct {
	Group string // "Colours", "Type", ...
	Name  string // "--ink"
	Light string // its value
	Dark  string // its value in dark mode, mostly the same
	Why   string // what it is for
}

// Tint is the color of an avatar with initials: background and letters in light mode, swapped in dark
// mode.
type Tint struct{ Class, Pale, Deep string }

var (
	heading  = regexp.MustCompile(`^  /\* (.*) \*/$`)
	property = regexp.MustCompile(`^ +(--[\w-]+): (.*?);(?: /\* (.*) \*/)?$`)
	tintRule = regexp.MustCompile(`(?m)^\.(tint-\d) \{ --pale: (\S+); --deep: (\S+); \}$`)
)

// Tokens parses css/tokens.css, so the design page cannot become outdated.
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

// Tints returns them in the order of their numbers.
func Tints() (list []Tint) {
	for _, found := range tintRule.FindAllStringSubmatch(tokenSheet, -1) {
		list = append(list, Tint{Class: found[1], Pale: found[2], Deep: found[3]})
	}
	return list
}
