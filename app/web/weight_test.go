package web

import (
	"encoding/json"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/assets"
	"parley/views"
)

// The most that all scripts and all styles of a page may weigh, in bytes of brotli.
const (
	scriptBudget = 20_480
	styleBudget  = 9_216
)

var (
	linked    = regexp.MustCompile(`<link [^>]*>`)
	scripted  = regexp.MustCompile(`<script[^>]*>`)
	addressed = regexp.MustCompile(`\s(?:src|srcset|href|action|data|poster)="([^"]*)"`)
	anchor    = regexp.MustCompile(`<a [^>]*>`) // it fetches nothing until somebody follows it
	fetched   = regexp.MustCompile(`(?i)url\(|@import|@font-face`)
)

// TestPagesStayLight checks what people on slow connections rely on: every page has one deferred script, one
// style sheet beside the reader's own rules, no fonts, and nothing from other sites.
func TestPagesStayLight(t *testing.T) {
	t.Parallel()
	if !assets.Built() {
		t.Fatal("the assets are not part of this program: run node assets/build.mjs")
	}
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := views.RoomPath(s.befriend(list[0], list[1]))
	files := map[string]bool{}
	for _, path := range []string{"/sign-in", "/sign-up", "/rooms", "/rooms/new", room, room + "?as=wait", room + "?as=plain", room + "/wait",
		room + "/composer", room + "/wait/frame", "/friends", "/people/bob", "/profile", "/search", "/formatting", "/keys", "/nowhere"} {
		who := list[0]
		if strings.HasPrefix(path, "/sign") {
			who = s.visitor()
		}
		page := who.get(path).body
		before, noscript, _ := strings.Cut(page, "<noscript>")
		var sheets []string
		for _, link := range linked.FindAllString(page, -1) {
			if !strings.Contains(link, `rel="stylesheet"`) {
				continue
			}
			sheet := addressed.FindStringSubmatch(link)[1]
			files[sheet] = true
			if !strings.Contains(noscript, link) {
				sheets = append(sheets, sheet)
			}
		}
		if most := []string{assets.Path("parley.css"), "/me.css"}; !slices.Equal(sheets, most) && !slices.Equal(sheets, most[:1]) {
			t.Errorf("%s waits for %q", path, sheets)
		}
		for _, script := range scripted.FindAllString(page, -1) {
			files[addressed.FindStringSubmatch(script)[1]] = true
			if !strings.Contains(script, " defer") || !strings.Contains(before, script) {
				t.Errorf("%s waits for %s", path, script)
			}
		}
		for _, found := range addressed.FindAllStringSubmatch(anchor.ReplaceAllString(page, ""), -1) {
			if to := found[1]; !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") && to != "data:," || strings.HasPrefix(to, "//") {
				t.Errorf("%s leads elsewhere: %s", path, to)
			}
		}
	}
	scripts, styles := 0, 0
	for path := range files {
		file, ok := assets.Open(strings.TrimPrefix(path, "/assets/"))
		switch {
		case strings.HasSuffix(path, ".js"):
			scripts += len(file.Brotli)
		case ok:
			styles += len(file.Brotli)
			if found := fetched.FindString(string(file.Plain)); found != "" {
				t.Errorf("%s fetches something: %s", path, found)
			}
		}
	}
	if scripts == 0 || scripts > scriptBudget || styles == 0 || styles > styleBudget {
		t.Errorf("the scripts are %d bytes of brotli and may be %d; the styles are %d and may be %d", scripts, scriptBudget, styles, styleBudget)
	}
}

// TestWebAppManifest checks what a phone needs to put the site on its home screen.
func TestWebAppManifest(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	var manifest struct {
		Name, Display string
		ID            string `json:"id"`
		Start         string `json:"start_url"`
		Scope         string
		Icons         []struct{ Src, Sizes, Type, Purpose string }
	}
	a := s.visitor().get("/manifest.webmanifest").mustBe(200)
	must(t, json.Unmarshal([]byte(a.body), &manifest))
	if got := a.header.Get("Content-Type"); got != "application/manifest+json" {
		t.Errorf("Content-Type is %q", got)
	}
	if manifest.Name != "Parley" || manifest.ID != "/" || manifest.Start != "/rooms" || manifest.Scope != "/" ||
		manifest.Display != "standalone" {
		t.Errorf("%+v", manifest)
	}
	want := []string{"192x192 any", "512x512 any", "512x512 maskable"}
	for i, icon := range manifest.Icons {
		picture, err := png.DecodeConfig(strings.NewReader(s.visitor().get(icon.Src).mustBe(200).body))
		must(t, err)
		side, _, _ := strings.Cut(icon.Sizes, "x")
		if i >= len(want) || icon.Sizes+" "+icon.Purpose != want[i] || icon.Type != "image/png" ||
			picture.Width != picture.Height || side != itoa(uint64(picture.Width)) {
			t.Errorf("%+v is a picture of %d by %d", icon, picture.Width, picture.Height)
		}
	}
	if len(manifest.Icons) != len(want) {
		t.Errorf("%d icons", len(manifest.Icons))
	}
	s.visitor().get("/sign-in").mustBe(200).mustHave(`<link rel="manifest" href="/manifest.webmanifest">`,
		`sizes="32x32" type="image/png">`, `sizes="any" type="image/svg+xml">`)
}
