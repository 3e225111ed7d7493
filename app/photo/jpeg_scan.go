package photo

import (
	"context"
	"math/bits"
)

// scanner is the state of one scan while it is decoded.
type scanner struct {
	scanHeader
	bitReader
	before [4]int // the last DC coefficient of each component
	skip0  int    // progressive: the number of blocks in a row without more coefficients in this scan
	block  [64]int16
}

// scan decodes one scan. Where its data ends too early, the rest stays as it is: gray, or as coarse as the
// earlier scans left it.
func (d *jpegDecoder) scan(ctx context.Context, segment jpegSegment) error {
	header, ok := d.readScan(segment.body)
	if !ok {
		return nil
	}
	s := &scanner{scanHeader: header, bitReader: bitReader{data: segment.coded}}
	across, down := s.comps[0].wide, s.comps[0].tall
	if len(s.comps) > 1 {
		across, down = s.comps[0].stride/s.comps[0].h, s.comps[0].rows/s.comps[0].v
	}
	untilRestart, number := d.restart, 0
	for y := range down {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for x := range across {
			if d.restart > 0 && untilRestart == 0 {
				s.resume(number)
				untilRestart, number = d.restart, (number+1)&7
				s.before, s.skip0 = [4]int{}, 0
			}
			untilRestart--
			if s.dry {
				if d.restart == 0 {
					return nil
				}
				continue
			}
			d.unit(s, x, y)
			if !s.dry {
				d.units++
			}
		}
	}
	return nil
}

// unit decodes the blocks of one unit: one block, or where components are interleaved, as many of each as
// it has samples.
func (d *jpegDecoder) unit(s *scanner, x, y int) {
	if len(s.comps) == 1 {
		d.decodeBlock(s, 0, x, y)
		return
	}
	for i, c := range s.comps {
		for n := range c.h * c.v {
			d.decodeBlock(s, i, x*c.h+n%c.h, y*c.v+n/c.h)
		}
	}
}

func (d *jpegDecoder) decodeBlock(s *scanner, i, x, y int) {
	c := s.comps[i]
	at := y*c.stride + x
	if !d.progressive {
		flat := s.sequential(i, c)
		if !s.dry {
			width := c.stride * c.kx
			d.idct.inverse(c, s.block[:c.kx*c.ky], flat, c.pix[y*c.ky*width+x*c.kx:], width)
		}
		return
	}
	size := c.kx * c.ky
	block := c.coefficients[at*size : at*size+size]
	switch {
	case s.first == 0 && s.high == 0:
		s.before[i] += s.difference(s.dc[i])
		block[0] = int16(s.before[i] << s.low)
	case s.first == 0:
		if s.bit() {
			block[0] |= 1 << s.low
		}
	case s.high == 0:
		s.firstPass(c, block, &c.nonZero[at])
	default:
		s.refine(c, block, &c.nonZero[at])
	}
}

// difference returns how much a DC coefficient differs from the last.
func (s *scanner) difference(h *huffman) int {
	return s.number(s.symbol(h) & 15)
}

// sequential decodes all coefficients of a block, and reports whether all but the first are zero.
func (s *scanner) sequential(i int, c *component) (flat bool) {
	flat = true
	clear(s.block[:c.kx*c.ky])
	s.before[i] += s.difference(s.dc[i])
	s.block[0] = int16(s.before[i])
	for z, h := 1, s.ac[i]; z < 64; z++ {
		symbol := s.symbol(h)
		size := symbol & 15
		if size == 0 {
			if symbol != 0xf0 {
				return flat
			}
			z += 15
			continue
		}
		v := s.number(size)
		if z += int(symbol >> 4); z > 63 {
			return flat
		}
		if slot := c.slot[z]; slot >= 0 {
			s.block[slot], flat = int16(v), false
		}
	}
	return flat
}

// firstPass decodes the upper bits of a band of coefficients.
func (s *scanner) firstPass(c *component, block []int16, nonZero *uint64) {
	if s.skip0 > 0 {
		s.skip0--
		return
	}
	for z := s.first; z <= s.end; z++ {
		symbol := s.symbol(s.ac[0])
		zeros, size := symbol>>4, symbol&15
		if size == 0 {
			if zeros < 15 {
				s.skip0 = 1<<zeros - 1 + s.take(zeros)
				return
			}
			z += 15
			continue
		}
		v := s.number(size)
		if z += int(zeros); z > 63 {
			return
		}
		s.set(c, block, nonZero, z, v<<s.low)
	}
}

func (s *scanner) set(c *component, block []int16, nonZero *uint64, z, v int) {
	*nonZero |= 1 << z
	if slot := c.slot[z]; slot >= 0 {
		block[slot] = int16(v)
	}
}

// refine decodes one more bit of a band of coefficients: of those that are not zero so far, and of those
// that begin with this bit.
func (s *scanner) refine(c *component, block []int16, nonZero *uint64) {
	z := s.first
	for s.skip0 == 0 && z <= s.end {
		symbol := s.symbol(s.ac[0])
		zeros, v := int(symbol>>4), 0
		if symbol&15 == 0 {
			if zeros < 15 {
				s.skip0 = 1<<zeros + s.take(uint8(zeros))
				break
			}
		} else if v = -1 << s.low; s.bit() {
			v = 1 << s.low
		}
		for ; z <= s.end; z++ {
			if *nonZero>>z&1 == 1 {
				s.refineOne(c, block, z)
			} else if zeros--; zeros < 0 {
				break
			}
		}
		if v != 0 && z <= s.end {
			s.set(c, block, nonZero, z, v)
		}
		z++
	}
	if s.skip0 == 0 {
		return
	}
	s.skip0--
	if z <= s.end {
		for rest := *nonZero >> z << z & (2<<s.end - 1); rest != 0; rest &= rest - 1 {
			s.refineOne(c, block, bits.TrailingZeros64(rest))
		}
	}
}

func (s *scanner) refineOne(c *component, block []int16, z int) {
	if !s.bit() {
		return
	}
	slot := c.slot[z]
	if slot < 0 {
		return
	}
	switch one := int16(1) << s.low; {
	case block[slot]&one != 0:
	case block[slot] >= 0:
		block[slot] += one
	default:
		block[slot] -= one
	}
}
