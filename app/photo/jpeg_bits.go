package photo

// bitReader reads the coded data of a scan. After its end, or at a marker, it returns zeros and notes that
// it has run dry.
type bitReader struct {
	data []byte
	at   int
	acc  uint64 // the next n bits come first; zeros follow
	n    int
	dry  bool
}

// fill makes at least 32 bits available, more than any step of the decoder takes.
func (b *bitReader) fill() {
	for b.n <= 56 && b.at < len(b.data) {
		next := b.data[b.at]
		if next == 0xff {
			if b.at+1 == len(b.data) || b.data[b.at+1] != 0 {
				return // a marker
			}
			b.at++
		}
		b.at++
		b.acc |= uint64(next) << (56 - b.n)
		b.n += 8
	}
}

// take returns the next size bits; fill makes 32 of them available.
func (b *bitReader) take(size uint8) int {
	v := int(b.acc >> 1 >> (63 - size))
	b.skip(size)
	return v
}

func (b *bitReader) skip(size uint8) {
	b.acc <<= size
	if b.n -= int(size); b.n < 0 {
		b.n, b.dry = 0, true
	}
}

// bit reports whether the next bit is set.
func (b *bitReader) bit() bool {
	if b.n == 0 {
		b.fill()
	}
	return b.take(1) == 1
}

// number returns a value of size bits: the lower half of them stands for negative numbers.
func (b *bitReader) number(size uint8) int {
	v := b.take(size)
	if size > 0 && v < 1<<(size-1) {
		v -= 1<<size - 1
	}
	return v
}

// resume continues behind the restart marker with this number. If that is missing, and one of the next two
// is there instead, the reader stays dry until its turn comes.
func (b *bitReader) resume(number int) {
	b.acc, b.n, b.dry = 0, 0, true
	for ; b.at+1 < len(b.data); b.at++ {
		next := b.data[b.at+1]
		if b.data[b.at] != 0xff || next&^7 != 0xd0 {
			continue
		}
		switch (int(next) - number) & 7 {
		case 1, 2:
			return
		case 6, 7: // one that came before
			continue
		}
		b.at += 2
		b.dry = false
		return
	}
	b.at = len(b.data)
}

// huffman is a table of codes.
type huffman struct {
	short  [512]uint16 // by the next nine bits: the length of the code, and its value; 0 if it is longer
	limit  [17]int     // by length: one more than the last code
	offset [17]int     // by length: what to add to a code for its place in values
	values []byte
}

// symbol returns the value of the next code. Without one it returns 0, as libjpeg does.
func (b *bitReader) symbol(h *huffman) uint8 {
	if b.n < 32 {
		b.fill()
	}
	if short := h.short[b.acc>>55]; short != 0 {
		b.skip(uint8(short >> 8))
		return uint8(short)
	}
	for size := 10; size <= 16; size++ {
		if code := int(b.acc >> (64 - size)); code < h.limit[size] {
			b.skip(uint8(size))
			return h.values[code+h.offset[size]]
		}
	}
	b.skip(16)
	return 0
}

// readHuffman reads tables of codes. A malformed one ends it; what needs that one is not decoded.
func (d *jpegDecoder) readHuffman(body []byte) {
	for len(body) >= 17 {
		class, n := body[0]>>4, body[0]&15
		lengths, total := body[1:17], 0
		for _, count := range lengths {
			total += int(count)
		}
		if class > 1 || n > 3 || total > 256 || len(body) < 17+total {
			return
		}
		h := &huffman{values: body[17 : 17+total]}
		code, place := 0, 0
		for i, count := range lengths {
			size := i + 1
			if code+int(count) > 1<<size {
				return
			}
			h.offset[size] = place - code
			for range count {
				if size <= 9 {
					first := code << (9 - size)
					for k := range 1 << (9 - size) {
						h.short[first+k] = uint16(size)<<8 | uint16(h.values[place])
					}
				}
				code, place = code+1, place+1
			}
			h.limit[size] = code
			code <<= 1
		}
		d.huff[class][n], body = h, body[17+total:]
	}
}

// scanHeader is which components a scan has, and which part of their coefficients.
type scanHeader struct {
	comps      []*component
	dc, ac     []*huffman
	first, end int // coefficients, in zigzag order
	high, low  uint8
}

// readScan returns nothing if the scan cannot be decoded.
func (d *jpegDecoder) readScan(body []byte) (s scanHeader, ok bool) {
	if len(body) < 1 || len(body) != 4+2*int(body[0]) || body[0] == 0 || int(body[0]) > len(d.comps) {
		return s, false
	}
	params := body[len(body)-3:]
	s.end = 63
	if d.progressive {
		s.first, s.end, s.high, s.low = int(params[0]), int(params[1]), params[2]>>4, params[2]&15
		if s.first > s.end || s.end > 63 || s.low > 13 || s.high != 0 && s.high != s.low+1 ||
			(s.first == 0) != (s.end == 0) || s.first > 0 && body[0] != 1 {
			return s, false
		}
	}
	for pair := body[1 : len(body)-3]; len(pair) > 0; pair = pair[2:] {
		c := d.byID(pair[0])
		if c == nil || c.coded || !c.scaled && d.quant[c.table] == nil || pair[1]>>4 > 3 || pair[1]&15 > 3 {
			return s, false
		}
		for _, other := range s.comps {
			if other == c {
				return s, false
			}
		}
		dc, ac := d.huff[0][pair[1]>>4], d.huff[1][pair[1]&15]
		if dc == nil && s.first == 0 && s.high == 0 || ac == nil && s.end > 0 {
			return s, false
		}
		s.comps, s.dc, s.ac = append(s.comps, c), append(s.dc, dc), append(s.ac, ac)
	}
	for _, c := range s.comps {
		if !c.scaled {
			c.scaled = true
			for z, slot := range c.slot {
				if slot >= 0 {
					c.scale[slot] = float32(d.quant[c.table][z])
				}
			}
		}
		c.coded = !d.progressive
	}
	return s, true
}

func (d *jpegDecoder) byID(id byte) *component {
	for i := range d.comps {
		if d.comps[i].id == id {
			return &d.comps[i]
		}
	}
	return nil
}
