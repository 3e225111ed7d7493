package text

import (
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/rig"
	"parley/views/words"
)

// TestRecoveryInLynx lets somebody who forgot their password back in with a recovery code, from a text browser.
func TestRecoveryInLynx(t *testing.T) {
	site, w := startParley(t), words.English()
	ann, err := site.SignUp("ann-lost")
	must(t, err)
	response, err := ann.Do(t.Context(), "POST", "/profile/codes", url.Values{"current": {rig.Password}})
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	must(t, err)
	code := regexp.MustCompile(`[0-9a-z]{4}(-[0-9a-z]{4}){3}`).FindString(string(page))
	b := browsers[0]
	s := openTerminal(t, b, "http://"+site.Addr+"/sign-in")
	b.follow(s, w.Recovery.Forgot)
	s.reads(w.Recovery.NoMail)
	b.follow(s, w.Recovery.UseCode)
	s.reads(w.Recovery.CodeHint)
	b.fill(s, w.Account.Username, "ann-lost")
	b.fill(s, w.Recovery.Code, code)
	b.fill(s, w.Recovery.NewPassword, "nine lanterns")
	b.send(s, w.Recovery.SetNew)
	s.reads("Your password was changed with a recovery code")
	searchInLynx(s, w.Recovery.Dismiss) // because the last page's status may still be on the screen, which says that this is a button
	s.await("the button", func(v view) bool { return strings.Contains(v.rest(), w.Recovery.Dismiss) })
	s.press("Enter")
	s.await("the rooms without the notice", func(v view) bool { return !v.has(w.Recovery.Dismiss) && v.has(w.Rooms.None) })
}
