package cert

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/app/netaddr"
)

// Limits of port 80: an answer takes no time, and no connection stays for another one.
const (
	redirectTime    = 5 * time.Second
	redirectHeaders = 4 << 10 // bytes, to which Go adds as many
)

// Redirect returns a server for port 80. It sends browsers that ask for the site's host to the site, and answers the
// authority's challenges, if auto is not nil.
func Redirect(site *url.URL, auto *Auto, log *slog.Logger) *http.Server {
	server := &http.Server{
		Handler:        &redirect{site: site, auto: auto},
		ReadTimeout:    redirectTime,
		WriteTimeout:   redirectTime,
		MaxHeaderBytes: redirectHeaders,
		// or Go would answer OPTIONS * by itself, for any host
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	server.SetKeepAlivesEnabled(false)
	return server
}

type redirect struct {
	site *url.URL
	auto *Auto
}

// ServeHTTP answers a request for another host with 421: it is not for us to say where that is.
func (h *redirect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch path := r.URL.Path; {
	case hostname(r.Host) != h.site.Hostname():
		http.Error(w, "this is another host", http.StatusMisdirectedRequest)
	case strings.HasPrefix(path, "/.well-known/acme-challenge/"):
		h.challenge(w, path)
	case !strings.HasPrefix(path, "/"):
		http.Error(w, "this is no path", http.StatusBadRequest)
	default:
		w.Header().Set("Location", h.site.String()+r.URL.RequestURI())
		w.WriteHeader(http.StatusPermanentRedirect)
	}
}

func (h *redirect) challenge(w http.ResponseWriter, path string) {
	if h.auto != nil {
		if answer, ok := h.auto.challenges.get(path); ok {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, answer)
			return
		}
	}
	http.Error(w, "there is no such challenge", http.StatusNotFound)
}

// hostname returns the name in a Host header, without a port.
func hostname(host string) string {
	return (&url.URL{Host: netaddr.CanonicalHost("http", host)}).Hostname()
}
