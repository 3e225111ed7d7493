// Parley is a realtime chat server for people who want little or no JavaScript.
//
// This package only wires: environment to Config, Config to database, bus and server; it serves,
// and on SIGTERM drains and closes. Nothing below it reads the environment, exits or keeps time.
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
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // time zones, also where the system has none

	"parley/app/bus"
	"parley/app/web"
	"parley/assets"
	"parley/db"
)

// How long the end may take: SIGTERM to exit.
const drainTime = 20 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		os.Exit(1)
	}
}

// command is what was asked for on the command line.
func command(ctx context.Context, words []string) error {
	switch {
	case len(words) == 0:
		return run(ctx, os.Environ(), os.Stdout, os.Stderr)
	case len(words) == 1 && words[0] == "restore-finish":
		return finishRestore(ctx, os.Environ(), os.Stdout)
	}
	return errors.New("usage: parley, to serve; parley restore-finish, after an older database was restored. Settings come from the environment, see README.md")
}

// run is the server, from its environment to its end.
func run(ctx context.Context, environment []string, out io.Writer, logTo io.Writer) error {
	config, err := readConfig(environment)
	if err != nil {
		return err
	}
	log := newLog(logTo, config.Log)
	if config.PublicURL == nil || config.PublicURL.Scheme != "https" {
		log.Warn("cookies travel unencrypted: set PARLEY_PUBLIC_URL to an https address for anything but this machine")
	}
	if !assets.Built() {
		log.Warn("the style and the script were never built, so pages are plain: run `just build`")
	}
	store, err := db.Open(config.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	logRisks(ctx, store, log)
	bus, err := openBus(config.RedisURL, log)
	if err != nil {
		return err
	}
	defer func() { _ = bus.Close() }()
	company := newCompany(store, config.RedisURL != "", log)
	defer company.leave()
	server := web.New(store, bus, web.Options{PublicURL: config.PublicURL, SignUp: config.SignUp, Limits: config.Limits,
		Trusted: config.Trusted, Log: log, Now: time.Now, Trouble: company.trouble})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return fmt.Errorf("PARLEY_ADDR: %w", err)
	}
	stopAdmin := serveAdmin(config.AdminAddr, server.Metrics(), web.Design(), log)
	defer stopAdmin()
	fmt.Fprintf(out, "Parley is at %s\n", address(config, listener))
	return serve(ctx, server, listener, log)
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
}

// serve answers until the context ends, and then lets everything come to its end.
func serve(ctx context.Context, server *web.Server, listener net.Listener, log *slog.Logger) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	indexing, stopIndexing := context.WithCancel(ctx)
	var indexed sync.WaitGroup
	indexed.Go(func() { server.KeepIndex(indexing) })
	defer indexed.Wait()
	defer stopIndexing()
	tidy := time.NewTicker(10 * time.Minute)
	defer tidy.Stop()
	for {
		select {
		case err := <-served:
			return err
		case <-tidy.C:
			if err := server.Tidy(ctx); err != nil {
				log.Warn("tidying up failed", "error", err)
			}
		case <-ctx.Done():
			log.Info("going down")
			end, cancel := context.WithTimeout(context.Background(), drainTime)
			defer cancel()
			if err := server.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
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

// newLog writes lines to a terminal and JSON to anything else.
func newLog(to io.Writer, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if f, ok := to.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(to, options))
		}
	}
	return slog.New(slog.NewJSONHandler(to, options))
}

// address is what to open in a browser.
func address(c Config, l net.Listener) string {
	if c.PublicURL != nil {
		return c.PublicURL.String()
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
