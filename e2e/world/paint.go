package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strconv"
)

// paint draws a photo: hills under a sky with a sun, in three colors.
func paint(width, height int, colors []string) []byte {
	sky, sun, hills := rgb(colors[0]), rgb(colors[1]), rgb(colors[2])
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	w, h := float64(width), float64(height)
	unit := math.Min(w, h)
	for y := range height {
		for x := range width {
			fx, fy := float64(x), float64(y)
			c := mix(sky, color.RGBA{255, 255, 255, 255}, 0.55*fy/h)
			if math.Hypot(fx-0.68*w, fy-0.32*h) < 0.13*unit {
				c = sun
			}
			for layer := range 3 {
				l := float64(layer)
				top := h*(0.55+0.13*l) + unit*0.07*math.Sin(fx/unit*(3.1+l)+2*l+h/w)
				if fy > top {
					c = mix(hills, sky, 0.5-0.25*l)
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var data bytes.Buffer
	_ = jpeg.Encode(&data, img, &jpeg.Options{Quality: 88}) // a buffer takes everything
	return data.Bytes()
}

func rgb(hex string) color.RGBA {
	n, _ := strconv.ParseUint(hex[1:], 16, 32) // all are written below
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

// mix returns a with a share of b.
func mix(a, b color.RGBA, share float64) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x)*(1-share) + float64(y)*share) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}
