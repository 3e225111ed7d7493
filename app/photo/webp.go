package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"runtime"
	"runtime/metrics"

	"golang.org/x/image/webp"
)

// webpFile is what the chunks of a WebP say about it: of an animation, its first frame.
type webpFile struct {
	canvas, frame, at image.Point
	orientation       int
	profile           []byte
	alpha, pixels     []byte // chunks with their headers; alpha is nil if there is none
	lossless          bool
}

// readWebP walks over the chunks. golang.org/x/image/webp decodes the pixels, and knows neither animations
// nor orientations nor profiles.
func readWebP(data []byte) (f webpFile, err error) {
	f.orientation = 1
	for rest := data[12:]; len(rest) >= 8; {
		kind, body, next := webpChunk(rest)
		switch kind {
		case "VP8X":
			if len(body) == 10 {
				f.canvas = image.Pt(1+uint24(body[4:]), 1+uint24(body[7:]))
			}
		case "ICCP":
			f.profile = body
		case "EXIF":
			f.orientation = orientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		case "ANMF":
			if f.pixels == nil && len(body) > 16 {
				f.at = image.Pt(2*uint24(body), 2*uint24(body[3:]))
				for rest := body[16:]; len(rest) >= 8 && f.pixels == nil; {
					kind, _, next := webpChunk(rest)
					f.takePixels(kind, rest[:len(rest)-len(next)])
					rest = next
				}
			}
		default:
			f.takePixels(kind, rest[:len(rest)-len(next)])
		}
		rest = next
	}
	if f.frame, err = f.measure(); err != nil {
		return f, err
	}
	if f.canvas == (image.Point{}) {
		f.canvas = f.frame
	}
	if f.at.X+f.frame.X > f.canvas.X || f.at.Y+f.frame.Y > f.canvas.Y {
		return f, ErrDamaged
	}
	return f, nil
}

// takePixels keeps the first chunk of pixels, and the alpha before it.
func (f *webpFile) takePixels(kind string, chunk []byte) {
	switch {
	case f.pixels != nil:
	case kind == "ALPH":
		f.alpha = chunk
	case kind == "VP8 ", kind == "VP8L":
		f.pixels, f.lossless = chunk, kind == "VP8L"
	}
}

// webpChunk returns the first chunk and what follows it. The last chunk may be cut.
func webpChunk(data []byte) (kind string, body, rest []byte) {
	size := uint64(binary.LittleEndian.Uint32(data[4:]))
	body = data[8:]
	end := min(size, uint64(len(body)))
	return string(data[:4]), body[:end], body[min(end+size%2, uint64(len(body))):]
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// measure returns the size of the picture.
func (f *webpFile) measure() (image.Point, error) {
	if len(f.pixels) < 18 {
		return image.Point{}, ErrDamaged
	}
	b := f.pixels[8:]
	size := image.Pt(int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff))
	if f.lossless {
		n := binary.LittleEndian.Uint32(b[1:])
		size = image.Pt(int(n&0x3fff)+1, int(n>>14&0x3fff)+1)
	} else if b[0]&1 != 0 || string(b[3:6]) != "\x9d\x01\x2a" {
		return image.Point{}, ErrDamaged
	}
	if size.X == 0 || size.Y == 0 {
		return image.Point{}, ErrDamaged
	}
	return size, nil
}

func (f *webpFile) colors() colorMap { return profileMap(f.profile, "RGB ") }

// memory returns how many bytes it takes to decode: a lossless picture has four bytes for a pixel and may
// grow out of one that is half as large, and alpha is a lossless picture of which one channel is used.
func (f *webpFile) memory(int) int {
	pixels := f.frame.X * f.frame.Y
	switch {
	case f.lossless:
		return 6 * pixels
	case f.alpha != nil:
		return 17 * pixels / 2
	}
	return 3 * pixels / 2
}

// filler returns the number of zeros that take the place of what has been cut off the pixels, so that the rows before
// it are shown, as browsers do; 0 if nothing is missing. What the decoders make of zeros may need more of them
// than were bytes there: a lossless pixel has up to 60 bits, and a lossy block of 256 pixels 25 codes.
func (f *webpFile) filler() int {
	claimed, pixels := int(binary.LittleEndian.Uint32(f.pixels[4:])), f.frame.X*f.frame.Y
	switch missing := 8 + claimed - len(f.pixels); {
	case missing <= 0, claimed > MaxBytes:
		return 0
	case f.lossless:
		return missing + 8*pixels
	default:
		return missing + pixels/8 + 64
	}
}

// still returns the picture as a file of its own.
func (f *webpFile) still() io.Reader {
	pad := func(b []byte) []byte { return make([]byte, len(b)%2) }
	w, h := f.frame.X-1, f.frame.Y-1
	filler := f.filler()
	length := len(f.pixels) - 8 + filler
	size := 4 + 8 + length + length%2
	var extended, alpha []byte
	if f.alpha != nil && !f.lossless {
		alpha = f.alpha
		extended = []byte("VP8X\x0a\x00\x00\x00\x10\x00\x00\x00")
		extended = append(extended, byte(w), byte(w>>8), byte(w>>16), byte(h), byte(h>>8), byte(h>>16))
		size += len(extended) + len(alpha) + len(pad(alpha))
	}
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size))
	head = append(append(head, "WEBP"...), extended...)
	first := io.MultiReader(bytes.NewReader(head), bytes.NewReader(alpha), bytes.NewReader(pad(alpha)))
	chunk := binary.LittleEndian.AppendUint32(bytes.Clone(f.pixels[:4]), uint32(length))
	pixels := io.MultiReader(bytes.NewReader(chunk), bytes.NewReader(f.pixels[8:]), io.LimitReader(zeros{}, int64(filler+length%2)))
	if f.lossless {
		return io.MultiReader(first, newHeapReader(pixels, f.frame.X*f.frame.Y))
	}
	return io.MultiReader(newHeapReader(first, f.frame.X*f.frame.Y), pixels)
}

// zeros is an endless file of zeros.
type zeros struct{}

func (zeros) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}

func (f *webpFile) decode(ctx context.Context, _ int) (source, error) {
	m, err := webp.Decode(&deadlineReader{ctx, f.still()})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, ErrBusy) {
		return nil, err
	}
	if err != nil {
		return nil, errors.Join(ErrDamaged, err)
	}
	if m.Bounds() != (image.Rectangle{Max: f.frame}) {
		return nil, ErrDamaged
	}
	var pixels source
	switch m := m.(type) {
	case *image.NRGBA:
		pixels = &canvas{width: f.frame.X, height: f.frame.Y, pix: m.Pix}
	case *image.YCbCr:
		pixels = &lossyRows{YCbCr: m}
	case *image.NYCbCrA:
		pixels = &lossyRows{YCbCr: &m.YCbCr, alpha: m.A, stride: m.AStride}
	default:
		return nil, ErrDamaged
	}
	return place(pixels, f.canvas, f.at), nil
}

// heapReader fails once the heap has grown by more than most. It is for lossless pictures, whose decoder makes
// 2,600 groups of Huffman trees if a file says so, 136 MB, before the first pixel.
type heapReader struct {
	io.Reader
	start, most int
}

func newHeapReader(r io.Reader, pixels int) *heapReader {
	const usual = 24 << 20 // for trees, and what others do meanwhile
	return &heapReader{r, heap(), 9*pixels/2 + usual}
}

func (r *heapReader) Read(into []byte) (int, error) {
	if heap()-r.start > r.most {
		runtime.GC() // it may be garbage, also of others
		if heap()-r.start > r.most {
			return 0, ErrBusy
		}
	}
	return r.Reader.Read(into)
}

// heap returns how many bytes objects take, garbage included.
func heap() int {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

// deadlineReader returns data in small pieces until its context ends. A decoder of a library cannot be
// canceled, but none gets far without reading.
type deadlineReader struct {
	ctx  context.Context
	data io.Reader
}

func (r *deadlineReader) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.data.Read(into[:min(len(into), 1024)])
}

// lossyRows is a decoded lossy WebP. Its luma is 16 to 235 and its chroma 16 to 240, as in video, which
// image.YCbCr is not made for (golang/go#40173).
type lossyRows struct {
	*image.YCbCr
	alpha     []uint8
	stride, y int
}

func (r *lossyRows) size() image.Point { return r.Rect.Size() }

func (r *lossyRows) row(into []uint8) {
	luma := r.Y[r.YOffset(0, r.y):]
	at := r.COffset(0, r.y)
	cb, cr := r.Cb[at:], r.Cr[at:]
	for x := range r.Rect.Dx() {
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2] = videoToRGB(int(luma[x]), int(cb[x/2]), int(cr[x/2]))
		p[3] = 255
		if r.alpha != nil {
			p[3] = r.alpha[r.y*r.stride+x]
		}
	}
	r.y++
}

// videoToRGB converts with the integers of libwebp, so that the result is that of browsers: BT.601.
func videoToRGB(y, cb, cr int) (r, g, b uint8) {
	y = y * 19077 >> 8
	return clip6(y + cr*26149>>8 - 14234), clip6(y - cb*6419>>8 - cr*13320>>8 + 8708), clip6(y + cb*33050>>8 - 17685)
}

func clip6(v int) uint8 { return uint8(max(0, min(255, v>>6))) }
