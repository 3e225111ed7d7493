package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
)

// TestDamaged checks that as much of a damaged picture as there is is shown, as browsers do.
func TestDamaged(t *testing.T) {
	grayish, gone := color.NRGBA{128, 128, 128, 255}, color.NRGBA{}
	m := fourColors(64, 64)
	for y := range 64 { // so that its middle is in the middle of the file
		for x := range 64 {
			c := m.RGBAAt(x, y)
			c.R, c.G, c.B = c.R^uint8(x*5+y*3)&15, c.G^uint8(x*3+y*7)&15, c.B^uint8(x*7+y*11)&15
			m.SetRGBA(x, y, c)
		}
	}
	glass := image.NewNRGBA(m.Rect)
	for i := range glass.Pix {
		glass.Pix[i] = m.Pix[i] - uint8(i%4/3)*55
	}
	jpeg, png, glassy := asJPEG(t, m), asPNG(t, m), asPNG(t, glass)
	var b bytes.Buffer
	must(t, gif.Encode(&b, m, nil))
	gif := b.Bytes()
	wrong := func(data []byte, at int) []byte {
		data = bytes.Clone(data)
		data[(at+len(data))%len(data)] ^= 0xff
		return data
	}
	restarts := bytes.Clone(prog420Restarts)
	scan := bytes.Index(restarts, []byte("\xff\xd1"))
	red, white := color.NRGBA{255, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}
	lossy, gray130 := lossyWebP(640, 480), color.NRGBA{130, 130, 130, 255}
	for name, c := range map[string]struct {
		data       []byte
		upper, end color.NRGBA // near the upper left and the lower right corner
	}{
		"whole jpeg":                 {jpeg, red, white},
		"jpeg without its end":       {jpeg[:len(jpeg)-2], red, white},
		"jpeg with half an end":      {jpeg[:len(jpeg)-1], red, white},
		"jpeg, three quarters":       {jpeg[:len(jpeg)*3/4], red, grayish},
		"jpeg, a marker in the way":  {append(append(bytes.Clone(jpeg[:len(jpeg)*3/4]), 0xff, 0xd9), jpeg[len(jpeg)*3/4:]...), red, grayish},
		"jpeg with rubbish between":  {withSegments(jpeg, segmentOf(0xfe, 1), []byte("rubbish")), red, white},
		"png without IEND":           {png[:len(png)-12], red, white},
		"png with half of it":        {png[:len(png)-5], red, white},
		"png, wrong last checksum":   {wrong(png, -1), red, white},
		"png, wrong checksum":        {wrong(png, -13), red, white},
		"png, wrong zlib checksum":   {wrong(png, -17), red, white},
		"png, wrong head checksum":   {wrong(png, 30), red, white},
		"png, three quarters":        {png[:len(png)*3/4], red, grayish},
		"png, broken inside":         {wrong(png[:len(png)/2], -1), red, grayish},
		"png with alpha, a half":     {glassy[:len(glassy)/2], color.NRGBA{255, 0, 0, 200}, gone},
		"gif without its end":        {gif[:len(gif)-1], red, white},
		"gif, a half":                {gif[:800+len(gif[800:])/2], red, gone},
		"cmyk without Adobe's mark":  {flatJPEG(64, 64, 4, 1, false), color.NRGBA{64, 64, 64, 255}, color.NRGBA{64, 64, 64, 255}},
		"lossy webp, a byte less":    {lossy[:len(lossy)-1], gray130, gray130},
		"lossy webp, 20 bytes less":  {lossy[:len(lossy)-20], gray130, gray130},
		"lossy webp, three quarters": {lossy[:len(lossy)*3/4], gray130, gray130},
		"jpeg without a restart":     {append(bytes.Clone(restarts[:scan]), restarts[scan+2:]...), color.NRGBA{0, 0, 255, 255}, color.NRGBA{205, 205, 25, 255}},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := checkHeader(c.data, PurposeMessage.sizes())
			must(t, err)
			images, err := resizeAll(t.Context(), h, PurposeMessage.sizes())
			must(t, err)
			size := images[0].Rect.Max
			wantColor(t, "upper left", images[0].At(1, 1), c.upper, 60)
			wantColor(t, "lower right", images[0].At(size.X-2, size.Y-2), c.end, 60)
		})
	}
	for name, data := range map[string][]byte{
		"jpeg, tables only": jpeg[:bytes.Index(jpeg, []byte("\xff\xda"))],
		"jpeg, no pixel":    jpeg[:bytes.Index(jpeg, []byte("\xff\xda"))+14],
		"png, no row":       png[:60],
		"gif, no row":       gif[:13+768+11],
		"webp, a half":      losslessWebP(9, 9, red)[:25],
	} {
		h, err := checkHeader(data, PurposeMessage.sizes())
		if err == nil {
			_, err = resizeAll(t.Context(), h, PurposeMessage.sizes())
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestInterlacedAndCut checks that interlaced pictures that end early are coarse and have no holes.
func TestInterlacedAndCut(t *testing.T) {
	whole := claimedPNG(t, 64, 64, 8, 2, 1, 0)
	pixels := packedRows(t, 64, 64)
	data := bytes.Replace(whole, chunkOf("IDAT", packedZeros(t, 0)...), chunkOf("IDAT", pixels[:len(pixels)/3]...), 1)
	h, err := checkHeader(data, PurposeMessage.sizes())
	must(t, err)
	images, err := resizeAll(t.Context(), h, PurposeMessage.sizes())
	must(t, err)
	for y := range 64 {
		for x := range 64 {
			wantColor(t, "gradient", images[0].At(x, y), color.NRGBA{uint8(4 * x), uint8(4 * y), 0, 255}, 32)
		}
	}
	frame := image.Rect(0, 0, 64, 64)
	gif := flatGIF(t, frame, frame, true)
	h, err = checkHeader(gif[:len(gif)-6], PurposeMessage.sizes())
	must(t, err)
	images, err = resizeAll(t.Context(), h, PurposeMessage.sizes())
	must(t, err)
	wantColor(t, "gif", images[0].At(63, 63), color.NRGBA{200, 30, 30, 255}, 0)
}
