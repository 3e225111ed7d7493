package photo

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// These are a gradient of 27 x 21 pixels with a yellow square, by libjpeg's cjpeg: progressive with all kinds
// of scans, the same with restart markers, and sequential.
var (
	prog420 = unpack("" +
		"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBk" +
		"eFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wgARCAAVABsD" +
		"ASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAIEAwX/xAAXAQADAQAAAAAAAAAAAAAAAAACAwQF/9oADAMBAAIQAxAAAAGHeqsh5D1Oq80B" +
		"eDq4Q6P/xAAZEAADAQEBAAAAAAAAAAAAAAAAAQIRAxL/2gAIAQEAAQUCjk7b4XKUnk4ZNXSqFJ5MMMMP/8QAGBEAAwEBAAAAAAAAAAAAAAAAAAEC" +
		"AxH/2gAIAQMBAT8Bytc6RoZMhn//xAAaEQADAQADAAAAAAAAAAAAAAAAAQMCBBIh/9oACAECAQE/Abcqqp1S8N2KM2z/xAAaEAEAAgMBAAAAAAAA" +
		"AAAAAAABABECECBR/9oACAEBAAY/AqxJabt8iHf/xAAaEAEAAgMBAAAAAAAAAAAAAAABABEQITFh/9oACAEBAAE/Id0D2aQw9Muz0cRoLXzLDAwM" +
		"rP/aAAwDAQACAAMAAAAQJ0+A/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAEhEf/aAAgBAwEBPxBy1JjB2H//xAAaEQACAwEBAAAAAAAAAAAAAAAAAREh" +
		"MVGB/9oACAECAQE/EFmVW4ft4W6M6MnT/8QAIBAAAgIBAwUAAAAAAAAAAAAAAREAITEgQWFRcYGx0f/aAAgBAQABPxAsQgwYFee8I96iz0ZwQUxG" +
		"RQkyJ3HyV5Qg3UTggpjRJAif/9k=")
	prog420Restarts = unpack("" +
		"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBk" +
		"eFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wgARCAAVABsD" +
		"ASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAMEAgX/xAAXAQADAQAAAAAAAAAAAAAAAAACAwQF/90ABAAC/9oADAMBAAIQAxAAAAGF9VZD" +
		"yN1bVf8A/9B7ARnN2EOj/8QAGRAAAwEBAQAAAAAAAAAAAAAAAAECEQMS/9oACAEBAAEFAo5O2+Fyv//QUnk//9Hhk1dKo//SUnk//9PDD//Uww//" +
		"xAAYEQADAQEAAAAAAAAAAAAAAAAAAQIDEf/aAAgBAwEBPwHK1zpGh//QyZDP/8QAGhEAAwEAAwAAAAAAAAAAAAAAAAEDAgQSIf/aAAgBAgEBPwG3" +
		"KqqdUvDdj//QozbP/8QAGRAAAwEBAQAAAAAAAAAAAAAAAAEQEQJR/9oACAEBAAY/As5RrR//0J//0dfg0j//0p//05//1J//xAAaEAEBAAIDAAAA" +
		"AAAAAAAAAAABABEhEDFh/9oACAEBAAE/Id0D3aQw9L//0OH/AP/RyejpNBlfL//S4f8A/9MMG//UDY3/2gAMAwEAAgADAAAAECdP/9D4D//EABcR" +
		"AAMBAAAAAAAAAAAAAAAAAAABIRH/2gAIAQMBAT8QctSZ/9Bg7D//xAAaEQACAwEBAAAAAAAAAAAAAAAAAREhMVGB/9oACAECAQE/EFmVW4ft4W6f" +
		"/9BnRk6f/8QAIBAAAwABAwUBAAAAAAAAAAAAAAERITFBYRBRcYGx0f/aAAgBAQABPxBsglSqWPfkY96nT4z/0OAWGh//0aRhtUb3X4Y8oiruj//S" +
		"4BYaH//T6Sf/1CKB/9k=")
	base422 = unpack("" +
		"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBk" +
		"eFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAVABsD" +
		"ASEAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAwQFAv/EACUQAAEEAgAEBwAAAAAAAAAAAAEAAgMEERIFITFhE0FRcYGx0f/EABcBAAMBAAAA" +
		"AAAAAAAAAAAAAAIFBgT/xAAgEQABAwQCAwAAAAAAAAAAAAADAAECBBEhQQUTEiJR/90ABAAC/9oADAMBAAIRAxEAPwCHR4VPckMdePdwGxGQOXz7" +
		"p6TgNytEZZoNWN6nZp+inFXyYIF6ZS9n1Z9oqWT2usR1eyMKvLolxj5VCAuF/9A/A/DqWnSSnUGMtzgnzH4qt+zBZpyRRv2c7GBqfUJfyASzrWMz" +
		"Ya3zSz0Z4dXi75UuOr2RxV5dEJj5TkBcL//RfZC1MMhaslQR1PUs3TLIWowhbhIjEe6owTey/9k=")
)

func unpack(text string) []byte {
	data, _ := base64.StdEncoding.DecodeString(text)
	return data
}

// pixelAt returns a pixel of the gradient.
func pixelAt(x, y int) color.NRGBA {
	if x >= 5 && x < 14 && y >= 6 && y < 14 {
		return color.NRGBA{250, 240, 20, 255}
	}
	return color.NRGBA{uint8(9 * x), uint8(12 * y), uint8(255 - 5*(x+y)), 255}
}

// decodeAt decodes a JPEG at eighths/8 of its size.
func decodeAt(t testing.TB, data []byte, eighths int) *image.RGBA {
	t.Helper()
	f, err := readJPEG(data)
	must(t, err)
	s, err := f.decode(t.Context(), eighths)
	must(t, err)
	m := image.NewRGBA(image.Rectangle{Max: s.size()})
	for y := range m.Rect.Dy() {
		s.row(m.Pix[y*m.Stride:][:m.Stride])
	}
	return m
}

// TestJPEG compares the decoder with that of the standard library, which keeps everything in memory.
func TestJPEG(t *testing.T) {
	large := image.NewRGBA(image.Rect(0, 0, 150, 90))
	for i := range large.Pix {
		large.Pix[i] = uint8(i * i >> 3 * (i % 7))
	}
	for name, data := range map[string][]byte{
		"progressive": prog420, "4:2:2 with restarts": base422,
		"noise": asJPEG(t, large), "gray": asJPEG(t, image.NewGray(large.Rect)), "four colors": asJPEG(t, fourColors(61, 43)),
		"rgb": withSegments(prog420, adobe(0)), "progressive, one color": flatJPEG(30, 50, 3, 3, true),
	} {
		want, err := jpeg.Decode(bytes.NewReader(data))
		must(t, err)
		got := decodeAt(t, data, 8)
		if got.Rect.Max != want.Bounds().Size() {
			t.Errorf("%s: %v, want %v", name, got.Rect.Max, want.Bounds())
			continue
		}
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				c := color.NRGBAModel.Convert(want.At(x, y)).(color.NRGBA)
				wantColor(t, name, got.At(x, y), c, 4)
			}
			if t.Failed() {
				break
			}
		}
	}
}

// TestJPEGRestarts checks that restart markers change nothing. The standard library cannot read these.
func TestJPEGRestarts(t *testing.T) {
	if !bytes.Equal(decodeAt(t, prog420, 8).Pix, decodeAt(t, prog420Restarts, 8).Pix) {
		t.Error("the same picture looks different with restart markers")
	}
	for y := range 21 {
		for x := 16; x < 27; x++ { // beside the square, whose edges are blurred
			wantColor(t, "gradient", decodeAt(t, prog420Restarts, 8).At(x, y), pixelAt(x, y), 60)
		}
	}
}

// TestJPEGScaled checks that a JPEG that is decoded at a part of its size shows the means of its pixels.
func TestJPEGScaled(t *testing.T) {
	smooth := image.NewRGBA(image.Rect(0, 0, 237, 121))
	for y := range smooth.Rect.Dy() {
		for x := range smooth.Rect.Dx() {
			smooth.SetRGBA(x, y, color.RGBA{uint8(x), uint8(2 * y), uint8(255 - x/2 - y), 255})
		}
	}
	for name, data := range map[string][]byte{"smooth": asJPEG(t, smooth), "progressive": prog420, "restarts": prog420Restarts, "4:2:2": base422} {
		full := decodeAt(t, data, 8)
		for _, n := range []int{4, 2, 1} {
			got := decodeAt(t, data, n)
			size := full.Rect.Max
			if got.Rect.Max != image.Pt(ceilDiv(size.X*n, 8), ceilDiv(size.Y*n, 8)) {
				t.Fatalf("%s at %d eighths: %v of %v", name, n, got.Rect.Max, size)
			}
			for y := range size.Y * n / 8 { // what is not whole at the edges has some of what is beyond them
				for x := range size.X * n / 8 {
					part := image.Rect(x*8/n, y*8/n, (x+1)*8/n, (y+1)*8/n)
					c := shrinkRGBA(full, part).RGBAAt(0, 0)
					by := 3
					if name != "smooth" { // the square has edges, which the transform softens in another way
						by = 60
					}
					wantColor(t, name, got.At(x, y), color.NRGBA(c), by)
				}
				if t.Failed() {
					return
				}
			}
		}
	}
}

func shrinkRGBA(m *image.RGBA, part image.Rectangle) *image.RGBA {
	s := newShrinker(part, 1, 1)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		s.add(y, m.Pix[y*m.Stride:][:m.Stride])
	}
	return s.finish()
}

// TestEighths checks that no more of a JPEG is decoded than its sizes need, and no less.
func TestEighths(t *testing.T) {
	for _, c := range []struct {
		w, h, message, avatar int
	}{
		{1600, 1200, 8, 4}, {3198, 2000, 8, 2}, {3199, 2000, 4, 2}, {6396, 4000, 4, 1}, {6397, 4000, 2, 1},
		{8160, 6120, 2, 1}, {16382, 3800, 1, 1}, {12800, 100, 1, 8}, {100, 12800, 1, 8}, {200, 200, 8, 8},
	} {
		if n := eighths(c.w, c.h, PurposeMessage.sizes()); n != c.message {
			t.Errorf("message of %d x %d: %d, want %d", c.w, c.h, n, c.message)
		}
		if n := eighths(c.w, c.h, PurposeAvatar.sizes()); n != c.avatar {
			t.Errorf("avatar of %d x %d: %d, want %d", c.w, c.h, n, c.avatar)
		}
	}
}

// TestPhotosOfToday checks that what phones and cameras make is taken. The race detector would take minutes to
// decode it.
func TestPhotosOfToday(t *testing.T) {
	a := newStore(t)
	save := func(name string, data []byte) {
		if !measured {
			_, err := checkHeader(data, PurposeMessage.sizes())
			must(t, err)
			return
		}
		row, err := a.Save(t.Context(), owner, data, PurposeMessage)
		if err != nil || max(row.Width, row.Height) != 1600 {
			t.Errorf("%s: %+v, %v", name, row, err)
		}
	}
	for name, c := range map[string]struct {
		w, h        int
		progressive bool
	}{
		"24 MP of an iPhone": {5712, 4284, false}, "48 MP of an iPhone": {8064, 6048, false}, "50 MP of an Android": {8192, 6144, false},
		"a panorama": {16382, 3800, false}, "61 MP of a camera": {9504, 6336, false}, "50 MP, progressive": {8160, 6120, true},
		"a long screenshot": {1170, 25_000, false},
	} {
		save(name, flatJPEG(c.w, c.h, 3, 1, c.progressive))
	}
	for name, c := range map[string]struct {
		w, h         int
		depth, color byte
	}{"screenshot": {1440, 20_000, 8, 6}, "deep": {5000, 4000, 16, 2}, "palette": {8000, 6000, 1, 0}} {
		raw := c.h / smaller * (1 + c.w*map[byte]int{0: 1, 2: 3, 6: 4}[c.color]*int(c.depth)/8)
		save(name, claimedPNG(t, uint32(c.w), uint32(c.h), c.depth, c.color, 0, raw))
	}
}
