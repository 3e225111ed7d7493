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
	seedFlag = flag.Uint64("seed", 0, "seed of the first run; 0 takes one from the clock")
	raceFlag = flag.Bool("race-binary", false, "build the processes with the race detector")
)

// scenario is one fault, or one load, and what must hold in spite of it.
type scenario struct {
	name, title   string
	quick         bool // its short form is part of every test run
	runs          int  // in `just faults`, each with another seed
	ownDeployment bool // it does not use the shared one
	run           func(*run) error
}

// run is one run of a scenario.
type run struct {
	*deployment
	t       *testing.T
	builder *builder
	seed    uint64
	full    bool // the full form, instead of the short one
	label   string

	figures    []string
	misses     []string
	violations []violation
}

// duration returns the duration for the form of this run.
func (r *run) duration(full, short time.Duration) time.Duration {
	if r.full {
		return full
	}
	return short
}

func (r *run) times(full, short int) int {
	if r.full {
		return full
	}
	return short
}

// loadConfig returns the usual load for the form of this run.
func (r *run) loadConfig() loadConfig {
	if r.full {
		return loadConfig{rooms: r.rooms, pages: 1, withoutScripts: true, rate: 50}
	}
	return loadConfig{rooms: r.rooms[:min(6, len(r.rooms))], pages: 2, withoutScripts: true, rate: 20}
}

func (r *run) figure(format string, values ...any) {
	r.figures = append(r.figures, fmt.Sprintf(format, values...))
}

// atMost sets a limit on a duration. In the short form, which runs alongside other tests, the limit is four
// times as high: their load must not fail it, and whatever hangs exceeds that, too.
func (r *run) atMost(what string, got, limit time.Duration) {
	if !r.full {
		limit *= 4
	}
	r.figure("%s %s (limit %s)", what, short(got), short(limit))
	if got > limit {
		r.misses = append(r.misses, fmt.Sprintf("%s: %s, limit %s", what, short(got), short(limit)))
	}
}

// countAtMost sets a limit on a number.
func (r *run) countAtMost(what string, got, limit int) {
	r.figure("%s %d", what, got)
	if got > limit {
		r.misses = append(r.misses, fmt.Sprintf("%s: %d, limit %d", what, got, limit))
	}
}

func (r *run) expect(what string, ok bool) {
	if !ok {
		r.misses = append(r.misses, "expected: "+what)
	}
}

func short(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

// finish ends a load and checks its history. The pages have catchUp to become current.
func (r *run) finish(l *load, catchUp time.Duration) (*stored, error) {
	s, took, err := l.finish(40*time.Second, catchUp)
	if err != nil {
		return nil, err
	}
	r.violations = append(r.violations, check(l.history, s)...)
	r.figure("%d messages, all pages current after %s", l.Posted.Load(), short(took))
	return s, nil
}

// TestFaults runs the quick scenarios, or all of them with RIG_FAULTS=all, which `just faults` sets.
func TestFaults(t *testing.T) {
	all := os.Getenv("RIG_FAULTS") == "all"
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	t.Logf("seed %d", seed)
	b := &builder{dir: t.TempDir(), built: map[string]string{}}
	binary, err := b.build("product", *raceFlag)
	if err != nil {
		t.Fatal(err)
	}
	var shared *deployment
	var table []string
	for _, s := range scenarios {
		if !all && !s.quick {
			continue
		}
		for i := range max(1, s.runs) {
			if !all && i > 0 {
				break
			}
			t.Run(fmt.Sprintf("%s/%d", s.name, i+1), func(t *testing.T) {
				if shared == nil && !s.ownDeployment {
					if shared, err = newDeployment(binary, settings{}, settings{}); err == nil {
						if all {
							err = shared.populate(40, 20, 10)
						} else {
							err = shared.populate(12, 6, 2)
						}
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				table = append(table, attempt(t, s, &run{deployment: shared, t: t, builder: b, seed: seed + uint64(i), full: all}))
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

// attempt runs a scenario. It runs a second time if a limit was exceeded, because the machine may have been
// busy, but not after a violation.
func attempt(t *testing.T, s scenario, r *run) (line string) {
	held := "yes"
	for try := 1; ; try++ {
		r.figures, r.misses, r.violations = nil, nil, nil
		r.label = fmt.Sprintf("%s-%d-%d", s.name, r.seed, try)
		err := s.run(r)
		if r.deployment != nil {
			r.abortLoads()
		}
		if r.deployment != nil && !s.ownDeployment {
			err = errors.Join(err, r.repair())
		}
		for _, v := range r.violations {
			t.Errorf("violation of %s", v)
		}
		if err != nil {
			t.Error(err)
			r.figure("%v", err)
		}
		if len(r.violations) > 0 || err != nil || len(r.misses) == 0 || try == 2 {
			break
		}
		t.Logf("running again, because it missed: %s", strings.Join(r.misses, "; "))
		held = "yes, in the second run (" + strings.Join(r.misses, "; ") + ")"
	}
	for _, m := range r.misses {
		t.Error(m)
	}
	if len(r.misses) > 0 || t.Failed() {
		held = "**no**"
		if r.deployment != nil {
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

// repair restores the deployment after a scenario, even one that stopped halfway.
func (r *run) repair() error {
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
	eachLink(r.databaseLinks, (*link).Heal)
	eachLink(r.redisLinks, (*link).Heal)
	r.front.Heal()
	r.routeThrough(r.balancer.link)
	return r.awaitHealthy(60 * time.Second)
}
