package web

import (
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/db"
	"parley/views"
)

// adminsPerPage is the number of accounts, or lines of the log, on a page.
const adminsPerPage = 50

func (s *Server) redirectAdmin(c *call) error { return c.goTo("/admin/people") }

// adminPage returns what every page of the administration shows. The title begins with what this page is about:
// all of them have the same heading.
func (s *Server) adminPage(c *call, about string) (views.Page, error) {
	p, err := s.page(c, about+" · "+c.words().Admin.Heading, "admin")
	if err != nil {
		return p, err
	}
	p.Reports, err = s.chat.OpenReports(c.ctx, c.me)
	return p, err
}

func (s *Server) showAdminPeople(c *call) error {
	filter := db.PeopleFilter{Text: validText(c.Query("q")), After: validText(c.Query("after")), Suspended: c.Query("state") == "suspended", Admins: c.Query("state") == "admins"}
	census, people, err := s.accounts.People(c.ctx, filter, adminsPerPage+1)
	if err != nil {
		return err
	}
	f := views.AdminPeople{Census: census, Text: filter.Text, State: c.Query("state")}
	if len(people) > adminsPerPage {
		people = people[:adminsPerPage]
		query := url.Values{"q": {f.Text}, "state": {f.State}, "after": {people[len(people)-1].Username}}
		f.Next = "/admin/people?" + query.Encode()
	}
	for _, u := range people {
		f.People = append(f.People, s.adminPerson(c, u))
	}
	p, err := s.adminPage(c, c.words().Admin.People)
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.AdminPeoplePage(p, f))
}

func (s *Server) adminPerson(c *call, u db.User) views.AdminPerson {
	l, now := s.locale(c), s.options.Now()
	brief := func(t time.Time) string { return l.words.Dates.Brief(t.In(l.zone), now.In(l.zone)) }
	person := views.AdminPerson{User: u, Since: brief(u.CreatedAt), Self: u.ID == c.me.ID, Going: u.DeleteAt != nil && !now.Before(*u.DeleteAt)}
	if u.SeenAt != nil {
		person.Seen = brief(*u.SeenAt)
	}
	return person
}

func (s *Server) showAdminPerson(c *call) error {
	u, err := s.accounts.UserNamed(c.ctx, c.Params("username"))
	if err != nil {
		return err
	}
	person := s.adminPerson(c, u)
	person.Done = c.Query("done") != ""
	return s.renderAdminPerson(c, fiber.StatusOK, person)
}

func (s *Server) renderAdminPerson(c *call, status int, person views.AdminPerson) error {
	p, err := s.adminPage(c, "@"+person.User.Username)
	if err != nil {
		return err
	}
	return c.render(status, views.AdminPersonPage(p, person))
}

// answerAdmin returns to the page of an account, with what is in the way if something is.
func (s *Server) answerAdmin(c *call, err error) error {
	if errors.Is(err, auth.ErrLastAdmin) {
		u, unknown := s.accounts.UserNamed(c.ctx, c.Params("username"))
		if unknown != nil {
			return unknown
		}
		person := s.adminPerson(c, u)
		status, sentence, _ := c.explain(anywhere, err)
		person.Problem = sentence
		return s.renderAdminPerson(c, status, person)
	}
	if err != nil {
		return err
	}
	return c.goTo("/admin/people/" + url.PathEscape(c.Params("username")) + "?done=1")
}

func (s *Server) suspendPerson(c *call) error {
	ended, err := s.accounts.Suspend(c.ctx, c.me.ID, c.Params("username"))
	s.publishSessionsEnded(ended...)
	return s.answerAdmin(c, err)
}

func (s *Server) restorePerson(c *call) error {
	return s.answerAdmin(c, s.accounts.Restore(c.ctx, c.me.ID, c.Params("username")))
}

func (s *Server) signOutPerson(c *call) error {
	ended, err := s.accounts.SignOutEverywhere(c.ctx, c.me.ID, c.Params("username"))
	s.publishSessionsEnded(ended...)
	return s.answerAdmin(c, err)
}

// deletePerson deletes an account. Without a choice its messages stay.
func (s *Server) deletePerson(c *call) error {
	ended, err := s.accounts.DeleteAccount(c.ctx, c.me.ID, c.Params("username"), c.field("messages") == views.DeleteMessages)
	s.publishSessionsEnded(ended...)
	return s.answerAdmin(c, err)
}

func (s *Server) setAdmin(c *call) error {
	return s.answerAdmin(c, s.accounts.SetAdmin(c.ctx, c.me.ID, c.Params("username"), c.field("off") == ""))
}
