package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// goTo sends the browser on with a GET. The text browsers Links and Lynx show the page that they
// remember of an address, whatever was said about keeping it, so after a form they are sent to one
// they have not seen.
func (c *call) goTo(path string) error {
	agent := c.Get(fiber.HeaderUserAgent)
	if c.Method() == fiber.MethodPost && (strings.HasPrefix(agent, "Links (") || strings.HasPrefix(agent, "Lynx/")) {
		path = cacheBusted(path, time.Now())
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// absoluteForLynx names the site in a redirect. The text browser Lynx takes a path as well, but complains
// about it for a second, in which it eats what is typed.
func (s *Server) absoluteForLynx(c *fiber.Ctx) {
	to := c.GetRespHeader(fiber.HeaderLocation)
	if strings.HasPrefix(to, "/") && strings.HasPrefix(c.Get(fiber.HeaderUserAgent), "Lynx/") {
		c.Set(fiber.HeaderLocation, s.origin(c).String()+to)
	}
}

// cacheBusted adds to an address of ours what no page asks for.
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
