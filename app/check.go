package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/app/bus"
	"parley/app/conn"
	"parley/app/mail"
	"parley/app/settings"
	"parley/assets"
	"parley/db"
)

// What `parley check` expects of a machine.
const (
	checkTime   = 10 * time.Second // for each service to answer
	fewStreams  = 1000             // with room for fewer connections, a busy server refuses some
	littleDisk  = 1 << 30          // bytes
	clockDiffer = time.Second      // between this machine and the database
)

// errTrouble makes `parley check` fail once it has printed everything that is wrong.
var errTrouble = errors.New("something is wrong: see above")

// checker prints what it finds out, a line each.
type checker struct {
	out     io.Writer
	trouble bool
}

func (k *checker) print(what, text string) { _, _ = fmt.Fprintf(k.out, "%-8s %s\n", what, text) }
func (k *checker) ok(format string, values ...any) {
	k.print("ok", fmt.Sprintf(format, values...))
}
func (k *checker) warn(format string, values ...any) {
	k.print("warning", fmt.Sprintf(format, values...))
}
func (k *checker) wrong(format string, values ...any) {
	k.trouble = true
	k.print("WRONG", fmt.Sprintf(format, values...))
}

// check is `parley check`: it reads the settings, reaches what they name, and looks at what this machine allows. It changes
// nothing but a row of its own, to see that the database can be written.
func (c commands) check(ctx context.Context) error {
	config, err := readConfig(c.environment)
	if err != nil {
		return err
	}
	k := &checker{out: c.out}
	k.print("version", version())
	for _, line := range effective(config) {
		k.print("setting", line)
	}
	k.machine()
	k.network(ctx, config)
	k.certificate(ctx, config)
	k.database(ctx, config)
	k.redis(ctx, config)
	k.mail(ctx, config)
	k.providers(ctx, config)
	if k.trouble {
		return errTrouble
	}
	return nil
}

// effective lists the settings that count, without secrets.
func effective(c Config) []string {
	list := []string{
		"PARLEY_ADDR: listens at " + c.Addr,
		"PARLEY_DATABASE_URL: " + db.Describe(c.DatabaseURL),
	}
	add := func(name, text string) {
		if text != "" {
			list = append(list, name+": "+text)
		}
	}
	if c.PublicURL != nil {
		add("PARLEY_PUBLIC_URL", c.PublicURL.String())
	}
	if c.RedisURL != "" {
		add("PARLEY_REDIS_URL", bus.Describe(c.RedisURL))
	}
	if c.MailURL != nil {
		add("PARLEY_SMTP_URL", c.MailURL.Redacted())
		add("PARLEY_MAIL_FROM", c.MailFrom)
	}
	for _, p := range c.Providers {
		add(variableOf(p.Name)+"ISSUER", p.Issuer+", called "+p.Label+", with the client "+p.ClientID)
	}
	if c.PasswordsOff {
		add("PARLEY_SIGN_IN_BY", "providers")
	}
	if !c.Limits {
		add("PARLEY_LIMITS", "off")
	}
	var trusted []string
	for _, network := range c.Trusted {
		trusted = append(trusted, network.String())
	}
	add("PARLEY_TRUSTED_PROXIES", strings.Join(trusted, ", "))
	list = append(list, c.TLS.effective()...)
	add("PARLEY_ADMIN_ADDR", c.AdminAddr)
	for _, name := range slices.Sorted(maps.Keys(c.Fixed)) {
		add(settings.Variable(name), c.Fixed[name])
	}
	return list
}

func (k *checker) machine() {
	if n := conn.Capacity(); n < fewStreams {
		k.warn("this process may open only %d connections: raise the limit of open files (LimitNOFILE in systemd, ulimit -n in a shell)", n)
	} else {
		k.ok("this process may open %d connections", n)
	}
	if !assets.Built() {
		k.wrong("styles and scripts are not in this program, so its pages are plain: build it with `just build`")
	}
}

func (k *checker) database(ctx context.Context, config Config) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	store, err := db.OpenAsIs(config.DatabaseURL)
	if errors.Is(err, db.ErrNoFile) {
		if err := db.MayCreate(config.DatabaseURL); err != nil {
			k.wrong("there is no SQLite file yet, and this user cannot make it: %v", err)
			return
		}
		k.ok("there is no SQLite file yet: the server makes it when it starts for the first time")
		return
	}
	if err != nil {
		k.wrong("the database cannot be opened: %v", err)
		return
	}
	defer func() { _ = store.Close() }()
	k.store(ctx, store)
	if left, err := store.Leftovers(ctx); err == nil && len(left) > 0 {
		k.warn("a restore was interrupted, or is running; what it left holds messages, and the server removes it when it starts: %s", strings.Join(left, ", "))
	}
	if free, err := store.FreeSpace(); err == nil && free < littleDisk {
		k.warn("only %d MB are left on the disk of the database", free>>20)
	} else if err == nil {
		k.ok("%d MB are left on the disk of the database", free>>20)
	}
}

// store checks a database that could be opened.
func (k *checker) store(ctx context.Context, store *db.DB) {
	server, now, err := store.Server(ctx)
	if err != nil {
		k.wrong("the database does not answer: %v", err)
		return
	}
	k.ok("the database answers: %s", server)
	if differ := time.Since(now).Abs(); differ > clockDiffer {
		k.warn("the clocks of this machine and the database differ by %v", differ.Round(time.Second))
	}
	if err := store.CheckTables(ctx); errors.Is(err, db.ErrForeign) {
		k.wrong("%v", err)
		return
	}
	census, err := store.CountPeople(ctx)
	if errors.Is(err, db.ErrUnavailable) {
		k.wrong("the database does not answer: %v", err)
		return
	}
	if err != nil {
		k.ok("it has no tables yet: the server makes them when it starts for the first time")
		return
	}
	k.ok("it has %s, and %s", counted(census.Accounts, "account", "accounts"), counted(census.Admins, "administrator", "administrators"))
	if err := store.Check(ctx); err != nil {
		k.wrong("it cannot be written: %v", err)
	}
	risks, err := store.DurabilityRisks(ctx)
	if err != nil {
		k.warn("its settings cannot be read: %v", err)
	}
	for _, risk := range risks {
		k.warn("a power cut may take acknowledged messages, because of its setting %s", risk)
	}
	warnings, _ := store.Warnings(ctx)
	for _, warning := range warnings {
		k.warn("%s", warning)
	}
}

func (k *checker) redis(ctx context.Context, config Config) {
	if config.RedisURL == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := bus.CheckRedis(ctx, config.RedisURL); err != nil {
		k.wrong("Redis cannot be used: %v", err)
		return
	}
	k.ok("Redis passes messages on")
}

func (k *checker) mail(ctx context.Context, config Config) {
	if config.MailURL == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := mail.New(config.MailURL, config.MailFrom, slog.New(slog.DiscardHandler)).Check(ctx); err != nil {
		k.wrong("the mail server cannot be used: %v", err)
		return
	}
	k.ok("the mail server lets us sign in")
}

func (k *checker) providers(ctx context.Context, config Config) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	for _, p := range providers(config) {
		if err := p.Check(ctx); err != nil {
			k.wrong("people cannot sign in with %s: %v", p.Label, err)
			continue
		}
		k.ok("%s answers; it sends people back to %s", p.Label, p.Redirect())
	}
}
