package web

import (
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// safeNext is where to go on to after signing in: a page of this site, or else the rooms. Whatever
// else has an address here, such as a stream or a photo, is part of a page and no place to arrive
// at. It becomes a header, so it may have only what a browser puts into an address.
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

// isPage tells whether a path leads to a page for people who are signed in.
func (s *Server) isPage(to string) bool {
	if path.Clean(to) != to { // a browser would go elsewhere
		return false
	}
	for _, r := range s.routes {
		if r.method == fiber.MethodGet && matchesPattern(r.path, to) {
			return r.answer == page && r.access == signedIn
		}
	}
	return false
}

// matchesPattern tells whether a path is one of a route, part by part.
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

// isNavigation tells that somebody goes to an address, and not that a page asks for a part of itself.
// Browsers say so, but not over plain http; there only who goes somewhere accepts HTML.
func isNavigation(c *fiber.Ctx) bool {
	if what := c.Get("Sec-Fetch-Dest"); what != "" {
		return what == "document"
	}
	return strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML)
}
