package web

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/chat"
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
	return s.answerProfile(c, 200, f)
}

func (s *Server) answerProfile(c *call, status int, f views.Profile) error {
	p, err := s.page(c, c.words().Nav.Profile, "profile")
	if err != nil {
		return err
	}
	sessions, err := s.accounts.Sessions(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	as, now := s.locale(c), s.o.Now()
	for _, one := range sessions {
		f.Sessions = append(f.Sessions, views.SessionLine{ID: one.ID, Browser: browserName(as.words.Profile, one.UserAgent),
			Seen: as.words.Dates.Brief(one.SeenAt.In(as.zone), now.In(as.zone)), Current: one.ID == c.session.ID})
	}
	f.Zones = commonZones
	return c.render(status, views.ProfilePage(p, f))
}

// saveProfile takes the whole form or nothing of it; what was not sent is left as it is.
func (s *Server) saveProfile(c *call) error {
	f := profileOf(c.me)
	f.DisplayName, f.TimeZone, f.Language = c.field("display_name"), c.field("time_zone"), c.field("language")
	if c.has("presence") { // a box that is not ticked is not sent
		f.ShowHere, f.ShowWriting = c.has("show_here"), c.has("show_writing")
	}
	upload, err := c.upload("photo")
	if errors.Is(err, errTooMuch) {
		f.DisplayName, f.TimeZone = cmp.Or(f.DisplayName, c.me.DisplayName), cmp.Or(f.TimeZone, c.me.TimeZone)
		var status int
		status, f.PhotoProblem = photoProblem(c.words(), err)
		return s.answerProfile(c, status, f)
	}
	if err != nil {
		return err
	}
	name, zone, language := c.me.DisplayName, c.me.TimeZone, c.me.Language
	if c.has("display_name") {
		name, f.NameProblem, err = c.checked(auth.DisplayName(f.DisplayName))
	}
	if c.has("time_zone") && err == nil {
		zone, f.ZoneProblem, err = c.checked(auth.TimeZone(f.TimeZone))
	}
	if err != nil {
		return err
	}
	if !c.has("language") {
		f.Language = language
	} else if language = f.Language; language != "" && words.In(language) == nil {
		f.LanguageProblem = c.words().Profile.NoSuchLanguage
	}
	if f.NameProblem+f.ZoneProblem+f.LanguageProblem != "" {
		return s.answerProfile(c, 422, f)
	}
	if upload != nil {
		kept, err := s.album.Save(c.ctx, c.me.ID, upload, photo.PurposeAvatar)
		if status, sentence := photoProblem(c.words(), err); sentence != "" {
			f.PhotoProblem = sentence
			return s.answerProfile(c, status, f)
		} else if err != nil {
			return err
		}
		if err := s.album.SetAvatar(c.ctx, c.me, kept.ID); err != nil {
			return err
		}
	}
	if err := s.accounts.UpdateProfile(c.ctx, c.me, name, zone, language); err != nil {
		return err
	}
	if err := s.chat.SetPresenceVisibility(c.ctx, c.me, f.ShowHere, f.ShowWriting); err != nil {
		return err
	}
	if err := s.chat.NotifyProfileChanged(c.ctx, c.me); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}

// profileOf is the form as it is stored.
func profileOf(me db.User) views.Profile {
	return views.Profile{DisplayName: me.DisplayName, TimeZone: me.TimeZone, Language: me.Language, ShowHere: !me.HidesPresence, ShowWriting: !me.HidesTyping,
		Ladder: cmp.Or(me.ReadingMode, "live"), NewestFirst: me.NewestFirst}
}

// checked splits an answer of auth into the value, the sentence for the form, and other errors.
func (c *call) checked(value string, err error) (string, string, error) {
	var invalid *auth.Invalid
	if errors.As(err, &invalid) {
		return value, flaw(c.words(), invalid.Reason), nil
	}
	return value, "", err
}

// photoProblem says why a photo was not taken.
func photoProblem(words *words.Catalog, err error) (status int, sentence string) {
	w := words.Profile
	switch {
	case errors.Is(err, photo.ErrNotImage):
		return 422, w.NotImage
	case errors.Is(err, photo.ErrTooLarge):
		return 422, w.TooLarge
	case errors.Is(err, photo.ErrTooManyPixels):
		return 422, w.TooManyPixels
	case errors.Is(err, errTooMuch):
		p := views.ProblemOf(words, 413)
		return 413, p.Title + ". " + p.Sentence
	case errors.Is(err, photo.ErrQuota):
		return 413, w.TooManyPhotos
	case errors.Is(err, photo.ErrBusy):
		return 503, w.PhotosBusy
	}
	return 0, ""
}

func (s *Server) removePhoto(c *call) error {
	if err := s.album.SetAvatar(c.ctx, c.me, 0); err != nil {
		return err
	}
	if err := s.chat.NotifyProfileChanged(c.ctx, c.me); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}

// changePassword ends every other session, and gives this browser a new token: whoever knew the
// old password or has the old cookie is out.
func (s *Server) changePassword(c *call) error {
	f := profileOf(c.me)
	ended, err := s.accounts.ChangePassword(c.ctx, c.me, c.field("current"), c.field("password"), c.session.ID)
	s.rangEnd(ended...) // also of those that ended before something went wrong
	var invalid *auth.Invalid
	switch {
	case errors.Is(err, auth.ErrWrongPassword):
		f.PasswordProblem = c.words().Profile.WrongPassword
		return s.answerProfile(c, 422, f)
	case errors.As(err, &invalid):
		f.PasswordProblem = flaw(c.words(), invalid.Password+invalid.Reason)
		return s.answerProfile(c, 422, f)
	case err != nil:
		return err
	}
	token, _, err := s.accounts.RotateSession(c.ctx, c.me.ID, c.session.ID, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	s.rangEnd(c.session.ID)
	s.keepSignedIn(c, token)
	return c.goTo("/profile?saved=1")
}

func (s *Server) revokeSession(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if id == c.session.ID {
		return s.signOut(c)
	}
	mine, err := s.accounts.Sessions(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(mine, func(one db.Session) bool { return one.ID == id }) {
		return chat.ErrNotFound
	}
	if err := s.end(c, c.me.ID, id); err != nil {
		return err
	}
	return c.goTo("/profile")
}

// browserName makes a user agent readable, as far as its owner has to recognise it.
func browserName(w words.Profile, agent string) string {
	system := w.UnknownSystem
	for _, name := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux"} {
		if strings.Contains(agent, name) {
			system = name
			break
		}
	}
	for _, name := range []string{"Firefox", "Edg", "OPR", "Chrome", "Safari", "Lynx", "w3m", "Links", "ELinks", "curl"} {
		if strings.Contains(agent, name) {
			browser := strings.NewReplacer("Edg", "Edge", "OPR", "Opera").Replace(name)
			return words.Fill(w.Browser, "{who}", browser, "{what}", system)
		}
	}
	return words.Fill(w.SomeBrowser, "{what}", system)
}
