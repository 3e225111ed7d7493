package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/qr"
	"parley/views"
)

// deviceCookie carries what a device got for a link, until the other device has confirmed.
const deviceCookie = "parley-device"

// startDevice makes a link for another device. The page after it shows it.
func (s *Server) startDevice(c *call) error {
	id, err := s.accounts.StartDevice(c.ctx, c.session, c.Cookies(c.cookie))
	if err != nil {
		return err
	}
	return c.goTo(views.DevicePath(id))
}

// showDevice shows the link, or who asks. A script that asks whether there is anything new gets an empty answer
// while there is not.
func (s *Server) showDevice(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	l, token, err := s.accounts.Device(c.ctx, c.session, c.Cookies(c.cookie), id)
	d := views.DeviceInvite{ID: id, Confirmed: l.Confirmed, Over: errors.Is(err, auth.ErrNoLink)}
	switch {
	case err != nil && !d.Over:
		return err
	case token != "" && isPartial(c.Ctx):
		return c.SendStatus(fiber.StatusNoContent)
	case token != "":
		d.Link = s.origin(c.Ctx).String() + "/device/" + token
		if d.QR, err = qr.DataURI(d.Link); err != nil {
			return err
		}
	case !d.Over:
		d.Browser, d.Number = browserName(c.words().Profile, l.UserAgent), auth.DeviceNumber(l)
	}
	if isPartial(c.Ctx) {
		return c.render(fiber.StatusOK, views.DeviceInviteState(c.words(), d))
	}
	p, err := s.page(c, c.words().Device.Title, "profile")
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.DeviceInvitePage(p, d))
}

func (s *Server) confirmDevice(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if err := s.accounts.ConfirmDevice(c.ctx, c.session, id); err != nil && !errors.Is(err, auth.ErrNoLink) {
		return err
	}
	return c.goTo(views.DevicePath(id)) // which says so if it is too late
}

func (s *Server) refuseDevice(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if err := s.accounts.RefuseDevice(c.ctx, c.session, id); err != nil {
		return err
	}
	return c.goTo(views.DevicePath(id))
}

// showDeviceLink asks before the link is used up, because programs open links as well.
func (s *Server) showDeviceLink(c *call) error {
	_, u, err := s.accounts.DeviceLink(c.ctx, c.addr, c.Params("token"))
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	w := c.words()
	return c.render(fiber.StatusOK, views.AskDevicePage(s.publicPage(c, w.Device.Ask), s.front(c), u.DisplayName))
}

// askDevice is how the other device asks to be let in.
func (s *Server) askDevice(c *call) error {
	claim, err := s.accounts.AskDevice(c.ctx, c.addr, c.Params("token"), c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	c.Cookie(s.cookie(deviceCookie, claim, "/device", int(auth.DeviceTime.Seconds())))
	return c.goTo("/device")
}

// awaitDevice waits on the other device, and signs it in once it is confirmed.
func (s *Server) awaitDevice(c *call) error {
	claim := c.Cookies(deviceCookie)
	l, _, err := s.accounts.AwaitDevice(c.ctx, c.addr, claim)
	w := c.words()
	switch {
	case errors.Is(err, auth.ErrNoLink) && isPartial(c.Ctx), err == nil && l.Confirmed && isPartial(c.Ctx):
		c.Set("HX-Redirect", "/device") // the whole page shows the result
		return c.SendStatus(fiber.StatusOK)
	case errors.Is(err, auth.ErrNoLink):
		return c.render(fiber.StatusNotFound, views.NotInPage(s.publicPage(c, w.Device.NotIn)))
	case err != nil:
		return err
	case !l.Confirmed && isPartial(c.Ctx):
		return c.SendStatus(fiber.StatusNoContent)
	case !l.Confirmed || c.Method() != fiber.MethodGet:
		return c.render(fiber.StatusOK, views.WaitDevicePage(s.publicPage(c, w.Device.Wait), auth.DeviceNumber(l)))
	}
	u, err := s.accounts.EnterDevice(c.ctx, c.addr, claim)
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	c.Cookie(s.cookie(deviceCookie, "", "/device", -1))
	return s.startSession(c, u, "/rooms")
}
