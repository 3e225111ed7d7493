package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
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
func process(ctx context.Context, h header, sizes []size) (renditions, error) {
	if h.memory(h.eighths) > freeAtOnce {
		// Otherwise the next photo would need memory in addition to the garbage of this one, because
		// the collector waits until the heap has doubled.
		defer debug.FreeOSMemory()
	}
	images, err := resizeAll(ctx, h, sizes)
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

// resizeAll decodes within a timeout. It is a function of its own so that what was decoded is garbage
// before anything is encoded. A file that makes a decoder panic is not an image.
func resizeAll(ctx context.Context, h header, sizes []size) (images []*image.RGBA, err error) {
	ctx, cancel := context.WithTimeout(ctx, decodeTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			images, err = nil, fmt.Errorf("%w: the decoder panicked: %v", ErrDamaged, cause)
		}
		if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = ErrBusy
		}
	}()
	src, err := h.decode(ctx, h.eighths)
	if err != nil {
		return nil, err
	}
	shrinkers := make([]*shrinker, len(sizes))
	whole := image.Rectangle{Max: src.size()}
	for i, s := range sizes {
		part, _, _ := s.crop(whole)
		_, width, height := s.crop(image.Rect(0, 0, h.width, h.height))
		shrinkers[i] = newShrinker(part, width, height)
	}
	colors := h.colors()
	row := make([]uint8, 4*whole.Max.X)
	for y := range whole.Max.Y {
		if y%16 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		src.row(row)
		switch {
		case !h.inks:
			premultiply(row)
		case colors == nil:
			for i := 0; i < len(row); i += 4 {
				naiveInks((*[4]uint8)(row[i:]))
				row[i+3] = 255
			}
		}
		for _, s := range shrinkers {
			s.add(y, row)
		}
	}
	for _, s := range shrinkers {
		m := s.finish()
		if colors != nil {
			colors.apply(m, h.inks)
		}
		images = append(images, applyOrientation(m, h.orientation))
	}
	return images, nil
}
