package web

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/netaddr"
)

// goTo redirects the browser with a GET. The text browsers Links and Lynx show what they remember of an
// address, whatever Cache-Control said, so after a form they are sent to an address they have not seen.
func (c *call) goTo(path string) error {
	if c.Method() == fiber.MethodPost && c.isBrowser("Links (", "Lynx/") {
		path = cacheBusted(path, time.Now())
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// goToPosted redirects to a room in which a message was posted. Text browsers begin a page at its top, so
// they are sent to the message: whoever writes wants to see what they said.
func (c *call) goToPosted(path string, seq uint64) error {
	if c.isTextBrowser() {
		path += "#m-" + strconv.FormatUint(seq, 10)
	}
	return c.goTo(path)
}

// isTextBrowser reports whether the browser shows text alone: also what is hidden, or waits for a script, and
// instead of an iframe its name.
func (c *call) isTextBrowser() bool { return c.isBrowser("Lynx/", "Links (", "ELinks/", "w3m/") }

// isBrowser reports whether the browser's name for itself begins with one of these.
func (c *call) isBrowser(names ...string) bool {
	agent := c.Get(fiber.HeaderUserAgent)
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(agent, name) })
}

// absoluteForLynx makes the address of a redirect absolute. The text browser Lynx follows a path as well,
// but complains about it for a second, in which it swallows what is typed. Without a public URL a Host
// counts only if it is where the connection has arrived: any other is what somebody has made up.
func (s *Server) absoluteForLynx(c *fiber.Ctx) {
	to := c.GetRespHeader(fiber.HeaderLocation)
	if !strings.HasPrefix(to, "/") || !strings.HasPrefix(c.Get(fiber.HeaderUserAgent), "Lynx/") {
		return
	}
	switch here := c.Context().LocalAddr().String(); {
	case s.options.PublicURL != nil:
		c.Set(fiber.HeaderLocation, s.options.PublicURL.String()+to)
	case isLocalHost(string(c.Request().Host()), here):
		c.Set(fiber.HeaderLocation, "http://"+string(c.Request().Host())+to)
	}
}

// isLocalHost reports whether a host is an address at which a connection has arrived, or localhost for one
// that has not left this machine.
func isLocalHost(host, here string) bool {
	addr, err := netip.ParseAddrPort(here)
	if err != nil {
		return false
	}
	host = netaddr.CanonicalHost("http", host)
	local := netaddr.CanonicalHost("http", net.JoinHostPort("localhost", strconv.Itoa(int(addr.Port()))))
	return host == netaddr.CanonicalHost("http", here) || host == local && addr.Addr().Unmap().IsLoopback()
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
