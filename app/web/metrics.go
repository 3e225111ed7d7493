package web

import (
	"context"
	"math"
	"net/http"
	"runtime"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/app/live"
)

// metrics are what a process counts as it happens. They are in a registry of their own: the default one of the package
// would be shared by two servers in one test. docs/operate.md explains each.
type metrics struct {
	registry     registry
	requests     *prometheus.HistogramVec
	tooMany      *prometheus.CounterVec
	panics       prometheus.Counter
	acknowledged *prometheus.HistogramVec
	delivered    prometheus.Histogram
	signIns      *prometheus.CounterVec
	signUps      *prometheus.CounterVec
	open         *prometheus.GaugeVec
}

// latencyBuckets are seconds around the promises of docs/delivery.md: 3 ms to 10 s.
var latencyBuckets = []float64{.003, .01, .03, .1, .3, .5, 1, 3, 5, 10}

func (s *Server) newMetrics() *metrics {
	m := &metrics{
		registry: registry{prometheus.NewRegistry()},
		acknowledged: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_ack_seconds", Buckets: latencyBuckets,
			Help: "From the arrival of a post until its response, by transport and result."}, []string{"transport", "answer"}),
		delivered: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "parley_delivery_seconds", Buckets: latencyBuckets,
			Help: "From the commit of an entry until it was written to the streams of this process."}),
		requests: newRequests(),
		tooMany: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_http_too_many_requests_total",
			Help: "Requests and frames of sockets that were refused because somebody sent too many (429), by route."}, []string{"route"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "parley_panics_total",
			Help: "Recovered panics in handlers and background work."}),
		signIns: newAttempts("parley_sign_ins_total", "Attempts to sign in, by result: ok, wrong or limited.", attemptOK, attemptWrong, attemptLimited),
		signUps: newAttempts("parley_sign_ups_total", "Attempts to create an account, by result: ok, refused or limited.", attemptOK, attemptRefused, attemptLimited),
		open:    newOpen(),
	}
	for _, transport := range []string{"form", "socket"} { // so that an alert sees the first that fails
		for _, answer := range []string{"ok", "refused", "failed"} {
			m.acknowledged.WithLabelValues(transport, answer)
		}
	}
	r := m.registry
	r.MustRegister(m.acknowledged, m.delivered, m.requests, m.tooMany, m.panics, m.signIns, m.signUps, m.open,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.registerProcess(r)
	s.registerDelivery(r)
	s.registerDatabase(r)
	s.registerSize(r)
	s.registerQueues(r)
	s.registerTLS(r)
	return m
}

// registry registers metrics whose values are kept elsewhere. Labels alternate names and values.
type registry struct{ *prometheus.Registry }

func (r registry) gauge(name, help string, value func() float64, labels ...string) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labelsOf(labels)}, value))
}

func (r registry) counter(name, help string, value func() uint64, labels ...string) {
	r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labelsOf(labels)},
		func() float64 { return float64(value()) }))
}

// seconds registers a counter of time.
func (r registry) seconds(name, help string, value func() time.Duration) {
	r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
		func() float64 { return value().Seconds() }))
}

func labelsOf(pairs []string) prometheus.Labels {
	labels := prometheus.Labels{}
	for i := 0; i+1 < len(pairs); i += 2 {
		labels[pairs[i]] = pairs[i+1]
	}
	return labels
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// registerProcess registers what this process is, and what it knows of others.
func (s *Server) registerProcess(r registry) {
	r.gauge("parley_build_info", "1, with the version of Parley and of Go.", func() float64 { return 1 },
		"version", s.options.Version, "goversion", runtime.Version())
	r.gauge("parley_ready", "1 while /readyz says that requests should be sent here, otherwise 0.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
		defer cancel()
		return truth(s.whyNotReady(ctx) == "")
	})
	r.gauge("parley_bus_up", "1 while signals reach the other processes, otherwise 0.", func() float64 { return truth(s.bus.Up()) })
	r.gauge("parley_bus_peers", "Live processes on the bus, including this one.", func() float64 { return float64(s.bus.Peers()) })
	r.gauge("parley_processes", "Live processes on the database, including this one. More than parley_bus_peers: not all use the same Redis.",
		func() float64 { return float64(s.options.Processes()) })
}

// registerDelivery registers how messages get from person to person.
func (s *Server) registerDelivery(r registry) {
	r.gauge("parley_viewers", "Open streams.", func() float64 { return float64(s.hub.Viewers()) })
	r.gauge("parley_sockets", "Open WebSockets.", func() float64 { return float64(s.sockets.Open()) })
	stats := &s.hub.Stats
	r.counter("parley_entries_delivered_total", "Entries written to streams.", stats.Delivered.Load)
	r.counter("parley_sweeps_found_total", "Rooms with new entries that no signal had announced.", stats.SweepsThatFound.Load)
	r.counter("parley_gaps_total", "Reads of a room's log that had a gap and were repeated.", stats.Gaps.Load)
	for _, why := range live.AllResets() {
		r.counter("parley_resets_total", "Pages that had to reload, by reason.", stats.Resets[why].Load, "reason", why.String())
	}
	r.counter("parley_slow_viewers_cut_total", "Streams cut because the client did not read in time.", stats.SlowCut.Load)
	r.counter("parley_stream_panics_total", "Recovered panics in streams and their upkeep.", func() uint64 {
		return stats.Panics.Load() + s.conns.Panics()
	})
	r.counter("parley_post_repeats_total", "Posts whose key was stored already.", s.chat.Stats.Repeats.Load)
	r.counter("parley_post_groups_total", "Transactions that wrote posts.", s.chat.Stats.Batches.Load)
	r.gauge("parley_page_cache_bytes", "Memory of the pages that rooms open with.", func() float64 { return float64(s.chat.Pages.Bytes()) })
	r.gauge("parley_page_cache_entries", "Pages and their extents in it.", func() float64 { return float64(s.chat.Pages.Len()) })
	r.counter("parley_page_cache_hits_total", "Rooms opened with a page of the cache.", s.chat.Stats.PagesKept.Load)
	r.counter("parley_page_cache_misses_total", "Rooms opened with a page that was read and rendered.", s.chat.Stats.PagesRead.Load)
	r.gauge("parley_item_cache_bytes", "Memory of the messages and lines of lists that are rendered already.", func() float64 { return float64(s.items.cache.Bytes()) })
	r.gauge("parley_item_cache_entries", "Messages and lines in it.", func() float64 { return float64(s.items.cache.Len()) })
	r.counter("parley_item_cache_hits_total", "Messages that pages and streams took from it.", s.items.shared.Load)
	r.counter("parley_item_cache_misses_total", "Messages that were rendered for pages and streams.", s.items.made.Load)
	r.gauge("parley_session_cache_bytes", "Memory of the sessions with which somebody has just posted.", func() float64 { _, bytes := s.accounts.RecentSessions(); return float64(bytes) })
	r.gauge("parley_session_cache_entries", "Sessions in it.", func() float64 { n, _ := s.accounts.RecentSessions(); return float64(n) })
	r.gauge("parley_line_cache_bytes", "Memory of the lines of room lists.", func() float64 { return float64(s.chat.Lines.Bytes()) })
	r.gauge("parley_line_cache_entries", "Lines in it.", func() float64 { return float64(s.chat.Lines.Len()) })
	r.counter("parley_line_cache_hits_total", "Lines of room lists from the cache.", s.chat.Stats.LinesKept.Load)
	r.counter("parley_line_cache_misses_total", "Lines of room lists that were read.", s.chat.Stats.LinesRead.Load)
	uploads := &s.photos.Stats
	for result, value := range map[string]func() uint64{"stored": uploads.Stored.Load, "refused": uploads.Refused.Load, "failed": uploads.Failed.Load} {
		r.counter("parley_uploads_total", "Photos that were uploaded, by result: stored, refused or failed.", value, "result", result)
	}
}

// registerQueues registers what waits in this process.
func (s *Server) registerQueues(r registry) {
	mails := func() int { return 0 }
	if s.mail != nil {
		mails = s.mail.Waiting
	}
	for queue, length := range map[string]func() int{
		"database_writer": s.store.WaitingWriters,
		"bus":             s.bus.Waiting,
		"uploads":         s.uploads.length,
		"photos":          s.photos.Waiting,
		"search_index":    func() int { rooms, _ := s.chat.IndexBehind(); return rooms },
		"mails":           mails,
		"lists":           s.hub.WaitingLists,
	} {
		r.gauge("parley_waiting", "What waits in a queue of this process: transactions for SQLite's writer, signals for Redis, "+
			"uploads for memory, photos to be decoded, rooms to be indexed, e-mails to be sent, people whose open pages get new lists.",
			func() float64 { return float64(length()) }, "queue", queue)
	}
	r.gauge("parley_search_behind_seconds", "For how long there have been rooms to be indexed without a break.",
		func() float64 { _, lag := s.chat.IndexBehind(); return lag.Seconds() })
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

// unknown is the value of a gauge that could not be read.
var unknown = math.NaN()

// Metrics serves the metrics of this process in the text format of Prometheus.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
}
