package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

func TestRefused(t *testing.T) {
	a := newStore(t)
	whole := map[string][]byte{"jpeg": asJPEG(t, fourColors(64, 64)), "png": asPNG(t, fourColors(64, 64)), "gif": asGIF(t)}
	bomb := claimedPNG(t, 20_000, 20_000, 8, 6, 0, 1000)
	if len(bomb) > 1024 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	cases := map[string]struct {
		data []byte
		want error
	}{
		"nothing":              {nil, ErrNotImage},
		"text":                 {[]byte("hello, world, this is a text"), ErrNotImage},
		"svg":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ErrNotImage},
		"html before a png":    {append([]byte("<html>"), whole["png"]...), ErrNotImage},
		"pdf before a jpeg":    {append([]byte("%PDF-1.4\n"), whole["jpeg"]...), ErrNotImage},
		"zip":                  {[]byte("PK\x03\x04" + strings.Repeat("x", 100)), ErrNotImage},
		"bmp":                  {append([]byte("BM"), make([]byte, 200)...), ErrNotImage},
		"heic":                 {[]byte("\x00\x00\x00\x18ftypheic" + strings.Repeat("x", 100)), ErrNotImage},
		"jpeg magic only":      {[]byte("\xff\xd8\xff"), ErrDamaged},
		"png magic only":       {[]byte(pngSignature), ErrDamaged},
		"gif magic only":       {[]byte("GIF89a"), ErrDamaged},
		"gif with a script":    {[]byte("GIF89a/*\x00\x00*/=1;alert(1)"), ErrDamaged},
		"webp magic only":      {[]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), ErrDamaged},
		"webp without frames":  {riff("VP8X", []byte{2, 0, 0, 0, 9, 0, 0, 9, 0, 0}), ErrDamaged},
		"webp, outside":        {webpOf(webpHead(2, 20, 20), webpFrame(10, 10, 11, 10, losslessWebP(11, 10, color.NRGBA{A: 255}))), ErrDamaged},
		"webp, cut":            {losslessWebP(20, 20, color.NRGBA{A: 255})[:24], ErrDamaged},
		"too many bytes":       {append(bytes.Clone(whole["jpeg"]), make([]byte, MaxBytes)...), ErrTooLarge},
		"png bomb":             {bomb, ErrTooManyPixels},
		"too wide":             {claimedPNG(t, MaxSide+1, 1, 8, 0, 0, 100), ErrTooLong},
		"too tall":             {claimedPNG(t, 1, MaxSide+1, 8, 0, 0, 100), ErrTooLong},
		"too many pixels":      {claimedPNG(t, 8001, 8000, 8, 2, 0, 100), ErrTooManyPixels},
		"no pixels":            {claimedPNG(t, 0, 10, 8, 2, 0, 100), ErrDamaged},
		"negative pixels":      {claimedPNG(t, 1<<31, 10, 8, 2, 0, 100), ErrDamaged},
		"16 bits, 26 MP":       {claimedPNG(t, 6500, 4000, 16, 6, 0, 100), ErrTooManyDeep},
		"32 bits, 51 MP":       {claimedPNG(t, 8500, 6000, 8, 6, 0, 100), ErrTooManyDeep},
		"interlaced, 24 MP":    {claimedPNG(t, 6000, 4000, 8, 6, 1, 100), ErrTooManyWhole},
		"jpeg bomb":            {flatJPEG(60_000, 60_000, 1, 0, false, segmentOf(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)), ErrDamaged},
		"jpeg bomb, one scan":  {cut(flatJPEG(60_000, 60, 1, 1, false), 300), ErrTooLong},
		"many jpeg pixels":     {cut(flatJPEG(8001, 8000, 3, 1, true), 300), ErrTooManyPixels},
		"many scans":           {flatJPEG(2000, 2000, 3, MaxScans+1, true), ErrTooComplex},
		"many tables":          {withSegments(whole["jpeg"], bytes.Repeat(segmentOf(0xdd, 0, 0), maxSegments)), ErrTooComplex},
		"two frames":           {withSegments(flatJPEG(64, 64, 1, 1, false), segmentOf(0xc2, 8, 0, 64, 0, 64, 1, 1, 0x11, 0)), ErrDamaged},
		"arithmetic":           {bytes.Replace(flatJPEG(64, 64, 1, 1, false), []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1), ErrDamaged},
		"two channels":         {flatJPEG(64, 64, 2, 1, false), ErrDamaged},
		"no tables":            {bytes.Replace(flatJPEG(64, 64, 1, 1, false), []byte{0xff, 0xdb}, []byte{0xff, 0xfe}, 1), ErrDamaged},
		"webp bomb":            {losslessWebP(16384, 16384, color.NRGBA{A: 255}), ErrTooManyPixels},
		"lossless, 24 MP":      {losslessWebP(6000, 4000, color.NRGBA{A: 255}), ErrTooManyWhole},
		"webp canvas":          {webpOf(webpHead(2, 1<<24, 1<<24), webpFrame(0, 0, 9, 9, losslessWebP(9, 9, color.NRGBA{A: 255}))), ErrTooLong},
		"small head, big body": {webpOf(webpHead(0, 9, 9), losslessWebP(6000, 4000, color.NRGBA{A: 255})[12:]), ErrDamaged},
		"gif bomb":             {append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), make([]byte, 100)...), ErrDamaged},
		"gif canvas":           {flatGIF(t, image.Rect(0, 0, 65535, 65535), image.Rect(0, 0, 4, 4), false), ErrTooLong},
		"gif far away":         {flatGIF(t, image.Rect(0, 0, 4, 4), image.Rect(20_000, 20_000, 20_004, 20_004), false), ErrTooManyPixels},
		"empty png data":       {claimedPNG(t, 4000, 4000, 8, 6, 0, 0), ErrDamaged},
	}
	for kind, data := range whole {
		for _, share := range []int{1, 2} { // nothing of the pixels is there
			cases[kind+" cut at "+strconv.Itoa(share)+"/10"] = struct {
				data []byte
				want error
			}{data[:len(data)*share/10], ErrDamaged}
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if row, err := a.Save(t.Context(), uint64(1+time.Now().UnixNano()), c.data, PurposeMessage); !errors.Is(err, c.want) {
				t.Errorf("%+v, %v; want %v", row, err, c.want)
			}
			if took := time.Since(start); took > rig.Limit(time.Second) {
				t.Errorf("took %v", took)
			}
		})
	}
}

// The largest accepted images must not need more memory than estimated, of whatever kind.
func TestMemory(t *testing.T) {
	a := newStore(t)
	// side returns the side of a square with this many pixels.
	side := func(pixels int) int { return int(math.Sqrt(float64(pixels / smaller))) }
	// edge is a side up to which a JPEG is decoded at eighths/8 of its size.
	edge := func(eighths int) int { return min(1599*16/eighths, side(MaxPixels*smaller)) / smaller }
	most, whole, deep := side(MaxPixels), side(MaxPixelsWhole), side(MaxPixelsDeep)
	square := image.Rect(0, 0, most, most)
	for name, data := range map[string][]byte{
		"png":                   claimedPNG(t, uint32(side(MaxPixelsAlpha)), uint32(side(MaxPixelsAlpha)), 8, 6, 0, side(MaxPixelsAlpha)*(4*side(MaxPixelsAlpha)+1)),
		"png, 16 bit":           claimedPNG(t, uint32(deep), uint32(deep), 16, 6, 0, deep*(8*deep+1)),
		"png, interlaced":       claimedPNG(t, uint32(whole), uint32(whole), 16, 6, 1, 2*whole*(8*whole+1)),
		"png, large profile":    pngChunks(asPNG(t, fourColors(9, 9)), [][]byte{bytes.Repeat(chunkOf("iCCP", append([]byte("x\x00\x00"), packedZeros(t, 50<<20)...)...), 100)}),
		"cut png":               claimedPNG(t, uint32(deep), uint32(deep), 16, 6, 0, 100_000),
		"baseline":              flatJPEG(most, most, 3, 1, false),
		"baseline, full size":   flatJPEG(edge(8), edge(8), 4, 1, false),
		"progressive":           flatJPEG(most, most, 3, 25, true),
		"progressive, no scan":  emptyScans(most, most),
		"progressive, half":     flatJPEG(edge(4), edge(4), 3, 8, true),
		"progressive, full":     flatJPEG(edge(8), edge(8), 3, MaxScans, true),
		"cmyk":                  flatJPEG(edge(4), edge(4), 4, 8, true, adobe(2)),
		"rgb":                   flatJPEG(edge(8), edge(8), 3, 1, false, adobe(0)),
		"webp":                  losslessWebP(whole, whole, color.NRGBA{R: 90, A: 255}),
		"webp, many trees":      manyTreesWebP(208, 208),
		"webp, large and trees": manyTreesWebP(max(208, whole), max(208, whole)),
		"webp, lossy":           lossyWebP(most, most),
		"webp, alpha":           webpOf(webpHead(0x10, whole, whole), webpPart("ALPH", append([]byte{1}, losslessWebP(whole, whole, color.NRGBA{G: 90, A: 255})[25:]...)), lossyWebP(whole, whole)[12:]),
		"gif":                   flatGIF(t, square, square, false),
		"gif, interlaced":       flatGIF(t, square, square, true),
		"gif, large and empty":  flatGIF(t, square, image.Rect(9, 9, 12, 12), false),
	} {
		t.Run(name, func(t *testing.T) {
			if measured {
				debug.FreeOSMemory()
			}
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
				_, err := a.Save(t.Context(), owner, data, PurposeMessage)
				trees := strings.Contains(name, "trees") // which is stopped, unless it is small
				if err != nil && !(trees && errors.Is(err, ErrBusy)) || err == nil && trees && measured {
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

// FuzzProfile looks for profiles that crash or take long. Their data come from somebody else.
func FuzzProfile(f *testing.F) {
	f.Add(rgbProfile(displayP3, curveOfSRGB))
	f.Add(rgbProfile(adobeRGB, curveOf22))
	f.Add(profileOf("GRAY", "XYZ ", []byte("kTRC"+curveOf1)))
	f.Add(inkProfile("Lab "))
	f.Add(inkProfile("XYZ "))
	f.Add(scannerProfile())
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		for _, space := range []string{"RGB ", "GRAY", "CMYK"} {
			m := profileMap(data, space)
			for _, p := range [][4]uint8{{}, {255, 255, 255, 255}, {1, 100, 200, 50}} {
				if m != nil {
					m(&p)
				}
			}
		}
		if took := time.Since(start); took > rig.Limit(time.Second) {
			t.Errorf("took %v", took)
		}
	})
}

// FuzzSave looks for uploads that crash, or that pass checkHeader although they decode to another size.
func FuzzSave(f *testing.F) {
	f.Add(asJPEG(f, fourColors(16, 16)))
	f.Add(withSegments(asJPEG(f, fourColors(16, 16)), exifOf(binary.BigEndian, "MM\x00*", 6)))
	f.Add(flatJPEG(16, 16, 3, 2, true))
	f.Add(flatJPEG(16, 16, 4, 1, false, adobe(2)))
	f.Add(asPNG(f, fourColors(16, 16)))
	f.Add(claimedPNG(f, 8, 8, 8, 0, 1, 79))
	f.Add(asGIF(f))
	f.Add(losslessWebP(9, 9, color.NRGBA{1, 2, 3, 4}))
	f.Add(prog420)
	f.Add(prog420Restarts)
	f.Add(base422[:300])
	f.Add(emptyScans(16, 16))
	f.Add(inJPEG(f, fourColors(16, 16), rgbProfile(displayP3, curveOfSRGB), 100))
	f.Add(inPNG(f, fourColors(16, 16), scannerProfile()))
	f.Add(withSegments(flatJPEG(16, 16, 4, 1, false), segmentOf(0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), inkProfile("Lab ")...)...)))
	f.Add(pngChunks(asPNG(f, fourColors(8, 8)), [][]byte{chunkOf("cICP", 9, 16, 0, 1), chunkOf("gAMA", 0, 0, 1, 0), chunkOf("tRNS", 0, 0, 0, 255, 0, 0)}))
	f.Add(apng(f, true, image.Rect(3, 3, 9, 9)))
	f.Add(flatGIF(f, image.Rect(0, 0, 9, 9), image.Rect(2, 2, 7, 7), true))
	f.Add(lossyWebP(9, 9)[:200])
	f.Add(webpOf(webpHead(0x12, 20, 20), webpFrame(2, 2, 9, 9, losslessWebP(9, 9, color.NRGBA{1, 2, 3, 4})), webpPart("EXIF", exifOf(binary.BigEndian, "MM\x00*", 6)[10:])))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := checkHeader(data, PurposeAvatar.sizes())
		if err != nil || h.width*h.height > 1<<20 {
			return
		}
		made, err := process(t.Context(), h, PurposeAvatar.sizes())
		if err != nil {
			if !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "panicked") {
				t.Error(err)
			}
			return
		}
		for _, s := range made.sizes {
			again, err := checkHeader(s.Data, PurposeAvatar.sizes())
			if err != nil || again.width != s.Width || again.height != s.Height {
				t.Errorf("does not accept its own output: %v", err)
			}
		}
	})
}
