package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"runtime/debug"

	"parley/db"
)

const (
	quality    = 85       // of JPEG
	freeAtOnce = 16 << 20 // bytes; memory of larger decoded images is returned to the system at once
)

// renditions is a photo encoded in all its sizes, all of one type.
type renditions struct {
	mime          string
	width, height int // of the largest
	sizes         []db.PhotoSize
}

// process decodes an upload that passed checkHeader, and encodes it in every size.
func process(ctx context.Context, data []byte, h header, sizes []size) (renditions, error) {
	if float64(h.width*h.height)*h.perPixel > freeAtOnce {
		// Otherwise the next photo would need memory in addition to the garbage of this one, because
		// the collector waits until the heap has doubled.
		defer debug.FreeOSMemory()
	}
	images, err := resizeAll(ctx, data, h, sizes)
	if err != nil {
		return renditions{}, err
	}
	made := renditions{mime: "image/jpeg", width: images[0].Rect.Dx(), height: images[0].Rect.Dy(),
		sizes: make([]db.PhotoSize, 0, len(images))}
	if !images[0].Opaque() {
		made.mime = "image/png"
	}
	for i, m := range images {
		var out bytes.Buffer
		if made.mime == "image/png" {
			err = png.Encode(&out, m)
		} else {
			err = jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
		}
		if err != nil {
			return renditions{}, fmt.Errorf("photo: encode: %w", err)
		}
		made.sizes = append(made.sizes, db.PhotoSize{Size: sizes[i].name, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Data: out.Bytes()})
	}
	return made, nil
}

// resizeAll is a function of its own so that the whole decoded image is garbage before anything is encoded.
func resizeAll(ctx context.Context, data []byte, h header, sizes []size) ([]*image.RGBA, error) {
	src, err := decode(ctx, data, h)
	if err != nil {
		return nil, err
	}
	images := make([]*image.RGBA, 0, len(sizes))
	for _, s := range sizes {
		part, width, height := s.crop(src.Bounds())
		images = append(images, applyOrientation(shrink(src, part, width, height), h.orientation))
	}
	return images, nil
}

// decode runs the decoder with a timeout. A file that makes it fail or panic is not an image.
func decode(ctx context.Context, data []byte, h header) (m image.Image, err error) {
	ctx, cancel := context.WithTimeout(ctx, decodeTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			m, err = nil, fmt.Errorf("%w: the decoder panicked: %v", ErrNotImage, cause)
		}
	}()
	m, err = h.decode(&deadlineReader{ctx, bytes.NewReader(data)})
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, ErrBusy
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNotImage, err)
	}
	if b := m.Bounds(); b.Empty() || b.Dx() > h.width || b.Dy() > h.height {
		return nil, fmt.Errorf("%w: its size is not that of its header", ErrNotImage)
	}
	return m, nil
}

// deadlineReader returns data in small pieces until its context ends. A decoder cannot be canceled, but
// none gets far without reading.
type deadlineReader struct {
	ctx  context.Context
	data io.Reader
}

func (r *deadlineReader) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.data.Read(into[:min(len(into), 1024)])
}
