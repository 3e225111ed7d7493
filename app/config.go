package main

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Config is what the program is told by its environment; see README.md.
type Config struct {
	Addr        string
	PublicURL   *url.URL
	DatabaseURL string
	RedisURL    string
	SignUp      string
	Limits      bool
	Trusted     []netip.Prefix
	AdminAddr   string
	Log         slog.Level
}

// setting is one variable, and how its text becomes a value.
type setting struct {
	name, fallback string
	read           func(c *Config, text string) error
}

var settings = []setting{
	{"PARLEY_ADDR", "127.0.0.1:3000", func(c *Config, text string) error { c.Addr = text; return isAddress(text) }},
	{"PARLEY_PUBLIC_URL", "", readPublicURL},
	{"PARLEY_DATABASE_URL", "sqlite:data/parley.db", func(c *Config, text string) error {
		c.DatabaseURL = text
		if !strings.HasPrefix(text, "sqlite:") && !strings.HasPrefix(text, "mysql://") || strings.HasSuffix(text, ":") {
			return fmt.Errorf("must look like sqlite:data/parley.db or mysql://user:password@host:3306/name")
		}
		return nil
	}},
	{"PARLEY_REDIS_URL", "", func(c *Config, text string) error {
		c.RedisURL = text
		u, err := url.Parse(text)
		if text != "" && (err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Host == "") {
			return fmt.Errorf("must look like redis://host:6379/0")
		}
		return nil
	}},
	{"PARLEY_SIGN_UP", "open", func(c *Config, text string) error {
		c.SignUp = text
		return oneOf(text, "open", "invite", "closed")
	}},
	{"PARLEY_LIMITS", "on", func(c *Config, text string) error {
		c.Limits = text != "off"
		return oneOf(text, "on", "off")
	}},
	{"PARLEY_TRUSTED_PROXIES", "", readTrusted},
	{"PARLEY_ADMIN_ADDR", "127.0.0.1:3001", func(c *Config, text string) error { c.AdminAddr = text; return isAddress(text) }},
	{"PARLEY_LOG", "info", func(c *Config, text string) error {
		if err := oneOf(text, "debug", "info", "warn", "error"); err != nil {
			return err
		}
		return c.Log.UnmarshalText([]byte(text))
	}},
}

// readConfig makes a Config of an environment, as os.Environ gives it. A variable of ours that is
// unknown, or makes no sense, is an error that names it: a misspelt setting must not pass for
// the default. Values are not repeated, because some are secrets.
func readConfig(environment []string) (Config, error) {
	given := map[string]string{}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "PARLEY_") {
			given[name] = value
		}
	}
	var c Config
	for _, s := range settings {
		text, ok := given[s.name]
		if !ok || text == "" {
			text = s.fallback
		}
		delete(given, s.name)
		if err := s.read(&c, text); err != nil {
			return c, fmt.Errorf("%s %w", s.name, err)
		}
	}
	for name := range given {
		return c, fmt.Errorf("%s is no setting of Parley; see README.md for those that are", name)
	}
	return c, nil
}

func oneOf(text string, words ...string) error {
	if slices.Contains(words, text) {
		return nil
	}
	return fmt.Errorf("must be one of: %s", strings.Join(words, ", "))
}

func isAddress(text string) error {
	i := strings.LastIndex(text, ":")
	if i < 0 {
		return fmt.Errorf("must look like 127.0.0.1:3000")
	}
	host, port := strings.Trim(text[:i], "[]"), text[i+1:]
	if _, err := netip.ParseAddrPort("127.0.0.1:" + port); err != nil {
		return fmt.Errorf("must end with a port from 0 to 65535, like 127.0.0.1:3000")
	}
	if strings.ContainsAny(host, " /") {
		return fmt.Errorf("must look like 127.0.0.1:3000")
	}
	return nil
}

func readPublicURL(c *Config, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return fmt.Errorf("must be an origin like https://chat.example.org, without a path")
	}
	c.PublicURL = u
	return nil
}

func readTrusted(c *Config, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("must be networks like 10.0.0.0/8, 192.168.1.1/32")
		}
		c.Trusted = append(c.Trusted, prefix)
	}
	return nil
}
