package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy lets a page use what this site serves and nothing else: no inline script, no
// inline style, no eval, no other site. The live frame is ours, hence frame-src 'self'.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'self'"

// noStore is the cache rule of what is somebody's. Lynx does not know the first word, and would show
// the room list of an hour ago.
const noStore = "no-store, no-cache"

// setHeaders protects an answer. It may not be stored, unless the handler says otherwise.
func setHeaders(c *fiber.Ctx, site *url.URL) {
	c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	if site != nil && site.Scheme == "https" {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	c.Set(fiber.HeaderCacheControl, noStore)
	c.Set(fiber.HeaderVary, "Accept-Encoding, Accept-Language, Cookie, HX-Request, HX-Request-Type")
}

// checkOrigin refuses what another site makes a browser send. It is the algorithm of Go's
// net/http.CrossOriginProtection: browsers tell where a request comes from, and what says nothing
// is no browser of today. It needs no token in the page, so fragments can be shared by all.
func (s *Server) checkOrigin(c *fiber.Ctx, r route) error {
	site := s.origin(c)
	if s.o.PublicURL != nil && r.answer != probe && canonicalHost(site.Scheme, s.host(c)) != site.Host {
		return fiber.ErrMisdirectedRequest
	}
	from, fetch := c.Get(fiber.HeaderOrigin), c.Get("Sec-Fetch-Site")
	passes := false
	switch {
	case r.answer == socket:
		// Browsers always say where a socket is opened from, and no other check stands in the way.
		passes = from == site.String()
	case c.Method() == fiber.MethodGet, c.Method() == fiber.MethodHead:
		passes = true
	case fetch == "":
		passes = from == "" || from == site.String()
	case fetch == "same-origin", fetch == "none":
		passes = !isForeign(from, site)
	}
	if !passes {
		return fiber.ErrForbidden
	}
	return nil
}

// isForeign tells that an Origin names another host: no browser says that beside same-origin. The
// scheme is left out, because a proxy that we were not told of may have taken the s of https away.
func isForeign(from string, site *url.URL) bool {
	if from == "" || from == "null" {
		return false
	}
	u, err := url.Parse(from)
	return err != nil || canonicalHost(u.Scheme, u.Host) != site.Host
}

// origin is scheme, host and port of this site, as browsers name it.
func (s *Server) origin(c *fiber.Ctx) *url.URL {
	if s.o.PublicURL != nil {
		return s.o.PublicURL
	}
	scheme := s.scheme(c)
	return &url.URL{Scheme: scheme, Host: canonicalHost(scheme, s.host(c))}
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

// setSessionCookie gives the browser the token of its session.
func (s *Server) setSessionCookie(c *call, token string) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Value: token, Path: "/", HTTPOnly: true, Secure: s.isHTTPS(),
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 90 * 24 * 3600,
	})
}

// clearSessionCookie takes the token away, and whatever the browser keeps of the pages.
func (s *Server) clearSessionCookie(c *call) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Value: "", Path: "/", HTTPOnly: true, Secure: s.isHTTPS(),
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: -1,
	})
	c.Set("Clear-Site-Data", `"cache", "storage"`)
}
