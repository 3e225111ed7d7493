package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	compressFrom = 1 << 10 // bytes; less fits into one packet anyway
	// These levels save almost as much as the best ones, in a tenth of the time.
	gzipLevel   = fasthttp.CompressBestSpeed
	brotliLevel = 2
)

// sendHTML sends a page or a fragment, compressed for browsers that accept it.
//
// Requests from other sites get it uncompressed: an attacker who chooses a part of the address and sees
// the length of the response could guess what else is on the page (BREACH). Browsers without
// Sec-Fetch-Site do not say, so theirs is compressed if the address has no query.
func sendHTML(c *fiber.Ctx, html []byte) error {
	if len(html) < compressFrom || !mayCompress(c) {
		return c.Send(html)
	}
	switch {
	case accepts(c, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(fasthttp.AppendBrotliBytesLevel(nil, html, brotliLevel))
	case accepts(c, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(fasthttp.AppendGzipBytesLevel(nil, html, gzipLevel))
	}
	return c.Send(html)
}

// accepts reports whether a client names a coding and does not rule it out with a weight of 0 (RFC 9110, 12.5.3). Fiber's
// AcceptsEncodings sorts what the client accepts in a time that grows with the square: a header of 16 kB takes a third of a
// second; fasthttp's HasAcceptEncoding knows no weights. A * names no coding: what is sent then is not compressed.
func accepts(c *fiber.Ctx, coding string) bool {
	for one := range strings.SplitSeq(c.Get(fiber.HeaderAcceptEncoding), ",") {
		name, weight, isWeighted := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			return !isWeighted || strings.Trim(weight, " \tqQ=0.") != ""
		}
	}
	return false
}

func mayCompress(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
		return len(c.Request().URI().QueryString()) == 0
	}
	return false
}
