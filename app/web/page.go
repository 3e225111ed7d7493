package web

import (
	"context"
	"strconv"
	"strings"

	"parley/db"
	"parley/views"
)

// page returns what every page of a signed-in person shows.
func (s *Server) page(c *call, title, place string) (views.Page, error) {
	waiting, err := s.waiting(c)
	return s.pageWith(c, title, place, waiting), err
}

// waiting returns what waits for the caller.
func (s *Server) waiting(c *call) (db.Waiting, error) {
	if c.waiting != nil {
		return *c.waiting, nil
	}
	return s.chat.Waiting(c.ctx, c.me)
}

// pageWith is page for one that shows more of what waits for its reader.
func (s *Server) pageWith(c *call, title, place string, waiting db.Waiting) views.Page {
	return views.Page{
		Words: c.words(), Site: s.site(), Title: title, Me: &c.me, NavItem: place, Requests: waiting.Requests, Notice: s.noticeOf(c), TextBrowser: c.isTextBrowser(),
	}
}

// publicPage returns what a page for those who are not signed in shows.
func (s *Server) publicPage(c *call, title string) views.Page {
	return views.Page{Words: c.words(), Site: s.site(), Title: title}
}

// site returns how the administrators want this server to look. It needs no context: the answer is in memory but
// for the first, and settings.Get bounds its wait.
func (s *Server) site() views.Site {
	v := s.settings.Get(context.Background())
	site := views.Site{Name: v.Name}
	if v.Accent != "" {
		site.Style = "/site.css?v=" + strings.TrimPrefix(v.Accent+v.AccentDark, "#")
		site.Style = strings.ReplaceAll(site.Style, "#", "-")
	}
	if v.LogoID != 0 {
		site.Logo = "/logo/" + strconv.FormatUint(v.LogoID, 10)
	}
	return site
}

// front returns what the server says about itself beside a form for those who are not signed in. It says less while
// the database is away, because the form is there all the same.
func (s *Server) front(c *call) views.Front {
	v := s.settings.Get(c.ctx)
	may, err := s.accounts.MaySignUp(c.ctx)
	empty, unknown := s.accounts.IsEmpty(c.ctx)
	return views.Front{
		Welcome: v.Welcome, HasRules: v.Rules != "", SignUpOpen: err == nil && may, Empty: unknown == nil && empty && may,
		Providers: s.providerViews(), PasswordsOff: s.options.PasswordsOff,
	}
}
