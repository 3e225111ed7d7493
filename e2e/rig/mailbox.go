package rig

import (
	"crypto/tls"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Letter is an e-mail as a server has received it.
type Letter struct {
	From, To, Subject, Body string
	Header                  mail.Header
}

// Mailbox is an SMTP server on this machine that keeps what it is sent. It is a library and not a program, so
// nothing has to be installed for it.
type Mailbox struct {
	Addr string

	mu       sync.Mutex
	letters  []Letter
	refusals []*smtp.SMTPError // of the next e-mails
	password string
}

// Mail starts a Mailbox that stops with the test. With a password it takes e-mails only from those who sign in
// with it.
func Mail(t testing.TB, password string) *Mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &Mailbox{Addr: listener.Addr().String(), password: password}
	server := smtp.NewServer(box)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	if password != "" {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{NewCertificate(t, "localhost", time.Hour).Pair}, MinVersion: tls.VersionTLS12}
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return box
}

// Letters returns what has arrived.
func (b *Mailbox) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters)
}

// Refuse answers the next e-mail with a code, and a text that repeats who it is to, as servers do.
func (b *Mailbox) Refuse(code int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refusals = append(b.refusals, &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "no"})
}

// NewSession is for the library.
func (b *Mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{box: b}, nil }

// delivery is one connection.
type delivery struct {
	box      *Mailbox
	from, to string
	known    bool
}

func (d *delivery) AuthMechanisms() []string { return []string{sasl.Plain} }

func (d *delivery) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if d.known = password == d.box.password; !d.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	if d.box.password != "" && !d.known {
		return smtp.ErrAuthRequired
	}
	d.from = from
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.to = to
	if len(d.box.refusals) > 0 {
		why := *d.box.refusals[0]
		d.box.refusals = d.box.refusals[1:]
		why.Message = "cannot deliver to <" + to + ">"
		return &why
	}
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(decoded(message))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return err
	}
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	text := strings.ReplaceAll(string(body), "\r\n", "\n")
	d.box.letters = append(d.box.letters, Letter{From: d.from, To: d.to, Subject: subject, Body: text, Header: message.Header})
	return nil
}

func (d *delivery) Reset()        {}
func (d *delivery) Logout() error { return nil }

// decoded returns the text of an e-mail as it was written.
func decoded(m *mail.Message) io.Reader {
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		return quotedprintable.NewReader(m.Body)
	}
	return m.Body
}
