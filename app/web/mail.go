package web

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/mail"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// SendMail sends the e-mails that wait until the context ends.
func (s *Server) SendMail(ctx context.Context) {
	for s.mail != nil && ctx.Err() == nil {
		s.recovering("sending e-mails", func() { s.mail.Run(ctx) })
	}
}

// mailReset sends a link for a new password to the owner of an account, if there is such an account with an
// address. Nobody waits for finding out.
func (s *Server) mailReset(w *words.Catalog, username string) error {
	return s.mail.Later(func(ctx context.Context) (mail.Message, error) {
		u, address, token, err := s.accounts.MailLink(ctx, username)
		if err != nil {
			s.logMailTrouble(err)
			return mail.Message{}, err
		}
		w := spokenBy(u, w)
		return s.letter(w, address, w.Mail.ResetSubject, words.Fill(w.Mail.ResetBody, "{who}", u.Username, "{what}", s.mailedLink("/reset/", token))), nil
	})
}

// mailChange tells the caller by e-mail what was just done to their account, as their pages do.
func (s *Server) mailChange(c *call) {
	if u, err := s.accounts.User(c.ctx, c.me.ID); err == nil { // or else the pages alone tell them
		s.mailNotice(c.words(), u)
	}
}

// mailNotice tells the owner of an account by e-mail what happened to it.
func (s *Server) mailNotice(w *words.Catalog, u db.User) {
	if s.mail == nil {
		return
	}
	w = spokenBy(u, w)
	_ = s.mail.Later(func(ctx context.Context) (mail.Message, error) { // at worst the page alone tells them
		address, err := s.accounts.MailAddress(ctx, u)
		if err == nil && address == "" {
			return mail.Message{}, auth.ErrNoLink
		}
		if err != nil {
			s.logMailTrouble(err)
			return mail.Message{}, err
		}
		return s.noticeLetter(w, address, u), nil
	})
}

func (s *Server) noticeLetter(w *words.Catalog, address string, u db.User) mail.Message {
	subject := w.Mail.AccountSubject
	switch u.Notice.Way {
	case db.NoticeCode, db.NoticeLink, db.NoticeMail:
		subject = w.Mail.ChangedSubject
	}
	return s.letter(w, address, subject, sentenceOf(w, u, s.zones.named(u.TimeZone))+" "+w.Recovery.NotYou)
}

func (s *Server) logMailTrouble(err error) {
	if !errors.Is(err, auth.ErrNoLink) {
		s.options.Log.Warn("an e-mail could not be written", "error", err)
	}
}

// mailedLink returns a link for an e-mail. It begins with the public URL, without which no e-mail is sent: what a
// request has for its Host may be anything.
func (s *Server) mailedLink(path, token string) string {
	return s.options.PublicURL.String() + path + token
}

func (s *Server) letter(w *words.Catalog, to, subject, body string) mail.Message {
	footer := words.Fill(w.Mail.Footer, "{what}", s.options.PublicURL.String())
	return mail.Message{To: to, Subject: subject, Body: body + "\n\n--\n" + footer + "\n"}
}

// spokenBy returns the sentences in the language that a person has chosen, or else in that of the request.
func spokenBy(u db.User, asked *words.Catalog) *words.Catalog {
	if w := words.In(u.Language); w != nil {
		return w
	}
	return asked
}

// sentenceOf returns the sentence of the notice about an account; "" if there is none.
func sentenceOf(w *words.Catalog, u db.User, zone *time.Location) string {
	if u.Notice.At == nil {
		return ""
	}
	return words.Fill(w.Recovery.Notices[string(u.Notice.Way)], "{what}", w.Dates.Moment(u.Notice.At.In(zone)))
}

// saveAddress sends a link to an address, which counts once the link is opened, or removes the present one.
func (s *Server) saveAddress(c *call) error {
	f := profileOf(c.me)
	f.Ways.Typed = c.field("address")
	if s.mail == nil {
		return s.renderProfile(c, fiber.StatusUnprocessableEntity, f)
	}
	if c.has("remove") {
		before, err := s.accounts.RemoveAddress(c.ctx, c.me, c.field("current"), c.session.ID)
		if err != nil {
			return s.refuseAddress(c, f, err)
		}
		s.mailFormer(c, before)
		return c.goTo("/profile?saved=1")
	}
	address, token, err := s.accounts.AskAddress(c.ctx, c.me, c.field("current"), c.session.ID, f.Ways.Typed)
	if err == nil {
		w, username := c.words(), c.me.Username
		err = s.mail.Later(func(context.Context) (mail.Message, error) {
			return s.letter(w, address, w.Mail.ConfirmSubject, words.Fill(w.Mail.ConfirmBody, "{who}", username, "{what}", s.mailedLink("/address/", token))), nil
		})
	}
	if err != nil {
		return s.refuseAddress(c, f, err)
	}
	f.Ways.Notice = words.Fill(c.words().Recovery.AddressSent, "{what}", address)
	return s.renderProfile(c, fiber.StatusOK, f)
}

// mailFormer notifies the address that was removed, because there is no other one.
func (s *Server) mailFormer(c *call, before string) {
	u, err := s.accounts.User(c.ctx, c.me.ID)
	if before == "" || err != nil {
		return
	}
	w := spokenBy(u, c.words())
	_ = s.mail.Later(func(context.Context) (mail.Message, error) { return s.noticeLetter(w, before, u), nil })
}

// refuseAddress gives the form back with what is wrong: the password, or the rest.
func (s *Server) refuseAddress(c *call, f views.Profile, why error) error {
	if errors.Is(why, auth.ErrWrongPassword) {
		status, sentence, _ := c.explain(inPassword, why)
		f.Ways.SecretProblem = sentence
		return s.renderProfile(c, status, f)
	}
	status, sentence, ok := c.explain(inRecovery, why)
	if !ok {
		return why
	}
	f.Ways.AddressProblem = sentence
	return s.renderProfile(c, status, f)
}

func (s *Server) showAddressLink(c *call) error {
	u, address, err := s.accounts.AddressLink(c.ctx, c.addr, c.Params("token"))
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	w := c.words()
	return c.render(fiber.StatusOK, views.ConfirmAddressPage(s.publicPage(c, w.Recovery.Confirm), s.front(c), u.Username, address))
}

// confirmAddress makes an address count, and says so to the one before.
func (s *Server) confirmAddress(c *call) error {
	u, before, err := s.accounts.ConfirmAddress(c.ctx, c.addr, c.Params("token"))
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	w := c.words()
	if before != "" && s.mail != nil {
		of := spokenBy(u, w)
		_ = s.mail.Later(func(context.Context) (mail.Message, error) {
			return s.letter(of, before, of.Mail.OtherSubject, words.Fill(of.Mail.OtherBody, "{who}", u.Username)+" "+of.Recovery.NotYou), nil
		})
	}
	return c.render(fiber.StatusOK, views.AddressConfirmedPage(s.publicPage(c, w.Recovery.Confirmed)))
}
