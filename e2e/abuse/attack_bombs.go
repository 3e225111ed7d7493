package abuse

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// hugePicture returns a PNG file of 400 megapixels, black and white, in some 50 kB; decoded it would be 1.6 GB. It is
// written by hand, because this test need not hold it either.
func hugePicture() ([]byte, error) {
	const side = 20_000
	var pixels bytes.Buffer
	packed := zlib.NewWriter(&pixels)
	row := make([]byte, 1+side/8)
	var err error
	for y := 0; y < side && err == nil; y++ {
		_, err = packed.Write(row)
	}
	if err == nil {
		err = packed.Close()
	}
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	for _, chunk := range []struct {
		kind string
		data []byte
	}{{"IHDR", append(head, 1, 0, 0, 0, 0)}, {"IDAT", pixels.Bytes()}, {"IEND", nil}} {
		typed := append([]byte(chunk.kind), chunk.data...)
		_ = binary.Write(&out, binary.BigEndian, uint32(len(chunk.data))) //nolint:gosec // a buffer takes everything; and that is small
		out.Write(typed)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(typed))
	}
	return out.Bytes(), err
}

// bombs posts pictures that are small until they are decoded, in turn as large as may be and far larger.
func bombs(ctx context.Context, t *attempt) {
	n := 0
	t.keep(ctx, func() {
		n++
		file := t.site.files.huge
		if n%2 == 0 {
			// A byte more makes it another photo.
			file = append(bytes.Clone(t.site.files.pixels), byte(t.random.Uint32()), byte(t.random.Uint32()))
		}
		a, err := t.upload(ctx, t.own+"/messages", file, "key", fmt.Sprintf("n.%032x", t.random.Uint64()), "body", "")
		t.count(a.status, err)
	})
}
