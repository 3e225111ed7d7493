package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/app/auth"
	"parley/app/live"
)

// metrics are the metrics of a process, in a registry of their own: the default one of the package would be
// shared by two servers in one test.
type metrics struct {
	registry     *prometheus.Registry
	acknowledged *prometheus.HistogramVec
	delivered    prometheus.Histogram
	signIns      *prometheus.CounterVec
}

// latencyBuckets are seconds around the promises of docs/delivery.md: 3 ms to 10 s.
var latencyBuckets = []float64{.003, .01, .03, .1, .3, .5, 1, 3, 5, 10}

func (s *Server) newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		acknowledged: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_ack_seconds", Buckets: latencyBuckets,
			Help: "From the arrival of a post until its response, by transport and result."}, []string{"transport", "answer"}),
		delivered: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "parley_delivery_seconds", Buckets: latencyBuckets,
			Help: "From the commit of an entry until it was written to the streams of this process."}),
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_sign_ins_total",
			Help: "Attempts to sign in, by result: ok, wrong or limited."}, []string{"result"}),
	}
	for _, result := range []string{signInOK, signInWrong, signInLimited} {
		m.signIns.WithLabelValues(result) // so that a rate can be computed from the first one on
	}
	m.registry.MustRegister(m.acknowledged, m.delivered, m.signIns, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() uint64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(value()) }))
	}
	gauge("parley_viewers", "Open streams.", func() float64 { return float64(s.hub.Viewers()) })
	gauge("parley_sockets", "Open WebSockets.", func() float64 { return float64(s.sockets.Open()) })
	gauge("parley_bus_up", "1 while signals reach the other processes, otherwise 0.", func() float64 {
		if s.bus.Up() {
			return 1
		}
		return 0
	})
	gauge("parley_bus_peers", "Live processes on the bus, including this one.", func() float64 { return float64(s.bus.Peers()) })
	if s.options.Processes != nil {
		gauge("parley_processes", "Live processes on the database, including this one. More than parley_bus_peers: not all use the same Redis.",
			func() float64 { return float64(s.options.Processes()) })
	}
	stats := &s.hub.Stats
	counter("parley_entries_delivered_total", "Entries written to streams.", stats.Delivered.Load)
	counter("parley_sweeps_found_total", "Rooms with new entries that no signal had announced.", stats.SweepsThatFound.Load)
	counter("parley_gaps_total", "Reads of a room's log that had a gap and were repeated.", stats.Gaps.Load)
	for _, why := range live.AllResets() {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "parley_resets_total",
			Help: "Pages that were told to reload, by reason.", ConstLabels: prometheus.Labels{"reason": why.String()}},
			func() float64 { return float64(stats.Resets[why].Load()) }))
	}
	counter("parley_slow_viewers_cut_total", "Streams cut because the client did not read in time.", stats.SlowCut.Load)
	counter("parley_stream_panics_total", "Recovered panics in streams and their upkeep.", func() uint64 {
		return stats.Panics.Load() + s.conns.Panics()
	})
	counter("parley_post_repeats_total", "Posts whose key was stored already.", s.chat.Stats.Repeats.Load)
	gauge("parley_page_cache_bytes", "Memory of the pages that rooms open with.", func() float64 { return float64(s.chat.Pages.Bytes()) })
	gauge("parley_page_cache_entries", "Pages and their extents in it.", func() float64 { return float64(s.chat.Pages.Len()) })
	counter("parley_page_cache_hits_total", "Rooms opened with a page of the cache.", s.chat.Stats.PagesKept.Load)
	counter("parley_page_cache_misses_total", "Rooms opened with a page that was read and rendered.", s.chat.Stats.PagesRead.Load)
	counter("parley_tx_unknown_total", "Transactions whose connection was lost during the commit.", s.store.Unknowns)
	counter("parley_post_groups_total", "Transactions that wrote posts.", s.chat.Stats.Batches.Load)
	counter("parley_statements_total", "Statements run on the database, not counting BEGIN and COMMIT.", s.store.Statements)
	counter("parley_tx_retries_total", "Transactions repeated after a deadlock or a lock timeout.", s.store.Retries)
	return m
}

// observePost records how long a post took until its response.
func (m *metrics) observePost(transport string, start time.Time, err error) {
	answer := "ok"
	if err != nil {
		if answer = "refused"; statusOf(err) >= fiber.StatusInternalServerError {
			answer = "failed"
		}
	}
	m.acknowledged.WithLabelValues(transport, answer).Observe(time.Since(start).Seconds())
}

// Results of an attempt to sign in.
const (
	signInOK      = "ok"
	signInWrong   = "wrong"
	signInLimited = "limited" // no password was checked
)

// observeSignIn counts an attempt to sign in. One that failed because of the server is none.
func (m *metrics) observeSignIn(err error) {
	var throttled *auth.Throttled
	switch {
	case err == nil:
		m.signIns.WithLabelValues(signInOK).Inc()
	case errors.Is(err, auth.ErrWrongPassword), errors.Is(err, auth.ErrBadCode), errors.Is(err, auth.ErrBadPasskey):
		m.signIns.WithLabelValues(signInWrong).Inc()
	case errors.As(err, &throttled):
		m.signIns.WithLabelValues(signInLimited).Inc()
	}
}

// Metrics serves the metrics of this process in the text format of Prometheus.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
}
