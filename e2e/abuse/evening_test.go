//go:build evening

package abuse

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

var (
	eveningFlag        = flag.Duration("evening", time.Minute, "how long the hostile evening lasts")
	attacksFlag        = flag.String("attacks", "", "the attacks, separated by commas, abuse for those of the six; all if empty")
	eveningProfileFlag = flag.String("evening-profile", "", "a folder for CPU profiles of the processes")
)

// What the two may notice of a hostile evening, and what a process may hold.
const (
	eveningSlowest = time.Second
	eveningMemory  = 640 << 20
)

// TestHostileEvening is all that a crowd can do at once, together with the six: half-sent requests, streams that nobody
// reads, sign-ins, pictures that explode, floods of frames, endless bodies, reconnects. Two people chat meanwhile, at
// two processes if there are two. It has a build tag, because it takes minutes: `just evening`.
func TestHostileEvening(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "parley")
	if err := rig.Build(binary); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name string
		size size
	}{
		{"two processes, MariaDB and Redis", size{mysql: true, processes: 2, crowd: crowdSize}},
		{"one process, SQLite", size{processes: 1, crowd: crowdSize}},
	} {
		t.Run(one.name, func(t *testing.T) {
			s := start(t, binary, one.size)
			if err := s.pairUp(t.Context(), inRooms); err != nil {
				t.Fatal(err)
			}
			usual := s.run(t, phase{name: "ordinary", kinds: []kind{ordinary}, times: len(kinds), pace: abusePace, lasts: *eveningFlag / 6})
			list, six := chosenAttacks(t)
			if *eveningProfileFlag != "" {
				var profiling sync.WaitGroup
				defer profiling.Wait()
				for i, p := range s.processes {
					profiling.Go(func() {
						if err := profile(p, filepath.Join(*eveningProfileFlag, fmt.Sprintf("%d-%d.pprof", len(s.processes), i+1)), *eveningFlag); err != nil {
							t.Error(err)
						}
					})
				}
			}
			e := s.hostile(t, list, six, *eveningFlag)
			t.Log("\n" + usual.String() + "\n" + e.String())
			for _, why := range e.refused {
				t.Errorf("refused: %s", why)
			}
			for _, what := range e.lost {
				t.Errorf("lost or doubled: %s", what)
			}
			limit := max(rig.Limit(eveningSlowest), slower*quantile(usual.took, 0.99))
			if p99 := quantile(e.took, 0.99); p99 > limit {
				t.Errorf("a hundredth of the posts took longer than %v; the limit is %v", p99, limit)
			}
			for i, most := range e.most {
				if most.memory > eveningMemory {
					t.Errorf("process %d held %d MiB", i+1, most.memory>>20)
				}
			}
			if e.restless != nil {
				t.Error(e.restless)
			}
			for _, p := range s.processes {
				if n := metric(metricsOf(p), "parley_panics_total"); n != 0 {
					t.Errorf("%v panics", n)
				}
				if t.Failed() {
					log := p.Log()
					t.Logf("the end of the log:\n%s", log[max(0, len(log)-3000):])
				}
			}
		})
	}
}

// chosenAttacks are those that the flag names, and whether the six are among them.
func chosenAttacks(t *testing.T) (list []attack, six bool) {
	t.Helper()
	if *attacksFlag == "" {
		return attacks, true
	}
	for name := range strings.SplitSeq(*attacksFlag, ",") {
		i := slices.IndexFunc(attacks, func(a attack) bool { return a.name == name })
		switch {
		case name == "abuse":
			six = true
		case i < 0:
			t.Fatalf("no attack is called %q", name)
		default:
			list = append(list, attacks[i])
		}
	}
	return list, six
}
