package settings

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The accent is the one color of a server: of links, buttons and what is new. It has a value for light pages and
// one for dark ones.

// The colors of assets/css/tokens.css that the accent stands on: the one of light that is hardest to read on, and
// that of dark.
const (
	lightGround = "#f3f1ed" // --well
	darkGround  = "#292c2b" // --well
	darkText    = "#0a2622"
)

// leastContrast is what WCAG 2.2 asks of text (success criterion 1.4.3).
const leastContrast = 4.5

// Why a color cannot be the accent.
var (
	ErrColor         = errors.New("settings: not a color like #0c6a60")
	ErrLightContrast = errors.New("settings: too pale on light pages")
	ErrDarkContrast  = errors.New("settings: too dark on dark pages")
)

// Accent is the color of links and buttons, under the pointer, and of the text on it.
type Accent struct{ Color, Hover, Text string }

// Accents returns the accent for light and for dark pages; ok is false if the server has none of its own.
func (v Values) Accents() (light, dark Accent, ok bool) {
	if v.Accent == "" {
		return light, dark, false
	}
	color, _ := parseColor(v.Accent)
	on, _ := parseColor(v.AccentDark)
	if v.AccentDark == "" {
		on = color.forDark()
	}
	return Accent{color.String(), color.mixed(rgb{}, 0.2).String(), "#ffffff"},
		Accent{on.String(), on.mixed(rgb{1, 1, 1}, 0.2).String(), darkText}, true
}

// setAccent is for light pages. White text stands on it. It returns ErrLightContrast for a color that cannot be read there.
func setAccent(v *Values, given string) error {
	v.Accent = given
	if given == "" {
		return nil
	}
	color, err := parseColor(given)
	if err == nil && (contrast(color, mustColor(lightGround)) < leastContrast || contrast(color, rgb{1, 1, 1}) < leastContrast) {
		err = ErrLightContrast
	}
	return err
}

// setAccentDark is for dark pages; empty makes it the accent, as much lighter as it has to be. It returns ErrDarkContrast
// for a color that cannot be read there.
func setAccentDark(v *Values, given string) error {
	v.AccentDark = given
	if given == "" {
		return nil
	}
	color, err := parseColor(given)
	if err == nil && (contrast(color, mustColor(darkGround)) < leastContrast || contrast(color, mustColor(darkText)) < leastContrast) {
		err = ErrDarkContrast
	}
	return err
}

// rgb is a color in sRGB, each part from 0 to 1.
type rgb [3]float64

func parseColor(text string) (c rgb, err error) {
	hex, ok := strings.CutPrefix(text, "#")
	n, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return c, ErrColor
	}
	return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, nil
}

// mustColor returns a color of ours.
func mustColor(text string) rgb {
	c, _ := parseColor(text)
	return c
}

func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0]*255)), int(math.Round(c[1]*255)), int(math.Round(c[2]*255)))
}

// mixed returns the color with a part of another in it.
func (c rgb) mixed(other rgb, part float64) rgb {
	for i := range c {
		c[i] += (other[i] - c[i]) * part
	}
	return c
}

// forDark returns the color with as much white in it as text on dark pages needs.
func (c rgb) forDark() rgb {
	const wanted = 6.5 // as the accent of Parley, and enough for what it looks like under the pointer
	for part := 0.0; part < 1; part += 0.05 {
		if lighter := c.mixed(rgb{1, 1, 1}, part); contrast(lighter, mustColor(darkGround)) >= wanted {
			return lighter
		}
	}
	return rgb{1, 1, 1}
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	for i, part := range c {
		if part <= 0.04045 {
			c[i] = part / 12.92
		} else {
			c[i] = math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
