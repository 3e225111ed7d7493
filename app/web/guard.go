package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/netaddr"
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
	c.Set(fiber.HeaderReferrerPolicy, referrerPolicy(c))
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin") // or pages of other ports and subdomains could measure what is in ours
	if site != nil && site.Scheme == "https" {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	c.Set(fiber.HeaderCacheControl, noStore)
	c.Set(fiber.HeaderVary, "Accept-Encoding, Accept-Language, Cookie, HX-Request, HX-Request-Type")
}

// secretPaths are the prefixes of addresses that are secrets: whoever has one may come in.
var secretPaths = []string{"/join/", "/reset/", "/address/", "/device/"}

// referrerPolicy returns what a page may say about its own address when it loads something, or leads
// elsewhere. An address that is a secret, or has one in its next, says its origin alone: the log of a proxy
// often has both the address and the referrer. Saying nothing at all would make browsers leave the Origin out
// of forms as well, by which they are known to be ours.
func referrerPolicy(c *fiber.Ctx) string {
	next := string(c.Request().URI().QueryArgs().Peek("next"))
	for _, secret := range secretPaths {
		if strings.HasPrefix(c.Path(), secret) || strings.HasPrefix(next, secret) {
			return "strict-origin"
		}
	}
	return "same-origin"
}

// checkOrigin refuses requests that another site makes a browser send. It is the algorithm of Go's
// net/http.CrossOriginProtection: browsers say where a request comes from, and a client that says nothing
// is not a current browser. It needs no token in the page, so all viewers can share fragments.
func (s *Server) checkOrigin(c *fiber.Ctx, r route) error {
	site := s.origin(c)
	if s.options.PublicURL != nil && r.kind != probe {
		if host := netaddr.CanonicalHost(site.Scheme, s.host(c)); host != site.Host {
			s.notices.Warn(wrongHost, "host", hostForLog(host), "wanted", site.Host)
			return fiber.ErrMisdirectedRequest
		}
	}
	from, fetch := c.Get(fiber.HeaderOrigin), c.Get("Sec-Fetch-Site")
	passes := false
	switch {
	case r.kind == socket:
		// Browsers always send the Origin of a socket, and the same-origin policy does not cover sockets.
		passes = isSameOrigin(from, site)
	case c.Method() == fiber.MethodGet, c.Method() == fiber.MethodHead:
		passes = true
	case fetch == "":
		passes = from == "" || isSameOrigin(from, site)
	case fetch == "same-origin", fetch == "none":
		passes = !isForeign(from, site)
	}
	if !passes {
		s.noticeForeignOrigin(from, fetch, site)
		return fiber.ErrForbidden
	}
	return nil
}

// noticeForeignOrigin logs the two names that should have been one, if the browser says that it was a page
// of ours: then a proxy has changed the Host. Otherwise another site has sent the request, and what it
// writes into Origin does not belong in the log.
func (s *Server) noticeForeignOrigin(from, fetch string, site *url.URL) {
	u, err := url.Parse(from)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || fetch != "same-origin" {
		return
	}
	host := hostForLog(netaddr.CanonicalHost(u.Scheme, u.Host))
	switch {
	case s.options.PublicURL != nil:
		s.notices.Warn(wrongOrigin, "origin", u.Scheme+"://"+host, "wanted", site.String())
	case host != site.Host:
		s.notices.Warn(wrongHost, "host", hostForLog(site.Host), "wanted", host)
	default:
		s.notices.Warn(wrongScheme, "scheme", site.Scheme, "wanted", u.Scheme)
	}
}

// isSameOrigin reports whether an Origin is that of this site, as browsers write it. The name may have the
// dot at its end that makes it complete.
func isSameOrigin(from string, site *url.URL) bool {
	complete := *site
	if complete.Host = site.Hostname() + "."; site.Port() != "" {
		complete.Host += ":" + site.Port()
	}
	return from == site.String() || from == complete.String()
}

// isForeign reports whether an Origin names another host, which no browser sends along with same-origin. The
// scheme does not count, because a proxy that is not in the settings may have turned https into http.
func isForeign(from string, site *url.URL) bool {
	if from == "" || from == "null" {
		return false
	}
	u, err := url.Parse(from)
	return err != nil || netaddr.CanonicalHost(u.Scheme, u.Host) != site.Host
}

// origin returns the scheme, host and port of this site as browsers write them.
func (s *Server) origin(c *fiber.Ctx) *url.URL {
	if s.options.PublicURL != nil {
		return s.options.PublicURL
	}
	scheme := s.scheme(c)
	return &url.URL{Scheme: scheme, Host: netaddr.CanonicalHost(scheme, s.host(c))}
}

// isHTTPS reports whether cookies may only travel encrypted. Only the public URL decides: a client could
// send a forwarding header.
func (s *Server) isHTTPS() bool {
	return s.options.PublicURL != nil && s.options.PublicURL.Scheme == "https"
}

// plainCookie is the name of the session's cookie without https, and without a port in the address.
const plainCookie = "parley"

// baseCookie returns what the name of the session's cookie begins with.
func baseCookie(https bool) string {
	if https {
		return "__Host-" + plainCookie
	}
	return plainCookie
}

// cookieName returns the name of the session's cookie. Browsers send cookies to all ports of a host, so
// it has the port in it: two servers on one machine would sign each other's people out.
func cookieName(site *url.URL, https bool) string {
	if port := site.Port(); isNumber(port) {
		return baseCookie(https) + "-" + port
	}
	return baseCookie(https)
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// maxTokens is the number of cookies that are tried in search of a session.
const maxTokens = 4

// tokens returns the session tokens that a browser sends, with the names of their cookies, and the one of
// this address first. There may be more: from before the name had a port in it, from when this server had
// another port, and those of other servers on this machine, which are not found here.
func (s *Server) tokens(c *fiber.Ctx) (names, tokens []string) {
	add := func(name, token string) {
		if token != "" && len(names) < maxTokens && !slices.Contains(names, name) {
			names, tokens = append(names, name), append(tokens, token)
		}
	}
	own := cookieName(s.origin(c), s.isHTTPS())
	add(own, c.Cookies(own))
	base := baseCookie(s.isHTTPS())
	for key, value := range c.Request().Header.Cookies() {
		name := string(key)
		if port, found := strings.CutPrefix(name, base+"-"); name == base || found && isNumber(port) {
			add(name, string(value))
		}
	}
	return names, tokens
}

// setSessionCookie sends the browser the token of its session.
func (s *Server) setSessionCookie(c *call, token string) {
	s.replaceCookie(c, token, 90*24*3600)
}

// clearSessionCookie deletes the token, and whatever else the browser stores of this site.
func (s *Server) clearSessionCookie(c *call) {
	s.replaceCookie(c, "", -1)
	c.Set("Clear-Site-Data", `"cache", "storage"`)
}

// replaceCookie sets the cookie of this address, and deletes the one of another name under which the session
// came.
func (s *Server) replaceCookie(c *call, token string, maxAge int) {
	own := cookieName(s.origin(c.Ctx), s.isHTTPS())
	if c.cookie != "" && c.cookie != own {
		c.Cookie(s.cookie(c.cookie, "", "/", -1))
	}
	c.Cookie(s.cookie(own, token, "/", maxAge))
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
