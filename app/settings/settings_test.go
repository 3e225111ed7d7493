package settings

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestAccents checks that whatever is accepted can be read, in light and in dark, also under the pointer.
func TestAccents(t *testing.T) {
	tokens, err := os.ReadFile("../../assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, ground := range []string{lightGround, darkGround} {
		if !strings.Contains(string(tokens), "--well: "+ground+";") {
			t.Errorf("tokens.css has no --well of %s any more", ground)
		}
	}
	for color, want := range map[string]error{
		"#0c6a60": nil, "#1d4ed8": nil, "#000000": nil, "#8b0000": nil, "": nil,
		"#ffee00": ErrLightContrast, "#ffffff": ErrLightContrast, "#6fcdbe": ErrLightContrast, "#777777": ErrLightContrast,
		"red": ErrColor, "#fff": ErrColor, "#12345g": ErrColor, "0c6a60": ErrColor, "#0c6a60;}": ErrColor, "#+12345": ErrColor,
	} {
		if err := Check(AccentColor, color); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%q: %v instead of %v", color, err, want)
		}
		if want != nil || color == "" {
			continue
		}
		v := valuesOf(map[string]string{AccentColor: color})
		light, dark, ok := v.Accents()
		if !ok {
			t.Errorf("%s is not there", color)
		}
		for _, pair := range [][2]string{{light.Color, lightGround}, {light.Hover, lightGround}, {light.Text, light.Color}, {light.Text, light.Hover},
			{dark.Color, darkGround}, {dark.Hover, darkGround}, {dark.Text, dark.Color}, {dark.Text, dark.Hover}} {
			if c := contrast(mustColor(pair[0]), mustColor(pair[1])); c < leastContrast {
				t.Errorf("%s: %s on %s has a contrast of %.2f", color, pair[0], pair[1], c)
			}
		}
	}
	for color, want := range map[string]error{"#6fcdbe": nil, "#ffffff": nil, "": nil, "#1d4ed8": ErrDarkContrast, "#000000": ErrDarkContrast, "blue": ErrColor} {
		if err := Check(AccentDark, color); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("dark %q: %v instead of %v", color, err, want)
		}
	}
}

// TestValues checks that what the environment says comes first, and that what is not valid is not there.
func TestValues(t *testing.T) {
	v := valuesOf(map[string]string{SignUp: "closed", RetentionDays: "7", Name: "\u200b", "gone": "x"}, map[string]string{SignUp: "invite", QuotaMegabytes: "x"})
	if v.SignUp != "invite" || v.RetentionDays != 7 || v.Name != "Parley" || v.QuotaMegabytes != 200 {
		t.Errorf("%+v", v)
	}
	for name, value := range Defaults().Texts() {
		if err := Check(name, value); err != nil {
			t.Errorf("the default of %s: %v", name, err)
		}
	}
	if len(Defaults().Texts()) != len(Names()) {
		t.Errorf("%d texts of %d settings", len(Defaults().Texts()), len(Names()))
	}
	var outside *RangeError
	if err := Check(RetentionDays, "9999"); !errors.As(err, &outside) || outside.Most != MaxDays {
		t.Errorf("%v", err)
	}
}
