package photo

import (
	"image"
	"image/draw"
	"math"
)

// shrink scales a part of an image down. Every new pixel is the mean of the area that it covers, so
// fine patterns do not alias. It reads one row at a time, because the usual resamplers keep a copy of
// the whole image in floats, ten times its size. It never enlarges. Colors are averaged
// premultiplied, so that transparent pixels have none.
func shrink(src image.Image, part image.Rectangle, width, height int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	row := image.NewRGBA(image.Rect(0, 0, part.Dx(), 1))
	narrow := make([]float32, 4*width) // one row of the source, scaled to the width of the result
	sum := make([]float32, 4*width)    // of the rows that make up the current row of the result
	spans := spansFor(part.Dx(), width)
	tall := float64(part.Dy()) / float64(height)
	y := 0
	for sy := range part.Dy() {
		draw.Draw(row, row.Rect, src, image.Pt(part.Min.X, part.Min.Y+sy), draw.Src)
		averageRow(narrow, row.Pix, spans)
		for top := float64(sy); y < height; y++ {
			end := math.Min(float64(y+1)*tall, float64(sy+1))
			addRow(sum, narrow, float32((end-top)/tall))
			if float64(y+1)*tall > float64(sy+1)+1e-9 {
				break // the rest of this row comes from the source rows below
			}
			writeRow(dst.Pix[y*dst.Stride:], sum)
			top = end
		}
	}
	if y < height { // left over by rounding
		writeRow(dst.Pix[y*dst.Stride:], sum)
	}
	return dst
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
	for i := 0; i < len(sum); i += 4 {
		alpha := roundColour(sum[i+3], 255)
		pix[i], pix[i+1], pix[i+2], pix[i+3] = roundColour(sum[i], alpha), roundColour(sum[i+1], alpha), roundColour(sum[i+2], alpha), alpha
	}
	clear(sum)
}

// roundColour rounds, and keeps a premultiplied color within its alpha.
func roundColour(v float32, most uint8) uint8 {
	return min(uint8(min(v+0.5, 255)), most)
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
