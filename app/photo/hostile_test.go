package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/color"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRefused(t *testing.T) {
	a := newStore(t)
	whole := map[string][]byte{"jpeg": asJPEG(t, fourColours(64, 64)), "png": asPNG(t, fourColours(64, 64)), "gif": asGIF(t)}
	bomb := claimedPNG(t, 20_000, 20_000, 8, 6, 0, 1000)
	if len(bomb) > 1024 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	cases := map[string]struct {
		data []byte
		want error
	}{
		"nothing":            {nil, ErrNotImage},
		"text":               {[]byte("hello, world, this is a text"), ErrNotImage},
		"svg":                {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ErrNotImage},
		"html before a png":  {append([]byte("<html>"), whole["png"]...), ErrNotImage},
		"pdf before a jpeg":  {append([]byte("%PDF-1.4\n"), whole["jpeg"]...), ErrNotImage},
		"zip":                {[]byte("PK\x03\x04" + strings.Repeat("x", 100)), ErrNotImage},
		"bmp":                {append([]byte("BM"), make([]byte, 200)...), ErrNotImage},
		"jpeg magic only":    {[]byte("\xff\xd8\xff"), ErrNotImage},
		"png magic only":     {[]byte("\x89PNG\r\n\x1a\n"), ErrNotImage},
		"gif with a script":  {[]byte("GIF89a/*\x00\x00*/=1;alert(1)"), ErrNotImage},
		"webp magic only":    {[]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), ErrNotImage},
		"animated webp":      {riff("VP8X", []byte{2, 0, 0, 0, 9, 0, 0, 9, 0, 0}), ErrNotImage},
		"too many bytes":     {append(bytes.Clone(whole["jpeg"]), make([]byte, MaxBytes)...), ErrTooLarge},
		"png bomb":           {bomb, ErrTooManyPixels},
		"too wide":           {claimedPNG(t, 8001, 1, 8, 0, 0, 100), ErrTooManyPixels},
		"too tall":           {claimedPNG(t, 1, 8001, 8, 0, 0, 100), ErrTooManyPixels},
		"too many pixels":    {claimedPNG(t, 6000, 4001, 8, 2, 0, 100), ErrTooManyPixels},
		"no pixels":          {claimedPNG(t, 0, 10, 8, 2, 0, 100), ErrNotImage},
		"16 bits, 24 MP":     {claimedPNG(t, 6000, 4000, 16, 6, 0, 100), ErrTooManyPixels},
		"interlaced, 24 MP":  {claimedPNG(t, 6000, 4000, 8, 6, 1, 100), ErrTooManyPixels},
		"jpeg bomb":          {flatJPEG(60_000, 60_000, 1, 0, false, segmentOf(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)), ErrTooManyPixels},
		"progressive, 24 MP": {flatJPEG(6000, 4000, 3, 1, true), ErrTooManyPixels},
		"cmyk, 24 MP":        {flatJPEG(6000, 4000, 4, 1, false, adobe(0)), ErrTooManyPixels},
		"many scans":         {flatJPEG(2000, 2000, 3, maxScans+1, true), ErrTooManyPixels},
		"two frames":         {withSegments(flatJPEG(64, 64, 1, 1, false), segmentOf(0xc2, 8, 0, 64, 0, 64, 1, 1, 0x11, 0)), ErrNotImage},
		"webp bomb":          {losslessWebP(16384, 16384, color.NRGBA{A: 255}), ErrTooManyPixels},
		"lossless, 24 MP":    {losslessWebP(6000, 4000, color.NRGBA{A: 255}), ErrTooManyPixels},
		"gif bomb":           {append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), make([]byte, 100)...), ErrTooManyPixels},
		"empty png data":     {claimedPNG(t, 4000, 4000, 8, 6, 0, 0), ErrNotImage},
		"too much png data":  {claimedPNG(t, 40, 40, 8, 6, 0, 1<<20), ErrNotImage},
	}
	for kind, data := range whole {
		for _, share := range []int{1, 2, 5, 9} {
			if kind == "gif" && share > 2 {
				continue // the first of its three frames is complete
			}
			cases[kind+" cut at "+strconv.Itoa(share)+"/10"] = struct {
				data []byte
				want error
			}{data[:len(data)*share/10], ErrNotImage}
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if row, err := a.Save(t.Context(), uint64(1+time.Now().UnixNano()), c.data, PurposeMessage); !errors.Is(err, c.want) {
				t.Errorf("%+v, %v; want %v", row, err, c.want)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// The largest accepted images must not need more memory than estimated, of whatever kind.
func TestMemory(t *testing.T) {
	a := newStore(t)
	// fits returns the side of the largest accepted square that needs so many bytes per pixel.
	fits := func(perPixel float64) int {
		n := 1
		for float64((n+1)*(n+1))*perPixel <= fullSize && (n+1)*(n+1) <= maxPixels {
			n++
		}
		return n
	}
	for name, data := range map[string][]byte{
		"png":         claimedPNG(t, uint32(fits(4)), uint32(fits(4)), 8, 6, 0, fits(4)*(4*fits(4)+1)),
		"png, 16 bit": claimedPNG(t, uint32(fits(8)), uint32(fits(8)), 16, 6, 0, fits(8)*(8*fits(8)+1)),
		"cut png":     claimedPNG(t, uint32(fits(4)), uint32(fits(4)), 8, 6, 0, 1000),
		"baseline":    flatJPEG(fits(3), fits(3), 3, 1, false),
		"progressive": flatJPEG(fits(15), fits(15), 3, maxScans, true),
		"cmyk":        flatJPEG(fits(8), fits(8), 4, 1, false, adobe(2)),
		"rgb":         flatJPEG(fits(7), fits(7), 3, 1, false, adobe(0)),
		"webp":        losslessWebP(fits(9.5), fits(9.5), color.NRGBA{R: 90, A: 255}),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			before := resident(t)
			stop, most := make(chan struct{}), make(chan int)
			go func() {
				peak := 0
				for {
					select {
					case <-stop:
						most <- peak
						return
					case <-time.After(2 * time.Millisecond):
						peak = max(peak, resident(t))
					}
				}
			}()
			for range 2 { // a second one must not need memory in addition
				if _, err := a.Save(t.Context(), owner, data, PurposeMessage); err != nil && name != "cut png" {
					t.Error(err)
				}
			}
			close(stop)
			used := <-most - before
			t.Logf("%d kB of data: %d MiB more, %v each", len(data)>>10, used>>20, time.Since(start)/2)
			if used > 150<<20 && measured {
				t.Errorf("%d MiB more", used>>20)
			}
		})
	}
}

// resident returns the resident memory of this process in bytes.
func resident(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Error(err)
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		t.Error("no VmRSS")
		return 0
	}
	kB, err := strconv.Atoi(string(fields[0]))
	if err != nil {
		t.Error(err)
	}
	return kB << 10
}

func FuzzOrientation(f *testing.F) {
	for n := range uint16(10) {
		f.Add(exifOf(binary.LittleEndian, "II*\x00", n)[10:])
		f.Add(exifOf(binary.BigEndian, "MM\x00*", n)[10:])
	}
	f.Add([]byte("II*\x00\xff\xff\xff\xff"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\xff\xff"))
	f.Fuzz(func(t *testing.T, exif []byte) {
		if n := orientation(exif); n < 1 || n > 8 {
			t.Errorf("orientation %d", n)
		}
	})
}

// FuzzSave looks for uploads that crash, or that pass checkHeader although they decode to another size.
func FuzzSave(f *testing.F) {
	f.Add(asJPEG(f, fourColours(16, 16)))
	f.Add(withSegments(asJPEG(f, fourColours(16, 16)), exifOf(binary.BigEndian, "MM\x00*", 6)))
	f.Add(flatJPEG(16, 16, 3, 2, true))
	f.Add(flatJPEG(16, 16, 4, 1, false, adobe(2)))
	f.Add(asPNG(f, fourColours(16, 16)))
	f.Add(claimedPNG(f, 8, 8, 8, 0, 1, 79))
	f.Add(asGIF(f))
	f.Add(losslessWebP(9, 9, color.NRGBA{1, 2, 3, 4}))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := checkHeader(data)
		if err != nil || h.width*h.height > 1<<20 {
			return
		}
		made, err := process(t.Context(), data, h, PurposeAvatar.sizes())
		if err != nil {
			if !errors.Is(err, ErrNotImage) {
				t.Error(err)
			}
			return
		}
		for _, s := range made.sizes {
			again, err := checkHeader(s.Data)
			if err != nil || again.width != s.Width || again.height != s.Height {
				t.Errorf("does not accept its own output: %v", err)
			}
		}
	})
}
