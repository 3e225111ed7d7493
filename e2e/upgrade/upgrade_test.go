//go:build upgrade

// Package upgrade takes a database from the program of some time ago to today's and back, and lets both work on it at
// once: the promise that an upgrade can be taken back, and that a rolling one stops nothing.
package upgrade

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

var since = flag.String("since", "HEAD~100", "the commit to upgrade from")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// before builds the program of an earlier commit, in a work tree of its own.
func before(t *testing.T) string {
	t.Helper()
	tree := filepath.Join(t.TempDir(), "tree")
	git := func(args ...string) error {
		cmd := exec.Command("git", args...)
		cmd.Dir = rig.Root()
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("git %v: %w: %s", args, err, out)
		}
		return nil
	}
	must(t, git("worktree", "add", "--detach", tree, *since))
	t.Cleanup(func() { must(t, git("worktree", "remove", "--force", tree)) })
	must(t, os.RemoveAll(filepath.Join(tree, "assets", "dist")))
	must(t, os.CopyFS(filepath.Join(tree, "assets", "dist"), os.DirFS(filepath.Join(rig.Root(), "assets", "dist"))))
	path := filepath.Join(t.TempDir(), "parley-before")
	cmd := exec.Command("go", "build", "-o", path, "./app")
	cmd.Dir = tree
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v: %s", *since, err, out)
	}
	return path
}

// story is two people and what they have said so far.
type story struct {
	t        *testing.T
	ann, bob *rig.User
	room     string
	said     []string
}

func begin(t *testing.T, p *rig.Parley) *story {
	t.Helper()
	s := &story{t: t}
	var err error
	s.ann, err = p.SignUp("ann")
	must(t, err)
	s.bob, err = p.SignUp("bob")
	must(t, err)
	must(t, s.ann.Post("/friends", url.Values{"username": {"bob"}}))
	s.room, err = s.bob.Accept("ann")
	must(t, err)
	return s
}

// goesOn says something and expects everything said so far on the page, in order.
func (s *story) goesOn(who string) {
	s.t.Helper()
	text := fmt.Sprintf("message %d under the %s program", len(s.said)+1, who)
	must(s.t, s.ann.Say(s.room, text))
	s.said = append(s.said, text)
	s.reads(s.bob)
}

func (s *story) reads(u *rig.User) {
	s.t.Helper()
	page, err := u.Get(s.room)
	must(s.t, err)
	at := 0
	for _, text := range s.said {
		next := strings.Index(page[at:], text)
		if next < 0 {
			s.t.Fatalf("%q is not on the page, or not in its place:\n%s", text, page)
		}
		at += next + len(text)
	}
}

// finds waits until a search finds the last message.
func (s *story) finds() {
	s.t.Helper()
	word := fmt.Sprintf("message %d", len(s.said))
	rig.Eventually(s.t, "a search for "+word, func() bool {
		page, err := s.bob.Get("/search?q=" + url.QueryEscape(word))
		return err == nil && strings.Contains(page, `href="`+s.room)
	})
}

func end(t *testing.T, p *rig.Parley) {
	t.Helper()
	p.Signal(syscall.SIGTERM)
	if code, ended := p.Wait(30 * time.Second); !ended || code != 0 {
		t.Fatalf("it ended with %d: %v", code, ended)
	}
}

// start starts a program, or returns why it does not start.
func start(t *testing.T, p *rig.Parley, binary string) {
	t.Helper()
	p.Use(binary)
	if err := p.Start(); err != nil {
		t.Fatal(errors.Join(err, errors.New(p.Log())))
	}
	rig.Eventually(t, "it to be ready", func() bool { status, _ := rig.Get("http://" + p.Addr + "/readyz"); return status == 200 })
}

// TestThereAndBack upgrades, goes back, and upgrades again.
func TestThereAndBack(t *testing.T) {
	today := filepath.Join(t.TempDir(), "parley")
	must(t, rig.Build(today))
	before := before(t)
	for _, database := range []string{"sqlite:" + filepath.Join(t.TempDir(), "parley.db"), rig.MySQL(t)} {
		p, err := rig.NewParley(before, map[string]string{"DATABASE_URL": database})
		must(t, err)
		defer p.Close()
		start(t, p, before)
		s := begin(t, p)
		s.goesOn("earlier")
		for _, step := range []struct{ name, binary string }{{"newer", today}, {"earlier", before}, {"newer", today}} {
			end(t, p)
			start(t, p, step.binary)
			s.reads(s.ann) // who is still signed in
			s.goesOn(step.name)
			s.finds()
		}
		end(t, p)
	}
}

// TestBothAtOnce lets both programs serve one database, as a rolling upgrade does, and each sees what the other writes.
func TestBothAtOnce(t *testing.T) {
	today := filepath.Join(t.TempDir(), "parley")
	must(t, rig.Build(today))
	before := before(t)
	settings := map[string]string{"DATABASE_URL": rig.MySQL(t), "REDIS_URL": rig.Redis(t)}
	old, err := rig.NewParley(before, settings)
	must(t, err)
	defer old.Close()
	fresh, err := rig.NewParley(today, settings)
	must(t, err)
	defer fresh.Close()
	start(t, old, before)
	s := begin(t, old)
	s.goesOn("earlier")
	start(t, fresh, today)
	for n := range 10 {
		u := *s
		if n%2 == 0 {
			u.ann, u.bob = s.ann.At(fresh), s.bob
		} else {
			u.bob = s.bob.At(fresh)
		}
		u.goesOn(map[bool]string{true: "newer", false: "earlier"}[n%2 == 0])
		s.said = u.said
	}
	end(t, old)
	s.ann, s.bob = s.ann.At(fresh), s.bob.At(fresh)
	s.goesOn("newer")
	s.finds()
	end(t, fresh)
}
