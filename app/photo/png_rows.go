package photo

import (
	"context"
	"encoding/binary"
	"image"
	"io"
)

// begin prepares for rows of this many pixels.
func (r *pngRows) begin(width int) {
	size := 1 + (width*r.channels*int(r.depth)+7)/8 // the first byte is the filter
	r.width, r.now, r.before = width, make([]byte, size), make([]byte, size)
}

// next reads a row and undoes its filter. It reports whether there was one.
func (r *pngRows) next() bool {
	if r.ended {
		return false
	}
	r.now, r.before = r.before, r.now
	if _, err := io.ReadFull(r.data, r.now); err != nil || r.now[0] > 4 {
		r.ended = true
		return false
	}
	unfilter(r.now[0], r.now[1:], r.before[1:], max(1, r.channels*int(r.depth)/8))
	return true
}

// unfilter adds to each byte of a row what its filter predicts from the pixel to the left, step bytes
// before, and from the row above.
func unfilter(filter byte, row, above []byte, step int) {
	above = above[:len(row)]
	switch filter {
	case 1:
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 2:
		for i, v := range above {
			row[i] += v
		}
	case 3:
		for i := range row {
			left := 0
			if i >= step {
				left = int(row[i-step])
			}
			row[i] += uint8((left + int(above[i])) / 2)
		}
	case 4:
		for i := range min(step, len(row)) {
			row[i] += above[i]
		}
		for i := step; i < len(row); i++ {
			row[i] += paeth(int(row[i-step]), int(above[i]), int(above[i-step]))
		}
	}
}

// paeth returns which of three neighbours is closest to left + above - corner.
func paeth(left, above, corner int) uint8 {
	toLeft, toAbove := above-corner, left-corner
	toCorner := abs(toLeft + toAbove)
	toLeft, toAbove = abs(toLeft), abs(toAbove)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return uint8(left)
	case toAbove <= toCorner:
		return uint8(above)
	}
	return uint8(corner)
}

func abs(n int) int { return max(n, -n) }

// paint writes the current row as pixels.
func (r *pngRows) paint(into []uint8) {
	row := r.now[1:]
	wide := int(r.depth / 8) // bytes of a sample
	switch {
	case r.color == 3:
		r.paintPalette(into, row)
		return
	case r.color == 0 && wide == 0:
		scale := 255 / (1<<r.depth - 1)
		for x := range r.width {
			v := uint8(bitsAt(row, x, r.depth) * scale)
			p := into[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = v, v, v, 255
		}
	case r.color == 0:
		for x := range r.width {
			v := row[x*wide]
			p := into[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = v, v, v, 255
		}
	case r.color == 4:
		for x := range r.width {
			v := row[2*x*wide]
			p := into[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = v, v, v, row[2*x*wide+wide]
		}
	case r.color == 2:
		for x := range r.width {
			q := row[3*x*wide:]
			p := into[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = q[0], q[wide], q[2*wide], 255
		}
	case wide == 1:
		copy(into, row)
	default:
		for i := range 4 * r.width {
			into[i] = row[2*i]
		}
	}
	if r.color < 3 && len(r.transparent) == 2*r.channels {
		r.paintTransparent(into, row)
	}
}

// bitsAt returns a sample of less than a byte.
func bitsAt(row []byte, x int, depth byte) int {
	at := x * int(depth)
	return int(row[at/8]) >> (8 - int(depth) - at%8) & (1<<depth - 1)
}

// paintPalette paints colors that the palette lacks black, as browsers do.
func (r *pngRows) paintPalette(into []uint8, row []byte) {
	for x := range r.width {
		i := int(row[x*int(r.depth)/8])
		if r.depth < 8 {
			i = bitsAt(row, x, r.depth)
		}
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2], p[3] = 0, 0, 0, 255
		if 3*i+3 <= len(r.palette) {
			copy(p, r.palette[3*i:3*i+3])
		}
		if i < len(r.transparent) {
			p[3] = r.transparent[i]
		}
	}
}

// paintTransparent makes the pixels transparent that have the one color which stands for that.
func (r *pngRows) paintTransparent(into []uint8, row []byte) {
	for x := range r.width {
		same := true
		for c := range r.channels {
			want := int(binary.BigEndian.Uint16(r.transparent[2*c:]))
			var have int
			switch i := x*r.channels + c; r.depth {
			case 16:
				have = int(binary.BigEndian.Uint16(row[2*i:]))
			case 8:
				have = int(row[i])
			default:
				have = bitsAt(row, i, r.depth)
			}
			same = same && have == want
		}
		if same {
			into[4*x+3] = 0
		}
	}
}

// pngSequence is the rows of an image that is not interlaced.
type pngSequence struct {
	*pngRows
	ahead bool // the current row was read before it was asked for
}

// sequential reads the first row, because without one there is no picture.
func (r *pngRows) sequential() (source, error) {
	r.begin(r.frame.X)
	if !r.next() {
		return nil, ErrDamaged
	}
	return &pngSequence{r, true}, nil
}

func (s *pngSequence) size() image.Point { return s.frame }

func (s *pngSequence) row(into []uint8) {
	if s.ahead || s.next() {
		s.ahead = false
		s.paint(into)
		return
	}
	s.paintMissing(into)
}

// paintMissing paints rows that a file does not have any more: gray, or transparent where pixels can be.
func (r *pngRows) paintMissing(into []uint8) {
	if r.hasAlpha() {
		clear(into)
		return
	}
	for i := range into {
		into[i] = 128 | uint8(i%4/3*127)
	}
}

// deinterlace reads the seven passes of an interlaced image. Each pixel is painted as large as the later
// passes leave it alone, so that a file that ends early is coarse and not full of holes.
func (r *pngRows) deinterlace(ctx context.Context) (source, error) {
	c := newCanvas(r.frame.X, r.frame.Y)
	r.paintMissing(c.pix)
	line := make([]uint8, 4*r.frame.X)
	rows := 0
	for _, p := range [7]struct{ x, y, stepX, stepY, wide, tall int }{
		{0, 0, 8, 8, 8, 8}, {4, 0, 8, 8, 4, 8}, {0, 4, 4, 8, 4, 4}, {2, 0, 4, 4, 2, 4}, {0, 2, 2, 4, 2, 2}, {1, 0, 2, 2, 1, 2}, {0, 1, 1, 2, 1, 1},
	} {
		width := ceilDiv(c.width-p.x, p.stepX)
		if width <= 0 || c.height <= p.y {
			continue
		}
		r.begin(width)
		for y := p.y; y < c.height && r.next(); y += p.stepY {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			r.paint(line)
			rows++
			for x := range width {
				left := p.x + x*p.stepX
				right, bottom := min(left+p.wide, c.width), min(y+p.tall, c.height)
				for ; left < right; left++ {
					copy(c.pix[4*(y*c.width+left):], line[4*x:4*x+4])
				}
				left = p.x + x*p.stepX
				for below := y + 1; below < bottom; below++ {
					copy(c.pix[4*(below*c.width+left):], c.pix[4*(y*c.width+left):4*(y*c.width+right)])
				}
			}
		}
	}
	if rows == 0 {
		return nil, ErrDamaged
	}
	return c, nil
}
