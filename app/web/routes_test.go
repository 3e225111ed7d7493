package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// manifest is the site map again, with what docs/threats.md requires of each line. A route that is not
// here, or is here and nowhere else, fails: adding one is a decision about who may use it, what may be
// cached, how much it reads, and what stops somebody who uses it all day.
//
//	access  in: signed in; public: everybody; any: everybody, and the session is not looked up
//	cache   checked by TestHeadersEverywhere
//	body    form: 64 KiB; photo: 11 MiB, after signing in, 4 at once, and 200 MiB of photos for a person
//	limit   what else bounds it, checked by TestLimits; free: nothing but the time of a request
const manifest = `
method path                                     access kind   cache    body  limit
GET    /                                        public page   no-store form  free
GET    /sign-up                                 public page   no-store form  free
POST   /sign-up                                 public page   no-store form  sign-up
GET    /sign-in                                 public page   no-store form  free
POST   /sign-in                                 public page   no-store form  guess
GET    /sign-in/code                            public page   no-store form  free
POST   /sign-in/code                            public page   no-store form  code
GET    /sign-in/passkey                         public page   no-store form  passkey
POST   /sign-in/passkey                         public page   no-store form  passkey
GET    /oidc/:provider                          public page   no-store form  visit
GET    /oidc/:provider/callback                 public page   no-store form  free
POST   /oidc/:provider/logout                   public page   no-store form  logout
GET    /sign-in/new                             public page   no-store form  free
POST   /sign-in/new                             public page   no-store form  free
POST   /sign-in/connect                         public page   no-store form  free
POST   /sign-out                                public page   no-store form  free
GET    /about                                   public page   no-store form  free

GET    /forgot                                  public page   no-store form  free
POST   /forgot                                  public page   no-store form  mail
GET    /recover                                 public page   no-store form  free
POST   /recover                                 public page   no-store form  guess
GET    /reset/:token                            public page   no-store form  link
POST   /reset/:token                            public page   no-store form  link
GET    /address/:token                          public page   no-store form  link
POST   /address/:token                          public page   no-store form  link
GET    /device                                  public page   no-store form  link
GET    /device/:token                           public page   no-store form  link
POST   /device/:token                           public page   no-store form  link

GET    /friends                                 in     page   no-store form  free
POST   /friends                                 in     page   no-store form  ask
POST   /friends/:username/accept                in     page   no-store form  free
POST   /friends/:username/decline               in     page   no-store form  free
POST   /friends/:username/cancel                in     page   no-store form  free
POST   /friends/:username/remove                in     page   no-store form  free
POST   /friends/:username/block                 in     page   no-store form  free
POST   /friends/:username/unblock               in     page   no-store form  free
GET    /people/:username                        in     page   no-store form  free

GET    /invitations                             in     page   no-store form  free
POST   /invitations                             in     page   no-store form  invite
POST   /invitations/:id/revoke                  in     page   no-store form  free
GET    /join/:token                             public page   no-store form  link
POST   /join/:token                             public page   no-store form  link

GET    /rooms                                   in     page   no-store form  free
POST   /rooms                                   in     page   no-store form  post
GET    /rooms/new                               in     page   no-store form  free
GET    /rooms/open                              in     page   no-store form  free
GET    /rooms/live                              in     iframe no-store form  stream
GET    /rooms/:room                             in     page   no-store form  free
POST   /rooms/:room/messages                    in     post   no-store photo post
GET    /rooms/:room/messages/:seq               in     page   no-store form  free
POST   /rooms/:room/messages/:seq/edit          in     post   no-store form  post
POST   /rooms/:room/messages/:seq/delete        in     page   no-store form  post
POST   /rooms/:room/messages/:seq/react         in     page   no-store form  post
GET    /rooms/:room/messages/:seq/photos/:place in     page   no-store form  free
POST   /rooms/:room/messages/:seq/photos/:place in     page   no-store form  post
GET    /rooms/:room/messages/:seq/report        in     page   no-store form  free
POST   /rooms/:room/messages/:seq/report        in     page   no-store form  post
POST   /rooms/:room/messages/:seq/pin           in     page   no-store form  post
GET    /rooms/:room/pins                        in     page   no-store form  free
POST   /rooms/:room/messages/:seq/unread        in     page   no-store form  free
POST   /rooms/:room/read                        in     page   no-store form  free
POST   /rooms/:room/mute                        in     page   no-store form  free
GET    /rooms/:room/events                      in     stream no-store form  stream
GET    /rooms/:room/live                        in     iframe no-store form  stream
GET    /rooms/:room/wait                        in     page   no-store form  stream
GET    /rooms/:room/wait/frame                  in     iframe no-store form  stream
GET    /rooms/:room/hide.css                    in     file   no-store form  free
GET    /rooms/:room/composer                    in     iframe no-store form  free
POST   /rooms/:room/composer                    in     iframe no-store photo post
GET    /rooms/:room/socket                      in     socket no-store form  socket
GET    /events                                  in     stream no-store form  stream
GET    /reports                                 in     page   no-store form  free
GET    /formatting                              in     page   no-store form  free
GET    /keys                                    in     page   no-store form  free

GET    /search                                  in     page   no-store form  search

GET    /rooms/:room/members                     in     page   no-store form  free
GET    /rooms/:room/people                      in     page   no-store form  free
POST   /rooms/:room/members                     in     page   no-store form  post
POST   /rooms/:room/members/:username/remove    in     page   no-store form  post
POST   /rooms/:room/members/:username/owner     in     page   no-store form  post
POST   /rooms/:room/members/:username/moderator in     page   no-store form  post
POST   /rooms/:room/members/:username/ban       in     page   no-store form  post
POST   /rooms/:room/members/:username/unban     in     page   no-store form  post
GET    /rooms/:room/moderation                  in     page   no-store form  free
POST   /rooms/:room/moderation                  in     page   no-store form  post
POST   /rooms/:room/join                        in     page   no-store form  post
POST   /rooms/:room/leave                       in     page   no-store form  post
POST   /rooms/:room/name                        in     page   no-store form  post
GET    /rooms/:room/kind                        in     page   no-store form  free
POST   /rooms/:room/kind                        in     page   no-store form  post
POST   /rooms/:room/retention                   in     page   no-store form  post
POST   /rooms/:room/photo                       in     page   no-store photo post
POST   /rooms/:room/photo/remove                in     page   no-store form  post

GET    /profile                                 in     page   no-store form  free
POST   /profile                                 in     page   no-store photo free
POST   /profile/photo/remove                    in     page   no-store form  free
POST   /profile/reading                         in     page   no-store form  free
POST   /profile/calls                           in     page   no-store form  free
POST   /profile/password                        in     page   no-store form  guess
POST   /profile/export                          in     page   no-store form  guess
GET    /profile/delete                          in     page   no-store form  free
POST   /profile/delete                          in     page   no-store form  guess
POST   /profile/codes                           in     page   no-store form  guess
POST   /profile/address                         in     page   no-store form  guess
POST   /profile/device                          in     page   no-store form  free
GET    /profile/device/:id                      in     page   no-store form  free
POST   /profile/device/:id/confirm              in     page   no-store form  free
POST   /profile/device/:id/refuse               in     page   no-store form  free
POST   /notice                                  in     page   no-store form  free
GET    /profile/second-factor                   in     page   no-store form  free
POST   /profile/second-factor                   in     page   no-store form  guess
POST   /profile/second-factor/confirm           in     page   no-store form  free
POST   /profile/second-factor/off               in     page   no-store form  guess
GET    /profile/passkeys                        in     page   no-store form  free
POST   /profile/passkeys                        in     page   no-store form  guess
GET    /profile/passkeys/new                    in     page   no-store form  free
POST   /profile/passkeys/new                    in     page   no-store form  free
POST   /profile/passkeys/:id/rename             in     page   no-store form  free
POST   /profile/passkeys/:id/remove             in     page   no-store form  free
POST   /profile/identities/:id/remove           in     page   no-store form  free
GET    /profile/confirm                         in     page   no-store form  free
POST   /sessions/:id/revoke                     in     page   no-store form  free
GET    /me.css                                  in     file   no-store form  free
GET    /photos/:id/:size                        in     file   private  form  free

POST   /rooms/:room/default                     admin  page   no-store form  free
GET    /admin                                   admin  page   no-store form  free
GET    /admin/people                            admin  page   no-store form  free
GET    /admin/people/:username                  admin  page   no-store form  free
POST   /admin/people/:username/suspend          admin  page   no-store form  free
POST   /admin/people/:username/restore          admin  page   no-store form  free
POST   /admin/people/:username/sign-out         admin  page   no-store form  free
POST   /admin/people/:username/reset            admin  page   no-store form  free
GET    /admin/resets/:id                        admin  page   no-store form  free
POST   /admin/people/:username/admin            admin  page   no-store form  free
POST   /admin/people/:username/delete           admin  page   no-store form  free
GET    /admin/settings                          admin  page   no-store form  free
POST   /admin/settings                          admin  page   no-store form  free
POST   /admin/settings/logo                     admin  page   no-store photo free
POST   /admin/settings/logo/remove              admin  page   no-store form  free
GET    /admin/invitations                       admin  page   no-store form  free
GET    /admin/log                               admin  page   no-store form  free
GET    /admin/log.csv                           admin  file   no-store form  free
GET    /admin/reports                           admin  page   no-store form  free
GET    /admin/reports/:id                       admin  page   no-store form  free
POST   /admin/reports/:id                       admin  page   no-store form  free
GET    /admin/rooms                             admin  page   no-store form  free
GET    /admin/rooms/:room                       admin  page   no-store form  free
POST   /admin/rooms/:room/close                 admin  page   no-store form  free
POST   /admin/rooms/:room/delete                admin  page   no-store form  free
POST   /admin/rooms/:room/owner                 admin  page   no-store form  free

GET    /assets/:name                            any    file   public   form  free
GET    /site.css                                public file   minute   form  free
GET    /logo/:id                                public file   public   form  free
GET    /manifest.webmanifest                    any    file   hour     form  free
GET    /livez                                   any    probe  no-store form  free
GET    /readyz                                  any    probe  no-store form  free
`

// manifestRow is one line of the manifest.
type manifestRow struct{ method, path, access, kind, cache, body, limit string }

func (d manifestRow) String() string { return d.method + " " + d.path }

func manifestRows(t testing.TB) (list []manifestRow) {
	t.Helper()
	for text := range strings.Lines(manifest) {
		f := strings.Fields(text)
		if len(f) == 0 || f[0] == "method" {
			continue
		}
		if len(f) != 7 {
			t.Fatalf("the manifest's line %q", text)
		}
		list = append(list, manifestRow{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
	}
	return list
}

// TestManifest compares the manifest with the routes that Fiber really has, and with routes.go.
func TestManifest(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	var want, have []string
	for _, d := range manifestRows(t) {
		want = append(want, d.String())
		if d.method == "GET" {
			want = append(want, "HEAD "+d.path)
		}
	}
	for _, list := range s.server.app.Stack() {
		for _, r := range list {
			if r.Path == "/" && r.Method != "GET" && r.Method != "HEAD" {
				continue // the middleware, which Fiber lists under every method
			}
			have = append(have, r.Method+" "+r.Path)
		}
	}
	slices.Sort(want)
	slices.Sort(have)
	for _, one := range slices.Compact(slices.Clone(have)) {
		if !slices.Contains(want, one) {
			t.Errorf("%s is a route that is not in the manifest", one)
		}
	}
	for _, one := range want {
		if !slices.Contains(have, one) {
			t.Errorf("%s is in the manifest and is not a route", one)
		}
	}
	accesses := map[access]string{signedIn: "in", public: "public", sessionless: "any", admin: "admin"}
	kinds := map[responseKind]string{
		page: "page", post: "post", stream: "stream", iframe: "iframe", socket: "socket", file: "file", probe: "probe",
	}
	for i, d := range manifestRows(t) {
		if i >= len(routes) {
			t.Fatalf("routes.go has %d routes", len(routes))
		}
		r, body := routes[i], "form"
		if r.body != 0 {
			body = fmt.Sprint(r.body)
			if r.body == uploadLimit {
				body = "photo"
			}
		}
		got := manifestRow{method: r.method, path: r.path, access: accesses[r.access], kind: kinds[r.kind], body: body}
		d.cache, d.limit = "", ""
		if got != d {
			t.Errorf("routes.go says %+v, the manifest %+v", got, d)
		}
	}
}

// TestNoRouteIsPublicByAccident checks that all other routes refuse a signed-out visitor.
func TestNoRouteIsPublicByAccident(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, d := range manifestRows(t) {
		if d.access != "in" {
			continue
		}
		path := strings.NewReplacer(":username", "ann", ":room", "1", ":id", "1", ":seq", "1", ":place", "1", ":size", "small").Replace(d.path)
		for _, method := range []string{d.method, "HEAD"} {
			if method == "HEAD" && d.method != "GET" {
				continue
			}
			a := s.visitor().send(method, path, nil)
			switch d.kind {
			case "page", "post":
				if a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/sign-in") {
					t.Errorf("%s %s: %d to %q", method, path, a.status, a.header.Get("Location"))
				}
			case "stream":
				if a.status != 200 || method == "GET" && a.body != "event: signed-out\ndata: \n\n" {
					t.Errorf("%s %s: %d %q", method, path, a.status, a.body)
				}
			case "file", "iframe":
				a.shouldBe(401)
			case "socket":
				a.shouldBe(403) // no Origin; with one it is 401, see the access matrix
			}
		}
	}
}
