package photo

import "image"

// source is a picture that is read row by row from the top, so that no more of it is kept than its format
// needs.
type source interface {
	size() image.Point
	// row writes the next row, four bytes for each pixel: red, green, blue and alpha, which is not
	// premultiplied, or cyan, magenta, yellow and black if the header says so.
	row(into []uint8)
}

// placed is a picture on a larger canvas, which is transparent around it.
type placed struct {
	source
	canvas image.Point
	at     image.Point
	y      int
}

// place puts a picture on a canvas.
func place(s source, canvas, at image.Point) source {
	if s.size() == canvas && at == (image.Point{}) {
		return s
	}
	return &placed{source: s, canvas: canvas, at: at}
}

func (p *placed) size() image.Point { return p.canvas }

func (p *placed) row(into []uint8) {
	clear(into)
	if size := p.source.size(); p.y >= p.at.Y && p.y < p.at.Y+size.Y {
		p.source.row(into[4*p.at.X : 4*(p.at.X+size.X)])
	}
	p.y++
}

// canvas is a picture in memory.
type canvas struct {
	width, height, y int
	pix              []uint8
}

func newCanvas(width, height int) *canvas {
	return &canvas{width: width, height: height, pix: make([]uint8, 4*width*height)}
}

func (c *canvas) size() image.Point { return image.Pt(c.width, c.height) }

func (c *canvas) row(into []uint8) {
	copy(into, c.pix[4*c.width*c.y:])
	c.y++
}

// premultiply changes a row for shrinker, which would otherwise give transparent pixels a color.
func premultiply(row []uint8) {
	for i := 3; i < len(row); i += 4 {
		if a := uint32(row[i]); a != 255 {
			p := row[i-3 : i : i]
			p[0], p[1], p[2] = uint8((uint32(p[0])*a+127)/255), uint8((uint32(p[1])*a+127)/255), uint8((uint32(p[2])*a+127)/255)
		}
	}
}
