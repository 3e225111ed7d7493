package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/photo"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

func (s *Server) showProfile(c *call) error {
	f := profileOf(c.me)
	if c.Query("saved") != "" {
		f.Notice = c.words().Profile.Saved
	}
	if c.Query("kept") != "" && c.me.DeleteAt == nil {
		f.Notice = c.words().Own.TakenBack
	}
	s.identityNotice(c, &f)
	return s.renderProfile(c, fiber.StatusOK, f)
}

func (s *Server) renderProfile(c *call, status int, f views.Profile) error {
	p, err := s.page(c, c.words().Nav.Profile, "profile")
	if err != nil {
		return err
	}
	sessions, err := s.accounts.Sessions(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	if err := s.addWays(c, &f); err != nil {
		return err
	}
	if err := s.addIdentities(c, &f); err != nil {
		return err
	}
	l, now := s.locale(c), s.options.Now()
	for _, session := range sessions {
		f.Sessions = append(f.Sessions, views.SessionSummary{
			ID:       session.ID,
			Browser:  browserName(l.words.Profile, session.UserAgent),
			LastSeen: l.words.Dates.Brief(session.SeenAt.In(l.zone), now.In(l.zone)),
			Current:  session.ID == c.session.ID,
		})
	}
	f.Zones = commonZones
	f.ByBrowser = acceptedLanguage(c.Get(fiber.HeaderAcceptLanguage)).Self
	return c.render(status, views.ProfilePage(p, f))
}

// saveProfile checks the whole form before it stores any of it. What was not sent stays as it is.
func (s *Server) saveProfile(c *call) error {
	f := profileOf(c.me)
	for name, value := range map[string]*string{"display_name": &f.DisplayName, "time_zone": &f.TimeZone, "language": &f.Language} {
		if c.has(name) {
			*value = c.field(name)
		}
	}
	if c.has("presence") { // a box that is not ticked is not sent
		f.ShowOnline, f.ShowTyping = c.has("show_here"), c.has("show_writing")
	}
	upload, err := c.upload("photo")
	if c.filesErr != nil {
		return s.refusePhoto(c, f, err)
	}
	if err != nil {
		return err
	}
	changed, err := c.parseProfile(&f)
	if err != nil {
		return err
	}
	if f.NameProblem+f.ZoneProblem+f.LanguageProblem != "" {
		return s.renderProfile(c, fiber.StatusUnprocessableEntity, f)
	}
	if upload != nil {
		kept, err := s.photos.Save(c.ctx, c.me.ID, upload, photo.PurposeAvatar)
		if err != nil {
			return s.refusePhoto(c, f, err)
		}
		changed.PhotoID = kept.ID
	}
	err = s.applyProfile(c, changed)
	if errors.Is(err, auth.ErrTooManyRenames) {
		var status int
		status, f.NameProblem, _ = c.explain(anywhere, err)
		return s.renderProfile(c, status, f)
	}
	return err
}

// parseProfile returns the profile that the form asks for, and notes in the form what is wrong with it.
func (c *call) parseProfile(f *views.Profile) (changed db.User, err error) {
	changed = c.me
	if c.has("display_name") {
		changed.DisplayName, f.NameProblem, err = c.checked(auth.DisplayName(f.DisplayName))
	}
	if c.has("time_zone") && err == nil {
		changed.TimeZone, f.ZoneProblem, err = c.checked(auth.TimeZone(f.TimeZone))
	}
	if f.Language != "" && words.In(f.Language) == nil {
		f.LanguageProblem = c.words().Profile.NoSuchLanguage
	}
	changed.Language, changed.HidesPresence, changed.HidesTyping = f.Language, !f.ShowOnline, !f.ShowTyping
	return changed, err
}

// applyProfile stores a profile and goes back to its page.
func (s *Server) applyProfile(c *call, changed db.User) error {
	if err := s.accounts.UpdateProfile(c.ctx, c.me, changed.DisplayName, changed.TimeZone, changed.Language); err != nil {
		return err
	}
	if changed.PhotoID != c.me.PhotoID {
		if err := s.photos.SetAvatar(c.ctx, c.me, changed.PhotoID); err != nil {
			return err
		}
	}
	if err := s.chat.SetPresenceVisibility(c.ctx, c.me, !changed.HidesPresence, !changed.HidesTyping); err != nil {
		return err
	}
	if err := s.chat.NotifyProfileChanged(c.ctx, c.me); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}

// refusePhoto gives the form back with the reason why its photo was refused.
func (s *Server) refusePhoto(c *call, f views.Profile, why error) error {
	status, sentence, ok := c.explain(anywhere, why)
	if !ok {
		return why
	}
	f.PhotoProblem = sentence
	return s.renderProfile(c, status, f)
}

// profileOf returns the form with what is stored.
func profileOf(me db.User) views.Profile {
	return views.Profile{
		DisplayName: me.DisplayName,
		TimeZone:    me.TimeZone,
		Language:    me.Language,
		ShowOnline:  !me.HidesPresence,
		ShowTyping:  !me.HidesTyping,
		ReadingMode: me.ReadingMode.String(),
		NewestFirst: me.NewestFirst,
	}
}

// checked splits what auth returns into the value, the sentence for the form, and any other error.
func (c *call) checked(value string, err error) (checked, sentence string, other error) {
	var invalid *auth.Invalid
	if errors.As(err, &invalid) {
		if _, sentence, ok := c.explain(anywhere, err); ok {
			return value, sentence, nil
		}
		return value, c.flaw(invalid.Reason), nil
	}
	return value, "", err
}

func (s *Server) removePhoto(c *call) error {
	if err := s.photos.SetAvatar(c.ctx, c.me, 0); err != nil {
		return err
	}
	if err := s.chat.NotifyProfileChanged(c.ctx, c.me); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}
