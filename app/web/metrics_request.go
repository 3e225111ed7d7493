package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"parley/app/live"
)

// requestBuckets are seconds: of a page, of an upload and of a page that waits.
var requestBuckets = []float64{.005, .02, .1, .3, 1, 5, 30}

// noRoute is the route of requests to addresses that do not exist, and of those that reach no route.
const noRoute = "none"

// socketRoute is where posts over sockets come in.
const socketRoute = "/rooms/:room/socket"

// newRequests returns the times of requests. Each label has few values: patterns of routes, not addresses, and
// classes of statuses. A stream or a socket is a request that ends where it begins.
func newRequests() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_http_request_seconds", Buckets: requestBuckets,
		Help: "Time for a response, by method, pattern of the route and class of the status."}, []string{"method", "route", "status"})
}

// observeRequest records a request that has its response.
func (m *metrics) observeRequest(c *fiber.Ctx, took time.Duration) {
	route, ok := c.Locals(routeLocal).(string)
	if !ok {
		route = noRoute
	}
	status := c.Response().StatusCode()
	if status == fiber.StatusTooManyRequests {
		m.tooMany.WithLabelValues(route).Inc()
	}
	m.requests.WithLabelValues(c.Method(), route, statusClass(status)).Observe(took.Seconds())
}

// observeAtEdge records a request that was refused before anything of it could be relied on, its method included.
func (m *metrics) observeAtEdge(status int) {
	m.requests.WithLabelValues(noRoute, noRoute, statusClass(status)).Observe(0)
}

// statusClass returns "4xx" for 404.
func statusClass(status int) string { return strconv.Itoa(status/100) + "xx" }

// The kinds of connections that stay open.
const (
	eventStream  = "stream"   // server-sent events, for htmx
	streamedPage = "streamed" // a page that never ends, without scripts
	waitingPage  = "waiting"  // a page that comes when there is something new
)

func newOpen() *prometheus.GaugeVec {
	open := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "parley_streams",
		Help: "Open streams by kind: stream (for htmx), streamed (a page without scripts that never ends), waiting (a page that waits for something new)."}, []string{"kind"})
	for _, kind := range []string{eventStream, streamedPage, waitingPage} {
		open.WithLabelValues(kind)
	}
	return open
}

// kindOf returns what kind of stream a viewer has.
func kindOf(v *live.Viewer) string {
	if v.Format != nil {
		return streamedPage
	}
	return eventStream
}
