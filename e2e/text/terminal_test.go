// Package text tests Parley in text browsers: the real program, real browsers in a real terminal, and no
// scripts. It presses a key only when the screen shows the effect of the one before.
package text

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// patience is how long a key press may take to have an effect.
const patience = time.Minute

// terminal runs a program on a screen of 80 by 40, enough for a whole short conversation.
type terminal struct {
	t      *testing.T
	tmux   string
	socket string
	Home   string // the program's own home folder
}

// view is the content of the screen, and the position of the cursor.
type view struct {
	lines []string
	x, y  int
}

func (v view) has(text string) bool { return strings.Contains(strings.Join(v.lines, "\n"), text) }

func (v view) same(other view) bool {
	return v.x == other.x && v.y == other.y && slices.Equal(v.lines, other.lines)
}

// at returns the line with the cursor.
func (v view) at() string { return v.lines[v.y] }

// rest returns that line from the cursor on.
func (v view) rest() string {
	runes := []rune(v.at())
	return string(runes[min(v.x, len(runes)):])
}

// near reports whether a label belongs to the field at the cursor: it is before it on the same line, or just
// above or below it where the browser breaks the line. Before the field of another label is that label.
func (v view) near(label string) bool {
	runes := []rune(v.at())
	before := strings.Trim(string(runes[:min(v.x, len(runes))]), " [")
	if !strings.Contains(before, label) && !strings.HasSuffix(label, before) {
		return false
	}
	return strings.Contains(strings.Join(v.lines[max(0, v.y-2):min(len(v.lines), v.y+2)], "\n"), label)
}

// status returns the last line that is not empty.
func (v view) status() string {
	for i := len(v.lines) - 1; i > 0; i-- {
		if strings.TrimSpace(v.lines[i]) != "" {
			return v.lines[i]
		}
	}
	return ""
}

// openTerminal starts a browser in a terminal that is closed when the test ends.
func openTerminal(t *testing.T, b browser, address string) *terminal {
	t.Helper()
	tmux, err := rig.Find("tmux")
	must(t, err)
	program, err := rig.Find(b.name)
	must(t, err)
	random := make([]byte, 8)
	_, err = rand.Read(random)
	must(t, err)
	home, err := os.MkdirTemp("", "parley-home-")
	must(t, err)
	// The path of a socket must be short, and a test's temporary folder has a long one.
	s := &terminal{t: t, tmux: tmux, socket: filepath.Join(os.TempDir(), "parley-"+hex.EncodeToString(random)), Home: home}
	must(t, os.WriteFile(filepath.Join(home, "editor"), []byte("#!/bin/sh\nexec cp \"$HOME/draft\" \"$1\"\n"), 0o700))
	args := append([]string{"-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "40", "env", "-u", "http_proxy", "-u", "HTTP_PROXY",
		"HOME=" + home, "EDITOR=" + filepath.Join(home, "editor"), "LC_ALL=C.UTF-8", program}, b.args...)
	s.run(append(args, address)...)
	t.Cleanup(func() {
		_ = exec.Command(tmux, "-S", s.socket, "kill-server").Run() // the program may have ended already
		_ = os.Remove(s.socket)
		for deadline := time.Now().Add(patience); os.RemoveAll(home) != nil && time.Now().Before(deadline); { // it may still be writing
			time.Sleep(10 * time.Millisecond)
		}
	})
	return s
}

func (s *terminal) run(args ...string) string {
	s.t.Helper()
	out, err := exec.Command(s.tmux, append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %s: %v: %s", args[0], err, out)
	}
	return string(out)
}

func (s *terminal) capture() view {
	s.t.Helper()
	cursor, screen, _ := strings.Cut(s.run("display-message", "-p", "#{cursor_x} #{cursor_y}", ";", "capture-pane", "-p"), "\n")
	x, y, _ := strings.Cut(cursor, " ")
	v := view{lines: strings.Split(screen, "\n")}
	v.x, _ = strconv.Atoi(x)
	v.y, _ = strconv.Atoi(y)
	v.y = min(v.y, len(v.lines)-1)
	return v
}

// press presses keys by their names, such as "Enter".
func (s *terminal) press(keys ...string) {
	s.t.Helper()
	s.run(append([]string{"send-keys"}, keys...)...)
}

// enter types a text without waiting.
func (s *terminal) enter(text string) {
	s.t.Helper()
	s.run("send-keys", "-l", text)
}

// types enters a text into the field at the cursor, and waits until the text or stars appear.
func (s *terminal) types(text string) {
	s.t.Helper()
	s.enter(text)
	s.await("what was typed", func(v view) bool {
		return strings.Contains(v.at(), text) || strings.Contains(v.at(), strings.Repeat("*", len(text)))
	})
}

// await waits until the screen meets a condition.
func (s *terminal) await(what string, done func(view) bool) view {
	s.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		v := s.capture()
		if done(v) {
			return v
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("timed out after %v waiting for %s. The cursor is at %d, %d of\n%s", patience, what, v.x, v.y, strings.Join(v.lines, "\n"))
		}
	}
}

// retry presses a key again when it has no effect: lynx discards keys while it loads a page.
func (s *terminal) retry(key, what string, done func(view) bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		s.press(key)
		for again := time.Now().Add(3 * time.Second); time.Now().Before(again); time.Sleep(5 * time.Millisecond) {
			if done(s.capture()) {
				return
			}
		}
	}
	s.t.Fatalf("pressing %s never led to %s", key, what)
}

// reads waits until a text is on the screen.
func (s *terminal) reads(text string) {
	s.t.Helper()
	s.await("“"+text+"” on the screen", func(v view) bool { return v.has(text) })
}

// readsMessage waits until a text that was just sent is on the screen, and not in a field of the page before: browsers
// show those with a frame or with underscores. Keys that come while a page loads would go to the next one.
func (s *terminal) readsMessage(text string) {
	s.t.Helper()
	s.await("the message “"+text+"” on the screen", func(v view) bool {
		return slices.ContainsFunc(v.lines, func(line string) bool {
			return strings.Contains(line, text) && !strings.ContainsAny(line, "_[]")
		})
	})
}

// hides checks that none of these texts is on the screen.
func (s *terminal) hides(texts ...string) {
	s.t.Helper()
	v := s.still()
	for _, text := range texts {
		if v.has(text) {
			s.t.Errorf("“%s” is on the screen:\n%s", text, strings.Join(v.lines, "\n"))
		}
	}
}

// still waits until the browser has finished drawing: two views in a row are the same.
func (s *terminal) still() view {
	s.t.Helper()
	last := s.capture()
	return s.await("the screen to stop changing", func(v view) bool {
		same := v.same(last)
		last = v
		return same
	})
}

// pressUntil presses a key until the screen meets a condition. Each press must change the screen.
func (s *terminal) pressUntil(key, what string, done func(view) bool) {
	s.t.Helper()
	for range 80 {
		before := s.still()
		if done(before) {
			return
		}
		s.press(key)
		s.await("an effect of "+key+" on the way to "+what, func(v view) bool {
			return !v.same(before)
		})
	}
	s.t.Fatalf("pressing %s never led to %s", key, what)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
