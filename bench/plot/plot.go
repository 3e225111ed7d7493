// Package plot draws how costs grow, as SVG files for docs/performance.md. The library is gonum/plot: it writes SVG by
// itself, without a browser or a network, and is maintained with the rest of gonum.
package plot

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Line is the values of one thing, such as a database, from left to right.
type Line struct {
	Name   string
	X, Y   []float64
	Dashed bool // a goal or a limit, and no measurement
}

// Picture is one plot.
type Picture struct {
	File, Title, XName, YName string
	Lines                     []Line
}

// colors can be told apart by those who see few colors, on white.
var colors = []color.Color{
	color.NRGBA{0, 114, 178, 255}, color.NRGBA{213, 94, 0, 255}, color.NRGBA{0, 158, 115, 255}, color.NRGBA{120, 120, 120, 255},
}

// Draw writes a picture into a folder. Both axes are logarithmic, so that what grows with its cause is a slope of one.
func Draw(folder string, p Picture) error {
	c := plot.New()
	c.Title.Text, c.X.Label.Text, c.Y.Label.Text = p.Title, p.XName, p.YName
	c.X.Scale, c.Y.Scale = plot.LogScale{}, plot.LogScale{}
	c.X.Tick.Marker, c.Y.Tick.Marker = powers{}, powers{}
	c.Legend.Top, c.Legend.Left, c.Legend.Padding = true, true, vg.Points(2)
	c.BackgroundColor = color.White
	c.Add(plotter.NewGrid())
	for i, l := range p.Lines {
		points := plotter.XYs{}
		for k := range l.X {
			if l.X[k] > 0 && l.Y[k] > 0 { // nothing else has a place on such axes
				points = append(points, plotter.XY{X: l.X[k], Y: l.Y[k]})
			}
		}
		if len(points) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, dots.Color, line.Width = colors[i%len(colors)], colors[i%len(colors)], vg.Points(1.5)
		if l.Dashed {
			line.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
		}
		c.Add(line, dots)
		c.Legend.Add(l.Name, line, dots)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	c.Y.Min, c.Y.Max = c.Y.Min/1.5, c.Y.Max*3  // room for the legend
	c.X.Max *= math.Pow(c.X.Max/c.X.Min, 0.03) // and for the last mark
	return c.Save(15*vg.Centimeter, 9*vg.Centimeter, filepath.Join(folder, p.File+".svg"))
}

// powers marks 1, 2 and 5 times the powers of ten.
type powers struct{}

// Ticks returns the marks between two values.
func (powers) Ticks(low, high float64) (marks []plot.Tick) {
	for at := 1e-4; at <= high*1.001; at *= 10 {
		if at >= low*0.999 {
			marks = append(marks, plot.Tick{Value: at, Label: label(at)})
		}
		for _, part := range []float64{2, 5} {
			if minor := part * at; minor >= low && minor <= high {
				marks = append(marks, plot.Tick{Value: minor, Label: label(minor)})
			}
		}
	}
	return marks
}

// label is a number as people write it: 5k for 5,000, 1M for a million. A float has no more digits than those of a mark.
func label(x float64) string {
	if x >= 1e6 {
		return label(x/1e6) + "M"
	}
	if x >= 1e3 {
		return label(x/1e3) + "k"
	}
	return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64)
}
