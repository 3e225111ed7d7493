package photo

import (
	"image"
	"image/color"
	"math"
)

// transform turns the coefficients of blocks into samples: an inverse DCT of 1, 2, 4 or 8 points.
type transform struct {
	basis [4][8][8]float32 // by the logarithm of the points: of coefficient u at x
}

func newTransform() *transform {
	t := new(transform)
	for log := range t.basis {
		points := 1 << log
		for u := range points {
			for x := range points {
				t.basis[log][u][x] = float32(math.Cos(float64((2*x+1)*u)*math.Pi/float64(2*points)) / 2)
				if u == 0 {
					t.basis[log][u][x] = float32(math.Sqrt(1. / 8))
				}
			}
		}
	}
	return t
}

func (t *transform) of(points int) *[8][8]float32 {
	return &t.basis[[9]int{2: 1, 4: 2, 8: 3}[points]]
}

// inverse writes the samples of a block. It is flat if all coefficients but the first are zero.
func (t *transform) inverse(c *component, block []int16, flat bool, pix []uint8, stride int) {
	if flat {
		v := sample(float32(block[0]) * c.scale[0] / 8)
		for y := range c.ky {
			for x := range c.kx {
				pix[y*stride+x] = v
			}
		}
		return
	}
	var half [8][8]float32 // rows of samples down, coefficients across
	down, across := t.of(c.ky), t.of(c.kx)
	for u := range c.kx {
		top := float32(block[u]) * c.scale[u] * down[0][0]
		for y := range c.ky {
			half[y][u] = top
		}
		for v := 1; v < c.ky; v++ {
			at := v*c.kx + u
			if block[at] == 0 {
				continue
			}
			f := float32(block[at]) * c.scale[at]
			for y := range c.ky {
				half[y][u] += f * down[v][y]
			}
		}
	}
	for y := range c.ky {
		row, into := &half[y], pix[y*stride:y*stride+c.kx]
		if c.kx == 1 {
			into[0] = sample(row[0] * across[0][0])
			continue
		}
		for x := range c.kx / 2 { // the functions of even u are symmetric, the others antisymmetric
			var even, odd float32
			for u := 0; u < c.kx; u += 2 {
				even += row[u&7] * across[u&7][x&7]
				odd += row[(u+1)&7] * across[(u+1)&7][x&7]
			}
			into[x], into[c.kx-1-x] = sample(even+odd), sample(even-odd)
		}
	}
}

// sample returns a value of the transform as a sample, which is never negative.
func sample(v float32) uint8 {
	return uint8(max(0, min(255, v+128.5)))
}

// jpegRows is a decoded JPEG.
type jpegRows struct {
	d     *jpegDecoder
	wide  image.Point
	y     int
	steps [4]step
	line  [4][]uint8
	paint func(r *jpegRows, into []uint8)
}

// step is how far a channel goes on for a pixel: by a half if across is 1 and acrossOf is 2.
type step struct{ across, acrossOf, down, downOf int }

func newJPEGRows(d *jpegDecoder, eighths int) *jpegRows {
	r := &jpegRows{d: d, wide: image.Pt(ceilDiv(d.width*eighths, 8), ceilDiv(d.height*eighths, 8))}
	hMost, vMost := 1, 1
	for _, c := range d.comps {
		hMost, vMost = max(hMost, c.h), max(vMost, c.v)
	}
	for i, c := range d.comps {
		r.steps[i] = step{c.h * c.kx, hMost * eighths, c.v * c.ky, vMost * eighths}
		r.line[i] = make([]uint8, r.wide.X)
	}
	switch {
	case len(d.comps) == 1:
		r.paint = (*jpegRows).paintGray
	case len(d.comps) == 4 && d.adobe > 0:
		r.paint = (*jpegRows).paintYCCK
	case len(d.comps) == 4:
		r.paint = (*jpegRows).paintCMYK
	case d.isRGB():
		r.paint = (*jpegRows).paintRGB
	default:
		r.paint = (*jpegRows).paintYCbCr
	}
	return r
}

func (r *jpegRows) size() image.Point { return r.wide }

func (r *jpegRows) row(into []uint8) {
	for i := range r.d.comps {
		c := &r.d.comps[i]
		s, width := r.steps[i], c.stride*c.kx
		y := r.y * s.down / s.downOf
		if r.d.progressive {
			if y/c.ky != c.pixRow {
				r.d.reconstruct(c, y/c.ky)
			}
			y %= c.ky
		}
		from := c.pix[y*width : (y+1)*width]
		if s.across == s.acrossOf {
			copy(r.line[i], from)
			continue
		}
		for x := range r.line[i] {
			r.line[i][x] = from[x*s.across/s.acrossOf]
		}
	}
	r.y++
	r.paint(r, into)
}

// reconstruct makes the samples of one row of blocks of a progressive image.
func (d *jpegDecoder) reconstruct(c *component, y int) {
	c.pixRow = y
	size, width := c.kx*c.ky, c.stride*c.kx
	for x := range c.stride {
		at := y*c.stride + x
		d.idct.inverse(c, c.coefficients[at*size:at*size+size], c.nonZero[at] == 0, c.pix[x*c.kx:], width)
	}
}

func (r *jpegRows) paintGray(into []uint8) {
	for x, v := range r.line[0] {
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2], p[3] = v, v, v, 255
	}
}

func (r *jpegRows) paintYCbCr(into []uint8) {
	cb, cr := r.line[1], r.line[2]
	for x, y := range r.line[0] {
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2] = color.YCbCrToRGB(y, cb[x], cr[x])
		p[3] = 255
	}
}

func (r *jpegRows) paintRGB(into []uint8) {
	for x, v := range r.line[0] {
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2], p[3] = v, r.line[1][x], r.line[2][x], 255
	}
}

// paintCMYK takes 255 for no ink, which is what Adobe writes and what browsers expect without Adobe's mark
// too. The rows have it the other way round.
func (r *jpegRows) paintCMYK(into []uint8) {
	for x, v := range r.line[0] {
		p := into[4*x : 4*x+4]
		p[0], p[1], p[2], p[3] = 255-v, 255-r.line[1][x], 255-r.line[2][x], 255-r.line[3][x]
	}
}

func (r *jpegRows) paintYCCK(into []uint8) {
	r.paintYCbCr(into)
	for x, k := range r.line[3] {
		into[4*x+3] = 255 - k
	}
}
