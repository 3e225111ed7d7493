package photo

import (
	"encoding/binary"
	"math"
)

// colors returns the map of the chunks about colors, in the order in which browsers believe them.
func (f *pngFile) colors() colorMap {
	spaces := []string{"RGB "}
	if f.color == 0 || f.color == 4 {
		spaces = []string{"GRAY", "RGB "}
	}
	if m, ok := codedColors(f.cicp); ok {
		return m
	}
	switch {
	case f.packedProfile != nil:
		return profileMap(inflateProfile(f.packedProfile), spaces...)
	case f.isSRGB || len(f.gamma) != 4:
		return nil
	}
	gamma := float64(binary.BigEndian.Uint32(f.gamma)) / 100_000
	if gamma == 0 {
		return nil
	}
	primary := sRGBPrimary
	if len(f.chroma) == 32 {
		for i, c := range [4]int{3, 0, 1, 2} { // white comes first
			for k := range 2 {
				primary[c][k] = float64(binary.BigEndian.Uint32(f.chroma[8*i+4*k:])) / 100_000
			}
		}
	} else if math.Abs(gamma*2.2-1) < .05 { // what stands for sRGB where sRGB cannot be said
		return nil
	}
	power := gammaCurve(1 / gamma)
	return matrixMap([3]curve{power, power, power}, primary.asXYZ())
}

// codedColors returns the map of a cICP chunk, which names color spaces by the numbers of ITU-T H.273.
func codedColors(body []byte) (m colorMap, ok bool) {
	if len(body) != 4 || body[2] != 0 || body[3] != 1 {
		return nil, false
	}
	primary, known := map[byte]primaries{
		1:  sRGBPrimary,
		9:  {{.708, .292}, {.170, .797}, {.131, .046}, whiteD65}, // BT.2020
		12: {{.680, .320}, {.265, .690}, {.150, .060}, whiteD65}, // Display P3
	}[body[0]]
	f := map[byte]curve{1: gammaCurve(2.4), 4: gammaCurve(2.2), 5: gammaCurve(2.8), 6: gammaCurve(2.4), 8: gammaCurve(1), 13: sRGBCurve, 14: gammaCurve(2.4), 15: gammaCurve(2.4), 16: pqCurve}[body[1]]
	if !known || f == nil {
		return nil, false
	}
	return matrixMap([3]curve{f, f, f}, primary.asXYZ()), true
}

// pqCurve is that of BT.2100 for up to 10,000 nits. White is 203 of them, as in BT.2408; what is brighter
// is white too.
func pqCurve(v float64) float64 {
	const c1, c2, c3, m1, m2 = 3424. / 4096, 2413. / 128, 2392. / 128, 2610. / 16384, 2523. / 32
	p := math.Pow(v, 1/m2)
	return math.Pow(max(0, p-c1)/(c2-c3*p), 1/m1) * 10_000 / 203
}
