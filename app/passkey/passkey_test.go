package passkey

import (
	"net/url"
	"strings"
	"testing"

	"parley/e2e/rig"
)

// TestWhereBrowsersHavePasskeys checks which origins have any.
func TestWhereBrowsersHavePasskeys(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://chat.example.org": true, "https://chat.example.org:8443": true, "http://localhost:3000": true, "http://parley.localhost": true,
		"http://chat.example.org": false, "http://127.0.0.1:3000": false, "https://192.0.2.1": false, "https://[2001:db8::1]": false,
		"http://localhost.example.org": false, "https://": false,
	} {
		u, err := url.Parse(origin)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := At(u, "Parley"); ok != want {
			t.Errorf("%s: %v", origin, ok)
		}
	}
}

// TestNothingOfTheDeviceIsKept checks that a passkey does not say of what model a device is, nor anything else that
// its browser has sent.
func TestNothingOfTheDeviceIsKept(t *testing.T) {
	u := &url.URL{Scheme: "https", Host: "chat.example.org"}
	s, _ := At(u, "Parley")
	o := Owner{ID: 7, Username: "ann", DisplayName: "Ann"}
	options, state, err := s.BeginNew(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"userVerification":"required"`, `"residentKey":"required"`} {
		if !strings.Contains(options, want) {
			t.Errorf("no %s in %s", want, options)
		}
	}
	k, err := s.New(o, state, rig.NewPasskey(t, u.String()).Make(t, options))
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range []string{"clientDataJSON", "challenge", "object"} {
		if strings.Contains(k.Text, `"`+no+`"`) {
			t.Errorf("%s is kept: %s", no, k.Text)
		}
	}
	if _, err := (Site{name: "Parley", host: "other.example.org", origin: "https://other.example.org"}).New(o, state, "{}"); err == nil {
		t.Error("a ceremony of another host goes on")
	}
}
