package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/bits"
)

// The decoder of the standard library keeps all pixels of a JPEG, and all coefficients of a progressive
// one: 375 MB for 50 megapixels. It also refuses every damaged file. This one decodes blocks at a half, a
// quarter or an eighth of their size when a smaller photo is wanted anyway, as libjpeg does, and shows
// what there is of a damaged file, as browsers do. It needs 112 MB at most.

const (
	// MaxScans is the most scans that a JPEG may have; real ones have about ten.
	MaxScans    = 64
	maxSegments = 2_000 // tables and scans
	maxProfile  = 4 << 20
)

// jpegFile is what the segments of a JPEG say about it.
type jpegFile struct {
	width, height int
	frame         []byte // three bytes for each component
	progressive   bool
	jfif          bool
	adobe         int // the transform of Adobe's marker, -1 if there is none
	orientation   int
	profile       []byte
	tables        []jpegSegment // and scans, in their order
}

type jpegSegment struct {
	marker byte
	body   []byte
	coded  []byte // what follows a scan's header
}

// readJPEG walks over the segments up to the end of the image or of the data. Whatever is not a marker is
// skipped, as in libjpeg.
func readJPEG(data []byte) (jpegFile, error) {
	f := jpegFile{adobe: -1, orientation: 1}
	seenExif, scans := false, 0
	profile := map[byte][]byte{}
	for at := 2; ; {
		marker, body, next := segment(data, at)
		if scans > 0 {
			if last := &f.tables[len(f.tables)-1]; last.marker == 0xda && last.coded == nil {
				last.coded = data[at:]
				if next != 0 {
					last.coded = data[at : next-len(body)-markerSize(marker)]
				}
			}
		}
		if next == 0 || marker == 0xd9 {
			break
		}
		at = next
		switch {
		case marker == 0xc0, marker == 0xc1, marker == 0xc2:
			if f.frame != nil { // it could hide the cost of the first
				return f, ErrDamaged
			}
			if err := f.readFrame(marker, body); err != nil {
				return f, err
			}
		case marker == 0xda:
			if scans++; scans > MaxScans {
				return f, ErrTooComplex
			}
			f.tables = append(f.tables, jpegSegment{marker: marker, body: body})
		case marker == 0xc4, marker == 0xdb, marker == 0xdd:
			f.tables = append(f.tables, jpegSegment{marker: marker, body: body})
		case marker >= 0xc3 && marker <= 0xcf && marker != 0xc8: // lossless, hierarchical, arithmetic
			return f, ErrDamaged
		case marker == 0xe0:
			f.jfif = f.jfif || bytes.HasPrefix(body, []byte("JFIF\x00"))
		case marker == 0xe1:
			if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && !seenExif {
				f.orientation, seenExif = orientation(exif), true
			}
		case marker == 0xe2:
			if icc, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00")); ok && len(icc) > 2 {
				profile[icc[0]] = icc[2:]
			}
		case marker == 0xee:
			if len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")) {
				f.adobe = int(body[11])
			}
		}
		if len(f.tables) > maxSegments {
			return f, ErrTooComplex
		}
	}
	if f.frame == nil || scans == 0 {
		return f, ErrDamaged
	}
	for n := byte(1); profile[n] != nil && len(f.profile) <= maxProfile; n++ { // they need not be in order
		f.profile = append(f.profile, profile[n]...)
	}
	return f, nil
}

func markerSize(marker byte) int {
	if marker == 0xd9 {
		return 2
	}
	return 4
}

// segment returns the next marker and its body, and where to continue; next is 0 at the end of the data.
func segment(data []byte, at int) (marker byte, body []byte, next int) {
	for {
		skip := bytes.IndexByte(data[at:], 0xff)
		if skip < 0 {
			return 0, nil, 0
		}
		for at += skip; at < len(data) && data[at] == 0xff; {
			at++
		}
		if at == len(data) {
			return 0, nil, 0
		}
		marker = data[at]
		at++
		switch {
		case marker == 0, 0xd0 <= marker && marker <= 0xd7: // an escaped byte, or a restart
			continue
		case marker == 0xd9:
			return marker, nil, at
		}
		if at+2 > len(data) {
			return 0, nil, 0
		}
		end := at + int(binary.BigEndian.Uint16(data[at:]))
		if end < at+2 || end > len(data) {
			return 0, nil, 0
		}
		return marker, data[at+2 : end], end
	}
}

func (f *jpegFile) readFrame(marker byte, body []byte) error {
	if len(body) < 6 || body[0] != 8 || len(body) != 6+3*int(body[5]) {
		return ErrDamaged
	}
	f.progressive = marker == 0xc2
	f.height, f.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	f.frame = body[6:]
	switch len(f.frame) / 3 {
	case 1, 3, 4:
	default:
		return ErrDamaged
	}
	seen := map[byte]bool{}
	for c := f.frame; len(c) > 0; c = c[3:] {
		h, v := c[1]>>4, c[1]&15
		if seen[c[0]] || h < 1 || h > 4 || v < 1 || v > 4 || c[2] > 3 {
			return ErrDamaged
		}
		seen[c[0]] = true
	}
	return nil
}

// isRGB reports whether three components are not YCbCr, by the rules of libjpeg.
func (f *jpegFile) isRGB() bool {
	if f.jfif || len(f.frame) != 9 {
		return false
	}
	if f.adobe >= 0 {
		return f.adobe == 0
	}
	return f.frame[0] == 'R' && f.frame[3] == 'G' && f.frame[6] == 'B'
}

// component is one channel of a JPEG that is being decoded.
type component struct {
	id           byte
	h, v         int // sampling factors
	table        byte
	wide, tall   int // blocks that the image needs
	stride, rows int // blocks, in whole units of the interleaved scans
	kx, ky       int // samples that are made of each block, across and down: 1, 2, 4 or 8
	slot         [64]int8
	scale        [64]float32 // what the file divided each coefficient by
	scaled       bool        // scale is set, in the first scan
	coded        bool        // by a sequential scan
	pix          []uint8     // samples, of the whole image or, progressive, of one row of blocks
	pixRow       int         // of blocks, which is in pix if progressive
	coefficients []int16     // progressive: kx x ky of each block
	nonZero      []uint64    // progressive: of all 64 coefficients of each block
}

// components lays out the channels of an image that is decoded at eighths/8 of its size. Channels with
// fewer samples are reduced less, so that in the end all have one for each pixel.
func (f *jpegFile) components(eighths int) []component {
	list := make([]component, len(f.frame)/3)
	hMost, vMost := 1, 1
	for i := range list {
		c := f.frame[3*i:]
		list[i] = component{id: c[0], h: int(c[1] >> 4), v: int(c[1] & 15), table: c[2], pixRow: -1}
		if len(list) == 1 {
			list[i].h, list[i].v = 1, 1
		}
		hMost, vMost = max(hMost, list[i].h), max(vMost, list[i].v)
	}
	across, down := ceilDiv(f.width, 8*hMost), ceilDiv(f.height, 8*vMost)
	for i := range list {
		c := &list[i]
		c.wide, c.tall = ceilDiv(f.width*c.h, 8*hMost), ceilDiv(f.height*c.v, 8*vMost)
		c.stride, c.rows = across*c.h, down*c.v
		c.kx, c.ky = powerOfTwo(min(8, eighths*hMost/c.h)), powerOfTwo(min(8, eighths*vMost/c.v))
		for z, place := range zigzag {
			c.slot[z] = -1
			if u, v := int(place)%8, int(place)/8; u < c.kx && v < c.ky {
				c.slot[z] = int8(v*c.kx + u)
			}
		}
	}
	return list
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// powerOfTwo returns the largest power of two that is not above n.
func powerOfTwo(n int) int { return 1 << (bits.Len(uint(n)) - 1) }

// memory returns how many bytes it takes to decode at eighths/8 of the size.
func (f *jpegFile) memory(eighths int) (sum int) {
	for _, c := range f.components(eighths) {
		if blocks := c.stride * c.rows; f.progressive {
			sum += blocks*(2*c.kx*c.ky+8) + c.stride*c.kx*c.ky
		} else {
			sum += blocks * c.kx * c.ky
		}
	}
	return sum
}

func (f *jpegFile) colors() colorMap {
	switch len(f.frame) / 3 {
	case 1:
		return profileMap(f.profile, "GRAY", "RGB ")
	case 3:
		return profileMap(f.profile, "RGB ")
	}
	return profileMap(f.profile, "CMYK")
}

// jpegDecoder decodes the scans of a JPEG.
type jpegDecoder struct {
	*jpegFile
	comps   []component
	quant   [4]*[64]uint16
	huff    [2][4]*huffman // for DC and AC
	idct    *transform
	restart int // units between restart markers, 0 if there are none
	units   int // decoded
}

// decode decodes all scans at eighths/8 of the size.
func (f *jpegFile) decode(ctx context.Context, eighths int) (source, error) {
	d := &jpegDecoder{jpegFile: f, comps: f.components(eighths), idct: newTransform()}
	for i := range d.comps {
		c := &d.comps[i]
		if f.progressive {
			c.coefficients = make([]int16, c.stride*c.rows*c.kx*c.ky)
			c.nonZero = make([]uint64, c.stride*c.rows)
			c.pix = make([]uint8, c.stride*c.kx*c.ky)
			continue
		}
		c.pix = make([]uint8, c.stride*c.rows*c.kx*c.ky)
		for i := range c.pix {
			c.pix[i] = 128
		}
	}
	for _, s := range f.tables {
		switch s.marker {
		case 0xdb:
			d.readQuantization(s.body)
		case 0xc4:
			d.readHuffman(s.body)
		case 0xdd:
			if len(s.body) == 2 {
				d.restart = int(binary.BigEndian.Uint16(s.body))
			}
		case 0xda:
			if err := d.scan(ctx, s); err != nil {
				return nil, err
			}
		}
	}
	if d.units == 0 {
		return nil, ErrDamaged
	}
	return newJPEGRows(d, eighths), nil
}

func (d *jpegDecoder) readQuantization(body []byte) {
	for len(body) > 0 {
		size, n := 64, body[0]&15
		if body[0]>>4 != 0 {
			size = 128
		}
		if body = body[1:]; n > 3 || len(body) < size {
			return
		}
		table := new([64]uint16)
		for z := range table {
			if size == 64 {
				table[z] = uint16(body[z])
			} else {
				table[z] = binary.BigEndian.Uint16(body[2*z:])
			}
		}
		d.quant[n], body = table, body[size:]
	}
}

// zigzag maps the order of coefficients in a file to 8 times their row plus their column.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}
