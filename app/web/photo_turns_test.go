package web

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"sync"
	"testing"
	"time"

	"parley/views"
)

// TestLargePhotosDelayNobodyElse is T42: five people send two photos each that are small files of 24
// megapixels. Somebody else's photo waits for one of them at most.
func TestLargePhotosDelayNobodyElse(t *testing.T) {
	s, ann, _, room := talked(t, options{limits: true}, 0)
	var large bytes.Buffer
	must(t, png.Encode(&large, image.NewRGBA(image.Rect(0, 0, 4000, 6000))))
	var sending sync.WaitGroup
	for i := range 5 {
		eve := s.person(fmt.Sprint("eve", i))
		for range 2 {
			sending.Go(func() { eve.copy().upload("/profile", "x.png", large.Bytes(), nil) })
		}
	}
	eventually(t, "uploads of all five", func() bool {
		_, people := s.held(0)
		return people == 5
	})
	start := time.Now()
	ann.sends(room, "look", "k", nil, [][]byte{tinyPNG(t)}).mustBe(303)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a small photo took %v", took)
	}
	start = time.Now()
	ann.upload("/profile", "x.png", tinyPNG(t), nil).mustBe(303)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("another one took %v", took)
	}
	ann.get(views.RoomPath(room)).mustBe(200)
	sending.Wait()
}
