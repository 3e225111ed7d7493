package qr

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

// modules reads the picture of a text back: whether each module is dark, with the white around the code.
func modules(t *testing.T, text string) (dark [][]bool) {
	t.Helper()
	file, err := PNG(text)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	side := picture.Bounds().Dx() / modulePixels
	if picture.Bounds().Dy() != side*modulePixels {
		t.Fatalf("the picture is %v", picture.Bounds())
	}
	for y := range side {
		dark = append(dark, make([]bool, side))
		for x := range side {
			r, g, b, _ := picture.At(x*modulePixels+modulePixels/2, y*modulePixels+modulePixels/2).RGBA()
			if dark[y][x] = r == 0; r != g || g != b || r != 0 && r != 0xffff {
				t.Fatalf("module %d,%d is neither black nor white", x, y)
			}
		}
	}
	return dark
}

// TestPNG checks what every reader looks for first: the three squares in the corners, and white around all.
func TestPNG(t *testing.T) {
	dark := modules(t, "https://chat.example.org/join/AAECAwQFBgcICQoLDA0ODw")
	last := len(dark) - 1
	if n := len(dark) - 2*quietZone; n != 33 {
		t.Errorf("the code has %d modules a side", n)
	}
	for i := range dark {
		for zone := range quietZone {
			if dark[zone][i] || dark[i][zone] || dark[last-zone][i] || dark[i][last-zone] {
				t.Fatalf("there is something in the white around the code, at %d", i)
			}
		}
	}
	for name, corner := range map[string][2]int{"top left": {quietZone, quietZone}, "top right": {last - quietZone - 6, quietZone}, "bottom left": {quietZone, last - quietZone - 6}} {
		for y := range 7 {
			for x := range 7 {
				ring := max(max(x-3, 3-x), max(y-3, 3-y))
				if dark[corner[1]+y][corner[0]+x] != (ring != 2) {
					t.Fatalf("the square at the %s is not one, at %d,%d", name, x, y)
				}
			}
		}
	}
}

func TestPNGRefusesWhatNoPhoneReads(t *testing.T) {
	for _, text := range []string{"", strings.Repeat("a", maxText+1)} {
		if _, err := PNG(text); err == nil {
			t.Errorf("%d bytes were drawn", len(text))
		}
	}
	if _, err := PNG(strings.Repeat("ä", maxText/2)); err != nil {
		t.Error(err)
	}
}

func TestDataURI(t *testing.T) {
	uri, err := DataURI("https://chat.example.org/")
	if err != nil || !strings.HasPrefix(uri, "data:image/png;base64,iVBOR") || len(uri) > 2000 {
		t.Errorf("%d bytes: %.40s, %v", len(uri), uri, err)
	}
}
