package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

const (
	maxPixels = 24_000_000
	maxSide   = 8_000
	// maxMemory limits what a decoder needs by the estimates below. It is enough for 24 million
	// pixels of four bytes; images that need more per pixel may have fewer of them.
	maxMemory = 96_000_000
	maxScans  = 64 // of a JPEG; real ones have about ten, and each is a pass over all pixels
)

// header is what is known about an upload before it is decoded.
type header struct {
	decode        func(io.Reader) (image.Image, error)
	width, height int
	perPixel      float64 // estimated bytes of memory that decoding needs per pixel
	orientation   int     // 1 to 8, as in EXIF
}

// checkHeader detects the type of an upload from its content, and refuses what is not an image or
// would cost too much to decode. It is cheap, because it decodes no pixels.
func checkHeader(data []byte) (header, error) {
	if len(data) > MaxBytes {
		return header{}, ErrTooLarge
	}
	h := header{orientation: 1}
	var config func(io.Reader) (image.Config, error)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		config, h.decode = jpeg.DecodeConfig, jpeg.Decode
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		config, h.decode = png.DecodeConfig, png.Decode
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		config, h.decode = gif.DecodeConfig, gif.Decode // Decode stops after the first frame
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 16 && string(data[8:12]) == "WEBP":
		config, h.decode = webp.DecodeConfig, webp.Decode
	default:
		return header{}, ErrNotImage
	}
	c, err := config(bytes.NewReader(data))
	if err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrNotImage, err)
	}
	h.width, h.height = c.Width, c.Height
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return header{}, ErrNotImage
	case c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels:
		return header{}, ErrTooManyPixels
	}
	if err := h.estimate(data); err != nil {
		return header{}, err
	}
	if float64(h.width*h.height)*h.perPixel > maxMemory {
		return header{}, ErrTooManyPixels
	}
	return h, nil
}

// estimate sets perPixel, from how the decoders of the standard library and of x/image work, and the
// orientation.
func (h *header) estimate(data []byte) error {
	switch data[0] {
	case 0xff:
		j, err := readJPEG(data)
		if err != nil {
			return err
		}
		if j.scans > maxScans {
			return fmt.Errorf("%w: a JPEG of %d scans", ErrTooManyPixels, j.scans)
		}
		h.orientation, h.perPixel = j.orientation, j.perPixel()
	case 0x89:
		h.perPixel = pngPerPixel(data)
	case 'G':
		h.perPixel = 2 // one index per pixel, copied if interlaced
	case 'R':
		h.perPixel = 1.5 // lossy: as JPEG
		if bytes.Contains(data, []byte("ALPH")) {
			h.perPixel += 9 // decoded as a whole lossless image, of which one channel is used
		}
		if bytes.Contains(data, []byte("VP8L")) {
			h.perPixel += 8 // four channels, twice if there is a palette
		}
	}
	return nil
}

// pngPerPixel returns the bytes per pixel from the header chunk, which DecodeConfig has validated.
func pngPerPixel(data []byte) float64 {
	const depth, colour, interlace = 24, 25, 28
	if len(data) <= interlace {
		return maxMemory
	}
	n := 4.0 // also for gray with alpha, and for alpha from a tRNS chunk
	if data[depth] == 16 {
		n = 8
	} else if data[colour] == 3 {
		n = 1
	}
	if data[interlace] != 0 {
		n *= 2 // each of the seven passes is an image of its own
	}
	return n
}
