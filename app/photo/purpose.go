package photo

import "image"

// Purpose says what a photo is for, which decides the sizes that are kept of it.
type Purpose int

// The purposes. Both keep a Small and a Large size, neither larger than the upload.
const (
	PurposeAvatar  Purpose = iota + 1 // small: 96 x 96 cut square, large: 512 at most
	PurposeMessage                    // small: 480 at most, large: 1600 at most
)

// The names of the sizes, as they stand in addresses.
const (
	Small = "small"
	Large = "large"
)

// size is one size to make.
type size struct {
	name   string
	side   int // pixels of the longer side, at most
	square bool
}

// sizes lists a purpose's sizes, the largest first.
func (p Purpose) sizes() []size {
	switch p {
	case PurposeAvatar:
		return []size{{Large, 512, false}, {Small, 96, true}}
	case PurposeMessage:
		return []size{{Large, 1600, false}, {Small, 480, false}}
	}
	return nil
}

// crop answers which part of an image a cut shows, and how many pixels it makes of it.
func (c size) crop(b image.Rectangle) (part image.Rectangle, width, height int) {
	if c.square {
		side := min(b.Dx(), b.Dy())
		corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
		size := min(side, c.side)
		return image.Rectangle{corner, corner.Add(image.Pt(side, side))}, size, size
	}
	longer := max(b.Dx(), b.Dy())
	if longer <= c.side {
		return b, b.Dx(), b.Dy()
	}
	fit := func(n int) int { return max(1, (n*c.side+longer/2)/longer) }
	return b, fit(b.Dx()), fit(b.Dy())
}
