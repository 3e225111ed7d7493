package photo

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"image"
	"io"
)

// pngFile is what the chunks of a PNG say about it. Checksums are not looked at: browsers show a file with
// a wrong one, and a wrong pixel harms nobody.
type pngFile struct {
	data                 []byte
	width, height        int
	depth, color         byte
	interlaced           bool
	palette, transparent []byte
	first                int         // where its first chunk of pixels begins
	kind                 string      // of those chunks: IDAT or, for the first frame of an animation, fdAT
	at, frame            image.Point // where its pixels go, and their size
	orientation          int
	packedProfile        []byte
	gamma, chroma        []byte
	isSRGB               bool
	cicp                 []byte
	channels             int
}

const pngSignature = "\x89PNG\r\n\x1a\n"

func readPNG(data []byte) (f pngFile, err error) {
	f = pngFile{data: data, orientation: 1, kind: "IDAT"}
	animated, seenFrame := false, false
	for at := len(pngSignature); ; {
		kind, body, next, ok := pngChunk(data, at)
		if !ok || kind == "IEND" {
			break
		}
		if (f.width == 0) != (kind == "IHDR") {
			return f, ErrDamaged
		}
		switch kind {
		case "IHDR":
			if err := f.readHeader(body); err != nil {
				return f, err
			}
		case "PLTE":
			f.palette = body
		case "tRNS":
			f.transparent = body
		case "gAMA":
			f.gamma = body
		case "cHRM":
			f.chroma = body
		case "sRGB":
			f.isSRGB = true
		case "cICP":
			f.cicp = body
		case "iCCP":
			if f.packedProfile == nil {
				f.packedProfile = body
			}
		case "eXIf":
			f.orientation = orientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		case "acTL":
			animated = f.first == 0
		case "IDAT":
			if f.first == 0 {
				f.first = at
			}
		case "fcTL":
			// Before IDAT it describes that. After it, the animation does not include IDAT.
			if animated && !seenFrame && f.first > 0 {
				f.readFrame(body, next)
			}
			seenFrame = true
		}
		at = next
	}
	if f.first == 0 || f.color == 3 && len(f.palette) < 3 {
		return f, ErrDamaged
	}
	return f, nil
}

// pngChunk returns the chunk that begins at a place, and where the next one does. The last may be cut.
func pngChunk(data []byte, at int) (kind string, body []byte, next int, ok bool) {
	if at+8 > len(data) {
		return "", nil, 0, false
	}
	size := binary.BigEndian.Uint32(data[at:])
	kind, body = string(data[at+4:at+8]), data[at+8:]
	if uint64(size)+4 > uint64(len(body)) {
		return kind, body[:min(uint64(size), uint64(len(body)))], len(data), true
	}
	return kind, body[:size], at + 12 + int(size), true
}

func (f *pngFile) readHeader(body []byte) error {
	if len(body) != 13 || body[10] != 0 || body[11] != 0 || body[12] > 1 {
		return ErrDamaged
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return ErrDamaged
	}
	f.width, f.height, f.frame = int(w), int(h), image.Pt(int(w), int(h))
	f.depth, f.color, f.interlaced = body[8], body[9], body[12] == 1
	depths := map[byte]string{0: "\x01\x02\x04\x08\x10", 2: "\x08\x10", 3: "\x01\x02\x04\x08", 4: "\x08\x10", 6: "\x08\x10"}
	if bytes.IndexByte([]byte(depths[f.color]), f.depth) < 0 {
		return ErrDamaged
	}
	f.channels = [7]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[f.color]
	return nil
}

// readFrame makes a frame of an animation the picture, if it is within the canvas and its pixels follow.
func (f *pngFile) readFrame(body []byte, next int) {
	kind, _, _, ok := pngChunk(f.data, next)
	if len(body) != 26 || !ok || kind != "fdAT" {
		return
	}
	n := func(i int) uint64 { return uint64(binary.BigEndian.Uint32(body[i:])) }
	if n(4) == 0 || n(8) == 0 || n(4)+n(12) > uint64(f.width) || n(8)+n(16) > uint64(f.height) {
		return
	}
	f.kind, f.first = kind, next
	f.frame, f.at = image.Pt(int(n(4)), int(n(8))), image.Pt(int(n(12)), int(n(16)))
}

// inflateProfile returns the profile of an iCCP chunk; nil if it is malformed or too large.
func inflateProfile(body []byte) []byte {
	_, packed, ok := bytes.Cut(body, []byte{0})
	if !ok || len(packed) < 1 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return profile
}

// hasAlpha reports whether pixels can be transparent.
func (f *pngFile) hasAlpha() bool {
	return f.color >= 4 || len(f.transparent) > 0
}

func (f *pngFile) memory(int) int {
	if f.interlaced {
		return 4 * f.frame.X * f.frame.Y
	}
	return 0
}

// pixelData is the pixels of a PNG without the chunks around them.
type pixelData struct {
	*pngFile
	next int
	body []byte
}

func (p *pixelData) Read(into []byte) (int, error) {
	for len(p.body) == 0 {
		kind, body, next, ok := pngChunk(p.data, p.next)
		if !ok || kind != p.kind {
			return 0, io.EOF
		}
		if kind == "fdAT" {
			body = body[min(4, len(body)):] // its number
		}
		p.body, p.next = body, next
	}
	n := copy(into, p.body)
	p.body = p.body[n:]
	return n, nil
}

// pngRows decodes the rows of a PNG.
type pngRows struct {
	*pngFile
	data        io.Reader
	width       int // of the rows, which in passes of an interlaced image are shorter
	now, before []byte
	ended       bool // nothing is left of the file
}

func (f *pngFile) decode(ctx context.Context, _ int) (source, error) {
	z, err := zlib.NewReader(&pixelData{pngFile: f, next: f.first})
	if err != nil {
		return nil, ErrDamaged
	}
	r := &pngRows{pngFile: f, data: z}
	var pixels source
	if f.interlaced {
		pixels, err = r.deinterlace(ctx)
	} else {
		pixels, err = r.sequential()
	}
	if err != nil {
		return nil, err
	}
	return place(pixels, image.Pt(f.width, f.height), f.at), nil
}
