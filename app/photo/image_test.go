package photo

import (
	"bytes"
	"compress/lzw"
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

// This file creates the images for the tests, valid and hostile ones; webp_test.go has those in WebP.

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fourColors returns an image with red and green above blue and white.
func fourColors(w, h int) *image.RGBA {
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

// cut returns the beginning of a file.
func cut(data []byte, size int) []byte { return data[:size] }

// emptyScans returns a progressive JPEG with as many scans as there may be, which say nothing in a few bytes
// about millions of blocks.
func emptyScans(w, h int) []byte {
	b := flatJPEG(w, h, 3, 1, true)
	b = b[:len(b)-2]
	b = append(b, segmentOf(0xc4, append([]byte{0x10, 1}, append(make([]byte, 15), 0xe0)...)...)...) // a run of 16,384 blocks
	for i := range MaxScans - 1 {
		high := byte(min(i/3, 1)) // first new coefficients, then their next bit
		b = append(b, segmentOf(0xda, 1, byte(i%3+1), 0, 1, 63, 2*high<<4|high)...)
		b = append(b, make([]byte, w*h/64*15/16384/8+2)...)
	}
	return append(b, 0xff, 0xd9)
}

func adobe(transform byte) []byte {
	return segmentOf(0xee, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform)
}

// claimedPNG returns a PNG whose header claims a size, and whose data is that many zeros.
func claimedPNG(t testing.TB, w, h uint32, depth, color, interlace byte, zeros int) []byte {
	t.Helper()
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		body = append([]byte(kind), body...)
		b = binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, depth, color, 0, 0, interlace))
	chunk("IDAT", packedZeros(t, zeros))
	chunk("IEND", nil)
	return b
}

func packedZeros(t testing.TB, n int) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for block := make([]byte, 1<<16); n > 0; n -= len(block) {
		_, err := z.Write(block[:min(n, len(block))])
		must(t, err)
	}
	must(t, z.Close())
	return packed.Bytes()
}

// packedRows returns the pixels of an interlaced gradient.
func packedRows(t testing.TB, w, h int) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for _, p := range [7][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		for y := p[1]; y < h; y += p[3] {
			row := []byte{0}
			for x := p[0]; x < w; x += p[2] {
				row = append(row, byte(x*256/w), byte(y*256/h), 0)
			}
			_, err := z.Write(row)
			must(t, err)
		}
	}
	must(t, z.Close())
	return packed.Bytes()
}

// pngChunks returns a PNG with more chunks behind its header, and others before its end.
func pngChunks(data []byte, early [][]byte, late ...[]byte) []byte {
	const head, end = 8 + 25, 12
	b := bytes.Clone(data[:head])
	b = append(append(b, bytes.Join(early, nil)...), data[head:len(data)-end]...)
	return append(append(b, bytes.Join(late, nil)...), data[len(data)-end:]...)
}

// chunkOf returns a chunk of a PNG.
func chunkOf(kind string, body ...byte) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind...)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pixelsOf returns what the IDAT chunks of a PNG hold.
func pixelsOf(data []byte) (pixels []byte) {
	for at := 8; at < len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		if string(data[at+4:at+8]) == "IDAT" {
			pixels = append(pixels, data[at+8:at+8+size]...)
		}
		at += 12 + size
	}
	return pixels
}

// flatGIF returns a GIF of one frame on a canvas, in the first color of four.
func flatGIF(t testing.TB, canvas, frame image.Rectangle, interlaced bool) []byte {
	t.Helper()
	b := []byte("GIF89a")
	for _, n := range []int{canvas.Dx(), canvas.Dy()} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	b = append(b, 0x81, 3, 0, 200, 30, 30, 30, 30, 200, 0, 0, 0, 255, 255, 255, ',')
	for _, n := range []int{frame.Min.X, frame.Min.Y, frame.Dx(), frame.Dy()} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	flags := byte(0)
	if interlaced {
		flags = 0x40
	}
	b = append(b, flags, 2)
	var packed bytes.Buffer
	z := lzw.NewWriter(&packed, lzw.LSB, 2)
	line := make([]byte, frame.Dx())
	for range frame.Dy() {
		_, err := z.Write(line)
		must(t, err)
	}
	must(t, z.Close())
	for packed.Len() > 0 {
		block := packed.Next(255)
		b = append(append(b, byte(len(block))), block...)
	}
	return append(b, 0, ';')
}
