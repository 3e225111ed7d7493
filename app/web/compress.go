package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	compressFrom = 1 << 10 // bytes; below it fits into one packet anyway
	// Most of what compressing brings, at a tenth of the time that the best would take.
	gzipLevel   = fasthttp.CompressBestSpeed
	brotliLevel = 2
)

// sendHTML answers with a page or a fragment, compressed for browsers that take it.
//
// What another site makes a browser ask for is left as it is: whoever chooses words of the address
// and can see how long the answer is could otherwise try out what else is on the page (BREACH).
// Browsers without Sec-Fetch-Site do not say, so theirs is compressed where the address has no words.
func sendHTML(c *fiber.Ctx, html []byte) error {
	if len(html) < compressFrom || !mayCompress(c) {
		return c.Send(html)
	}
	switch h := &c.Request().Header; {
	case h.HasAcceptEncoding("br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(fasthttp.AppendBrotliBytesLevel(nil, html, brotliLevel))
	case h.HasAcceptEncoding("gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(fasthttp.AppendGzipBytesLevel(nil, html, gzipLevel))
	}
	return c.Send(html)
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
