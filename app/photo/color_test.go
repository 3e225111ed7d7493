package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func flat(m draw.Image, c color.Color) draw.Image {
	draw.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return m
}

// decoded returns the color in the middle of a photo, as it is before it is encoded again.
func decoded(t testing.TB, data []byte) color.NRGBA {
	t.Helper()
	h, err := checkHeader(data, PurposeMessage.sizes())
	must(t, err)
	images, err := resizeAll(t.Context(), h, PurposeMessage.sizes())
	must(t, err)
	m := images[0]
	return color.NRGBAModel.Convert(m.At(m.Rect.Dx()/2, m.Rect.Dy()/2)).(color.NRGBA)
}

// TestLossyWebP checks that lossy WebP is not washed out: its luma is 16 to 235 only.
func TestLossyWebP(t *testing.T) {
	for name, c := range map[string]struct {
		data string // of 16 x 16 pixels in one color, by cwebp
		want color.NRGBA
	}{
		"white":  {"UklGRiYAAABXRUJQVlA4IBoAAAAwAQCdASoQABAAAMASJaQAA3AA/v7deAAAAA==", color.NRGBA{255, 255, 255, 255}},
		"black":  {"UklGRiYAAABXRUJQVlA4IBoAAAAwAQCdASoQABAAAMASJaQAA3AA/v7uqgAAAA==", color.NRGBA{0, 0, 0, 255}},
		"blue":   {"UklGRj4AAABXRUJQVlA4IDIAAADwAQCdASoQABAAAMASJaACdLoB+AAETAAA/v5mof/60c/XRP9aOf+tHP/lKotU24oAAA==", color.NRGBA{0, 0, 255, 255}},
		"red":    {"UklGRkAAAABXRUJQVlA4IDQAAAAwAgCdASoQABAAAMASJaACdLoB+AH4AARoAAD++iGX/3easNN39a3/9aOfron+tHP/WVgA", color.NRGBA{255, 0, 0, 255}},
		"orange": {"UklGRj4AAABXRUJQVlA4IDIAAADQAQCdASoQABAAAMASJaACdLoB+AADsAD+2ib/7vN+09e09f1M//jKnyA/4yp/xcwAAA==", color.NRGBA{200, 100, 50, 255}},
		"glass":  {"UklGRl4AAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSAUAAAABKGBEBABWUDggMgAAANABAJ0BKhAAEAAAwBIloAJ0ugH4AAOwAP7aJv/u837T17T1/Uz/+MqfID/jKn/FzAAA", color.NRGBA{200, 100, 50, 128}},
	} {
		data, err := base64.StdEncoding.DecodeString(c.data)
		must(t, err)
		wantColor(t, name, decoded(t, data), c.want, 2)
	}
}

// profileOf returns an ICC profile with these tags.
func profileOf(space, pcs string, tags ...[]byte) []byte {
	b := make([]byte, 128)
	copy(b[8:], "\x02\x40\x00\x00mntr"+space+pcs)
	copy(b[36:], "acsp")
	at := 128 + 4 + 12*len(tags)
	b = binary.BigEndian.AppendUint32(b, uint32(len(tags)))
	var bodies []byte
	for _, tag := range tags {
		body := tag[4:]
		b = append(b, tag[:4]...)
		b = binary.BigEndian.AppendUint32(b, uint32(at+len(bodies)))
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		bodies = append(append(bodies, body...), make([]byte, -len(body)&3)...)
	}
	b = append(b, bodies...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// fixedOf returns a tag of numbers.
func fixedOf(head string, numbers ...float64) []byte {
	b := []byte(head)
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(n*65536)))
	}
	return b
}

func wordsOf(head string, words ...uint16) []byte {
	b := []byte(head)
	for _, w := range words {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return b
}

func column(tag string, m matrix, j int) []byte {
	return fixedOf(tag+"XYZ \x00\x00\x00\x00", m[0][j], m[1][j], m[2][j])
}

// rgbProfile returns the profile of these primaries, with one curve for all channels.
func rgbProfile(p primaries, curve string) []byte {
	m := p.asXYZ()
	tags := [][]byte{column("rXYZ", m, 0), column("gXYZ", m, 1), column("bXYZ", m, 2)}
	for _, c := range []string{"rTRC", "gTRC", "bTRC"} {
		tags = append(tags, []byte(c+curve))
	}
	return profileOf("RGB ", "XYZ ", tags...)
}

var (
	displayP3 = primaries{{.680, .320}, {.265, .690}, {.150, .060}, whiteD65}
	adobeRGB  = primaries{{.64, .33}, {.21, .71}, {.15, .06}, whiteD65}
)

const (
	curveOfSRGB = "para\x00\x00\x00\x00\x00\x03\x00\x00" + "\x00\x02\x66\x66" + "\x00\x00\xf2\xa7" + "\x00\x00\x0d\x59" + "\x00\x00\x13\xd0" + "\x00\x00\x0a\x5b"
	curveOf22   = "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33"
	curveOf1    = "curv\x00\x00\x00\x00\x00\x00\x00\x00"
)

// inJPEG returns a JPEG with a profile in segments of at most this many bytes, the last one first.
func inJPEG(t testing.TB, m image.Image, profile []byte, most int) []byte {
	var segments [][]byte
	count := (len(profile) + most - 1) / most
	for n := count; n >= 1; n-- {
		part := profile[(n-1)*most : min(n*most, len(profile))]
		segments = append(segments, segmentOf(0xe2, append([]byte("ICC_PROFILE\x00"+string([]byte{byte(n), byte(count)})), part...)...))
	}
	return withSegments(asJPEG(t, m), segments...)
}

func inPNG(t testing.TB, m image.Image, profile []byte) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(profile)
	must(t, err)
	must(t, z.Close())
	return pngChunks(asPNG(t, m), [][]byte{chunkOf("iCCP", append([]byte("name\x00\x00"), packed.Bytes()...)...)})
}

// TestProfiles checks that what is stored looks in sRGB as the upload does with its profile. The wanted
// colors are those that Chromium shows.
func TestProfiles(t *testing.T) {
	a := newStore(t)
	p3 := rgbProfile(displayP3, curveOfSRGB)
	long := append(bytes.Clone(p3), make([]byte, 70_000)...)
	stored := color.NRGBA{215, 68, 48, 255}
	area := image.Rect(0, 0, 40, 30)
	m := flat(image.NewNRGBA(area), stored)
	gray := flat(image.NewGray(area), color.Gray{120})
	orange := flat(image.NewNRGBA(area), color.NRGBA{200, 100, 50, 255})
	lossless := losslessWebP(40, 30, stored)[12:]
	gamma := func(n uint32) []byte { return chunkOf("gAMA", binary.BigEndian.AppendUint32(nil, n)...) }
	chroma := func(numbers ...uint32) []byte {
		var b []byte
		for _, n := range numbers {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		return chunkOf("cHRM", b...)
	}
	chromaP3 := chroma(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
	meant := color.NRGBA{234, 50, 33, 255}
	for name, c := range map[string]struct {
		data []byte
		want color.NRGBA
	}{
		"jpeg":                    {inJPEG(t, m, p3, 60_000), meant},
		"jpeg, in parts":          {inJPEG(t, m, p3, 100), meant},
		"jpeg, long":              {inJPEG(t, m, long, 60_000), meant},
		"jpeg, missing part":      {inJPEG(t, m, p3[200:], 100), stored},
		"png":                     {inPNG(t, m, p3), meant},
		"png, transparent":        {inPNG(t, flat(image.NewNRGBA(area), color.NRGBA{215, 68, 48, 128}), p3), color.NRGBA{234, 50, 33, 128}},
		"webp":                    {webpOf(webpHead(0x20, 40, 30), webpPart("ICCP", p3), lossless), meant},
		"webp, animated":          {webpOf(webpHead(0x22, 40, 30), webpPart("ICCP", p3), webpFrame(0, 0, 40, 30, append(make([]byte, 12), lossless...))), meant},
		"linear":                  {inPNG(t, orange, rgbProfile(sRGBPrimary, curveOf1)), color.NRGBA{229, 168, 122, 255}},
		"adobe rgb":               {inPNG(t, orange, rgbProfile(adobeRGB, curveOf22)), color.NRGBA{227, 100, 42, 255}},
		"a table of two points":   {inPNG(t, orange, rgbProfile(sRGBPrimary, string(wordsOf("curv\x00\x00\x00\x00\x00\x00\x00\x02", 0, 65535)))), color.NRGBA{229, 168, 122, 255}},
		"sRGB":                    {inPNG(t, orange, rgbProfile(sRGBPrimary, curveOfSRGB)), color.NRGBA{200, 100, 50, 255}},
		"gray with an RGB one":    {inPNG(t, gray, rgbProfile(adobeRGB, curveOf22)), color.NRGBA{121, 121, 121, 255}},
		"gray":                    {inJPEG(t, gray, profileOf("GRAY", "XYZ ", []byte("kTRC"+curveOf1)), 60_000), color.NRGBA{182, 182, 182, 255}},
		"RGB with a gray one":     {inJPEG(t, m, profileOf("GRAY", "XYZ ", []byte("kTRC"+curveOf1)), 60_000), stored},
		"gamma":                   {pngChunks(asPNG(t, orange), [][]byte{gamma(100_000)}), color.NRGBA{229, 168, 122, 255}},
		"gamma of sRGB":           {pngChunks(asPNG(t, orange), [][]byte{gamma(45455)}), color.NRGBA{200, 100, 50, 255}},
		"gamma, but sRGB":         {pngChunks(asPNG(t, orange), [][]byte{chunkOf("sRGB", 0), gamma(100_000)}), color.NRGBA{200, 100, 50, 255}},
		"gamma and primaries":     {pngChunks(asPNG(t, orange), [][]byte{gamma(45455), chromaP3}), color.NRGBA{216, 93, 24, 255}},
		"primaries alone":         {pngChunks(asPNG(t, orange), [][]byte{chromaP3}), color.NRGBA{200, 100, 50, 255}},
		"primaries of nothing":    {pngChunks(asPNG(t, orange), [][]byte{gamma(45455), chroma(0, 0, 0, 0, 0, 0, 0, 0)}), color.NRGBA{0, 0, 0, 255}},
		"coded":                   {pngChunks(asPNG(t, orange), [][]byte{chunkOf("cICP", 12, 13, 0, 1)}), color.NRGBA{215, 93, 31, 255}},
		"coded before a profile":  {pngChunks(inPNG(t, orange, rgbProfile(adobeRGB, curveOf22)), [][]byte{chunkOf("cICP", 12, 13, 0, 1)}), color.NRGBA{215, 93, 31, 255}},
		"coded as unknown":        {pngChunks(inPNG(t, orange, rgbProfile(adobeRGB, curveOf22)), [][]byte{chunkOf("cICP", 2, 2, 0, 1)}), color.NRGBA{227, 100, 42, 255}},
		"coded as video":          {pngChunks(asPNG(t, orange), [][]byte{chunkOf("cICP", 9, 1, 0, 1)}), color.NRGBA{239, 63, 5, 255}},
		"not a profile":           {inPNG(t, orange, make([]byte, 500)), color.NRGBA{200, 100, 50, 255}},
		"a profile without curve": {inPNG(t, orange, profileOf("RGB ", "XYZ ", fixedOf("rXYZXYZ \x00\x00\x00\x00", 1, 1, 1))), color.NRGBA{200, 100, 50, 255}},
		"inks":                    {withSegments(flatJPEG(40, 30, 4, 1, false), segmentOf(0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), inkProfile("Lab ")...)...)), color.NRGBA{20, 20, 20, 255}},
		"inks as XYZ":             {withSegments(flatJPEG(40, 30, 4, 1, false), segmentOf(0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), inkProfile("XYZ ")...)...)), color.NRGBA{71, 71, 71, 255}},
		"scanner":                 {inPNG(t, orange, scannerProfile()), color.NRGBA{197, 197, 197, 255}},
	} {
		t.Run(name, func(t *testing.T) {
			wantColor(t, "decoded", decoded(t, c.data), c.want, 2)
			row, stored := saveAndDecode(t, a, c.data, PurposeMessage, Large)
			wantColor(t, "stored", stored.At(20, 15), c.want, 6)
			_, s, err := a.Bytes(t.Context(), row.ID, Large)
			must(t, err)
			for _, part := range []string{"acsp", "ICC_PROFILE", "iCCP"} {
				if bytes.Contains(s.Data, []byte(part)) {
					t.Errorf("%q is still there", part)
				}
			}
		})
	}
}

// inkProfile is a profile of a printer with ink that makes everything darker: a grid of two points for each
// ink, white at the first and black at all others. With a half of each ink, a sixteenth of the light is left.
func inkProfile(pcs string) []byte {
	head := append([]byte("A2B0mft2\x00\x00\x00\x00\x04\x03\x02\x00"), fixedOf("", 1, 0, 0, 0, 1, 0, 0, 0, 1)...)
	tag := wordsOf(string(head), 2, 2)
	for range 4 {
		tag = wordsOf(string(tag), 0, 65535)
	}
	for corner := range 16 {
		switch {
		case corner > 0 && pcs == "Lab ":
			tag = wordsOf(string(tag), 0, 0x8000, 0x8000)
		case corner > 0:
			tag = wordsOf(string(tag), 0, 0, 0)
		case pcs == "Lab ":
			tag = wordsOf(string(tag), 0xff00, 0x8000, 0x8000)
		default:
			tag = wordsOf(string(tag), 31595, 32768, 27030)
		}
	}
	for range 3 {
		tag = wordsOf(string(tag), 0, 65535)
	}
	return profileOf("CMYK", pcs, tag)
}

// scannerProfile has a table of version 4, which makes every color as light as its red, by a gamma of 2.4.
func scannerProfile() []byte {
	curves := curveOf1 + curveOf1 + curveOf1
	tag := []byte("A2B0mAB \x00\x00\x00\x00\x03\x03\x00\x00")
	for _, at := range []int{32, 68, 116, 152, 152 + 20 + 24} { // B, matrix, M, grid, A
		tag = binary.BigEndian.AppendUint32(tag, uint32(at))
	}
	tag = append(tag, curves...)
	tag = append(tag, fixedOf("", .9642/2, 0, 0, .5, 0, 0, .8249/2, 0, 0, 0, 0, 0)...)
	tag = append(tag, curves...)
	tag = append(tag, "\x02\x02\x02"+"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"+"\x01\x00\x00\x00"...)
	for corner := range 8 {
		red := byte(corner / 4 * 255)
		tag = append(tag, red, 0, 0)
	}
	curve := wordsOf("curv\x00\x00\x00\x00\x00\x00\x00\x01", 0x0266)
	for range 3 {
		tag = append(append(tag, curve...), 0, 0)
	}
	return profileOf("RGB ", "XYZ ", tag)
}
