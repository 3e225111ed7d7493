package photo

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

func wantColor(t *testing.T, what string, got color.Color, want color.NRGBA, by int) {
	t.Helper()
	g := color.NRGBAModel.Convert(got).(color.NRGBA)
	for _, d := range []int{int(g.R) - int(want.R), int(g.G) - int(want.G), int(g.B) - int(want.B), int(g.A) - int(want.A)} {
		if d < -by || d > by {
			t.Errorf("%s: got %v, want %v", what, g, want)
			return
		}
	}
}

// Each orientation is one way in which a camera stores fourColors(90, 60). stored lists the colors in
// the file row by row, from the top left.
func TestOrientation(t *testing.T) {
	red, green, blue, white := color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}, color.NRGBA{0, 0, 255, 255}, color.NRGBA{255, 255, 255, 255}
	stored := [][4]color.NRGBA{
		1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {white, blue, green, red}, 4: {blue, white, red, green},
		5: {red, blue, green, white}, 6: {green, white, red, blue}, 7: {white, green, blue, red}, 8: {blue, red, white, green},
	}
	a := newStore(t)
	for n := 1; n <= 8; n++ {
		w, h := 90, 60
		if n >= 5 {
			w, h = h, w
		}
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for i, c := range stored[n] {
			corner := image.Rect(0, 0, w/2, h/2).Add(image.Pt(i%2*w/2, i/2*h/2))
			draw.Draw(m, corner, image.NewUniform(c), image.Point{}, draw.Src)
		}
		exif := exifOf(binary.BigEndian, "MM\x00*", uint16(n))
		if n%2 == 0 {
			exif = exifOf(binary.LittleEndian, "II*\x00", uint16(n))
		}
		data := withSegments(asJPEG(t, m), exif, segmentOf(0xfe, []byte(gps)...))
		row, got := saveAndDecode(t, a, data, PurposeAvatar, Large)
		if row.Width != 90 || row.Height != 60 {
			t.Errorf("orientation %d: %d x %d", n, row.Width, row.Height)
		}
		for i, want := range []color.NRGBA{red, green, blue, white} {
			wantColor(t, "orientation "+string(rune('0'+n)), got.At(20+i%2*50, 15+i/2*30), want, 40)
		}
		for _, size := range []string{Small, Large} {
			_, s, err := a.Bytes(t.Context(), row.ID, size)
			must(t, err)
			for _, secret := range []string{"GPS", "Exif", "52.516272", "MM\x00*", "II*\x00"} {
				if bytes.Contains(s.Data, []byte(secret)) {
					t.Errorf("orientation %d, %s: still contains %q", n, size, secret)
				}
			}
		}
	}
}

func TestKinds(t *testing.T) {
	flat := func(m draw.Image, c color.Color) image.Image {
		draw.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
		return m
	}
	area := image.Rect(0, 0, 200, 100)
	lossy, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	must(t, err)
	glass := color.NRGBA{200, 40, 90, 100}
	gray := color.NRGBA{128, 128, 128, 255}
	a := newStore(t)
	for name, c := range map[string]struct {
		data  []byte
		mime  string
		w, h  int
		color color.NRGBA
	}{
		"gif, first frame":  {asGIF(t), "image/jpeg", 40, 30, color.NRGBA{200, 30, 30, 255}},
		"png with alpha":    {asPNG(t, flat(image.NewNRGBA(area), glass)), "image/png", 200, 100, glass},
		"16-bit png":        {asPNG(t, flat(image.NewNRGBA64(area), color.NRGBA{9, 99, 199, 255})), "image/jpeg", 200, 100, color.NRGBA{9, 99, 199, 255}},
		"16-bit, alpha":     {asPNG(t, flat(image.NewNRGBA64(area), glass)), "image/png", 200, 100, glass},
		"gray png":          {asPNG(t, flat(image.NewGray(area), gray)), "image/jpeg", 200, 100, gray},
		"16-bit gray":       {asPNG(t, flat(image.NewGray16(area), gray)), "image/jpeg", 200, 100, gray},
		"gray jpeg":         {asJPEG(t, flat(image.NewGray(area), gray)), "image/jpeg", 200, 100, gray},
		"flat jpeg":         {flatJPEG(64, 40, 3, 1, false), "image/jpeg", 64, 40, gray},
		"progressive":       {flatJPEG(64, 40, 3, 3, true), "image/jpeg", 64, 40, gray},
		"rgb jpeg":          {flatJPEG(64, 40, 3, 1, false, adobe(0)), "image/jpeg", 64, 40, gray},
		"cmyk jpeg":         {flatJPEG(64, 40, 4, 1, false, adobe(0)), "image/jpeg", 64, 40, color.NRGBA{64, 64, 64, 255}},
		"ycck jpeg":         {flatJPEG(64, 40, 4, 1, false, adobe(2)), "image/jpeg", 64, 40, color.NRGBA{64, 64, 64, 255}},
		"lossless webp":     {losslessWebP(50, 20, color.NRGBA{10, 200, 30, 255}), "image/jpeg", 50, 20, color.NRGBA{10, 200, 30, 255}},
		"webp with alpha":   {losslessWebP(50, 20, glass), "image/png", 50, 20, glass},
		"lossy webp":        {lossy, "image/jpeg", 1, 1, gray},
		"1 x 1":             {asPNG(t, flat(image.NewNRGBA(image.Rect(0, 0, 1, 1)), gray)), "image/jpeg", 1, 1, gray},
		"panorama":          {asPNG(t, flat(image.NewGray(image.Rect(0, 0, 8000, 11)), gray)), "image/jpeg", 512, 1, gray},
		"tower":             {asPNG(t, flat(image.NewGray(image.Rect(0, 0, 11, 8000)), gray)), "image/jpeg", 1, 512, gray},
		"junk in the png":   {pngChunks(claimedPNG(t, 40, 40, 8, 0, 0, 1<<20), [][]byte{chunkOf("juNk", []byte("<script>")...)}), "image/jpeg", 40, 40, color.NRGBA{0, 0, 0, 255}},
		"with junk after":   {append(asJPEG(t, flat(image.NewGray(area), gray)), "<script>alert(1)</script>"...), "image/jpeg", 200, 100, gray},
		"with junk inside":  {withSegments(asJPEG(t, flat(image.NewGray(area), gray)), segmentOf(0xfe, []byte("<script>")...)), "image/jpeg", 200, 100, gray},
		"interlaced, black": {claimedPNG(t, 8, 8, 8, 0, 1, 8*8+15), "image/jpeg", 8, 8, color.NRGBA{0, 0, 0, 255}},
	} {
		t.Run(name, func(t *testing.T) {
			row, m := saveAndDecode(t, a, c.data, PurposeAvatar, Large)
			if row.Type != c.mime || row.Width != c.w || row.Height != c.h {
				t.Errorf("stored as %s of %d x %d", row.Type, row.Width, row.Height)
			}
			wantColor(t, "middle", m.At(c.w/2, c.h/2), c.color, 3)
			_, s, err := a.Bytes(t.Context(), row.ID, Large)
			must(t, err)
			if bytes.Contains(s.Data, []byte("script")) {
				t.Error("the script is still there")
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		p           Purpose
		w, h        int
		large, tiny image.Point
	}{
		{PurposeAvatar, 4000, 3000, image.Pt(512, 384), image.Pt(96, 96)}, {PurposeAvatar, 90, 60, image.Pt(90, 60), image.Pt(60, 60)},
		{PurposeAvatar, 512, 513, image.Pt(511, 512), image.Pt(96, 96)}, {PurposeAvatar, 8000, 10, image.Pt(512, 1), image.Pt(10, 10)},
		{PurposeMessage, 4000, 3000, image.Pt(1600, 1200), image.Pt(480, 360)}, {PurposeMessage, 3, 8000, image.Pt(1, 1600), image.Pt(1, 480)},
		{PurposeMessage, 1600, 1600, image.Pt(1600, 1600), image.Pt(480, 480)},
	} {
		for i, want := range []image.Point{c.large, c.tiny} {
			part, w, h := c.p.sizes()[i].crop(image.Rect(5, 6, 5+c.w, 6+c.h))
			if image.Pt(w, h) != want || !part.In(image.Rect(5, 6, 5+c.w, 6+c.h)) || part.Dx() < w || part.Dy() < h {
				t.Errorf("%d x %d: %v as %d x %d, want %v", c.w, c.h, part, w, h, want)
			}
		}
	}
}

// shrink scales a part of a picture.
func shrink(src image.Image, part image.Rectangle, width, height int) *image.RGBA {
	s := newShrinker(part, width, height)
	row := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), 1))
	for y := range src.Bounds().Dy() {
		draw.Draw(row, row.Rect, src, src.Bounds().Min.Add(image.Pt(0, y)), draw.Src)
		s.add(y, row.Pix)
	}
	return s.finish()
}

// At any ratio, a scaled gradient has the mean of the gradient everywhere.
func TestShrink(t *testing.T) {
	const w, h = 251, 187
	src := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			src.SetGray(x, y, color.Gray{uint8((x + y) / 2)})
		}
	}
	for _, size := range []image.Point{{251, 187}, {250, 186}, {128, 96}, {100, 75}, {97, 187}, {251, 1}, {7, 5}, {1, 1}} {
		got := shrink(src, src.Rect, size.X, size.Y)
		for y := range size.Y {
			for x := range size.X {
				middleX, middleY := (float64(x)+.5)*w/float64(size.X)-.5, (float64(y)+.5)*h/float64(size.Y)-.5
				want := (middleX+middleY)/2 - .25 // the gradient itself was truncated to integers
				if c := got.RGBAAt(x, y); math.Abs(float64(c.R)-want) > 1 || c.R != c.G || c.R != c.B || c.A != 255 {
					t.Fatalf("%v: %d, %d is %v, want %.1f", size, x, y, c, want)
				}
			}
		}
	}
}

// The color of a transparent pixel must not bleed into its neighbors.
func TestShrinkTransparent(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	src.SetNRGBA(0, 0, color.NRGBA{255, 0, 0, 255})
	src.SetNRGBA(1, 0, color.NRGBA{0, 255, 0, 0})
	wantColor(t, "half", shrink(src, src.Rect, 1, 1).At(0, 0), color.NRGBA{255, 0, 0, 128}, 1)
}
