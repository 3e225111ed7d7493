package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy lets a page load from this site and nowhere else: no inline script, no inline style, no
// eval, no other site. The iframes of a room are ours, hence frame-src 'self'.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'self'"

// noStore is the cache rule of personal pages. Lynx ignores no-store, and without no-cache would show the
// room list of an hour ago.
const noStore = "no-store, no-cache"

// setHeaders sets the security headers. A response may not be stored unless its handler says otherwise.
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

// checkOrigin refuses requests that another site makes a browser send. It is the algorithm of Go's
// net/http.CrossOriginProtection: browsers say where a request comes from, and a client that says nothing
// is not a current browser. It needs no token in the page, so all viewers can share fragments.
func (s *Server) checkOrigin(c *fiber.Ctx, r route) error {
	site := s.origin(c)
	if s.options.PublicURL != nil && r.kind != probe && canonicalHost(site.Scheme, s.host(c)) != site.Host {
		return fiber.ErrMisdirectedRequest
	}
	from, fetch := c.Get(fiber.HeaderOrigin), c.Get("Sec-Fetch-Site")
	passes := false
	switch {
	case r.kind == socket:
		// Browsers always send the Origin of a socket, and the same-origin policy does not cover sockets.
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

// isForeign reports whether an Origin names another host, which no browser sends beside same-origin. The
// scheme does not count, because a proxy that we were not told about may have turned https into http.
func isForeign(from string, site *url.URL) bool {
	if from == "" || from == "null" {
		return false
	}
	u, err := url.Parse(from)
	return err != nil || canonicalHost(u.Scheme, u.Host) != site.Host
}

// origin returns the scheme, host and port of this site as browsers write them.
func (s *Server) origin(c *fiber.Ctx) *url.URL {
	if s.options.PublicURL != nil {
		return s.options.PublicURL
	}
	scheme := s.scheme(c)
	return &url.URL{Scheme: scheme, Host: canonicalHost(scheme, s.host(c))}
}

// isHTTPS reports whether cookies may only travel encrypted. Only the public URL decides: a client could
// send a forwarding header.
func (s *Server) isHTTPS() bool {
	return s.options.PublicURL != nil && s.options.PublicURL.Scheme == "https"
}

func (s *Server) cookieName() string {
	if s.isHTTPS() {
		return "__Host-parley"
	}
	return "parley"
}

// setSessionCookie sends the browser the token of its session.
func (s *Server) setSessionCookie(c *call, token string) {
	c.Cookie(s.cookie(s.cookieName(), token, "/", 90*24*3600))
}

// clearSessionCookie deletes the token, and whatever else the browser stores of this site.
func (s *Server) clearSessionCookie(c *call) {
	c.Cookie(s.cookie(s.cookieName(), "", "/", -1))
	c.Set("Clear-Site-Data", `"cache", "storage"`)
}

// cookie makes a cookie that scripts cannot read, for some seconds; a negative age deletes it.
func (s *Server) cookie(name, value, path string, maxAge int) *fiber.Cookie {
	return &fiber.Cookie{
		Name:     name,
		Value:    value,
		Path:     path,
		MaxAge:   maxAge,
		HTTPOnly: true,
		Secure:   s.isHTTPS(),
		SameSite: fiber.CookieSameSiteLaxMode,
	}
}
