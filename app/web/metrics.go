package web

import (
	"fmt"
	"io"
	"runtime"
)

// Metrics writes what this process is doing, in the text format of Prometheus.
func (s *Server) Metrics(w io.Writer) {
	up := 0
	if s.bus.Up() {
		up = 1
	}
	stats := &s.hub.Stats
	for _, m := range []struct {
		name, kind, help string
		value            any
	}{
		{"parley_viewers", "gauge", "Open streams.", s.hub.Viewers()},
		{"parley_sockets", "gauge", "Open WebSockets.", len(s.sockets.list())},
		{"parley_bus_up", "gauge", "1 while signals reach the other processes.", up},
		{"parley_bus_peers", "gauge", "Live processes, with this one.", s.bus.Peers()},
		{"parley_goroutines", "gauge", "Goroutines.", runtime.NumGoroutine()},
		{"parley_entries_delivered_total", "counter", "Entries written to viewers.", stats.Delivered.Load()},
		{"parley_sweeps_found_total", "counter", "Rooms whose news no signal had told of.", stats.SweepsThatFound.Load()},
		{"parley_gaps_total", "counter", "Reads that were not contiguous and were made again.", stats.Gaps.Load()},
		{"parley_resets_total", "counter", "Pages that were told to load again.", stats.Resets.Load()},
		{"parley_slow_viewers_cut_total", "counter", "Viewers that did not take their bytes in time.", stats.SlowCut.Load()},
		{"parley_stream_panics_total", "counter", "Panics in the hub, all recovered.", stats.Panics.Load()},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %v\n", m.name, m.help, m.name, m.kind, m.name, m.value)
	}
}
