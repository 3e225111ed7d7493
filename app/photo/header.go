package photo

import (
	"bytes"
	"context"
	"image"
)

// What is decoded at all. Each limit has an error of its own, so that people learn which one it was.
const (
	// MaxPixels is enough for the sensors and panoramas of phones, which have up to 63 million.
	MaxPixels = 64_000_000
	// MaxSide is enough for panoramas and long screenshots. Each row takes time, however short it is.
	MaxSide = 30_000
	// MaxPixelsWhole is for kinds that are not decoded row by row, and take up to 8.5 bytes of memory for
	// each pixel: WebP that is lossless or has transparent parts, and interlaced PNG.
	MaxPixelsWhole = 12_000_000
	// MaxPixelsAlpha and MaxPixelsDeep are for PNGs with transparency and with 16 bits per channel: 200 MB
	// to unpack, which takes time.
	MaxPixelsAlpha = 50_000_000
	MaxPixelsDeep  = 25_000_000
	// maxMemory is what a decoder may need by the estimates of each format.
	maxMemory = 112_000_000
)

// format is an upload whose header has been read.
type format interface {
	// memory estimates how many bytes it takes to decode the picture at eighths/8 of its size.
	memory(eighths int) int
	// decode returns the picture at eighths/8 of its size, or as it is if the format does not scale.
	decode(ctx context.Context, eighths int) (source, error)
	// colors returns how the colors of the picture become sRGB; nil if they are sRGB.
	colors() colorMap
}

// header is what is known about an upload before it is decoded.
type header struct {
	format
	width, height int  // in pixels, before it is turned
	orientation   int  // 1 to 8, as in EXIF
	eighths       int  // of its size in which it is decoded
	inks          bool // its rows are cyan, magenta, yellow and black
}

// checkHeader detects the type of an upload from its content, and refuses what is not an image or would
// cost too much to decode to these sizes. It is cheap, because it decodes no pixels.
func checkHeader(data []byte, sizes []size) (header, error) {
	if len(data) > MaxBytes {
		return header{}, ErrTooLarge
	}
	h, err := readHeader(data)
	if err != nil {
		return header{}, err
	}
	switch {
	case h.width <= 0 || h.height <= 0:
		return header{}, ErrDamaged
	case max(h.width, h.height) > MaxSide:
		return header{}, ErrTooLong
	case h.width*h.height > MaxPixels:
		return header{}, ErrTooManyPixels
	}
	if jpeg, ok := h.format.(*jpegFile); ok {
		h.eighths, h.inks = eighths(h.width, h.height, sizes), len(jpeg.frame) == 12
	}
	if err := h.checkFormat(); err != nil {
		return header{}, err
	}
	if h.memory(h.eighths) > maxMemory { // none that is known
		return header{}, ErrTooManyPixels
	}
	return h, nil
}

// checkFormat refuses what is too large for its format.
func (h header) checkFormat() error {
	pixels := h.width * h.height
	switch f := h.format.(type) {
	case *webpFile:
		if f.frame.X*f.frame.Y > MaxPixelsWhole && (f.lossless || f.alpha != nil) {
			return ErrTooManyWhole
		}
	case *pngFile:
		switch {
		case f.interlaced && pixels > MaxPixelsWhole:
			return ErrTooManyWhole
		case f.depth == 16 && pixels > MaxPixelsDeep, f.color == 6 && pixels > MaxPixelsAlpha:
			return ErrTooManyDeep
		}
	}
	return nil
}

func readHeader(data []byte) (h header, err error) {
	h = header{orientation: 1, eighths: 8}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		f, err := readJPEG(data)
		h.format, h.width, h.height, h.orientation = &f, f.width, f.height, f.orientation
		return h, err
	case bytes.HasPrefix(data, []byte(pngSignature)):
		f, err := readPNG(data)
		h.format, h.width, h.height, h.orientation = &f, f.width, f.height, f.orientation
		return h, err
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		f, err := readGIF(data)
		h.format, h.width, h.height = &f, f.canvas.X, f.canvas.Y
		return h, err
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 16 && string(data[8:12]) == "WEBP":
		f, err := readWebP(data)
		h.format, h.width, h.height, h.orientation = &f, f.canvas.X, f.canvas.Y, f.orientation
		return h, err
	}
	return h, ErrNotImage
}

// eighths returns the number of eighths of a picture's width and height that are enough for these sizes: 1, 2, 4 or 8.
func eighths(width, height int, sizes []size) int {
	for n := 1; n < 8; n *= 2 {
		scaled, enough := image.Rect(0, 0, ceilDiv(width*n, 8), ceilDiv(height*n, 8)), true
		for _, s := range sizes {
			_, w, h := s.crop(image.Rect(0, 0, width, height))
			part, _, _ := s.crop(scaled)
			enough = enough && part.Dx() >= w && part.Dy() >= h
		}
		if enough {
			return n
		}
	}
	return 8
}
