package photo

import (
	"bytes"
	"encoding/binary"
)

// jpegHeader is what the segments of a JPEG reveal about decoding it.
type jpegHeader struct {
	progressive bool
	samples     float64 // per pixel, over all channels
	channels    int
	rgb         bool // stored as RGB, which is converted to a copy
	scans       int
	orientation int
}

// perPixel returns the bytes of memory that Go's decoder needs per pixel: one per sample, four more for
// a coefficient kept for later scans, and a copy in another color model.
func (j jpegHeader) perPixel() float64 {
	n := j.samples
	if j.progressive {
		n += 4 * j.samples
	}
	if j.rgb || j.channels == 4 {
		n += 4
	}
	return n
}

// readJPEG walks over the segments exactly as the decoder does, up to the end of the image. It skips
// whatever is not a marker, so it need not parse compressed data.
func readJPEG(data []byte) (jpegHeader, error) {
	j := jpegHeader{orientation: 1}
	seenExif := false
	for at := 2; ; {
		marker, body, next := segment(data, at)
		if next == 0 {
			return j, ErrNotImage // without an end marker the decoder fails, too
		}
		at = next
		switch marker {
		case 0xd9: // end of image
			return j, nil
		case 0xc0, 0xc1, 0xc2:
			if j.channels > 0 {
				return j, ErrNotImage // a second frame could hide the cost of the first
			}
			j.readFrame(marker, body)
		case 0xda:
			j.scans++
		case 0xee:
			j.rgb = j.rgb || len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")) && body[11] == 0
		case 0xe1:
			if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && !seenExif {
				j.orientation, seenExif = orientation(exif), true
			}
		}
	}
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

// readFrame reads the sampling factors of the channels. The decoder refuses unusual ones; here it is
// enough not to estimate too low.
func (j *jpegHeader) readFrame(marker byte, body []byte) {
	if len(body) < 9 || len(body) < 6+3*int(body[5]) {
		return
	}
	j.progressive = marker == 0xc2
	j.channels = int(body[5])
	first, total := 0, 0
	for i := range j.channels {
		area := int(body[7+3*i]>>4) * int(body[7+3*i]&15)
		if i == 0 {
			first = max(area, 1)
		}
		total += area
	}
	j.samples = float64(total) / float64(first)
	j.rgb = j.rgb || j.channels == 3 && body[6] == 'R' && body[9] == 'G' && body[12] == 'B'
}
