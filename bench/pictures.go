package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/bench/plot"
)

// growing is a picture of docs/performance.md: what a measure does over the number at the beginning of its cases.
type growing struct {
	file, title, x, y string
	lines             []growingLine
}

type growingLine struct{ work, measure, name string }

var pictures = []growing{
	{"viewers", "A delivery, from 10 to 10,000 viewers of a room", "viewers", "CPU of the server, µs a delivery",
		[]growingLine{{"viewers", "server us/delivery", "Parley"}}},
	{"senders-one-room", "Posts into one room", "senders", "acknowledged posts a second", []growingLine{{"W4a", "posts/s", "Parley"}}},
	{"senders-many-rooms", "Posts into 100 rooms", "senders", "acknowledged posts a second", []growingLine{{"W4b", "posts/s", "Parley"}}},
	{"behind", "Pages of somebody who is behind in one room", "messages that wait", "CPU of the server, ms a page",
		[]growingLine{{"behind, room page", "server ms/page", "room page"}, {"behind, room list", "server ms/page", "room list"}}},
	{"own", "Pages of somebody behind by their own messages", "messages of their own", "CPU of the server, ms a page",
		[]growingLine{{"own, room page", "server ms/page", "room page"}, {"own, room list", "server ms/page", "room list"}}},
	{"rooms", "The list of somebody's rooms", "rooms", "CPU of the server, ms a page", []growingLine{{"rooms", "server ms/page", "room list"}}},
}

// draw draws everything that has figures: a line for each database, and one for the raw loop where it does the same.
func (r *report) draw(folder string) error {
	for _, p := range pictures {
		picture := plot.Picture{File: p.file, Title: p.title, XName: p.x, YName: p.y}
		for _, l := range p.lines {
			for _, database := range []string{"mysql", "sqlite"} {
				own, raw := plot.Line{Name: l.name + ", " + longName[database]}, plot.Line{Name: "raw loop, " + longName[database], Dashed: true}
				for _, f := range r.Figures {
					digits, _, _ := strings.Cut(f.Case, " ")
					x, err := strconv.ParseFloat(digits, 64)
					if f.Work != l.work || f.Measure != l.measure || f.Database != database || err != nil {
						continue
					}
					own.X, own.Y = append(own.X, x), append(own.Y, f.Value)
					raw.X, raw.Y = append(raw.X, x), append(raw.Y, f.Raw)
				}
				if len(own.X) > 0 {
					picture.Lines = append(picture.Lines, own)
				}
				if strings.HasPrefix(l.work, "W4") && len(raw.X) > 0 {
					picture.Lines = append(picture.Lines, raw)
				}
			}
		}
		if !slices.ContainsFunc(picture.Lines, func(l plot.Line) bool { return len(l.X) > 1 }) {
			continue // nothing grows
		}
		if err := plot.Draw(folder, picture); err != nil {
			return fmt.Errorf("the picture %s: %w", p.file, err)
		}
	}
	return nil
}

var longName = map[string]string{"mysql": "MariaDB", "sqlite": "SQLite"}
