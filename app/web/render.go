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

func renderTo(c *fiber.Ctx, status int, component templ.Component) error {
	html, err := renderHTML(component)
	if err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendHTML(c, html)
}

// renderHTML returns a component as bytes. Views take nothing from a context, so they get an empty one.
func renderHTML(component templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := component.Render(context.Background(), &b)
	return b.Bytes(), err
}

// component is what the views return; the alias keeps templ's import in this file.
type component = templ.Component
