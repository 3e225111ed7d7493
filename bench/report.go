package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one result: the median of the runs.
type figure struct {
	Work     string    `json:"work"`     // "W4a"
	Case     string    `json:"case"`     // "32 senders"
	Database string    `json:"database"` // "mysql"
	Measure  string    `json:"measure"`  // "posts/s"
	Value    float64   `json:"value"`
	Runs     []float64 `json:"runs"`
	Raw      float64   `json:"raw,omitempty"`   // the same measure of the raw loop, in the same run
	Ratio    float64   `json:"ratio,omitempty"` // Value/Raw
	Goal     string    `json:"goal,omitempty"`
	raws     []float64
}

// report collects the figures of a run.
type report struct {
	Commit   string    `json:"commit"`
	At       time.Time `json:"at"`
	Machine  string    `json:"machine"`
	Runs     int       `json:"runs"`
	Short    bool      `json:"short"`
	Figures  []*figure `json:"figures"`
	Problems []string  `json:"problems"` // what was missing, doubled or out of order
	database string
}

func (r *report) add(work, kase, measure string, value, raw float64) {
	if r.database == "sqlite" && strings.HasPrefix(measure, "database") {
		return // it is in the server
	}
	i := slices.IndexFunc(r.Figures, func(f *figure) bool {
		return f.Work == work && f.Case == kase && f.Measure == measure && f.Database == r.database
	})
	if i < 0 {
		i = len(r.Figures)
		r.Figures = append(r.Figures, &figure{Work: work, Case: kase, Database: r.database, Measure: measure, Goal: goalOf(r.database, work+" "+kase+" "+measure)})
	}
	f := r.Figures[i]
	f.Runs = append(f.Runs, rounded(value))
	f.Value = median(f.Runs)
	if raw > 0 {
		f.raws = append(f.raws, raw)
		f.Raw = rounded(median(f.raws))
		f.Ratio = rounded(f.Value / f.Raw)
	}
}

// problems records some of the problems of one measurement.
func (r *report) problems(what string, list []string) {
	for i, p := range list {
		if i == 5 {
			p = fmt.Sprintf("and %d more", len(list)-i)
		}
		if i <= 5 {
			r.Problems = append(r.Problems, r.database+" "+what+": "+p)
			fmt.Fprintln(os.Stderr, "bench:", r.Problems[len(r.Problems)-1])
		}
	}
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// rounded keeps three significant digits.
func rounded(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	scale := math.Pow(10, 3-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

func percentile[T cmp.Ordered](list []T, p int) (at T) {
	if len(list) == 0 {
		return at
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// save writes the figures as JSON.
func (r *report) save(path string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// table writes figures beside their goals, as a table of Markdown.
func table(out io.Writer, figures []*figure) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	line := func(cells ...string) { _, _ = fmt.Fprintln(w, "| "+strings.Join(cells, "\t| ")+"\t|") }
	line("work", "case", "database", "measure", "median", "raw loop", "ratio", "goal")
	line("---", "---", "---", "---", "---", "---", "---", "---")
	number := func(x float64) string {
		if x == 0 {
			return ""
		}
		return fmt.Sprintf("%.10g", x)
	}
	for _, f := range figures {
		line(f.Work, f.Case, f.Database, f.Measure, fmt.Sprintf("%.10g", f.Value), number(f.Raw), number(f.Ratio), f.Goal)
	}
	return w.Flush()
}
