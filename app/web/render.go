package web

import (
	"bytes"
	"context"
	"sync"

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

// buffers are for rendering: one that grew with each page took a third of all garbage. The response of fasthttp has a buffer
// as well, but each idle connection would keep that at the size of its largest page.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// renderHTML returns a component as bytes. Views take nothing from a context, so they get an empty one.
func renderHTML(component templ.Component) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	err := component.Render(context.Background(), b)
	return bytes.Clone(b.Bytes()), err
}

// component is what the views return; the alias keeps templ's import in this file.
type component = templ.Component
