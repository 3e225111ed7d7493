package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// goTo redirects the browser with a GET. The text browsers Links and Lynx show what they remember of an
// address, whatever Cache-Control said, so after a form they are sent to an address they have not seen.
func (c *call) goTo(path string) error {
	agent := c.Get(fiber.HeaderUserAgent)
	if c.Method() == fiber.MethodPost && (strings.HasPrefix(agent, "Links (") || strings.HasPrefix(agent, "Lynx/")) {
		path = cacheBusted(path, time.Now())
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// absoluteForLynx makes the address of a redirect absolute. The text browser Lynx follows a path as well,
// but complains about it for a second, in which it swallows what is typed.
func (s *Server) absoluteForLynx(c *fiber.Ctx) {
	to := c.GetRespHeader(fiber.HeaderLocation)
	if strings.HasPrefix(to, "/") && strings.HasPrefix(c.Get(fiber.HeaderUserAgent), "Lynx/") {
		c.Set(fiber.HeaderLocation, s.origin(c).String()+to)
	}
}

// cacheBusted adds a query parameter that no page reads.
func cacheBusted(path string, now time.Time) string {
	path, fragment, _ := strings.Cut(path, "#")
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	path += mark + "at=" + strconv.FormatInt(now.UnixMilli(), 36)
	if fragment != "" {
		path += "#" + fragment
	}
	return path
}
