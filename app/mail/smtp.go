package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/url"
	"parley/app/netaddr"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Refused is why a server did not take an e-mail. It has a number and no text of the server's, in which that may repeat
// addresses.
type Refused struct { //nolint:errname // a refusal, which reads better without the suffix
	Code      int // of SMTP; 0 if the server was not reached, or did not say
	Step      string
	Temporary bool
	Cause     error // of the network or its certificate; nil if it is another
}

func (r *Refused) Error() string {
	switch {
	case r.Code == 0 && r.Cause != nil:
		return fmt.Sprintf("mail: failed at the step %q: %v", r.Step, r.Cause)
	case r.Code == 0:
		return fmt.Sprintf("mail: failed at the step %q", r.Step)
	}
	return fmt.Sprintf("mail: refused with %d at the step %q", r.Code, r.Step)
}

func (r *Refused) Unwrap() error { return r.Cause }

// errNoTLS means that a password, or what is in an e-mail, would travel unencrypted.
var errNoTLS = errors.New("the server offers no encryption (STARTTLS): is it smtps://, or should ?tls=off follow its address?")

// CheckServer returns what is wrong with the address of a server: smtp://user:password@host:587 speaks TLS once
// connected (STARTTLS), smtps:// from the start. ?tls=off speaks none, for a server in the same private network.
func CheckServer(u *url.URL) error {
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps", u.Hostname() == "", u.Path != "" && u.Path != "/", u.Fragment != "":
		return errors.New("must look like smtp://user:password@host:587 or smtps://user:password@host:465")
	case u.RawQuery != "" && (u.RawQuery != "tls=off" || u.Scheme == "smtps"):
		return errors.New("must have ?tls=off or nothing at its end, and that with smtp:// only")
	}
	return nil
}

// CheckFrom returns what is wrong with the address of a sender, which may have a name before it.
func CheckFrom(text string) error {
	if _, err := mail.ParseAddress(text); err != nil {
		return errors.New("must look like parley@example.org or Parley <parley@example.org>")
	}
	return nil
}

// deliver gives an e-mail to the server. Nothing in it loads anything or reveals that it was read.
func (m *Mailer) deliver(ctx context.Context, message Message) error {
	client, err := m.client()
	if err != nil {
		return &Refused{Step: "settings"}
	}
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	letter.SetDate()
	letter.SetMessageID()
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that nobody's holiday reply comes back
	letter.Subject(message.Subject)
	letter.SetBodyString(gomail.TypeTextPlain, message.Body)
	if err := errors.Join(letter.From(m.from), letter.To(message.To)); err != nil {
		return &Refused{Step: "addresses"}
	}
	return within(ctx, func() error { return client.DialAndSendWithContext(ctx, letter) })
}

// within waits no longer than the context for what go-mail does, which looks at it only until it is connected. A server that
// says nothing would hold up the end of the process.
func within(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return refusal(err)
	case <-ctx.Done():
		return &Refused{Step: "waiting for an answer", Temporary: true, Cause: ctx.Err()}
	}
}

// Check connects to the server and signs in, without sending anything. What it returns may be shown to administrators.
func (m *Mailer) Check(ctx context.Context) error {
	client, err := m.client()
	if err != nil {
		return err
	}
	return within(ctx, func() error {
		if err := client.DialWithContext(ctx); err != nil {
			return err
		}
		return client.Close()
	})
}

func (m *Mailer) client() (*gomail.Client, error) {
	options, kind := []gomail.Option{gomail.WithTimeout(sendTime), gomail.WithTLSPolicy(gomail.TLSMandatory)}, gomail.SMTPAuthAutoDiscover
	port := 587
	switch {
	case m.server.Scheme == "smtps":
		options, port = append(options, gomail.WithSSL()), 465
	case m.server.RawQuery == "tls=off", netaddr.IsLoopback(m.server.Hostname()):
		options, kind = append(options, gomail.WithTLSPolicy(gomail.NoTLS)), gomail.SMTPAuthPlainNoEnc
	}
	if text := m.server.Port(); text != "" {
		var err error
		if port, err = strconv.Atoi(text); err != nil {
			return nil, err
		}
	}
	options = append(options, gomail.WithPort(port))
	if user := m.server.User; user != nil {
		password, _ := user.Password()
		options = append(options, gomail.WithSMTPAuth(kind), gomail.WithUsername(user.Username()), gomail.WithPassword(password))
	}
	return gomail.NewClient(m.server.Hostname(), options...)
}

// refusal keeps the part of an error that may be in the log.
func refusal(err error) error {
	var failed *gomail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		return &Refused{Code: failed.ErrorCode(), Step: "sending", Temporary: failed.IsTemp() || failed.ErrorCode() == 0}
	case strings.Contains(err.Error(), " 535 "), strings.Contains(err.Error(), "AUTH"):
		return &Refused{Step: "signing in"}
	}
	return &Refused{Step: "connecting", Temporary: true, Cause: causeOf(err)}
}

// causeOf returns the part of an error that is not what a server said, or nil.
func causeOf(err error) error {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var plain tls.RecordHeaderError // as where smtps:// should be smtp://
	switch {
	case errors.As(err, &plain):
		return plain
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &network):
		return network
	case errors.Is(err, io.EOF):
		return io.EOF
	case strings.Contains(err.Error(), "does not support STARTTLS"): // it has no name
		return errNoTLS
	}
	return nil
}
