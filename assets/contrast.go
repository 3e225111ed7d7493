package assets

import (
	"fmt"
	"math"
)

// Pair is a colour on another one, and how well they are told apart in each scheme.
type Pair struct {
	On, Under   string  // names of tokens, or of a tint
	Need        float64 // by WCAG 2.2: 4.5 for text, 3 for what shows where a control is
	Light, Dark float64 // the ratio, 1 to 21
}

// grounds are what stands on what. A new combination in a style sheet belongs here as well.
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
	{"--paper", 4.5, []string{"--ink"}}, // what floats
	{"--bad", 4.5, []string{"--sheet", "--bad-well"}},
	{"--edge", 3, []string{"--paper", "--sheet"}},
}

// Pairs are all combinations that somebody has to read.
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

// contrast is the ratio of WCAG 2.2 between two colours, or 0 if one of them is none.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	if x < 0 || y < 0 {
		return 0
	}
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is how bright a colour is, 0 to 1, or -1 for what is not written as #rgb or #rrggbb.
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

// channel is the amount of light of one of the three colours; NaN, which fails every comparison, for
// what is no number.
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
