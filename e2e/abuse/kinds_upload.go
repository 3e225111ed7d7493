package abuse

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"time"
)

// files are what is uploaded; making them takes a second, so it is done once.
type files struct{ large, pixels, small, huge []byte }

func makeFiles() (f files, err error) {
	random := rand.New(rand.NewPCG(11, 11)) //nolint:gosec // noise
	noise := image.NewNRGBA(image.Rect(0, 0, 1600, 1700))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
		if i%4 == 3 {
			noise.Pix[i] = 255
		}
	}
	plain := image.NewPaletted(image.Rect(0, 0, 4000, 6000), color.Palette{color.White, color.Black})
	for _, picture := range []struct {
		to    *[]byte
		image image.Image
	}{{&f.large, noise}, {&f.pixels, plain}, {&f.small, image.NewGray(image.Rect(0, 0, 40, 30))}} {
		var out bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, picture.image); err != nil {
			return f, err
		}
		*picture.to = out.Bytes()
	}
	f.huge, err = hugePicture()
	return f, err
}

func largePhotos(ctx context.Context, t *attempt) { t.uploads(ctx, t.site.files.large) }
func manyPixels(ctx context.Context, t *attempt)  { t.uploads(ctx, t.site.files.pixels) }

func (t *attempt) uploads(ctx context.Context, file []byte) {
	t.keep(ctx, func() {
		// A byte more makes it another photo.
		file := append(bytes.Clone(file), byte(t.random.Uint32()), byte(t.random.Uint32()))
		a, err := t.upload(ctx, t.own+"/messages", file, "key", fmt.Sprintf("n.%032x", t.random.Uint64()), "body", "")
		t.count(a.status, err)
	})
}

func smallPhotos(ctx context.Context, t *attempt) {
	t.keep(ctx, func() {
		var out bytes.Buffer
		w := multipart.NewWriter(&out)
		_ = w.WriteField("key", fmt.Sprintf("n.%032x", t.random.Uint64())) // a buffer takes everything
		for range 10 {
			part, _ := w.CreateFormFile("photo", "small.png")
			_, _ = part.Write(t.site.files.small)
			_, _ = part.Write([]byte{byte(t.random.Uint32()), byte(t.random.Uint32())})
		}
		_ = w.Close()
		a, err := t.send(ctx, "POST", t.own+"/messages", w.FormDataContentType(), &out)
		t.count(a.status, err)
	})
}

// drips keeps four uploads open at a time.
func drips(ctx context.Context, t *attempt) {
	inParallel(4, func(int) {
		for ctx.Err() == nil {
			t.drip(ctx)
			sleep(ctx, t.pause)
		}
	})
}

func (t *attempt) drip(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	kind, form, err := multipartForm(make([]byte, 9_000_000), []string{"key", "drip"})
	if err != nil {
		t.count(0, err)
		return
	}
	resp, err := t.requestSized(ctx, t.own+"/messages", kind, &dripping{ctx: ctx, left: form}, int64(len(form)))
	if err != nil {
		t.count(0, err)
		return
	}
	_ = resp.Body.Close()
	t.count(resp.StatusCode, nil)
}

// dripping gives its head at once and the rest byte by byte, one each second.
type dripping struct {
	ctx  context.Context
	left []byte
	rest bool
}

func (d *dripping) Read(p []byte) (int, error) {
	n := 1
	if d.rest {
		sleep(d.ctx, time.Second)
	} else {
		n, d.rest = 500, true
	}
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	if len(d.left) == 0 {
		return 0, io.EOF
	}
	n = copy(p, d.left[:min(n, len(d.left))])
	d.left = d.left[n:]
	return n, nil
}
