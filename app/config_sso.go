package main

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"parley/app/sso"
	"parley/app/text"
)

// providerName is what a provider may be called in the settings and in addresses.
var providerName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`)

// readOIDC reads the names of the providers; readProviders reads what belongs to each.
func readOIDC(c *Config, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		name := strings.TrimSpace(part)
		if name == "" {
			continue
		}
		for _, p := range c.Providers {
			if variableOf(p.Name) == variableOf(name) {
				return errors.New("must not name a provider twice")
			}
		}
		if !providerName.MatchString(name) {
			return errors.New("must be names like corp,example-login: of a to z, 0 to 9 and -, 20 at most")
		}
		c.Providers = append(c.Providers, sso.Config{Name: name})
	}
	if len(c.Providers) > 0 && c.PublicURL == nil {
		return errors.New("must go with PARLEY_PUBLIC_URL, to which providers send people back")
	}
	return nil
}

func readSignInBy(c *Config, text string) error {
	c.PasswordsOff = text == "providers"
	if c.PasswordsOff && len(c.Providers) == 0 {
		return errors.New("must go with PARLEY_OIDC, or nobody could sign in")
	}
	return oneOf(text, "any", "providers")
}

// variableOf returns how the variables of a provider begin.
func variableOf(name string) string {
	return "PARLEY_OIDC_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")) + "_"
}

// providerVariables are those of each provider, with what is appended to variableOf.
var providerVariables = []struct {
	name string
	read func(p *sso.Config, value string) error
}{
	{"ISSUER", func(p *sso.Config, value string) error {
		u, err := url.Parse(value)
		if err != nil || !sso.IsSafe(value) || !hasServer(u) || strings.ContainsAny(value, "?#") || len(value) > 255 {
			return errors.New("must be the provider's issuer, such as https://login.example.org, exactly as it writes it; http is for localhost alone")
		}
		p.Issuer = value
		return nil
	}},
	{"CLIENT_ID", func(p *sso.Config, value string) error {
		if p.ClientID = value; value == "" {
			return errors.New("must be the name that this server has at the provider")
		}
		return nil
	}},
	{"CLIENT_SECRET", func(p *sso.Config, value string) error {
		if p.Secret = value; value == "" {
			return errors.New("must be the secret that this server has at the provider")
		}
		return nil
	}},
	{"LABEL", func(p *sso.Config, value string) error {
		if value == "" {
			value = p.Name
		}
		label, err := text.Name(value, 40)
		if err != nil {
			return errors.New("must be a name of 40 characters at most, which people read on the button")
		}
		p.Label = label
		return nil
	}},
	{"SCOPES", func(p *sso.Config, value string) error {
		if value == "" {
			value = "profile email"
		}
		for scope := range strings.FieldsSeq(value) {
			if scope != "openid" {
				p.Scopes = append(p.Scopes, scope)
			}
		}
		return nil
	}},
}

// readProviders reads what belongs to each provider, and takes it out of the variables that were given.
func readProviders(c *Config, given map[string]string, wrong *mistakes) {
	for n := range c.Providers {
		p := &c.Providers[n]
		for _, v := range providerVariables {
			name := variableOf(p.Name) + v.name
			value := given[name]
			delete(given, name)
			if v.name == "CLIENT_SECRET" && !readSecretFile(name, &value, given, wrong) {
				continue
			}
			if err := v.read(p, value); err != nil {
				wrong.add(name, err)
			}
		}
	}
}

// readSecretFile reads a secret from the file that a variable beside its own names, and reports whether nothing is wrong with that.
func readSecretFile(name string, value *string, given map[string]string, wrong *mistakes) bool {
	path := given[name+"_FILE"]
	delete(given, name+"_FILE")
	if path != "" && *value != "" {
		wrong.add(name, errors.New("must not be set together with "+name+"_FILE"))
		return false
	}
	err := fromFile(func(_ *Config, text string) error { *value = text; return nil })(nil, path)
	if err != nil {
		wrong.add(name+"_FILE", err)
	}
	return err == nil
}
