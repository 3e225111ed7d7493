// Command bench measures what Parley costs, as docs/performance.md describes it: it starts a private MariaDB, a private
// Redis and the real program, does the works W1 to W8 on MariaDB and on SQLite, checks meanwhile that nothing is
// missing, doubled or out of order, and does what it can of the same with a raw loop for comparison.
//
//	go run ./bench -only W4a,W5 -db sqlite,mysql -runs 3
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"parley/e2e/rig"
)

// work is something to measure: what has to be in the database, and what happens then.
type work struct {
	name    string
	prepare func(b *builder)
	run     func(ctx context.Context, s *stage, r *report) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) == 2 && os.Args[1] == "raw" {
		exitOn(serveRaw())
		return
	}
	var o options
	flag.StringVar(&o.only, "only", "", "the works to do, such as W4a,W5; otherwise all")
	flag.StringVar(&o.databases, "db", "mysql,sqlite", "the databases")
	flag.BoolVar(&o.short, "short", false, "a tenth of everything, to see that it works")
	flag.IntVar(&o.runs, "runs", 1, "how often; the figures are the medians")
	flag.StringVar(&o.out, "out", filepath.Join(rig.Root(), "bench", "results.json"), "where the figures go")
	flag.StringVar(&o.binary, "binary", "", "the program to measure; otherwise it is built from this source")
	flag.StringVar(&o.plots, "plots", "", "the folder for the plots; otherwise docs/performance after a whole run, and none")
	flag.Parse()
	if o.plots == "" && !o.short && o.only == "" {
		o.plots = filepath.Join(rig.Root(), "docs", "performance")
	}
	exitOn(o.measure(ctx))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	only, databases, out, binary, plots string
	short                               bool
	runs                                int
}

func (o options) measure(ctx context.Context) error {
	if err := raiseFiles(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if o.binary == "" {
		o.binary = filepath.Join(dir, "parley")
		if err := rig.Build(o.binary, "-ldflags=-s -w"); err != nil {
			return err
		}
	}
	machine := fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	r := &report{Commit: commit(), At: time.Now().UTC(), Machine: machine, Runs: o.runs, Short: o.short}
	for run := range o.runs {
		for _, kind := range strings.Split(o.databases, ",") {
			if err := o.onDatabase(ctx, r, kind, filepath.Join(dir, fmt.Sprint(kind, run))); err != nil {
				return fmt.Errorf("on %s: %w", kind, err)
			}
			if err := r.save(o.out); err != nil { // what there is, whatever happens next
				return err
			}
		}
	}
	if err := table(os.Stdout, r.Figures); err != nil {
		return err
	}
	if err := o.show(r); err != nil {
		return err
	}
	if len(r.Problems) > 0 {
		return fmt.Errorf("%d measurements were not as they must be: see problems in %s", len(r.Problems), o.out)
	}
	return nil
}

// show draws the plots and, of a whole run, writes the figures into docs/performance.md.
func (o options) show(r *report) error {
	if o.plots == "" {
		return nil
	}
	if err := r.draw(o.plots); err != nil {
		return err
	}
	docs := filepath.Join(rig.Root(), "docs")
	if o.short || o.only != "" || o.plots != filepath.Join(docs, "performance") {
		return nil
	}
	return r.document(filepath.Join(docs, "performance.md"), o.plots)
}

// onDatabase does the works that were asked for, one after the other, on one database.
func (o options) onDatabase(ctx context.Context, r *report, kind, dir string) error {
	list := works(o.short)
	if o.only != "" {
		wanted := strings.Split(o.only, ",")
		list = slices.DeleteFunc(list, func(w work) bool { return !slices.Contains(wanted, w.name) })
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	s, err := newStage(ctx, kind, dir, o.binary, func(b *builder) {
		for _, w := range list {
			w.prepare(b)
		}
	})
	if err != nil {
		return err
	}
	defer s.close()
	r.database = kind
	s.settle()
	for _, w := range list {
		s.settleIndex() // what the world or the work before has left, which none of this asks for
		fmt.Fprintln(os.Stderr, "bench:", kind, w.name)
		if err := w.run(ctx, s, r); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return ctx.Err()
}

// commit is the commit that is measured, with a + if something has changed since.
func commit() string {
	cmd := exec.Command("git", "describe", "--always", "--dirty=+")
	cmd.Dir = rig.Root()
	out, err := cmd.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
