package main

import (
	"errors"
	"net/url"

	"parley/app/mail"
)

// readMailURL reads the address of the server that sends e-mails. Links in them begin with the public URL: with the
// Host of a request they would lead wherever somebody wants who asks for another person's link.
func readMailURL(c *Config, text string) error {
	if text == "" {
		return nil
	}
	if c.PublicURL == nil {
		return errors.New("must go with PARLEY_PUBLIC_URL, because links in e-mails begin with it")
	}
	u, err := url.Parse(text)
	if err != nil || !hasServer(u) {
		return errors.New("must look like smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	c.MailURL = u
	return mail.CheckServer(u)
}

func readMailFrom(c *Config, text string) error {
	c.MailFrom = text
	switch {
	case text == "" && c.MailURL == nil:
		return nil
	case text == "":
		return errors.New("must go with PARLEY_SMTP_URL: the address that e-mails are from, such as parley@example.org")
	}
	return mail.CheckFrom(text)
}
