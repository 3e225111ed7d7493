package photo

import (
	"bytes"
	"compress/lzw"
	"context"
	"encoding/binary"
	"image"
	"io"
)

// gifFile is the first frame of a GIF.
type gifFile struct {
	canvas, frame, at image.Point
	palette           []byte
	transparent       int // the index of the transparent color, -1 if there is none
	interlaced        bool
	codeSize          int
	coded             []byte // blocks of pixels, to the end of the file
}

// readGIF walks over the blocks up to the pixels of the first frame.
func readGIF(data []byte) (f gifFile, err error) {
	if len(data) < 13 {
		return f, ErrDamaged
	}
	f.transparent = -1
	f.canvas = point16(data[6:])
	rest := data[13:]
	if f.palette, rest, err = gifPalette(data[10], rest); err != nil {
		return f, err
	}
	for len(rest) > 1 && rest[0] == '!' {
		if rest[1] == 0xf9 && len(rest) >= 8 && rest[2] == 4 {
			f.transparent = -1
			if rest[3]&1 == 1 {
				f.transparent = int(rest[6])
			}
		}
		for rest = rest[2:]; len(rest) > 0 && rest[0] > 0; {
			rest = rest[min(len(rest), 1+int(rest[0])):]
		}
		rest = rest[min(len(rest), 1):]
	}
	if len(rest) < 11 || rest[0] != ',' {
		return f, ErrDamaged
	}
	f.at, f.frame = point16(rest[1:]), point16(rest[5:])
	f.interlaced = rest[9]&0x40 != 0
	local, after, err := gifPalette(rest[9], rest[10:])
	if err != nil || len(after) == 0 || f.frame.X == 0 || f.frame.Y == 0 {
		return f, ErrDamaged
	}
	if local != nil {
		f.palette = local
	}
	f.codeSize, f.coded = int(after[0]), after[1:]
	if f.palette == nil || f.codeSize < 2 || f.codeSize > 8 {
		return f, ErrDamaged
	}
	// Browsers enlarge the canvas if the first frame is not within it.
	f.canvas.X, f.canvas.Y = max(f.canvas.X, f.at.X+f.frame.X), max(f.canvas.Y, f.at.Y+f.frame.Y)
	return f, nil
}

func point16(b []byte) image.Point {
	return image.Pt(int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:])))
}

// gifPalette returns a palette, nil if the flags say that there is none, and what follows it.
func gifPalette(flags byte, data []byte) (palette, rest []byte, err error) {
	if flags&0x80 == 0 {
		return nil, data, nil
	}
	size := 3 << (flags&7 + 1)
	if len(data) < size {
		return nil, nil, ErrDamaged
	}
	return data[:size], data[size:], nil
}

func (f *gifFile) colors() colorMap { return nil }

func (f *gifFile) memory(int) int {
	if f.interlaced {
		return f.frame.X * f.frame.Y
	}
	return 0
}

// gifBlocks is the pixels of a frame without the blocks around them.
type gifBlocks struct{ rest, block []byte }

func (b *gifBlocks) fill() bool {
	if len(b.block) == 0 && len(b.rest) > 0 {
		size := min(int(b.rest[0]), len(b.rest)-1)
		b.block, b.rest = b.rest[1:1+size], b.rest[1+size:]
		if size == 0 {
			b.rest = nil
		}
	}
	return len(b.block) > 0
}

// ReadByte is there because lzw.NewReader would otherwise read through a buffer of its own.
func (b *gifBlocks) ReadByte() (byte, error) {
	if !b.fill() {
		return 0, io.EOF
	}
	c := b.block[0]
	b.block = b.block[1:]
	return c, nil
}

func (b *gifBlocks) Read(into []byte) (int, error) {
	if !b.fill() {
		return 0, io.EOF
	}
	n := copy(into, b.block)
	b.block = b.block[n:]
	return n, nil
}

// gifRows decodes the rows of a frame.
type gifRows struct {
	*gifFile
	data  io.Reader
	line  []byte // indexes into the palette
	known int    // pixels of the line so far
	ahead bool   // the line was read before it was asked for
}

func (f *gifFile) decode(ctx context.Context, _ int) (source, error) {
	r := &gifRows{gifFile: f, data: lzw.NewReader(&gifBlocks{rest: f.coded}, lzw.LSB, f.codeSize), line: make([]byte, f.frame.X)}
	if r.read(); r.known == 0 {
		return nil, ErrDamaged
	}
	if !f.interlaced {
		r.ahead = true
		return place(r, f.canvas, f.at), nil
	}
	deinterlaced, err := r.deinterlace(ctx)
	if err != nil {
		return nil, err
	}
	r.data, r.ahead = bytes.NewReader(deinterlaced), false
	return place(r, f.canvas, f.at), nil
}

func (r *gifRows) read() {
	r.known, _ = io.ReadFull(r.data, r.line) // what is missing is transparent
}

// deinterlace returns the indexes in the order of their rows. Each row is repeated until the next one of
// its pass, so that a file that ends early is coarse and not full of holes.
func (r *gifRows) deinterlace(ctx context.Context) ([]byte, error) {
	whole := make([]byte, r.frame.X*r.frame.Y)
	for _, pass := range [4]struct{ from, step, tall int }{{0, 8, 8}, {4, 8, 4}, {2, 4, 2}, {1, 2, 1}} {
		for y := pass.from; y < r.frame.Y && r.known == len(r.line); y += pass.step {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			for below := y; below < min(y+pass.tall, r.frame.Y); below++ {
				copy(whole[below*r.frame.X:], r.line)
			}
			r.read()
		}
	}
	return whole, nil
}

func (r *gifRows) size() image.Point { return r.frame }

func (r *gifRows) row(into []uint8) {
	if !r.ahead {
		r.read()
	}
	r.ahead = false
	clear(into)
	for x, i := range r.line[:r.known] {
		if int(i) != r.transparent && 3*int(i)+3 <= len(r.palette) {
			p := into[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = r.palette[3*int(i)], r.palette[3*int(i)+1], r.palette[3*int(i)+2], 255
		}
	}
}
