package web

import "testing"

// TestReservedUsernames checks that a form says which names nobody may choose, and keeps what was typed.
func TestReservedUsernames(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	for name, want := range map[string]string{
		"Support": en.Account.NameReserved, "ad-min": en.Account.NameReserved, "everyone": en.Account.NameReserved,
		"rob.": en.Account.NameEnds, "_ann": en.Account.NameEnds,
	} {
		s.visitor().post("/sign-up", form("username", name, "password", goodPassword)).mustBe(422).
			mustHave(want, `role="alert"`, `value="`+name+`"`)
	}
}
