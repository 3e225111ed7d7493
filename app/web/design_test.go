package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"parley/assets"
)

// TestStyleGuideShowsEverything checks that /design on the admin address shows each token and each
// component, and that everything it loads is there.
func TestStyleGuideShowsEverything(t *testing.T) {
	design := Design()
	get := func(path string) string {
		answer := httptest.NewRecorder()
		design.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
		if answer.Code != 200 || answer.Body.Len() == 0 {
			t.Errorf("%s: %d", path, answer.Code)
		}
		return answer.Body.String()
	}
	page, style := get("/design"), get("/design.css")
	for _, token := range assets.Tokens() {
		if !strings.Contains(page, `data-token="`+token.Name+`"`) || !strings.Contains(style, `[data-token="`+token.Name+`"]{`) ||
			strings.Contains(style, "{:var("+token.Name) {
			t.Errorf("%s is not shown", token.Name)
		}
	}
	for _, part := range []string{`id="messages"`, `class="message continues"`, `class="edited"`, `class="gone"`, `class="pictures several"`,
		`class="reactions"`, `class="mention"`, `class="day"`, `class="notice"`, `class="new"`, `class="quote"`, `id="composer"`, `id="rooms"`,
		`class="unread"`, `class="news muted"`, `id="people"`, `id="found"`, `class="empty"`, `class="told"`, `role="alert"`, `class="trouble"`,
		`class="field photo"`, `class="choice"`, `class="danger"`} {
		if !strings.Contains(page, part) {
			t.Errorf("there is no %s", part)
		}
	}
	for _, link := range linked.FindAllString(page, -1) {
		if to := addressed.FindStringSubmatch(link)[1]; to != "/manifest.webmanifest" {
			get(to)
		}
	}
	for _, img := range []string{"/photos/1/small", "/photos/2/large"} {
		get(img)
	}
}
