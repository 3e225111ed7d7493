package web

import (
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// safeNext returns where to go after signing in: a page of this site for people who are signed in, or an
// invitation, and otherwise the rooms. Streams and photos have addresses too, but are parts of pages. The result becomes a header, so it may only have what a
// browser puts into an address.
func (s *Server) safeNext(next string) string {
	if len(next) < 2 || len(next) > 2000 || next[0] != '/' || next[1] == '/' ||
		strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return "/rooms"
	}
	u, err := url.Parse(next)
	if err != nil || !s.isPage(strings.TrimSuffix(u.Path, "/")) {
		return "/rooms"
	}
	return next
}

// isPage reports whether a path leads to a page for people who are signed in.
func (s *Server) isPage(to string) bool {
	if path.Clean(to) != to { // a browser would go elsewhere
		return false
	}
	for _, r := range s.routes {
		if r.method == fiber.MethodGet && matchesPattern(r.path, to) {
			return r.kind == page && (r.access == signedIn || r.access == admin || r.path == joinRoute || r.path == strangerRoute)
		}
	}
	return false
}

// matchesPattern reports whether a path belongs to a route.
func matchesPattern(pattern, to string) bool {
	parts, wanted := strings.Split(to, "/"), strings.Split(pattern, "/")
	if len(parts) != len(wanted) {
		return false
	}
	for i, part := range parts {
		if part != wanted[i] && (part == "" || !strings.HasPrefix(wanted[i], ":")) {
			return false
		}
	}
	return true
}

// isNavigation reports whether somebody visits an address, and not a page loads a part of itself. Browsers
// say so, but not over plain http; there only a visit accepts HTML.
func isNavigation(c *fiber.Ctx) bool {
	if dest := c.Get("Sec-Fetch-Dest"); dest != "" {
		return dest == "document"
	}
	return strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML)
}
