package photo

import "image"

// Purpose is what a photo is for, which decides the sizes in which it is stored.
type Purpose int

// The purposes. Both have a Small and a Large size, neither larger than the upload.
const (
	PurposeAvatar  Purpose = iota + 1 // small: a square of 96 x 96, large: up to 512
	PurposeMessage                    // small: up to 480, large: up to 1600
)

// The names of the sizes, as in addresses.
const (
	Small = "small"
	Large = "large"
)

// size is one size in which a photo is stored.
type size struct {
	name   string
	side   int // maximum of the longer side, in pixels
	square bool
}

// sizes returns the sizes of a purpose, largest first.
func (p Purpose) sizes() []size {
	switch p {
	case PurposeAvatar:
		return []size{{Large, 512, false}, {Small, 96, true}}
	case PurposeMessage:
		return []size{{Large, 1600, false}, {Small, 480, false}}
	}
	return nil
}

// crop returns which part of an image this size shows, and its width and height in pixels.
func (s size) crop(b image.Rectangle) (part image.Rectangle, width, height int) {
	if s.square {
		side := min(b.Dx(), b.Dy())
		corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
		pixels := min(side, s.side)
		return image.Rectangle{corner, corner.Add(image.Pt(side, side))}, pixels, pixels
	}
	longer := max(b.Dx(), b.Dy())
	if longer <= s.side {
		return b, b.Dx(), b.Dy()
	}
	fit := func(n int) int { return max(1, (n*s.side+longer/2)/longer) }
	return b, fit(b.Dx()), fit(b.Dy())
}
