package auth

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"parley/db"
)

func TestPasswordRules(t *testing.T) {
	good := []string{
		goodPassword, "correct horse battery staple", "kx8-Qm2vTz", "ten runes!", strings.Repeat("long words ", 6), "  spaces kept  ",
		"früh übt sich", "пароль на стене", "我喜欢在下雨天喝一杯热茶", "🙂🎉🌍🚀🍕🎸🐙🌈🔥🍀", "9123847560", "5839201746", "bobsledding on ice",
		"the dragon ate my homework", "<script>alert(1)</script>", "' OR 1=1 -- x", "zxkqjvwpyg", "x" + strings.Repeat("ab9!", 63),
		"monday mornings are grim",
	}
	for _, p := range good {
		if _, problem := newPassword(p, "bob"); problem != "" {
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
		if _, problem := newPassword(p, "bob"); problem == "" {
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
		if _, problem := newPassword(c.password, c.name); (problem == "") != c.good {
			t.Errorf("%q of %q: %q", c.password, c.name, problem)
		}
	}
}

// Only what was accepted at sign-up signs in, at full length.
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
		for _, other := range []string{strings.TrimSpace(p) + ".", "fruh ubt sich", p[:len(p)-1], p + " "} {
			if _, err := a.SignIn(t.Context(), address(1), name, other); err == nil {
				t.Errorf("%q signed in with %q", p, other)
			}
		}
	}
}

// spelled are passwords as one keyboard composes them, and as others do.
var spelled = map[string][]string{
	"pässwörd für älle Fälle":   {"pa\u0308sswo\u0308rd fu\u0308r a\u0308lle Fa\u0308lle", "pässwörd\u00a0für älle\u2003Fälle"},
	"Việt Nam quê hương tôi":    {"Vie\u0323\u0302t Nam que\u0302 hu\u031bo\u031bng to\u0302i", "Viê\u0323t Nam quê hương tôi"},
	"비밀번호는 여기에 없다":              {"\u1107\u1175\u1106\u1175\u11af번호는 여기에 없다", "비밀번호는\u3000여기에 없다"},
	"ガラスのくつをはいて":                {"カ\u3099ラスのくつをはいて"},
	"\u212bngström unit \u2126": {"Ångström unit Ω"},
}

// TestPasswordsOfEveryKeyboard checks that another way to compose the letters of a password is the same
// password: at sign-in, as the current one at a change, and where its length is counted.
func TestPasswordsOfEveryKeyboard(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		i := 0
		for password, others := range spelled {
			i++
			name := "user" + strconv.Itoa(i)
			all := append(others, password)
			u, err := a.SignUp(t.Context(), address(i), name, all[0], "UTC")
			must(t, err)
			for _, p := range all {
				if _, err := a.SignIn(t.Context(), address(i), name, p); err != nil {
					t.Errorf("%+q does not sign in with %+q: %v", all[0], p, err)
				}
			}
			_, err = a.ChangePassword(t.Context(), u, password, goodPassword, 0)
			must(t, err)
			c.advance(accountWindow)
		}
		for typed, want := range map[string]Flaw{
			strings.Repeat("a\u0308", 5):               PasswordShort, // ten characters as they are typed
			"ü1x" + strings.Repeat("ku\u0308q", 84):    "",            // 255, and 339 as they are typed
			strings.Repeat("\u1112\u1161\u11ab!", 128): PasswordIsCommon,
			strings.Repeat("xyz", 86):                  PasswordLong,
			strings.Repeat("x", 100_000):               PasswordLong,
			"with a\ttab in it":                        PasswordChars,
		} {
			if _, problem := newPassword(typed, "bob"); problem != want {
				t.Errorf("%.20q is %q, want %q", typed, problem, want)
			}
		}
	})
}

// TestOldPasswordsAreOfTheBytesTyped checks that a hash of what was once typed, byte for byte, goes on
// working and is replaced, and that trying both forms costs the same whether or not the account exists.
func TestOldPasswordsAreOfTheBytesTyped(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		hashes := func(name, password string) int64 {
			t.Helper()
			before := a.gate.entered.Load()
			c.advance(accountWindow)
			if _, err := a.SignIn(t.Context(), address(1), name, password); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("%s with %q: %v", name, password, err)
			}
			return a.gate.entered.Load() - before
		}
		typed, composed := "pa\u0308sswo\u0308rd fu\u0308r alle", "pässwörd für alle"
		old, err := a.hash(t.Context(), typed)
		must(t, err)
		u := db.User{Username: "alice", DisplayName: "alice", PasswordHash: old, TimeZone: "UTC", CreatedAt: c.now()}
		must(t, store.CreateUser(t.Context(), &u))
		hashes("alice", composed) // not yet: the hash is of the other form
		for wrong, want := range map[string]int64{"plain and wrong": 1, "wrong u\u0308 and not plain": 2, "wrong\ttab": 1, strings.Repeat("u\u0308", 5000): 1} {
			for _, name := range []string{"alice", "nobody"} {
				if n := hashes(name, wrong); n != want {
					t.Errorf("%s with %.20q: %d hashes, want %d", name, wrong, n, want)
				}
			}
		}
		for _, p := range []string{typed, composed, typed} {
			if _, err := a.SignIn(t.Context(), address(1), "alice", p); err != nil {
				t.Errorf("%+q: %v", p, err)
			}
		}
		u, err = store.UserByID(t.Context(), u.ID)
		must(t, err)
		if match, _, err := a.matches(t.Context(), composed, u.PasswordHash); !match || err != nil {
			t.Errorf("the hash was not replaced: %v", err)
		}
		// One that could not be chosen today goes on working, too.
		old, err = a.hash(t.Context(), "with a\ttab in it")
		must(t, err)
		must(t, store.SetPasswordHash(t.Context(), u.ID, old))
		if _, err := a.SignIn(t.Context(), address(1), "alice", "with a\ttab in it"); err != nil {
			t.Error(err)
		}
	})
}
