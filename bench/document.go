package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What stands between these lines of docs/performance.md is written by a whole run.
const (
	figuresBegin = "<!-- figures: written by just bench -->\n"
	figuresEnd   = "<!-- end of figures -->\n"
)

// document puts the figures that have goals, the plots, and all figures into docs/performance.md.
func (r *report) document(path, plots string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), figuresBegin)
	_, after, ended := strings.Cut(rest, figuresEnd)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the figures", path)
	}
	var b bytes.Buffer
	b.WriteString(before + figuresBegin)
	fmt.Fprintf(&b, "\nCommit %s on %s, %s, the median of %d.", r.Commit, r.At.Format("2006-01-02"), r.Machine, r.Runs)
	if len(r.Problems) > 0 {
		fmt.Fprintf(&b, " **Not as it must be: %s.**", strings.Join(r.Problems, "; "))
	} else {
		b.WriteString(" Nothing was missing, doubled, out of order or refused.")
	}
	b.WriteString("\n\n")
	goals := slices.DeleteFunc(slices.Clone(r.Figures), func(f *figure) bool { return f.Goal == "" })
	if err := table(&b, goals); err != nil {
		return err
	}
	for _, p := range pictures {
		if _, err := os.Stat(filepath.Join(plots, p.file+".svg")); err == nil {
			fmt.Fprintf(&b, "\n![%s: %s over %s](performance/%s.svg)\n", p.title, p.y, p.x, p.file)
		}
	}
	b.WriteString("\n<details>\n<summary>All figures, also those without a goal</summary>\n\n")
	if err := table(&b, r.Figures); err != nil {
		return err
	}
	b.WriteString("\n</details>\n\n" + figuresEnd + after)
	return os.WriteFile(path, b.Bytes(), 0o644)
}
