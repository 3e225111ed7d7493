package photo

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"math/bits"
)

// bitWriter writes the bits of a lossless WebP, the lowest first.
type bitWriter struct {
	bytes []byte
	bits  uint64
	n     uint
}

func (b *bitWriter) put(v uint64, size uint) {
	for b.bits, b.n = b.bits|v<<b.n, b.n+size; b.n >= 8; b.bits, b.n = b.bits>>8, b.n-8 {
		b.bytes = append(b.bytes, byte(b.bits))
	}
}

// losslessWebP returns a WebP of one color, which needs no bits for its pixels.
func losslessWebP(w, h int, c color.NRGBA) []byte {
	b := &bitWriter{bytes: []byte{0x2f}}
	b.put(uint64(w-1), 14)
	b.put(uint64(h-1), 14)
	b.put(1, 1) // has alpha
	b.put(0, 3+1+1+1)
	for _, symbol := range []uint8{c.G, c.R, c.B, c.A} {
		b.put(0b101, 3) // one symbol of eight bits
		b.put(uint64(symbol), 8)
	}
	b.put(0b0001, 4) // distances: one symbol of one bit
	b.put(0, 15)
	return riff("VP8L", b.bytes)
}

// manyTreesWebP returns a lossless WebP with almost as many Huffman trees as its decoder takes, each as
// large as can be: 130 MB of them from half a megabyte.
func manyTreesWebP(w, h int) []byte {
	const groups, greens = 10 * 232, 232 // a group has five trees, and each tile of 4 x 4 pixels a group
	b := &bitWriter{bytes: []byte{0x2f}}
	b.put(uint64(w-1), 14)
	b.put(uint64(h-1), 14)
	b.put(0, 1+3+1)
	b.put(1|11<<1, 5) // a cache of colors, which makes the first tree larger
	b.put(1, 1+3+1)   // a picture of groups follows
	one := func() { b.put(0b0001, 4) }
	b.tree([2]int{8, 232}, [2]int{9, 48}) // green and red are the number of a group
	b.tree([2]int{8, 256})
	one()
	one()
	one()
	for i := range (w + 3) / 4 * ((h + 3) / 4) {
		if i >= groups {
			i = 0
		}
		for _, v := range []int{i % greens, i / greens} {
			b.put(uint64(bits.Reverse8(uint8(v))), 8)
		}
	}
	for i := range 9<<8 + greens {
		if i == 0 || i%256 >= greens { // the first needs no bits for a pixel, others are not used
			for range 5 {
				one()
			}
			continue
		}
		b.tree([2]int{11, 1768}, [2]int{12, 560})
		b.tree([2]int{8, 256})
		b.tree([2]int{8, 256})
		b.tree([2]int{8, 256})
		one()
	}
	b.put(0, 7)
	return riff("VP8L", append(b.bytes, make([]byte, 16*groups*35/8)...))
}

// tree writes a Huffman tree: the lengths of the codes, and the number of each length in a row.
func (b *bitWriter) tree(runs ...[2]int) {
	const repeat = 8 // places in the order of lengths
	places := map[int]int{8: 11, 9: 12, 11: 14, 12: 15}
	last := places[runs[len(runs)-1][0]]
	b.put(uint64(last+1-4)<<1, 5)
	lengths := map[int]uint64{repeat: 1}
	for _, r := range runs {
		lengths[places[r[0]]] = uint64(len(runs))
	}
	for i := range last + 1 {
		b.put(lengths[i], 3)
	}
	b.put(0, 1)
	for i, r := range runs {
		again, own, size := uint64(1), uint64(0), uint(1)
		if len(runs) == 2 {
			again, own, size = 0, uint64(1|i<<1), 2
		}
		b.put(own, size)
		for left := r[1] - 1; left > 0; {
			if left < 3 {
				b.put(own, size)
				left--
				continue
			}
			n := min(left, 6)
			b.put(again|uint64(n-3)<<1, 3)
			left -= n
		}
	}
}

func riff(kind string, body []byte) []byte { return webpOf(webpPart(kind, body)) }

// webpPart returns a chunk of a WebP.
func webpPart(kind string, body []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	return append(b, make([]byte, len(body)%2)...)
}

func webpOf(parts ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(parts, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// webpHead returns the chunk of an extended WebP with this canvas.
func webpHead(flags byte, w, h int) []byte {
	w, h = w-1, h-1
	return webpPart("VP8X", []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)})
}

// webpFrame returns a frame of an animation at a place, of a still WebP.
func webpFrame(x, y, w, h int, still []byte) []byte {
	var head []byte
	for _, n := range []int{x / 2, y / 2, w - 1, h - 1, 1000} {
		head = append(head, byte(n), byte(n>>8), byte(n>>16))
	}
	return webpPart("ANMF", append(append(head, 0), still[12:]...))
}

// lossyWebP returns a lossy WebP of nothing but zeros, which are a gray picture.
func lossyWebP(w, h int) []byte {
	const modes = 1<<19 - 1 // bytes, as many as there can be
	body := make([]byte, 10+modes+w*h/16)
	copy(body, []byte{modes << 5 & 0xe0, modes >> 3 & 0xff, modes >> 11, 0x9d, 1, 0x2a, byte(w), byte(w >> 8), byte(h), byte(h >> 8)})
	body[0] |= 1 << 4 // shown
	return riff("VP8 ", body)
}
