package web

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// showDeletion explains what happens to everything, before anybody enters a password.
func (s *Server) showDeletion(c *call) error {
	return s.renderDeletion(c, fiber.StatusOK, views.Deletion{})
}

func (s *Server) renderDeletion(c *call, status int, f views.Deletion) error {
	p, err := s.page(c, c.words().Own.Delete, "profile")
	if err != nil {
		return err
	}
	successions, err := s.chat.Successions(c.ctx, c.me)
	if err != nil {
		return err
	}
	for _, next := range successions {
		f.Successions = append(f.Successions, views.Succession{Room: next.Room.Name, User: next.User})
	}
	return c.render(status, views.DeletionPage(p, f))
}

// askDeletion signs the caller out everywhere, and deletes the account after a day.
func (s *Server) askDeletion(c *call) error {
	f := views.Deletion{Messages: c.field("messages")}
	if f.Messages != views.KeepMessages && f.Messages != views.DeleteMessages {
		f.ChoiceProblem = c.words().Own.NoChoice
		return s.renderDeletion(c, fiber.StatusUnprocessableEntity, f)
	}
	ended, err := s.accounts.AskDeletion(c.ctx, c.me, c.field("password"), c.session.ID, f.Messages == views.DeleteMessages)
	s.publishSessionsEnded(ended...)
	if err != nil {
		c.Locals(errorLocal, err)
		status, sentence, ok := c.explain(inPassword, err)
		if !ok {
			return err
		}
		f.Problem = sentence
		return s.renderDeletion(c, status, f)
	}
	s.clearSessionCookie(c)
	s.setLeavingCookie(c, "asked")
	return c.goTo("/sign-in")
}

// leavingCookie tells the sign-in page what to say once.
const leavingCookie = "parley-leaving"

func (s *Server) setLeavingCookie(c *call, what string) {
	maxAge := 60
	if what == "" {
		maxAge = -1
	}
	c.Cookie(s.cookie(leavingCookie, what, "/sign-in", maxAge))
}

// leavingNotice returns the sentence for somebody who has just asked for deletion, once.
func (s *Server) leavingNotice(c *call) string {
	if c.Cookies(leavingCookie) != "asked" {
		return ""
	}
	if c.Method() == fiber.MethodGet {
		s.setLeavingCookie(c, "")
	}
	return c.words().Own.Asked
}

const deletionInterval = 20 * time.Second // between two looks at what is due

// KeepDeleting deletes accounts whose day is over until the context ends.
func (s *Server) KeepDeleting(ctx context.Context) {
	for chat.Sleep(ctx, deletionInterval) == nil {
		s.recovering("the deletion of accounts", func() {
			if err := s.DeleteDue(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, db.ErrUnavailable) {
				s.options.Log.Warn("an account is not deleted yet", "error", err)
			}
		})
	}
}

// DeleteDue deletes the accounts whose day is over. What fails is done the next time.
func (s *Server) DeleteDue(ctx context.Context) (err error) {
	due, failed := s.accounts.DueDeletions(ctx)
	for _, u := range due {
		failed = errors.Join(failed, s.deleteAccount(ctx, u))
	}
	return failed
}

// deleteAccount deletes an account in an order in which nothing can be added meanwhile: first nobody can sign in,
// then it is in no room, then its name is gone, and last what it has left in rooms, which may be a lot.
func (s *Server) deleteAccount(ctx context.Context, u db.User) error {
	ended, err := s.accounts.Seal(ctx, u)
	s.publishSessionsEnded(ended...)
	if err != nil {
		return err
	}
	departure := s.chat.Departing(u, s.pauseDeletion)
	if err := departure.Leave(ctx); err != nil {
		return err
	}
	if err := s.accounts.Erase(ctx, u); err != nil {
		return err
	}
	if err := departure.Clean(ctx); err != nil {
		return err
	}
	return s.accounts.FinishDeletion(ctx, u)
}

// deletionShare limits a deletion to 1/deletionShare of the time, and leaves the rest to those who write.
const deletionShare = 4

func (s *Server) pauseDeletion(ctx context.Context, spent time.Duration) error {
	return chat.Sleep(ctx, min((deletionShare-1)*spent, time.Second))
}
