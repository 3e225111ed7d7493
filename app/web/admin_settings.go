package web

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"parley/app/settings"
	"parley/views"
	"parley/views/words"
)

func (s *Server) showSettings(c *call) error {
	return s.renderSettings(c, fiber.StatusOK, views.AdminSettings{Values: s.settings.Get(c.ctx).Texts(), Saved: c.Query("saved") != ""})
}

func (s *Server) renderSettings(c *call, status int, f views.AdminSettings) error {
	f.Fixed = s.settings.IsFixed
	p, err := s.adminPage(c, c.words().Admin.Settings)
	if err != nil {
		return err
	}
	return c.render(status, views.AdminSettingsPage(p, f))
}

// saveSettings stores the whole form or none of it. What was not sent stays as it is.
func (s *Server) saveSettings(c *call) error {
	f := views.AdminSettings{Values: s.settings.Get(c.ctx).Texts(), Problems: map[string]string{}}
	changes := map[string]string{}
	for _, name := range settings.Names() {
		if !c.has(name) {
			continue
		}
		changes[name], f.Values[name] = c.field(name), c.field(name)
		if err := settings.Check(name, c.field(name)); err != nil {
			f.Problems[name] = c.explainSetting(err)
		}
	}
	if len(f.Problems) > 0 {
		return s.renderSettings(c, fiber.StatusUnprocessableEntity, f)
	}
	err := s.settings.Change(c.ctx, c.me.ID, changes, s.options.Now().UTC())
	var invalid *settings.Invalid
	if errors.As(err, &invalid) {
		f.Problems[invalid.Setting] = c.explainSetting(err)
		return s.renderSettings(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return c.goTo("/admin/settings?saved=1")
}

// explainSetting returns why a setting cannot have a value.
func (c *call) explainSetting(err error) string {
	_, sentence, _ := c.explain(anywhere, err)
	var outside *settings.RangeError
	if errors.As(err, &outside) {
		sentence = words.Fill(sentence, "{least}", strconv.Itoa(outside.Least), "{most}", strconv.Itoa(outside.Most))
	}
	return sentence
}

// showRules is for everybody, before they create an account.
func (s *Server) showRules(c *call) error {
	v := s.settings.Get(c.ctx)
	title := words.Fill(c.words().Account.RulesOf, "{what}", v.Name)
	p := s.publicPage(c, title)
	if c.isSignedIn() {
		var err error
		if p, err = s.page(c, title, ""); err != nil {
			return err
		}
	}
	if v.Rules == "" {
		return c.render(fiber.StatusOK, views.RulesPage(p, nil))
	}
	return c.render(fiber.StatusOK, views.RulesPage(p, s.chat.Texts.Text(v.Rules)))
}
