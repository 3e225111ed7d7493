package assets

import (
	"fmt"
	"math"
)

// Pair is a color on another one, and their contrast in each scheme.
type Pair struct {
	On, Under   string  // names of tokens, or the class of a tint
	Need        float64 // by WCAG 2.2: 4.5 for text, 3 for the edges of controls
	Light, Dark float64 // the ratio, 1 to 21
}

// grounds lists which colors are used on which. A new combination in a stylesheet belongs here too.
var grounds = []struct {
	on    string
	need  float64
	under []string
}{
	{"--ink", 4.5, []string{"--paper", "--sheet", "--well", "--own"}},
	{"--soft", 4.5, []string{"--paper", "--sheet", "--well", "--own"}},
	{"--accent", 4.5, []string{"--paper", "--sheet", "--well", "--own"}},
	{"--accent-hover", 4.5, []string{"--paper", "--sheet", "--well"}},
	{"--on-accent", 4.5, []string{"--accent", "--accent-hover"}},
	{"--paper", 4.5, []string{"--ink"}}, // floating messages
	{"--bad", 4.5, []string{"--sheet", "--bad-well"}},
	{"--edge", 3, []string{"--paper", "--sheet"}},
}

// Pairs returns all combinations that people have to tell apart.
func Pairs() (list []Pair) {
	light, dark := map[string]string{}, map[string]string{}
	for _, t := range Tokens() {
		light[t.Name], dark[t.Name] = t.Light, t.Dark
	}
	for _, g := range grounds {
		for _, under := range g.under {
			list = append(list, Pair{On: g.on, Under: under, Need: g.need,
				Light: contrast(light[g.on], light[under]), Dark: contrast(dark[g.on], dark[under])})
		}
	}
	for _, t := range Tints() {
		ratio := contrast(t.Pale, t.Deep)
		list = append(list, Pair{On: "letters", Under: t.Class, Need: 4.5, Light: ratio, Dark: ratio})
	}
	return list
}

// contrast returns the contrast ratio of WCAG 2.2 for two colors, or 0 if one is malformed.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	if x < 0 || y < 0 {
		return 0
	}
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance returns the relative luminance of a color, 0 to 1, or -1 if it is not #rgb or #rrggbb.
func luminance(colour string) float64 {
	var r, g, b float64
	switch len(colour) {
	case len("#rrggbb"):
		r, g, b = channel(colour[1:3]), channel(colour[3:5]), channel(colour[5:7])
	case len("#rgb"):
		r, g, b = channel(colour[1:2]+colour[1:2]), channel(colour[2:3]+colour[2:3]), channel(colour[3:4]+colour[3:4])
	default:
		return -1
	}
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// channel returns the linear value of one of the three channels, or NaN, which fails every comparison, if
// it is not hexadecimal.
func channel(hex string) float64 {
	var n uint8
	if _, err := fmt.Sscanf(hex, "%02x", &n); err != nil {
		return math.NaN()
	}
	c := float64(n) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
