package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"
)

var (
	none   = color.NRGBA{}
	red    = color.NRGBA{200, 30, 30, 255}
	other  = color.NRGBA{30, 30, 200, 255}
	animPx = image.Pt(30, 20)
)

// apng returns an animation of two frames. If hidden, its first picture is not one of them.
func apng(t testing.TB, hidden bool, frame image.Rectangle) []byte {
	number := func(n ...int) (b []byte) {
		for _, n := range n {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		return b
	}
	control := func(seq int, r image.Rectangle) []byte {
		return chunkOf("fcTL", append(number(seq, r.Dx(), r.Dy(), r.Min.X, r.Min.Y), 0, 1, 0, 1, 0, 0)...)
	}
	pixels := func(seq int, r image.Rectangle, c color.NRGBA) []byte {
		return chunkOf("fdAT", append(number(seq), pixelsOf(asPNG(t, flat(image.NewNRGBA(r), c)))...)...)
	}
	whole := image.Rectangle{Max: animPx}
	first := flat(image.NewNRGBA(whole), other)
	first.Set(0, 0, color.NRGBA{1, 2, 3, 4}) // so that all frames have an alpha channel
	early := [][]byte{chunkOf("acTL", number(2, 0)...)}
	if !hidden {
		early = append(early, control(0, whole))
	}
	glass := red
	glass.A = 254
	return pngChunks(asPNG(t, first), early, control(1, frame), pixels(2, frame, glass), control(3, whole), pixels(4, whole, other))
}

// TestFirstFrame checks that the first frame of moving pictures is shown, at its place on the canvas.
func TestFirstFrame(t *testing.T) {
	canvas := image.Rect(0, 0, 30, 20)
	part := image.Rect(10, 4, 20, 14)
	lossless := func(r image.Rectangle, c color.NRGBA) []byte { return losslessWebP(r.Dx(), r.Dy(), c) }
	webp := func(first image.Rectangle, still []byte) []byte {
		return webpOf(webpHead(2, 30, 20), webpPart("ANIM", []byte{255, 255, 255, 255, 0, 0}),
			webpFrame(first.Min.X, first.Min.Y, first.Dx(), first.Dy(), still), webpFrame(0, 0, 30, 20, lossless(canvas, other)))
	}
	withAlpha := webpOf(webpPart("ALPH", bytes.Repeat([]byte{0xff}, 101)), lossyWebP(10, 10)[12:])
	copy(withAlpha[20:], []byte{0}) // not packed
	for name, c := range map[string]struct {
		data           []byte
		size           image.Point
		inside, corner color.NRGBA
	}{
		"webp":                 {webp(canvas, lossless(canvas, red)), canvas.Max, red, red},
		"webp, part":           {webp(part, lossless(part, red)), canvas.Max, red, none},
		"webp, lossy":          {webp(canvas, lossyWebP(30, 20)), canvas.Max, color.NRGBA{133, 133, 133, 255}, color.NRGBA{130, 130, 130, 255}},
		"webp, lossy, alpha":   {webp(part, withAlpha), canvas.Max, color.NRGBA{130, 130, 130, 255}, none},
		"webp, one frame":      {webpOf(webpHead(2, 30, 20), webpFrame(10, 4, 10, 10, lossless(part, red))), canvas.Max, red, none},
		"gif":                  {flatGIF(t, canvas, canvas, false), canvas.Max, red, red},
		"gif, part":            {flatGIF(t, canvas, part, false), canvas.Max, red, none},
		"gif, part interlaced": {flatGIF(t, canvas, part, true), canvas.Max, red, none},
		"gif, larger":          {flatGIF(t, image.Rect(0, 0, 5, 5), part, false), image.Pt(20, 14), red, none},
		"gif, no canvas":       {flatGIF(t, image.Rectangle{}, canvas, false), canvas.Max, red, red},
		"apng":                 {apng(t, false, part), canvas.Max, other, other},
		"apng, hidden picture": {apng(t, true, canvas), canvas.Max, color.NRGBA{200, 30, 30, 254}, color.NRGBA{200, 30, 30, 254}},
		"apng, hidden, part":   {apng(t, true, part), canvas.Max, color.NRGBA{200, 30, 30, 254}, none},
		"apng, frame outside":  {apng(t, true, part.Add(image.Pt(15, 0))), canvas.Max, other, other},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := checkHeader(c.data, PurposeMessage.sizes())
			must(t, err)
			images, err := resizeAll(t.Context(), h, PurposeMessage.sizes())
			must(t, err)
			m := images[0]
			if m.Rect.Max != c.size {
				t.Fatalf("%v, want %v", m.Rect.Max, c.size)
			}
			wantColor(t, "inside", m.At(15, 9), c.inside, 3)
			wantColor(t, "in the corner", m.At(m.Rect.Dx()-1, 1), c.corner, 3)
		})
	}
}

// TestTurnedInEveryFormat checks the orientation of formats that are not JPEG.
func TestTurnedInEveryFormat(t *testing.T) {
	tiff := exifOf(binary.BigEndian, "MM\x00*", 6)[10:]
	prefixed := append([]byte("Exif\x00\x00"), tiff...)
	png := asPNG(t, fourColors(60, 40))
	lossless := losslessWebP(60, 40, red)[12:]
	a := newStore(t)
	for name, data := range map[string][]byte{
		"png":                  pngChunks(png, [][]byte{chunkOf("eXIf", tiff...)}),
		"png, at the end":      pngChunks(png, nil, chunkOf("eXIf", tiff...)),
		"png, with its prefix": pngChunks(png, [][]byte{chunkOf("eXIf", prefixed...)}),
		"webp":                 webpOf(webpHead(8, 60, 40), lossless, webpPart("EXIF", tiff)),
		"webp, with prefix":    webpOf(webpHead(8, 60, 40), lossless, webpPart("EXIF", prefixed)),
		"webp, animated":       webpOf(webpHead(10, 60, 40), webpFrame(0, 0, 60, 40, append(make([]byte, 12), lossless...)), webpPart("EXIF", tiff)),
	} {
		row, m := saveAndDecode(t, a, data, PurposeMessage, Large)
		if row.Width != 40 || row.Height != 60 {
			t.Errorf("%s: %d x %d", name, row.Width, row.Height)
			continue
		}
		if name[:3] == "png" { // blue, red above white, green
			wantColor(t, name, m.At(10, 15), color.NRGBA{0, 0, 255, 255}, 40)
			wantColor(t, name, m.At(30, 15), color.NRGBA{255, 0, 0, 255}, 40)
			wantColor(t, name, m.At(30, 45), color.NRGBA{0, 255, 0, 255}, 40)
		}
		for _, size := range []string{Small, Large} {
			_, s, err := a.Bytes(t.Context(), row.ID, size)
			must(t, err)
			if bytes.Contains(s.Data, []byte("52.516272")) {
				t.Errorf("%s, %s: the place is still there", name, size)
			}
		}
	}
}
