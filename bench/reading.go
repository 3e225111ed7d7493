package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/e2e/rig"
)

// reading is what the kernel and the database have counted so far.
type reading struct {
	at               time.Time
	server, database time.Duration
	statements       float64
}

// read reads the counters. Its own look at the database's counter is one of the statements it counts.
func (s *stage) read() (r reading, err error) {
	r.at = time.Now()
	for _, p := range s.processes {
		used, err := cpuOf(p.PID())
		if err != nil {
			return r, err
		}
		r.server += used
	}
	if s.mysql == nil {
		r.statements, err = s.metric("parley_statements_total")
		return r, err
	}
	if r.database, err = cpuOf(s.mysql.PID()); err != nil {
		return r, err
	}
	s.looks++
	answer, err := s.mysql.Ask("SHOW GLOBAL STATUS LIKE 'Questions'")
	if err != nil {
		return r, err
	}
	_, number, _ := strings.Cut(strings.TrimSpace(answer), "\t")
	r.statements, err = strconv.ParseFloat(number, 64)
	return r, err
}

// cost is what something has taken.
type cost struct {
	wall, server, database time.Duration
	statements             float64
}

// during measures what run takes.
func (s *stage) during(run func() error) (cost, error) {
	before, err := s.read()
	if err != nil {
		return cost{}, err
	}
	looks, start := s.looks, time.Now()
	err = run()
	wall := time.Since(start)
	after, readErr := s.read()
	if err = errors.Join(err, readErr); err != nil {
		return cost{}, err
	}
	c := cost{wall, after.server - before.server, after.database - before.database, after.statements - before.statements}
	if s.mysql != nil {
		c.statements = max(0, c.statements-float64(s.looks-looks)*lookStatements)
	}
	return c, nil
}

// lookStatements is the number of statements that MariaDB counts for one look at the counter.
const lookStatements = 2

// metric is the sum of a metric over the processes.
func (s *stage) metric(name string) (sum float64, err error) {
	for _, p := range s.processes {
		_, page := rig.Get("http://" + p.Admin + "/metrics")
		_, line, found := strings.Cut(page, "\n"+name+" ")
		if !found {
			return 0, fmt.Errorf("there is no metric %s", name)
		}
		line, _, _ = strings.Cut(line, "\n")
		n, err := strconv.ParseFloat(line, 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// memory is what the processes hold.
func (s *stage) memory() (sum int64, err error) {
	for _, p := range s.processes {
		n, err := memoryOf(p.PID())
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// resident is memory, without the time that the kernel needs to divide what is shared.
func (s *stage) resident() (sum int64, err error) {
	for _, p := range s.processes {
		n, err := residentOf(p.PID())
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
