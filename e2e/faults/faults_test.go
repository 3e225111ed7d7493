package faults

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

var (
	seedFlag = flag.Uint64("seed", 0, "of the first run; 0 takes one from the clock")
	raceFlag = flag.Bool("race-binary", false, "build the processes with the race detector")
)

// scenario is one fault, or one load, and what must hold.
type scenario struct {
	name, title string
	fast        bool // a short form of it is in every test run
	seeds       int  // how many runs `just faults` makes of it
	own         bool // it builds a world of its own
	run         func(*run) error
}

// run is one go at a scenario.
type run struct {
	*world
	t       *testing.T
	builder *builder
	seed    uint64
	all     bool // the full form, not the short one
	label   string

	figures    []string
	missed     []string
	violations []violation
}

// length is how long something lasts in the full form, and in the short one.
func (r *run) length(full, short time.Duration) time.Duration {
	if r.all {
		return full
	}
	return short
}

func (r *run) times(full, short int) int {
	if r.all {
		return full
	}
	return short
}

// volume is the load of the full form, or a smaller one.
func (r *run) volume() volume {
	if r.all {
		return volume{rooms: r.rooms, streams: 1, plain: true, rate: 50}
	}
	return volume{rooms: r.rooms[:min(6, len(r.rooms))], streams: 2, plain: true, rate: 20}
}

func (r *run) note(format string, values ...any) {
	r.figures = append(r.figures, fmt.Sprintf(format, values...))
}

// atMost is a bar in time. It is four times as high in the short form, which runs beside other tests:
// their noise must not fail it, and what is stuck misses that, too.
func (r *run) atMost(what string, got, limit time.Duration) {
	if !r.all {
		limit *= 4
	}
	r.note("%s %s (bar %s)", what, short(got), short(limit))
	if got > limit {
		r.missed = append(r.missed, fmt.Sprintf("%s: %s, not %s", what, short(got), short(limit)))
	}
}

// count is a bar in numbers.
func (r *run) count(what string, got, limit int) {
	r.note("%s %d", what, got)
	if got > limit {
		r.missed = append(r.missed, fmt.Sprintf("%s: %d, not %d", what, got, limit))
	}
}

func (r *run) holds(what string, ok bool) {
	if !ok {
		r.missed = append(r.missed, "not so: "+what)
	}
}

func short(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

// finish ends a load and checks it. The pages get catchUp to show everything.
func (r *run) finish(l *load, catchUp time.Duration) (*stored, error) {
	s, took, err := l.end(40*time.Second, catchUp)
	if err != nil {
		return nil, err
	}
	r.violations = append(r.violations, check(l.h, s)...)
	r.note("%d messages, all pages current after %s", l.Posted.Load(), short(took))
	return s, nil
}

// TestFaults runs every fault, or the quick ones: RIG_FAULTS=all decides, as `just faults` sets it.
func TestFaults(t *testing.T) {
	all := os.Getenv("RIG_FAULTS") == "all"
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	t.Logf("seed %d", seed)
	b := &builder{dir: t.TempDir(), has: map[string]string{}}
	binary, err := b.build("product", *raceFlag)
	if err != nil {
		t.Fatal(err)
	}
	var shared *world
	var table []string
	for _, s := range scenarios {
		if !all && !s.fast {
			continue
		}
		for i := range max(1, s.seeds) {
			if !all && i > 0 {
				break
			}
			t.Run(fmt.Sprintf("%s/%d", s.name, i+1), func(t *testing.T) {
				if shared == nil && !s.own {
					if shared, err = newWorld(binary, settings{}, settings{}); err == nil {
						if all {
							err = shared.invite(40, 20, 10)
						} else {
							err = shared.invite(12, 6, 2)
						}
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				table = append(table, attempt(t, s, &run{world: shared, t: t, builder: b, seed: seed + uint64(i), all: all}))
			})
		}
	}
	if shared != nil {
		shared.Close()
	}
	text := "| fault | seed | held | figures |\n|---|---|---|---|\n" + strings.Join(table, "\n")
	t.Log("\n" + text)
	if path := os.Getenv("RIG_FAULTS_TABLE"); path != "" {
		if err := os.WriteFile(filepath.Clean(path), []byte(text+"\n"), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// attempt runs a scenario. What misses a bar in time gets a second chance, because the machine has
// others to serve; a violation gets none.
func attempt(t *testing.T, s scenario, r *run) (line string) {
	held := "yes"
	for try := 1; ; try++ {
		r.figures, r.missed, r.violations = nil, nil, nil
		r.label = fmt.Sprintf("%s-%d-%d", s.name, r.seed, try)
		err := s.run(r)
		if r.world != nil {
			r.dropLoads()
		}
		if r.world != nil && !s.own {
			err = errors.Join(err, r.heal())
		}
		for _, v := range r.violations {
			t.Errorf("violation of %s", v)
		}
		if err != nil {
			t.Error(err)
			r.note("%v", err)
		}
		if len(r.violations) > 0 || err != nil || len(r.missed) == 0 || try == 2 {
			break
		}
		t.Logf("once more, because it missed: %s", strings.Join(r.missed, "; "))
		held = "yes, the second time (" + strings.Join(r.missed, "; ") + ")"
	}
	for _, m := range r.missed {
		t.Error(m)
	}
	if len(r.missed) > 0 || t.Failed() {
		held = "**no**"
		if r.world != nil {
			for i, p := range r.processes {
				log := p.Log()
				t.Logf("the end of the log of process %d:\n%s", i, log[max(0, len(log)-3000):])
			}
		}
	}
	figures := strings.Join(append(r.figures, fmt.Sprintf("%d violations", len(r.violations))), "; ")
	t.Logf("%s %s: %s", s.name, held, figures)
	return fmt.Sprintf("| %s %s | %d | %s | %s |", s.name, s.title, r.seed, held, strings.ReplaceAll(figures, "|", "/"))
}

// heal makes the world whole again after a scenario, also after one that gave up half way.
func (r *run) heal() error {
	servers := []*rig.Server{r.database, r.redis}
	for _, p := range r.processes {
		servers = append(servers, p.Server)
	}
	for _, s := range servers {
		s.Signal(syscall.SIGCONT)
		if s.Running() {
			continue
		}
		if err := s.Start(); err != nil {
			return err
		}
	}
	eachLink(r.data, (*link).Heal)
	eachLink(r.rings, (*link).Heal)
	r.front.Heal()
	r.enterBy(r.balancer.link)
	return r.settle(60 * time.Second)
}
