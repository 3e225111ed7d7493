package docs

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"parley/e2e/rig"
)

// knows checks that the sandbox's database has the account that its server had.
func (s *sandbox) knows() {
	s.t.Helper()
	out, err := s.command(s.t.Context(), "parley user list").CombinedOutput()
	if err != nil || !strings.Contains(string(out), somebody) {
		s.t.Fatalf("parley user list: %v\n%s", err, out)
	}
}

// takes checks that Parley accepts the settings in a block.
func (s *sandbox) takes(b Block) {
	s.t.Helper()
	cmd := s.command(s.t.Context(), "parley user list")
	cmd.Env = append(cmd.Env, strings.Split(strings.TrimSpace(s.places(b.Text)), "\n")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Errorf("%s:%d: %v\n%s", b.Page, b.Line, err, out)
	}
}

// nightly runs a line of /etc/cron.d as cron does: after the times and the user, with \% for a %.
func (s *sandbox) nightly(b Block) {
	s.t.Helper()
	line := regexp.MustCompile(`^(?:[\d*/,-]+ ){5}parley (.*)\n$`).FindStringSubmatch(b.Text)
	if line == nil {
		s.t.Fatalf("%s:%d is no line for cron: %s", b.Page, b.Line, b.Text)
	}
	b.Text = strings.ReplaceAll(line[1], `\%`, "%")
	s.runs(b)
	if made := s.backups(); len(made) != 1 {
		s.t.Errorf("%s:%d has made %v", b.Page, b.Line, made)
	}
}

func (s *sandbox) backups() []string {
	s.t.Helper()
	list, err := filepath.Glob(filepath.Join(s.dir, "backups", "*.zip"))
	must(s.t, err)
	return list
}

// newHome restores the backup that the page has made before in a place without a database, and starts the server there.
func (s *sandbox) newHome(b Block) {
	s.t.Helper()
	s.server.Kill()
	must(s.t, os.RemoveAll(filepath.Join(s.dir, "data")))
	made, err := filepath.Glob(filepath.Join(s.dir, "backup-*.zip"))
	must(s.t, err)
	if len(made) != 1 {
		s.t.Fatalf("the page has made %v", made)
	}
	must(s.t, os.Rename(made[0], filepath.Join(s.dir, "backup.zip")))
	s.runs(b)
	s.knows()
	must(s.t, s.server.Start())
}

// restored restores the backup of the night where the server runs as a service.
func (s *sandbox) restored(b Block) {
	s.t.Helper()
	name := regexp.MustCompile(`/var/backups/parley/(\S+\.zip)`).FindStringSubmatch(b.Text)
	if name == nil || len(s.backups()) != 1 {
		s.t.Fatalf("%s:%d: no backup of the night: %s", b.Page, b.Line, b.Text)
	}
	must(s.t, os.Rename(s.backups()[0], filepath.Join(s.dir, "backups", name[1])))
	s.runs(b)
	s.knows()
	if asked, err := os.ReadFile(s.service()); err != nil || string(asked) != "stop\nstart\n" || s.server.Running() {
		s.t.Errorf("%s:%d: the service was asked for %q (%v)", b.Page, b.Line, asked, err)
	}
	must(s.t, s.server.Start())
}

// copied copies a database with a room while its server runs.
func (s *sandbox) copied(b Block) {
	s.t.Helper()
	must(s.t, s.user.Post("/rooms", url.Values{"name": {"Notes"}}))
	s.runs(b)
}

// dumped copies a database of MariaDB, on which somebody has signed up, to another.
func (s *sandbox) dumped(b Block) {
	s.t.Helper()
	from, to := rig.MySQL(s.t), rig.MySQL(s.t)
	old, err := rig.NewParley(binary, map[string]string{"DATABASE_URL": from})
	must(s.t, err)
	s.t.Cleanup(old.Close)
	must(s.t, old.Start())
	user, err := old.SignUp(somebody)
	must(s.t, err)
	must(s.t, user.Post("/rooms", url.Values{"name": {"Notes"}}))
	at, err := url.Parse(from)
	must(s.t, err)
	must(s.t, os.WriteFile(filepath.Join(s.dir, ".my.cnf"), []byte("[client]\nuser=root\nhost="+at.Hostname()+"\nport="+at.Port()+"\n"), 0o600))
	b.Text = strings.NewReplacer("mysql://root@127.0.0.1:3306/chat_again", to, "chat_again", filepath.Base(to), " chat ", " "+filepath.Base(from)+" ").Replace(b.Text)
	s.runs(b)
	out, err := s.command(s.t.Context(), "PARLEY_DATABASE_URL="+to+" parley user list").CombinedOutput()
	if err != nil || !strings.Contains(string(out), somebody) {
		s.t.Errorf("the copy: %v\n%s", err, out)
	}
}

// frame sends a block over the socket of a room, and takes the answer for what is printed. The session is the one that the page
// has kept in a file of curl's.
func (s *sandbox) frame(b Block) {
	s.t.Helper()
	jar, err := os.ReadFile(filepath.Join(s.dir, "jar"))
	must(s.t, err)
	lines := strings.Split(strings.TrimSpace(string(jar)), "\n")
	cookie := strings.Fields(lines[len(lines)-1])
	header := http.Header{"Cookie": {cookie[5] + "=" + cookie[6]}, "Origin": {"http://" + s.server.Addr}}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	conn, _, _, err := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header)}.Dial(ctx, "ws://"+s.server.Addr+"/rooms/1/socket")
	must(s.t, err)
	defer func() { _ = conn.Close() }()
	must(s.t, wsutil.WriteClientText(conn, []byte(b.Text)))
	answer, err := wsutil.ReadServerText(conn)
	must(s.t, err)
	s.last = string(answer)
}
