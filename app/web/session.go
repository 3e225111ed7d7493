package web

import (
	"slices"
	"strings"

	"parley/app/bus"
	"parley/app/chat"
	"parley/db"
	"parley/views/words"
)

// enter gives a browser the token of its new session. A session that it had before ends.
func (s *Server) enter(c *call, u db.User, token, next string) error {
	ended, err := s.accounts.EndOldSessions(c.ctx, u.ID)
	s.publishSessionsEnded(ended...) // even if only some of them ended before an error
	if err != nil {
		return err
	}
	if c.isSignedIn() {
		if err := s.endSession(c, c.me.ID, c.session.ID); err != nil {
			return err
		}
	}
	s.setSessionCookie(c, token)
	if u.DeleteAt != nil { // CreateSession has kept the account
		next = "/profile?kept=1"
	}
	return c.goTo(next)
}

// endSession ends a session on the server, with its streams and sockets.
func (s *Server) endSession(c *call, user, session uint64) error {
	if err := s.accounts.EndSession(c.ctx, user, session); err != nil {
		return err
	}
	s.publishSessionsEnded(session)
	return nil
}

// publishSessionsEnded tells all processes to close the streams and sockets of these sessions.
func (s *Server) publishSessionsEnded(sessions ...uint64) {
	for _, id := range sessions {
		s.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: id})
	}
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
	if !slices.ContainsFunc(mine, func(session db.Session) bool { return session.ID == id }) {
		return chat.ErrNotFound
	}
	if err := s.endSession(c, c.me.ID, id); err != nil {
		return err
	}
	return c.goTo("/profile")
}

// browserName turns a user agent into a name by which its owner can recognize the browser.
func browserName(w words.Profile, agent string) string {
	system := w.UnknownSystem
	for _, name := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux"} {
		if strings.Contains(agent, name) {
			system = name
			break
		}
	}
	for _, name := range []string{"Firefox", "Edg", "OPR", "Chrome", "Safari", "Lynx", "w3m", "ELinks", "Links", "curl"} {
		if strings.Contains(agent, name) {
			browser := strings.NewReplacer("Edg", "Edge", "OPR", "Opera").Replace(name)
			return words.Fill(w.Browser, "{who}", browser, "{what}", system)
		}
	}
	return words.Fill(w.SomeBrowser, "{what}", system)
}
