// Package qr draws QR codes, so that a phone can take a link from a screen without anybody typing it. The
// picture is made here and not by a script: it is there for everybody, and the link goes nowhere else.
package qr

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/boombuler/barcode/qr"
)

const (
	modulePixels = 8 // the side of one module; screens and prints scale it
	quietZone    = 4 // modules of white around the code, which the standard asks for
	maxText      = 500
)

// PNG returns the QR code of a text as a picture in black and white. It returns an error for an empty text,
// and for one of more than 500 bytes, whose modules a phone could hardly tell apart.
func PNG(text string) ([]byte, error) {
	if text == "" || len(text) > maxText {
		return nil, fmt.Errorf("qr: a text of %d bytes", len(text))
	}
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	modules := code.Bounds().Dx()
	side := (modules + 2*quietZone) * modulePixels
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range modules * modulePixels {
		for x := range modules * modulePixels {
			if r, _, _, _ := code.At(x/modulePixels, y/modulePixels).RGBA(); r == 0 {
				picture.SetColorIndex(x+quietZone*modulePixels, y+quietZone*modulePixels, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}

// DataURI returns the picture as the address of an image within a page: it is in no cache and no log, and
// needs no route that would have to ask who may see it.
func DataURI(text string) (string, error) {
	picture, err := PNG(text)
	if err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture), nil
}
