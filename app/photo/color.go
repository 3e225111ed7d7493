package photo

import (
	"image"
	"math"
)

// The profile of an upload is applied and not kept: photos are served as sRGB. Then they look the same in
// programs that know no profiles, a photo is never larger for its profile, and no byte that somebody sent
// reaches another browser. What it costs is the colors of a wide-gamut photo that sRGB does not have.

// colorMap turns a color into sRGB: three or four channels in, three out.
type colorMap func(p *[4]uint8)

// apply turns the colors of a picture into sRGB. Its pixels are premultiplied, or inks.
func (m colorMap) apply(picture *image.RGBA, inks bool) {
	for i := 0; i+4 <= len(picture.Pix); i += 4 {
		p := (*[4]uint8)(picture.Pix[i:])
		alpha := uint32(p[3])
		switch {
		case inks:
			m(p)
			p[3] = 255
		case alpha == 255:
			m(p)
		case alpha > 0:
			for c := range 3 {
				p[c] = uint8(min(255, (uint32(p[c])*255+alpha/2)/alpha))
			}
			m(p)
			for c := range 3 {
				p[c] = uint8((uint32(p[c])*alpha + 127) / 255)
			}
		}
	}
}

// naiveInks is how browsers show inks without a profile.
func naiveInks(p *[4]uint8) {
	for c := range 3 {
		p[c] = uint8(((255-uint32(p[c]))*(255-uint32(p[3])) + 127) / 255)
	}
}

// matrix is in rows.
type matrix [3][3]float64

func (m matrix) times(v [3]float64) (out [3]float64) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func (m matrix) multiply(n matrix) (out matrix) {
	for i := range 3 {
		for j := range 3 {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j] + m[i][2]*n[2][j]
		}
	}
	return out
}

// inverse has no numbers if there is none.
func (m matrix) inverse() (out matrix) {
	minor := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	det := m[0][0]*minor(0, 0) + m[0][1]*minor(0, 1) + m[0][2]*minor(0, 2)
	for i := range 3 {
		for j := range 3 {
			out[j][i] = minor(i, j) / det
		}
	}
	return out
}

// primaries are the chromaticities of red, green, blue and white.
type primaries [4][2]float64

var (
	whiteD65     = [2]float64{.3127, .3290}
	sRGBPrimary  = primaries{{.64, .33}, {.30, .60}, {.15, .06}, whiteD65}
	sRGBAsXYZ    = matrix{{.436065674, .385147095, .143066406}, {.222488403, .716873169, .060607910}, {.013916016, .097076416, .714096069}} // relative to D50, as in sRGB's own profile
	whiteD50     = [3]float64{.9642, 1, .8249}
	bradfordCone = matrix{{.8951, .2664, -.1614}, {-.7502, 1.7135, .0367}, {.0389, -.0685, 1.0296}}
)

// asXYZ returns the matrix from linear RGB to XYZ relative to D50.
func (p primaries) asXYZ() matrix {
	xyz := func(c [2]float64) [3]float64 { return [3]float64{c[0] / c[1], 1, (1 - c[0] - c[1]) / c[1]} }
	var m matrix
	for j := range 3 {
		for i, v := range xyz(p[j]) {
			m[i][j] = v
		}
	}
	white := xyz(p[3])
	amount := m.inverse().times(white)
	for i := range 3 {
		for j := range 3 {
			m[i][j] *= amount[j]
		}
	}
	from, to := bradfordCone.times(white), bradfordCone.times(whiteD50)
	var adapt matrix
	for i := range 3 {
		adapt[i][i] = to[i] / from[i]
	}
	return bradfordCone.inverse().multiply(adapt).multiply(bradfordCone).multiply(m)
}

// curve turns a value from 0 to 1 into a linear one.
type curve func(float64) float64

func sRGBCurve(v float64) float64 {
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}

func gammaCurve(gamma float64) curve {
	return func(v float64) float64 { return math.Pow(v, gamma) }
}

// fromLinear is a table from linear values to those of sRGB.
type fromLinear [1<<14 + 1]uint8

func newFromLinear() *fromLinear {
	t := new(fromLinear)
	for i := range t {
		v := float64(i) / (1 << 14)
		if v = v * 12.92; v > .04045 {
			v = 1.055*math.Pow(v/12.92, 1/2.4) - .055
		}
		t[i] = uint8(v*255 + .5)
	}
	return t
}

func (t *fromLinear) of(v float64) uint8 {
	if !(v > 0) { // also if it is not a number
		return 0
	}
	return t[int(min(v, 1)*(1<<14)+.5)]
}

// matrixMap is a map for colors that a curve for each channel makes linear, and a matrix XYZ. It is nil if
// that is sRGB, or no more than a rounding away from it.
func matrixMap(curves [3]curve, m matrix) colorMap {
	toLinear := sRGBAsXYZ.inverse().multiply(m)
	var tables [3][256]float64
	for c, f := range curves {
		for i := range tables[c] {
			tables[c][i] = f(float64(i) / 255)
		}
	}
	out := newFromLinear()
	apply := func(p *[4]uint8) {
		v := toLinear.times([3]float64{tables[0][p[0]], tables[1][p[1]], tables[2][p[2]]})
		p[0], p[1], p[2] = out.of(v[0]), out.of(v[1]), out.of(v[2])
	}
	for r := 0; r < 256; r += 17 {
		for g := 0; g < 256; g += 17 {
			for b := 0; b < 256; b += 17 {
				p := [4]uint8{uint8(r), uint8(g), uint8(b)}
				apply(&p)
				if abs(int(p[0])-r) > 1 || abs(int(p[1])-g) > 1 || abs(int(p[2])-b) > 1 {
					return apply
				}
			}
		}
	}
	return nil
}

// fromXYZ returns a function from XYZ relative to D50 to sRGB.
func fromXYZ() func(xyz [3]float64, p *[4]uint8) {
	toLinear, out := sRGBAsXYZ.inverse(), newFromLinear()
	return func(xyz [3]float64, p *[4]uint8) {
		v := toLinear.times(xyz)
		p[0], p[1], p[2] = out.of(v[0]), out.of(v[1]), out.of(v[2])
	}
}

func labToXYZ(l, a, b float64) (xyz [3]float64) {
	y := (l + 16) / 116
	for i, f := range [3]float64{y + a/500, y, y - b/200} {
		if f > 6./29 {
			xyz[i] = whiteD50[i] * f * f * f
		} else {
			xyz[i] = whiteD50[i] * (f - 16./116) * 108 / 841
		}
	}
	return xyz
}
