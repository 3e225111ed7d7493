package photo

import "encoding/binary"

// table is a map with a grid of colors, as profiles of printers and scanners have it.
type table struct {
	inputs, outputs []curve
	grid            []int  // points in each dimension
	points          []byte // of one or two bytes, three for each place in the grid
	width           int    // bytes of a number
	middle          []curve
	matrix          *matrix
	offset          [3]float64
}

// table returns the map of a profile that has a grid; nil if it has none.
func (p iccProfile) table() colorMap {
	data := p.tags["A2B0"]
	if len(data) < 32 {
		return nil
	}
	var t *table
	scale := [3]float64{100, 255, 255} // of Lab; the legacy kind with 16 bits ends at 0xff00
	switch string(data[:4]) {
	case "mft1":
		t = readTable8(data)
	case "mft2":
		t = readTable16(data)
		for i := range scale {
			scale[i] *= 65535. / 65280
		}
	case "mAB ":
		t = readTableAB(data)
	}
	if t == nil || len(t.inputs) != map[string]int{"RGB ": 3, "CMYK": 4}[p.space] {
		return nil
	}
	finish := fromXYZ()
	return func(c *[4]uint8) {
		v := t.look(c)
		if p.pcs == "Lab " {
			v = labToXYZ(v[0]*scale[0], v[1]*scale[1]-128, v[2]*scale[2]-128)
		} else {
			for i := range v {
				v[i] *= 1 + 32767./32768
			}
		}
		finish(v, c)
	}
}

// look returns the color of a pixel in the encoding of the profile.
func (t *table) look(c *[4]uint8) (v [3]float64) {
	var in [4]float64
	for i, f := range t.inputs {
		in[i] = unit(f(float64(c[i]) / 255))
	}
	if t.points != nil {
		v = t.interpolate(in)
	} else {
		v = [3]float64(in[:3])
	}
	for i, f := range t.middle {
		v[i] = unit(f(unit(v[i])))
	}
	if t.matrix != nil {
		v = t.matrix.times(v)
		for i := range v {
			v[i] += t.offset[i]
		}
	}
	for i, f := range t.outputs {
		v[i] = f(unit(v[i]))
	}
	return v
}

// unit returns 0 for what is not a number.
func unit(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, 1)
}

// interpolate takes the mean of the corners around a place in the grid.
func (t *table) interpolate(in [4]float64) (v [3]float64) {
	var low, stride [4]int
	var part [4]float64
	step := 3
	for i := len(t.grid) - 1; i >= 0; i-- {
		place := in[i] * float64(t.grid[i]-1)
		low[i] = min(int(place), t.grid[i]-2)
		part[i] = place - float64(low[i])
		stride[i] = step
		step *= t.grid[i]
	}
	for corner := range 1 << len(t.grid) {
		weight, at := 1., 0
		for i := range t.grid {
			if corner>>i&1 == 1 {
				weight *= part[i]
				at += (low[i] + 1) * stride[i]
			} else {
				weight *= 1 - part[i]
				at += low[i] * stride[i]
			}
		}
		if weight == 0 {
			continue
		}
		for i := range v {
			if t.width == 1 {
				v[i] += weight * float64(t.points[at+i]) / 255
			} else {
				v[i] += weight * float64(binary.BigEndian.Uint16(t.points[2*(at+i):])) / 65535
			}
		}
	}
	return v
}

// readTable8 reads a table of bytes: curves of 256 points, a grid, and curves again.
func readTable8(b []byte) *table {
	if len(b) < 48 {
		return nil
	}
	return readTable(b, b[48:], 256, 256, 1)
}

func readTable16(b []byte) *table {
	if len(b) < 52 {
		return nil
	}
	return readTable(b, b[52:], int(binary.BigEndian.Uint16(b[48:])), int(binary.BigEndian.Uint16(b[50:])), 2)
}

func readTable(b, rest []byte, inPoints, outPoints, width int) *table {
	channels, out, side := int(b[8]), int(b[9]), int(b[10])
	if (channels != 3 && channels != 4) || out != 3 || side < 2 || inPoints < 2 || outPoints < 2 {
		return nil
	}
	t := &table{width: width}
	size := 3 * width
	for range channels {
		t.grid = append(t.grid, side)
		size *= side
	}
	if len(rest) < channels*inPoints*width+size+3*outPoints*width {
		return nil
	}
	t.inputs, rest = pointCurves(rest, channels, inPoints, width)
	t.points, rest = rest[:size], rest[size:]
	t.outputs, _ = pointCurves(rest, 3, outPoints, width)
	return t
}

// pointCurves reads curves that are nothing but points.
func pointCurves(b []byte, count, points, width int) (list []curve, rest []byte) {
	for range count {
		own := b[:points*width]
		b = b[points*width:]
		at := func(i int) float64 {
			if width == 1 {
				return float64(own[i]) / 255
			}
			return float64(binary.BigEndian.Uint16(own[2*i:])) / 65535
		}
		list = append(list, func(v float64) float64 {
			place := v * float64(points-1)
			i := min(int(place), points-2)
			return at(i) + (place-float64(i))*(at(i+1)-at(i))
		})
	}
	return list, b
}

// readTableAB reads a table of version 4: up to three sets of curves, a grid and a matrix, at offsets.
func readTableAB(b []byte) *table {
	channels, out := int(b[8]), int(b[9])
	if (channels != 3 && channels != 4) || out != 3 {
		return nil
	}
	offset := func(i int) []byte {
		at := uint64(binary.BigEndian.Uint32(b[12+4*i:]))
		if at == 0 || at > uint64(len(b)) {
			return nil
		}
		return b[at:]
	}
	t := &table{}
	if t.outputs = curvesAt(offset(0), 3); t.outputs == nil {
		return nil
	}
	if m := offset(1); len(m) >= 48 {
		t.matrix = new(matrix)
		for i := range 9 {
			t.matrix[i/3][i%3] = fixed(m[4*i:])
		}
		for i := range 3 {
			t.offset[i] = fixed(m[36+4*i:])
		}
		if t.middle = curvesAt(offset(2), 3); t.middle == nil {
			return nil
		}
	}
	grid := offset(3)
	if grid == nil {
		if channels != 3 {
			return nil
		}
		same := func(v float64) float64 { return v }
		t.inputs = []curve{same, same, same}
		return t
	}
	if t.inputs = curvesAt(offset(4), channels); t.inputs == nil || len(grid) < 20 {
		return nil
	}
	t.width = int(grid[16])
	if t.width != 1 && t.width != 2 {
		return nil
	}
	size := uint64(3 * t.width)
	for _, side := range grid[:channels] {
		if side < 2 {
			return nil
		}
		t.grid = append(t.grid, int(side))
		size *= uint64(side)
	}
	if size > uint64(len(grid)-20) {
		return nil
	}
	t.points = grid[20 : 20+size]
	return t
}

// curvesAt reads curves that follow each other, each at a multiple of four bytes.
func curvesAt(b []byte, count int) (list []curve) {
	for range count {
		f, size := readCurve(b)
		if f == nil {
			return nil
		}
		list = append(list, f)
		b = b[min(len(b), (size+3)/4*4):]
	}
	return list
}
