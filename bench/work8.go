package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/e2e/rig"
)

// startWork is W8: from the start of the program to its first page, and its size. On SQLite it starts with no file, so
// that it creates the tables; on MariaDB they are there.
func startWork() work {
	return work{"W8", func(*builder) {}, func(_ context.Context, s *stage, r *report) error {
		info, err := os.Stat(s.binary)
		if err != nil {
			return err
		}
		address := s.address
		if s.kind == "sqlite" {
			address = "sqlite:" + filepath.Join(s.dir, fmt.Sprintf("fresh%d.db", time.Now().UnixNano()))
		}
		p, err := rig.NewParley(s.binary, map[string]string{"DATABASE_URL": address, "LOG": "error"})
		if err != nil {
			return err
		}
		defer p.Close()
		start := time.Now()
		if err := p.Launch(); err != nil {
			return err
		}
		for status := 0; status != 200; status, _ = rig.Get("http://" + p.Addr + "/sign-in") {
			if time.Since(start) > patience {
				return fmt.Errorf("there is no first page: %s", p.Log())
			}
		}
		r.add("W8", "start", "seconds to the first page", time.Since(start).Seconds(), 0)
		r.add("W8", "program", "MB", float64(info.Size())/1e6, 0)
		return nil
	}}
}
