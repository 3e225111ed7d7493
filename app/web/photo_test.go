package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// tinyPNG returns a small photo.
func tinyPNG(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 12, 8))
	for x := range 12 {
		m.Set(x, x%8, color.NRGBA{uint8(20 * x), 120, 40, 200})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}
