package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// This file creates the images for the tests, valid and hostile ones.

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fourColours returns an image with red and green above blue and white.
func fourColours(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}
			m.SetRGBA(x, y, c[2*(2*y/h)+2*x/w])
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}))
	return b.Bytes()
}

// asGIF returns a GIF of three frames, of which only the first may be used.
func asGIF(t testing.TB) []byte {
	t.Helper()
	palette := color.Palette{color.RGBA{200, 30, 30, 255}, color.RGBA{30, 30, 200, 255}}
	g := &gif.GIF{}
	for i := range 3 {
		frame := image.NewPaletted(image.Rect(0, 0, 40, 30), palette)
		for p := range frame.Pix {
			frame.Pix[p] = uint8(min(i, 1))
		}
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 10)
	}
	var b bytes.Buffer
	must(t, gif.EncodeAll(&b, g))
	return b.Bytes()
}

// segmentOf returns one segment of a JPEG.
func segmentOf(marker byte, body ...byte) []byte {
	return append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// exifOf returns an APP1 segment with this orientation and a location.
func exifOf(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	b := []byte("Exif\x00\x00" + mark)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = order.AppendUint16(b, 0)
	b = order.AppendUint16(b, 0x8825)
	b = order.AppendUint16(b, 4)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint32(b, 38)
	b = order.AppendUint32(b, 0)
	return segmentOf(0xe1, append(b, gps...)...)
}

const gps = "GPS 52.516272N 13.377722E"

// withSegments inserts segments at the start of a JPEG.
func withSegments(data []byte, segments ...[]byte) []byte {
	return append(append([]byte("\xff\xd8"), bytes.Join(segments, nil)...), data[2:]...)
}

// flatJPEG encodes a JPEG of one color, which needs two bits for a block of 64 pixels. It has 1, 3 or 4
// channels, and scans that all repeat the first.
func flatJPEG(w, h, channels, scans int, progressive bool, before ...[]byte) []byte {
	b := []byte("\xff\xd8")
	for _, s := range before {
		b = append(b, s...)
	}
	b = append(b, segmentOf(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	one := append([]byte{1}, make([]byte, 15)...) // one code, of one bit
	b = append(b, segmentOf(0xc4, append(append([]byte{0x00}, one...), 0)...)...)
	b = append(b, segmentOf(0xc4, append(append([]byte{0x10}, one...), 0)...)...)
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(channels)}
	scan := []byte{byte(channels)}
	for i := range channels {
		frame = append(frame, byte(i+1), 0x11, 0)
		scan = append(scan, byte(i+1), 0)
	}
	marker, last, bits := byte(0xc0), byte(63), 2
	if progressive {
		marker, last, bits = 0xc2, 0, 1
	}
	b = append(b, segmentOf(marker, frame...)...)
	blocks := ((w + 7) / 8) * ((h + 7) / 8) * channels
	for range scans {
		b = append(b, segmentOf(0xda, append(append([]byte{}, scan...), 0, last, 0)...)...)
		b = append(b, make([]byte, (blocks*bits+7)/8)...)
	}
	return append(b, 0xff, 0xd9)
}

func adobe(transform byte) []byte {
	return segmentOf(0xee, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform)
}

// claimedPNG returns a PNG whose header claims a size, and whose data is that many zeros.
func claimedPNG(t testing.TB, w, h uint32, depth, colour, interlace byte, zeros int) []byte {
	t.Helper()
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		body = append([]byte(kind), body...)
		b = binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, depth, colour, 0, 0, interlace))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(make([]byte, zeros))
	must(t, err)
	must(t, z.Close())
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return b
}

// losslessWebP returns a WebP of one color, which needs no bits for its pixels.
func losslessWebP(w, h int, c color.NRGBA) []byte {
	var bits uint64
	var n uint
	body := []byte{0x2f}
	put := func(v uint64, size uint) {
		for bits, n = bits|v<<n, n+size; n >= 8; bits, n = bits>>8, n-8 {
			body = append(body, byte(bits))
		}
	}
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(1, 1) // has alpha
	put(0, 3+1+1+1)
	for _, symbol := range []uint8{c.G, c.R, c.B, c.A} {
		put(0b101, 3) // one symbol of eight bits
		put(uint64(symbol), 8)
	}
	put(0b0001, 4) // distances: one symbol of one bit
	put(0, 15)
	return riff("VP8L", body)
}

func riff(kind string, body []byte) []byte {
	if len(body)%2 == 1 {
		body = append(body, 0)
	}
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)+12))...)
	b = append(append(b, "WEBP"...), kind...)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(body))), body...)
}
