package mail

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// logged is a log that several goroutines write to.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// running returns a Mailer that sends to a server until the test ends.
func running(t *testing.T, server string) (*Mailer, *logged) {
	t.Helper()
	u, err := url.Parse(server)
	if err == nil {
		err = CheckServer(u)
	}
	if err != nil {
		t.Fatal(err)
	}
	log := &logged{}
	m := New(u, "Parley <parley@example.org>", slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { m.Run(ctx) })
	t.Cleanup(func() { cancel(); done.Wait() })
	return m, log
}

func (m *Mailer) sends(t *testing.T, message Message) {
	t.Helper()
	if err := m.Later(func(context.Context) (Message, error) { return message, nil }); err != nil {
		t.Error(err)
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", what)
		}
	}
}

func TestMailsArrive(t *testing.T) {
	box := rig.Mail(t, "")
	m, log := running(t, "smtp://"+box.Addr)
	body := "Größe: 1 = 1\n\nhttp://chat.example.org/reset/" + strings.Repeat("A", 43) + "\n.\n--\nwritten by ¡Parley!\n"
	m.sends(t, Message{To: "ann@example.org", Subject: "Passwört", Body: body})
	eventually(t, "it arrives", func() bool { return len(box.Letters()) == 1 })
	l := box.Letters()[0]
	if l.From != "parley@example.org" || l.To != "ann@example.org" || l.Subject != "Passwört" || strings.TrimSpace(l.Body) != strings.TrimSpace(body) {
		t.Errorf("it is %+v", l)
	}
	if got := l.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") || l.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("its header is %v", l.Header)
	}
	if strings.Contains(log.String(), "ann@") || strings.Contains(log.String(), "reset") {
		t.Errorf("the log has %s", log)
	}
}

// TestMailsAreTriedAgain checks that what a server refuses for now arrives, that what it refuses for good is
// dropped, and that neither address nor text is in the log.
func TestMailsAreTriedAgain(t *testing.T) {
	box := rig.Mail(t, "")
	m, log := running(t, "smtp://"+box.Addr)
	box.Refuse(451)
	m.sends(t, Message{To: "later@example.org", Subject: "one", Body: "one"})
	eventually(t, "it has to wait", func() bool { return strings.Contains(log.String(), "451") })
	box.Refuse(550)
	m.sends(t, Message{To: "nobody@example.org", Subject: "two", Body: "two"})
	eventually(t, "it is dropped", func() bool { return strings.Contains(log.String(), "550") })
	eventually(t, "the first arrives", func() bool { return len(box.Letters()) == 1 && box.Letters()[0].To == "later@example.org" })
	eventually(t, "nothing waits", func() bool { return len(m.places) == 0 })
	if text := log.String(); strings.Contains(text, "@example.org") {
		t.Errorf("the log has addresses: %s", text)
	}
}

func TestTooManyMailsWait(t *testing.T) {
	u := &url.URL{Scheme: "smtp", Host: "127.0.0.1:1"}
	m := New(u, "parley@example.org", slog.New(slog.DiscardHandler)) // which does not run
	for range maxWaiting {
		m.sends(t, Message{})
	}
	if n := m.Waiting(); n != maxWaiting {
		t.Errorf("%d wait", n)
	}
	if err := m.Later(func(context.Context) (Message, error) { return Message{}, nil }); !errors.Is(err, ErrFull) {
		t.Errorf("one more: %v", err)
	}
}

// TestNothingToSend checks that whoever finds nothing to send takes no place.
func TestNothingToSend(t *testing.T) {
	box := rig.Mail(t, "")
	m, _ := running(t, "smtp://"+box.Addr)
	for range maxWaiting + 10 {
		eventually(t, "there is a place", func() bool {
			return m.Later(func(context.Context) (Message, error) { return Message{}, errors.New("nobody") }) == nil
		})
	}
	eventually(t, "nothing waits", func() bool { return len(m.places) == 0 && len(box.Letters()) == 0 })
}

// TestPasswordsOfServers checks that a server's password is used, that it is in no log, and that no password goes
// to a server whose certificate nobody knows.
func TestPasswordsOfServers(t *testing.T) {
	box := rig.Mail(t, "s3cret")
	m, log := running(t, "smtp://parley:wrong@"+box.Addr)
	m.sends(t, Message{To: "ann@example.org", Subject: "one", Body: "one"})
	eventually(t, "it is refused", func() bool { return strings.Contains(log.String(), "could not be sent") })
	if strings.Contains(log.String(), "wrong") || len(box.Letters()) != 0 {
		t.Errorf("%d arrive, and the log is %s", len(box.Letters()), log)
	}
	m, _ = running(t, "smtp://parley:s3cret@"+box.Addr+"?tls=off")
	m.sends(t, Message{To: "ann@example.org", Subject: "one", Body: "one"})
	eventually(t, "it arrives", func() bool { return len(box.Letters()) == 1 })
	far, _ := url.Parse("smtp://parley:s3cret@" + strings.Replace(box.Addr, "127.0.0.1", "ip6-localhost.invalid", 1))
	if err := New(far, "parley@example.org", slog.New(slog.DiscardHandler)).deliver(t.Context(), Message{To: "ann@example.org"}); err == nil {
		t.Error("a server that does not exist takes it")
	}
}

func TestAddressesOfServers(t *testing.T) {
	for text, ok := range map[string]bool{
		"smtp://mail.example.org": true, "smtps://u:p@mail.example.org:465": true, "smtp://u@mail:25?tls=off": true,
		"http://mail.example.org": false, "smtp:": false, "smtp://mail/x": false, "smtps://mail?tls=off": false, "smtp://mail?tls=maybe": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckServer(u); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, ok := range map[string]bool{"parley@example.org": true, "Parley <parley@example.org>": true, "": false, "parley": false} {
		if err := CheckFrom(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTheEndSendsWhatWaits checks that neither what is new nor what was refused for now is lost with the process, and
// that a server that does not answer delays the end by only a few seconds.
func TestTheEndSendsWhatWaits(t *testing.T) {
	box := rig.Mail(t, "")
	u := &url.URL{Scheme: "smtp", Host: box.Addr}
	log := &logged{}
	m := New(u, "parley@example.org", slog.New(slog.NewTextHandler(log, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { m.Run(ctx) })
	box.Refuse(451)
	m.sends(t, Message{To: "later@example.org", Subject: "one", Body: "one"})
	eventually(t, "it has to wait", func() bool { return strings.Contains(log.String(), "451") })
	cancel()
	for range 3 {
		m.sends(t, Message{To: "new@example.org", Subject: "two", Body: "two"})
	}
	done.Wait()
	m.Run(ctx) // what came after the end of the first
	if got := len(box.Letters()); got != 4 || len(m.places) != 0 {
		t.Errorf("%d arrived, %d wait: %s", got, len(m.places), log)
	}

	m.send = func(ctx context.Context, _ Message) error { <-ctx.Done(); return ctx.Err() }
	for range 20 {
		m.sends(t, Message{To: "new@example.org", Subject: "three", Body: "three"})
	}
	begun := time.Now()
	m.Run(ctx)
	if took := time.Since(begun); took > rig.Limit(2*endTime) || !strings.Contains(log.String(), "count=20") || len(m.places) != 0 {
		t.Errorf("the end took %s, %d wait: %s", took, len(m.places), log)
	}
}

// silent listens and never says a word.
func silent(t *testing.T) (addr string, connected <-chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan struct{}, 100)
	var open []net.Conn
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			open = append(open, c)
			came <- struct{}{}
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		accepting.Wait()
		for _, c := range open {
			_ = c.Close()
		}
	})
	return listener.Addr().String(), came
}

// TestASilentServer delays neither the end of the process nor `parley check`.
func TestASilentServer(t *testing.T) {
	addr, connected := silent(t)
	m := New(&url.URL{Scheme: "smtp", Host: addr}, "parley@example.org", slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { m.Run(ctx); close(ended) }()
	m.sends(t, Message{To: "ann@example.org", Subject: "one", Body: "one"})
	<-connected
	m.sends(t, Message{To: "ben@example.org", Subject: "two", Body: "two"})
	cancel()
	begun := time.Now()
	<-ended
	if took := time.Since(begun); took > sendTime {
		t.Errorf("the end took %v", took)
	}
	brief, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun = time.Now()
	err := m.Check(brief)
	if took := time.Since(begun); took > sendTime || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the check took %v: %v", took, err)
	}
}

// TestWhyAServerIsOfNoUse says what an administrator can do something about.
func TestWhyAServerIsOfNoUse(t *testing.T) {
	box := rig.Mail(t, "")
	_, port, _ := net.SplitHostPort(box.Addr)
	for server, want := range map[string]string{
		"smtp://127.0.0.1:1":     "connection refused",
		"smtp://mail.invalid":    "mail.invalid",
		"smtps://" + box.Addr:    "tls",
		"smtp://0.0.0.0:" + port: "offers no encryption",
	} {
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err = New(u, "parley@example.org", slog.New(slog.DiscardHandler)).Check(ctx)
		cancel()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "refused with 0") {
			t.Errorf("%s: %v", server, err)
		}
	}
}
