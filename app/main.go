// Parley is a realtime chat server that needs little or no JavaScript in the browser.
//
// This package only wires things up: it reads the Config from the environment, opens the database and
// the bus, runs the server, and shuts it down on SIGTERM or SIGHUP. No other package reads the environment or
// calls os.Exit.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // for systems without time zones

	"parley/app/bus"
	"parley/app/mail"
	"parley/app/sso"
	"parley/app/web"
	"parley/assets"
	"parley/db"
)

// drainTime limits a shutdown, from SIGTERM to exit.
const drainTime = 20 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	defer stop()
	if err := newCommand(os.Environ(), os.Stdout, os.Stderr).Run(ctx, os.Args); err != nil {
		reportEnd(os.Stderr, err)
		os.Exit(1)
	}
}

// serveError is why the server has ended, or did not start.
type serveError struct{ error }

// Unwrap returns the reason.
func (e serveError) Unwrap() error { return e.error }

// reportEnd writes why the program fails: for a server as a line of its log, for a command as a sentence.
func reportEnd(to io.Writer, err error) {
	var ended serveError
	if errors.As(err, &ended) && !isTerminal(to) {
		newLog(to, slog.LevelError).Error("the server has ended", "error", err)
		return
	}
	_, _ = fmt.Fprintln(to, "parley:", err)
}

// endSignals returns the signals that end the server as SIGTERM does. A terminal that is closed sends
// SIGHUP; nohup asks to ignore it, and Notify would undo that.
func endSignals() []os.Signal {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	return ends
}

// run runs the server until ctx ends. It is no failure if that happens while it starts: systemd would call a service that
// was stopped then a failed one.
func run(ctx context.Context, environment []string, out, logTo io.Writer) (err error) {
	config, err := readConfig(environment)
	if err != nil {
		return err
	}
	log := newLog(logTo, config.Log)
	started := false
	defer func() {
		if !started && err != nil && ctx.Err() != nil { // whatever else went wrong, such as a database that is away
			log.Info("stopped while starting", "error", err)
			err = nil
		}
	}()
	log.Info("starting", "version", version(), "database", db.Describe(config.DatabaseURL), "address", config.Addr, "settings", effective(config))
	if config.PublicURL == nil || config.PublicURL.Scheme != "https" {
		log.Warn("cookies travel unencrypted: set PARLEY_PUBLIC_URL to an https URL unless only this machine connects")
	}
	if !assets.Built() {
		log.Warn("styles and scripts have not been built, so pages are plain: run `just build`")
	}
	store, err := db.Open(config.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	removeLeftovers(ctx, store, log)
	logRisks(ctx, store, log)
	upkeep, stopUpkeep := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	tasks.Go(func() { truncateOften(upkeep, store, truncateInterval, log) })
	if !setsGOGC(environment) {
		collectSeldom(upkeep)
	}
	tasks.Go(func() { returnMemoryOften(upkeep, memoryInterval, debug.FreeOSMemory) })
	defer tasks.Wait()
	defer stopUpkeep()
	bus, err := openBus(config.RedisURL, log)
	if err != nil {
		return err
	}
	defer func() { _ = bus.Close() }()
	shared := bus
	if config.RedisURL == "" {
		shared = nil
	}
	cluster := joinCluster(store, shared, log)
	defer cluster.leave()
	var mails *mail.Mailer
	if config.MailURL != nil {
		mails = mail.New(config.MailURL, config.MailFrom, log)
	}
	encryption, stopTLS, err := openTLS(ctx, config, log)
	if err != nil {
		return err
	}
	defer stopTLS()
	server := web.New(store, bus, web.Options{PublicURL: config.PublicURL, TLS: encryption, Providers: providers(config), PasswordsOff: config.PasswordsOff, Fixed: config.Fixed, Limits: config.Limits, Mail: mails,
		Trusted: config.Trusted, Log: log, Now: time.Now, Trouble: cluster.problem, Processes: cluster.processes, Version: version()})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return fmt.Errorf("PARLEY_ADDR: %w", err)
	}
	stopAdmin := serveAdmin(config.AdminAddr, server.Metrics(), web.Design(), log)
	defer stopAdmin()
	announce(out, address(config, listener.Addr().String()))
	if err := logFirstRun(ctx, store, address(config, listener.Addr().String()), log); err != nil {
		return err
	}
	started = true
	return serve(ctx, server, listener, log)
}

// providers returns the providers of single sign-on. They are contacted when somebody signs in with them.
func providers(c Config) (list []*sso.Provider) {
	for _, p := range c.Providers {
		list = append(list, sso.New(p, c.PublicURL, time.Now))
	}
	return list
}

// announce prints the address to open, as a line of JSON unless somebody reads it on a terminal.
// White space follows the address in both, so that a program that looks for it finds its end.
func announce(out io.Writer, address string) {
	if isTerminal(out) {
		_, _ = fmt.Fprintf(out, "Parley is at %s\n", address)
		return
	}
	newLog(out, slog.LevelInfo).Info("Parley is at "+address+" and takes requests", "address", address)
}

// logFirstRun logs where the account is to be created that will run the server.
func logFirstRun(ctx context.Context, store *db.DB, address string, log *slog.Logger) error {
	empty, err := store.IsEmpty(ctx)
	if err == nil && empty {
		log.Info("nobody has an account yet: the first one will run this server", "open", address+"/sign-up")
	}
	return err
}

// removeLeftovers removes what a killed restoration has left: it contains everybody's messages.
func removeLeftovers(ctx context.Context, store *db.DB, log *slog.Logger) {
	left, err := store.RemoveLeftovers(ctx)
	switch {
	case err != nil:
		log.Warn("could not remove what an interrupted restore left behind", "error", err)
	case len(left) > 0:
		log.Warn("removed what an interrupted restore left behind", "names", left)
	}
}

// logRisks warns about settings of the database that endanger acknowledged messages.
func logRisks(ctx context.Context, store *db.DB, log *slog.Logger) {
	risks, err := store.DurabilityRisks(ctx)
	if err != nil {
		log.Warn("could not check the database's durability settings", "error", err)
	}
	for _, setting := range risks {
		log.Warn("the database may lose acknowledged messages in a power cut", "setting", setting)
	}
	warnings, err := store.Warnings(ctx)
	if err != nil {
		log.Warn("could not check the database's other settings", "error", err)
	}
	for _, warning := range warnings {
		log.Warn("the database is set up in a way that causes trouble", "reason", warning)
	}
}

// truncateInterval bounds how long deleted text stays in SQLite's log, three tries included.
const truncateInterval = 20 * time.Second

// truncateOften keeps SQLite's log empty until ctx ends.
func truncateOften(ctx context.Context, store *db.DB, interval time.Duration, log *slog.Logger) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := store.TruncateLog(ctx); err != nil && ctx.Err() == nil {
				log.Warn("deleted messages are still in the database's log", "error", err)
			}
		}
	}
}

// serve serves until ctx ends, and then shuts down gracefully.
func serve(ctx context.Context, server *web.Server, listener net.Listener, log *slog.Logger) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	indexing, stopIndexing := context.WithCancel(ctx)
	var indexed sync.WaitGroup
	indexed.Go(func() { server.KeepIndex(indexing) })
	indexed.Go(func() { server.KeepRetention(indexing) })
	indexed.Go(func() { server.KeepDeleting(indexing) })
	indexed.Go(func() { server.SendMail(indexing) })
	defer indexed.Wait()
	defer stopIndexing()
	cleanup := time.NewTicker(10 * time.Minute)
	defer cleanup.Stop()
	for {
		select {
		case err := <-served:
			return err
		case <-cleanup.C:
			if err := server.Tidy(ctx); err != nil {
				log.Warn("cleanup failed", "error", err)
			}
		case <-ctx.Done():
			log.Info("shutting down")
			drain, cancel := context.WithTimeout(context.Background(), drainTime)
			defer cancel()
			if err := server.Shutdown(drain); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			return nil
		}
	}
}

func openBus(redisURL string, log *slog.Logger) (bus.Bus, error) {
	if redisURL == "" {
		return bus.NewLocal(log), nil
	}
	bus, err := bus.NewRedis(redisURL, log)
	if err != nil {
		return nil, fmt.Errorf("PARLEY_REDIS_URL: %w", err)
	}
	return bus, nil
}

// newLog returns a logger that writes text to a terminal and JSON to anything else.
func newLog(to io.Writer, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if isTerminal(to) {
		return slog.New(slog.NewTextHandler(to, options))
	}
	return slog.New(slog.NewJSONHandler(to, options))
}

func isTerminal(to io.Writer) bool {
	f, ok := to.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// address returns the URL to open in a browser.
func address(c Config, listens string) string {
	if c.PublicURL != nil {
		return c.PublicURL.String()
	}
	host, port, err := net.SplitHostPort(listens)
	if err != nil {
		return "http://" + listens
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
