//go:build abuse

package abuse

import (
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

var (
	onlyFlag    = flag.String("only", "", "the kinds of abuse, separated by commas; all if empty")
	lastsFlag   = flag.Duration("lasts", time.Minute, "how long they are abusive")
	paceFlag    = flag.Float64("pace", abusePace, "how often a second each abuser does each kind")
	eachFlag    = flag.Duration("each", 0, "do each kind alone for so long instead")
	binaryFlag  = flag.String("binary", "", "a program to compare with, instead of building this one")
	profileFlag = flag.String("profile", "", "a folder for CPU profiles of the server")
)

// slowest is how long 99 of 100 posts may take, whatever others do.
const slowest = 500 * time.Millisecond

// TestAbuse is all that six people can do at once, for a minute on each database. It checks the p99 of two other
// people's posts, none of which may be refused. It has a build tag, because a run of all tests would be no quieter
// than the six.
func TestAbuse(t *testing.T) {
	binary := *binaryFlag
	if binary == "" {
		binary = filepath.Join(t.TempDir(), "parley")
		if err := rig.Build(binary); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"SQLite", "MariaDB"} {
		t.Run(name, func(t *testing.T) {
			s := start(t, binary, size{mysql: name == "MariaDB", processes: 1})
			list := chosen(t)
			abuse := phase{name: "abuse", kinds: list, pace: *paceFlag, lasts: *lastsFlag}
			if *profileFlag != "" {
				abuse.profile = filepath.Join(*profileFlag, name+".pprof")
			}
			if *eachFlag != 0 {
				s.alone(t, list)
				return
			}
			before := phase{name: "ordinary", kinds: []kind{ordinary}, times: len(list), pace: *paceFlag, lasts: *lastsFlag / 3}
			usual := s.check(t, 0, before)
			s.check(t, max(slowest, slower*usual), abuse)
		})
	}
}

// chosen are the kinds that the flag names.
func chosen(t *testing.T) (list []kind) {
	t.Helper()
	if *onlyFlag == "" {
		return kinds
	}
	for name := range strings.SplitSeq(*onlyFlag, ",") {
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
		if i < 0 {
			t.Fatalf("no kind of abuse is called %q", name)
		}
		list = append(list, kinds[i])
	}
	return list
}

// alone shows what each kind does without the others, ordinary reading first.
func (s *site) alone(t *testing.T, list []kind) {
	t.Helper()
	table := []string{"| alone | requests | accepted | posts | p50 | p99 | max | program | database | load |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"}
	for i, k := range append([]kind{ordinary}, list...) {
		r := s.run(t, phase{name: "alone" + string(rune('a'+i)), kinds: []kind{k}, pace: *paceFlag, lasts: *eachFlag})
		table = append(table, r.line())
	}
	t.Log("\n" + strings.Join(table, "\n"))
}

// check runs a phase, reports violations, and returns the p99 of the posts. A limit of 0 is none.
func (s *site) check(t *testing.T, limit time.Duration, p phase) time.Duration {
	t.Helper()
	r := s.run(t, p)
	t.Log("\n" + r.String())
	for _, why := range r.refused {
		t.Errorf("refused: %s", why)
	}
	for _, what := range r.lost {
		t.Errorf("lost or doubled: %s", what)
	}
	p99 := quantile(r.took, 0.99)
	if limit != 0 && p99 > limit {
		t.Errorf("a hundredth of the posts took longer than %v; the limit is %v", p99, limit)
	}
	if t.Failed() {
		log := s.parley.Log()
		t.Logf("the end of the log:\n%s", log[max(0, len(log)-3000):])
	}
	return p99
}
