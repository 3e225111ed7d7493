package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy lets a page use what this site serves and nothing else: no inline script, no
// inline style, no eval, no other site. The live frame is ours, hence frame-src 'self'.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"

func setHeaders(c *fiber.Ctx, r route, site *url.URL) {
	c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	if site != nil && site.Scheme == "https" {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	if r.answer != file {
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderVary, "Cookie, HX-Request, HX-Request-Type")
	}
}

// checkOrigin refuses what another site makes a browser send. It is the algorithm of Go's
// net/http.CrossOriginProtection: browsers tell where a request comes from, and what says nothing
// is no browser of today. It needs no token in the page, so fragments can be shared by all.
func (s *Server) checkOrigin(c *fiber.Ctx, r route) error {
	origin := s.origin(c)
	if site := s.o.PublicURL; site != nil && r.answer != probe && !strings.EqualFold(s.host(c), site.Host) {
		return fiber.ErrMisdirectedRequest
	}
	if r.answer == socket {
		// Browsers always say where a socket is opened from, and no other check stands in the way.
		if c.Get(fiber.HeaderOrigin) != origin {
			return fiber.ErrForbidden
		}
		return nil
	}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return nil
	}
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return nil
	case "":
		if from := c.Get(fiber.HeaderOrigin); from == "" || from == origin {
			return nil
		}
	}
	return fiber.ErrForbidden
}

// origin is scheme, host and port of this site, as browsers name it.
func (s *Server) origin(c *fiber.Ctx) string {
	if s.o.PublicURL != nil {
		return s.o.PublicURL.Scheme + "://" + s.o.PublicURL.Host
	}
	return s.scheme(c) + "://" + s.host(c)
}

// isHTTPS tells whether cookies may only travel encrypted. Only the public URL decides: a
// forwarding header is what a client says.
func (s *Server) isHTTPS() bool {
	return s.o.PublicURL != nil && s.o.PublicURL.Scheme == "https"
}

func (s *Server) cookieName() string {
	if s.isHTTPS() {
		return "__Host-parley"
	}
	return "parley"
}

// keepSignedIn gives the browser the token of its session.
func (s *Server) keepSignedIn(c *call, token string) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Value: token, Path: "/", HTTPOnly: true, Secure: s.isHTTPS(),
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 90 * 24 * 3600,
	})
}

// forgetSignIn takes the token away, and whatever the browser keeps of the pages.
func (s *Server) forgetSignIn(c *call) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Value: "", Path: "/", HTTPOnly: true, Secure: s.isHTTPS(),
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: -1,
	})
	c.Set("Clear-Site-Data", `"cache", "storage"`)
}
