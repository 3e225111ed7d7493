package photo

import (
	"encoding/binary"
	"math"
	"slices"
)

// iccProfile is an ICC profile. Only what turns colors into XYZ is read of it.
type iccProfile struct {
	space, pcs string
	tags       map[string][]byte
}

// readProfile returns nothing for a malformed profile. What is wrong in a tag is found out when it is used.
func readProfile(data []byte) (p iccProfile, ok bool) {
	const head, entry, maxTags = 128, 12, 100
	if len(data) < head+4 || string(data[36:40]) != "acsp" {
		return p, false
	}
	p = iccProfile{space: string(data[16:20]), pcs: string(data[20:24]), tags: map[string][]byte{}}
	count := binary.BigEndian.Uint32(data[head:])
	if count > maxTags || len(data) < head+4+entry*int(count) {
		return p, false
	}
	for i := range int(count) {
		t := data[head+4+entry*i:]
		at, size := uint64(binary.BigEndian.Uint32(t[4:])), uint64(binary.BigEndian.Uint32(t[8:]))
		if size >= 8 && at+size <= uint64(len(data)) {
			p.tags[string(t[:4])] = data[at : at+size]
		}
	}
	return p, p.pcs == "XYZ " || p.pcs == "Lab "
}

// profileMap returns the map of a profile for one of these color spaces; nil if the profile is sRGB, or
// malformed, or for another space, as browsers do.
func profileMap(data []byte, spaces ...string) colorMap {
	if len(data) > maxProfile {
		return nil
	}
	p, ok := readProfile(data)
	if !ok || !slices.Contains(spaces, p.space) {
		return nil
	}
	if p.space == "GRAY" {
		return p.gray()
	}
	if m := p.table(); m != nil {
		return m
	}
	if p.space == "RGB " && p.pcs == "XYZ " {
		return p.matrix()
	}
	return nil
}

func (p iccProfile) matrix() colorMap {
	var curves [3]curve
	var m matrix
	for j, c := range []string{"r", "g", "b"} {
		xyz, f := p.tags[c+"XYZ"], p.curve(c+"TRC")
		if len(xyz) < 20 || f == nil {
			return nil
		}
		for i := range 3 {
			m[i][j] = fixed(xyz[8+4*i:])
		}
		curves[j] = f
	}
	return matrixMap(curves, m)
}

func (p iccProfile) gray() colorMap {
	f := p.curve("kTRC")
	if f == nil || p.pcs != "XYZ " {
		return nil
	}
	return matrixMap([3]curve{f, f, f}, sRGBAsXYZ)
}

func (p iccProfile) curve(tag string) curve {
	f, _ := readCurve(p.tags[tag])
	return f
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// readCurve returns a curve and its size in bytes; nil if it is malformed.
func readCurve(b []byte) (curve, int) {
	if len(b) < 12 {
		return nil, 0
	}
	switch string(b[:4]) {
	case "curv":
		return sampledCurve(b)
	case "para":
		return parametricCurve(b)
	}
	return nil, 0
}

func sampledCurve(b []byte) (curve, int) {
	n := binary.BigEndian.Uint32(b[8:])
	size := 12 + 2*uint64(n)
	if size > uint64(len(b)) {
		return nil, 0
	}
	samples := b[12:size]
	switch n {
	case 0:
		return func(v float64) float64 { return v }, int(size)
	case 1:
		return gammaCurve(float64(binary.BigEndian.Uint16(samples)) / 256), int(size)
	}
	return func(v float64) float64 {
		place, last := max(0, min(1, v))*float64(n-1), int(n-1)
		i := min(int(place), last-1)
		low, high := binary.BigEndian.Uint16(samples[2*i:]), binary.BigEndian.Uint16(samples[2*i+2:])
		return (float64(low) + (place-float64(i))*(float64(high)-float64(low))) / 65535
	}, int(size)
}

func parametricCurve(b []byte) (curve, int) {
	kind := binary.BigEndian.Uint16(b[8:])
	if kind > 4 {
		return nil, 0
	}
	count := []int{1, 3, 4, 5, 7}[kind]
	if len(b) < 12+4*count {
		return nil, 0
	}
	var n [7]float64
	for i := range count {
		n[i] = fixed(b[12+4*i:])
	}
	g, a, b0, c, d, e, f := n[0], n[1], n[2], n[3], n[4], n[5], n[6]
	switch kind {
	case 0:
		a, d = 1, -1
	case 1, 2: // below where the power is 0 it is constant
		c, d, e, f = 0, -b0/a, c, c
	}
	return func(v float64) float64 {
		if v >= d {
			return math.Pow(max(0, a*v+b0), g) + e
		}
		return c*v + f
	}, 12 + 4*count
}
