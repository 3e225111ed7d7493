package abuse

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/e2e/rig"
)

// state is what a process holds.
type state struct {
	goroutines, files int
	memory, heap      int64 // bytes: its share of the machine's memory, and of that what is in use
}

// stateOf asks a process for its state. What it does not say is 0.
func stateOf(p *rig.Parley) state {
	metrics := metricsOf(p)
	files, _ := os.ReadDir(filepath.Join("/proc", strconv.Itoa(p.PID()), "fd"))
	heap := int64(metric(metrics, "go_memstats_heap_alloc_bytes"))
	for _, cache := range []string{"page", "item", "line"} { // which have bounds of their own
		heap -= int64(metric(metrics, "parley_"+cache+"_cache_bytes"))
	}
	return state{int(metric(metrics, "go_goroutines")), len(files), share(p.PID()), heap}
}

// metricsOf returns the metrics of a process as text.
func metricsOf(p *rig.Parley) string {
	_, text := rig.Get("http://" + p.Admin + "/metrics")
	return text
}

// metric returns one of the metrics that have no label, or 0.
func metric(metrics, name string) float64 {
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(metrics)
	if found == nil {
		return 0
	}
	n, _ := strconv.ParseFloat(found[1], 64)
	return n
}

// share returns what a process has of the machine's memory (its Pss); 0 where there is no /proc.
func share(pid int) int64 {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "smaps_rollup"))
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "Pss:" {
			kib, _ := strconv.ParseInt(f[1], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// collect makes a process free what it does not need. It would do that by itself within two minutes.
func collect(p *rig.Parley) { rig.Get("http://" + p.Admin + "/debug/pprof/heap?gc=1&debug=1") }

// String is the cells of a table.
func (s state) String() string {
	return fmt.Sprintf("%d | %d | %d MiB | %d MiB", s.goroutines, s.files, s.memory>>20, s.heap>>20)
}

// isWithin reports whether this is no more than before and an allowance. Memory that was freed goes back to the machine
// slowly, and only if somebody else wants it; so what is in use counts.
func (s state) isWithin(before, allowance state) bool {
	return s.goroutines <= before.goroutines+allowance.goroutines && s.files <= before.files+allowance.files && s.heap <= before.heap+allowance.heap
}

// most is the largest of each.
func (s state) most(o state) state {
	return state{max(s.goroutines, o.goroutines), max(s.files, o.files), max(s.memory, o.memory), max(s.heap, o.heap)}
}

// watch looks at processes until peaks is called, which returns the most that each has held at a time.
func watch(processes []*rig.Parley) (peaks func() []state) {
	list, done := make([]state, len(processes)), make(chan struct{})
	var all sync.WaitGroup
	for i, p := range processes {
		all.Go(func() {
			for {
				list[i] = list[i].most(stateOf(p))
				select {
				case <-done:
					return
				case <-time.After(500 * time.Millisecond):
				}
			}
		})
	}
	return func() []state {
		close(done)
		all.Wait()
		return list
	}
}
