package web

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"parley/assets"
	"parley/views"
)

// TestPagesAreCompressed checks which responses are compressed, how small a room of 50 messages is, and
// that it decompresses to the page.
func TestPagesAreCompressed(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	for n := range 60 {
		s.says(ann, room, fmt.Sprintf("Message %d, of the length that people write. See https://example.org/%d", n, n))
	}
	path := views.RoomPath(room)
	same := "Sec-Fetch-Site: same-origin"
	for _, one := range []struct {
		path, accept, fetch, want string
	}{
		{path, "gzip, deflate, br", same, "br"},
		{path, "gzip, deflate, br", "Sec-Fetch-Site: none", "br"},
		{path, "gzip, deflate", same, "gzip"},
		{path, "gzip", "X: no Sec-Fetch-Site", "gzip"}, // text browsers
		{path, "deflate,gzip;q=0.5", same, "gzip"},
		{path, "gzip, br;q=0", same, "gzip"},
		{path + "?before=40", "br", same, "br"},
		{path, "", same, ""},
		{path, "identity", same, ""},
		{path, "br", "Sec-Fetch-Site: cross-site", ""},
		{path, "br", "Sec-Fetch-Site: same-site", ""},
		{path + "?before=40", "br", "X: no Sec-Fetch-Site", ""},
		{"/me.css", "br", same, ""},
	} {
		headers := []string{one.fetch}
		if one.accept != "" {
			headers = append(headers, "Accept-Encoding: "+one.accept)
		}
		a := ann.get(one.path, headers...).mustBe(200)
		if got := a.header.Get("Content-Encoding"); got != one.want {
			t.Errorf("%s with %q and %q is encoded as %q, not %q", one.path, one.accept, one.fetch, got, one.want)
		}
		if one.want == "" {
			continue
		}
		if len(a.body) > 12<<10 {
			t.Errorf("%s has %d bytes, compressed with %s", one.path, len(a.body), one.want)
		}
		if page := decompressed(t, one.want, a.body); !strings.HasPrefix(page, "<!doctype html>") || !strings.HasSuffix(page, "</html>") {
			t.Errorf("%s arrives as %s", one.path, shortened(page))
		}
	}
}

// TestAssetsAreCompressedAsAskedFor checks that no browser gets a coding that it has ruled out.
func TestAssetsAreCompressedAsAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for accept, want := range map[string]string{
		"gzip, br": "br", "gzip": "gzip", "gzip, br;q=0": "gzip", "br;q=0": "", "identity": "", "*;q=0": "",
	} {
		a := s.visitor().get(assets.Path("parley.js"), "Accept-Encoding: "+accept).mustBe(200)
		if got := a.header.Get("Content-Encoding"); got != want {
			t.Errorf("%q gets %q, not %q", accept, got, want)
		}
	}
}

func decompressed(t *testing.T, encoding, body string) string {
	t.Helper()
	if encoding == "br" {
		page, err := fasthttp.AppendUnbrotliBytes(nil, []byte(body))
		must(t, err)
		return string(page)
	}
	r, err := gzip.NewReader(strings.NewReader(body))
	must(t, err)
	page, err := io.ReadAll(r)
	must(t, err)
	return string(page)
}
