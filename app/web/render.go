package web

import (
	"bytes"
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

// render sends a component: a page or a fragment.
func (c *call) render(status int, component templ.Component) error {
	return renderTo(c.Ctx, status, component)
}

// renderTo renders into the response, whose buffer the next request uses again: pages of 50 KB were a third of all garbage.
func renderTo(c *fiber.Ctx, status int, component templ.Component) error {
	response := c.Response()
	response.ResetBody()
	if err := component.Render(context.Background(), response.BodyWriter()); err != nil {
		response.ResetBody()
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	compress(c)
	return nil
}

// renderHTML returns a component as bytes. Views take nothing from a context, so they get an empty one.
func renderHTML(component templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := component.Render(context.Background(), &b)
	return b.Bytes(), err
}

// component is what the views return; the alias keeps templ's import in this file.
type component = templ.Component
