package auth

import (
	"strings"
	"testing"
)

func TestPasswordRules(t *testing.T) {
	good := []string{
		goodPassword, "correct horse battery staple", "kx8-Qm2vTz", "ten runes!", strings.Repeat("long words ", 6), "  spaces kept  ",
		"früh übt sich", "пароль на стене", "我喜欢在下雨天喝一杯热茶", "🙂🎉🌍🚀🍕🎸🐙🌈🔥🍀", "9123847560", "5839201746", "bobsledding on ice",
		"the dragon ate my homework", "<script>alert(1)</script>", "' OR 1=1 -- x", "zxkqjvwpyg", "x" + strings.Repeat("ab9!", 63),
		"monday mornings are grim",
	}
	for _, p := range good {
		if problem := checkPassword(p, "bob"); problem != "" {
			t.Errorf("%q refused: %s", p, problem)
		}
	}
	bad := []string{
		"", "short", "123456789", "nine char", "ééééééééé", strings.Repeat("ab1 ", 65), "with a \x00 NUL", "not \xff UTF-8 at all",
		"password12", "Password2024!", "p@ssw0rd123", "P@$$w0rd2024", "passwordpassword", "iloveyou!!", "letmein123", "welcome2025",
		"qwertyuiop", "qwerty12345", "1234567890", "0987654321", "123456789012345", "abcdefghij", "zyxwvutsrq", "asdfghjkl;",
		"aaaaaaaaaa", "abababababab", "abc123abc123", "1212121212", "1qaz2wsx3edc"[:10], "dragonmonkey1", "football99", "sunshine 1",
		"admin-admin-admin", "changeme!!", "michael1984", "qwertz123456", "trustno1trustno1", "!!!!!!!!!!", "          ",
	}
	for _, p := range bad {
		if problem := checkPassword(p, "bob"); problem == "" {
			t.Errorf("%q accepted", p)
		}
	}
}

func TestPasswordIsNotTheName(t *testing.T) {
	for _, c := range []struct {
		name, password string
		good           bool
	}{
		{"alice_wonder", "alice_wonder", false}, {"alice_wonder", "Alice.Wonder", false}, {"alice_wonder", "alicewonder2024", false},
		{"alice_wonder", "!!alice_wonder!!", false}, {"alice_wonder", "rednow_ecila", false}, {"alice", "alicealice", false},
		{"alice", "alice12345", false}, {"alice", "xxALICExx1", true}, {"alice", "alice in wonderland", true},
		{"bob", "bobbobbob1", false}, {"bob", "1234567bob", false}, {"a-b", "a-b likes lakes", true},
	} {
		if problem := checkPassword(c.password, c.name); (problem == "") != c.good {
			t.Errorf("%q of %q: %q", c.password, c.name, problem)
		}
	}
}

// Only the exact bytes that were accepted at sign-up sign in, at full length.
func TestPasswordIsExact(t *testing.T) {
	a := accounts(open(t, "sqlite:"+t.TempDir()+"/parley.db"), newClock())
	long := strings.Repeat("é7x! grün ", 25)
	for i, p := range []string{"  spaces kept  ", "früh u\u0308bt sich", long} {
		name := "user" + string(rune('a'+i))
		if _, err := a.SignUp(t.Context(), address(1), name, p, "UTC"); err != nil {
			t.Fatalf("%q: %v", p, err)
		}
		if _, err := a.SignIn(t.Context(), address(1), name, p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
		for _, other := range []string{strings.TrimSpace(p) + ".", "früh übt sich", p[:len(p)-1], p + " "} {
			if _, err := a.SignIn(t.Context(), address(1), name, other); err == nil {
				t.Errorf("%q signed in with %q", p, other)
			}
		}
	}
}
