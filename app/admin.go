package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"strings"
	"time"

	"parley/app/conn"
)

// serveAdmin serves metrics, profiles and the design page on an address that must not be public. The
// chat works without it, so an address in use is only a warning: a second process on the same
// machine has the same default.
func serveAdmin(addr string, metrics, design http.Handler, log *slog.Logger) (stop func()) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	if err != nil {
		log.Warn("cannot listen on PARLEY_ADMIN_ADDR, so there are no metrics and profiles", "error", err)
		return func() {}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.Handle("/", design)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "/design\n/metrics\n/debug/pprof/")
	})
	server := &http.Server{Handler: guardAdmin(addr, mux), ReadHeaderTimeout: 5 * time.Second,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	listener = conn.NewListener(listener, conn.ListenerOptions{Log: log})
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }
}

// guardAdmin refuses requests for names that are not those of the admin address: a page of the internet
// can give its own name the address of this machine (DNS rebinding), and then read what is served under it.
// It also refuses what other pages load without being able to read it, such as a profile of half a minute.
func guardAdmin(addr string, next http.Handler) http.Handler {
	configured, _, _ := net.SplitHostPort(addr)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case !isAdminHost(r.Host, configured):
			http.Error(w, "this address answers to localhost, and to the host of PARLEY_ADMIN_ADDR", http.StatusMisdirectedRequest)
		case (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Mode") != "navigate":
			http.Error(w, "not for other pages", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isAdminHost reports whether a Host is localhost, a loopback address, or the configured host. Where the
// admin address is that of all interfaces, any address is, and so is a name without a dot: containers call
// each other by those, and nobody on the internet can own one.
func isAdminHost(host, configured string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	} else if !isPort(port) {
		return false
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	ip, err := netip.ParseAddr(name)
	isAddress := err == nil
	everywhere := configured == ""
	if all, err := netip.ParseAddr(configured); err == nil {
		everywhere = all.IsUnspecified()
		if isAddress && all.Unmap() == ip.Unmap() {
			return true
		}
	}
	switch {
	case name == "localhost", isAddress && ip.Unmap().IsLoopback(), name != "" && name == strings.ToLower(configured):
		return true
	case everywhere:
		return isAddress || name != "" && !strings.Contains(name, ".")
	}
	return false
}
