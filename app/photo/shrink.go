package photo

import (
	"image"
	"math"
)

// shrinker scales a part of a picture down. Every new pixel is the mean of the area that it covers, so
// fine patterns do not alias. It takes one row at a time, because the usual resamplers keep a copy of the
// whole picture in floats, ten times its size. It never enlarges. Colors are averaged premultiplied, so
// that transparent pixels have none.
type shrinker struct {
	part   image.Rectangle
	dst    *image.RGBA
	narrow []float32 // one row of the source, scaled to the width of the result
	sum    []float32 // of the rows that make up the current row of the result
	spans  []span
	tall   float64 // rows of the source for one of the result
	y      int     // of the result
}

func newShrinker(part image.Rectangle, width, height int) *shrinker {
	return &shrinker{
		part:   part,
		dst:    image.NewRGBA(image.Rect(0, 0, width, height)),
		narrow: make([]float32, 4*width),
		sum:    make([]float32, 4*width),
		spans:  spansFor(part.Dx(), width),
		tall:   float64(part.Dy()) / float64(height),
	}
}

// add takes the next row of the whole picture, four bytes for each pixel.
func (s *shrinker) add(y int, row []uint8) {
	if y < s.part.Min.Y || y >= s.part.Max.Y {
		return
	}
	averageRow(s.narrow, row[4*s.part.Min.X:4*s.part.Max.X], s.spans)
	y -= s.part.Min.Y
	for top := float64(y); s.y < s.dst.Rect.Dy(); s.y++ {
		end := math.Min(float64(s.y+1)*s.tall, float64(y+1))
		addRow(s.sum, s.narrow, float32((end-top)/s.tall))
		if float64(s.y+1)*s.tall > float64(y+1)+1e-9 {
			return // the rest of this row comes from the source rows below
		}
		writeRow(s.dst.Pix[s.y*s.dst.Stride:], s.sum)
		top = end
	}
}

// finish returns the result.
func (s *shrinker) finish() *image.RGBA {
	if s.y < s.dst.Rect.Dy() { // left over by rounding
		writeRow(s.dst.Pix[s.y*s.dst.Stride:], s.sum)
	}
	return s.dst
}

// span is the pixels of a row that make up one new pixel, and the weights of the outer two.
type span struct {
	from, to    int // inclusive
	first, last float32
	scale       float32
}

func spansFor(from, to int) []span {
	spans := make([]span, to)
	wide := float64(from) / float64(to)
	for i := range spans {
		start, end := float64(i)*wide, float64(i+1)*wide
		a, b := int(start+1e-9), min(int(math.Ceil(end-1e-9))-1, from-1)
		s := span{from: a, to: b, first: float32(float64(a+1) - start), last: float32(end - float64(b)), scale: float32(1 / wide)}
		if a == b {
			s.first, s.last = float32(wide), 0
		}
		spans[i] = s
	}
	return spans
}

// averageRow scales one row of pixels to the width of the result.
func averageRow(into []float32, pix []uint8, spans []span) {
	for i, s := range spans {
		p := pix[4*s.from : 4*s.to+4]
		r, g, b, a := float32(p[0])*s.first, float32(p[1])*s.first, float32(p[2])*s.first, float32(p[3])*s.first
		if s.to > s.from {
			var ri, gi, bi, ai int
			end := len(p) - 4
			for k := 4; k < end; k += 4 {
				q := p[k : k+4 : k+4]
				ri, gi, bi, ai = ri+int(q[0]), gi+int(q[1]), bi+int(q[2]), ai+int(q[3])
			}
			r += float32(ri) + float32(p[end])*s.last
			g += float32(gi) + float32(p[end+1])*s.last
			b += float32(bi) + float32(p[end+2])*s.last
			a += float32(ai) + float32(p[end+3])*s.last
		}
		q := into[4*i : 4*i+4 : 4*i+4]
		q[0], q[1], q[2], q[3] = r*s.scale, g*s.scale, b*s.scale, a*s.scale
	}
}

func addRow(sum, row []float32, weight float32) {
	for i, v := range row {
		sum[i] += v * weight
	}
}

// writeRow writes the means of one row of the result, and clears sum for the next.
func writeRow(pix []uint8, sum []float32) {
	for i, v := range sum {
		pix[i] = uint8(min(v+0.5, 255))
	}
	clear(sum)
}

// applyOrientation rotates and mirrors an image as EXIF's orientation requires.
func applyOrientation(m *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	right, bottom := w-1, h-1
	if orientation >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch orientation {
			case 2: // mirrored
				sx = right - x
			case 3: // rotated by 180 degrees
				sx, sy = right-x, bottom-y
			case 4: // rotated by 180 degrees and mirrored
				sy = bottom - y
			case 5: // transposed
				sx, sy = y, x
			case 6: // needs a rotation to the right
				sx, sy = y, bottom-x
			case 7: // transversed
				sx, sy = right-y, bottom-x
			case 8: // needs a rotation to the left
				sx, sy = right-y, x
			}
			copy(out.Pix[out.PixOffset(x, y):], m.Pix[m.PixOffset(sx, sy):][:4])
		}
	}
	return out
}
