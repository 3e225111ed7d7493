package web

import (
	"context"
	"sync"
	"time"

	"parley/db"
)

// registerDatabase registers what this process asks of the database.
func (s *Server) registerDatabase(r registry) {
	r.counter("parley_statements_total", "Statements run on the database, not counting BEGIN and COMMIT.", s.store.Statements)
	r.counter("parley_tx_retries_total", "Transactions repeated after a deadlock or a lock timeout.", s.store.Retries)
	r.counter("parley_tx_unknown_total", "Transactions whose connection was lost during the commit.", s.store.Unknowns)
	for _, class := range db.ErrorClasses() {
		r.counter("parley_database_errors_total", "Statements, beginnings and ends of transactions that failed, by class: contention, unavailable, unwritable, canceled or other.",
			func() uint64 { return s.store.Errors(class) }, "class", class.String())
	}
	r.gauge("parley_database_connections_max", "Connections to the database that this process may have open.",
		func() float64 { return float64(s.store.Pool().MaxOpenConnections) })
	connections := "Open connections to the database, by state: used or idle."
	r.gauge("parley_database_connections", connections, func() float64 { return float64(s.store.Pool().InUse) }, "state", "used")
	r.gauge("parley_database_connections", connections, func() float64 { return float64(s.store.Pool().Idle) }, "state", "idle")
	r.counter("parley_database_connection_waits_total", "How often a request had to wait for a connection to the database.",
		func() uint64 { return uint64(s.store.Pool().WaitCount) })
	r.seconds("parley_database_connection_wait_seconds_total", "For how long requests have waited for connections to the database.",
		func() time.Duration { return s.store.Pool().WaitDuration })
}

// registerSize registers how much there is in the database, which is the same for all processes.
func (s *Server) registerSize(r registry) {
	of := func(value func(db.Size) int64) func() float64 {
		return func() float64 {
			size, ok := s.size.get(s.store)
			if !ok {
				return unknown
			}
			return float64(value(size))
		}
	}
	r.gauge("parley_accounts", "Accounts in the database.", of(func(s db.Size) int64 { return s.Accounts }))
	r.gauge("parley_rooms", "Rooms in the database.", of(func(s db.Size) int64 { return s.Rooms }))
	r.gauge("parley_sessions", "Signed-in browsers in the database.", of(func(s db.Size) int64 { return s.Sessions }))
	r.gauge("parley_database_size_bytes", "Size of the database.", of(func(s db.Size) int64 { return s.Bytes }))
	if s.store.IsSQLite() {
		r.gauge("parley_disk_free_bytes", "Space left on the disk of the SQLite file.", func() float64 {
			free, err := s.store.FreeSpace()
			if err != nil {
				return unknown
			}
			return float64(free)
		})
	}
}

const (
	sizeInterval = 5 * time.Minute // between two counts, however often the metrics are read
	sizeTimeout  = 5 * time.Second // for a count
)

// cachedSize is the size of the database a few minutes ago.
type cachedSize struct {
	mu    sync.Mutex
	at    time.Time // of the newest count, or attempt
	known bool
	size  db.Size
}

// get returns the newest count, and false if there has been none. If counting fails, the previous count stays.
func (c *cachedSize) get(store *db.DB) (db.Size, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() || time.Since(c.at) > sizeInterval {
		c.at = time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), sizeTimeout)
		defer cancel()
		if size, err := store.Measure(ctx); err == nil {
			c.size, c.known = size, true
		}
	}
	return c.size, c.known
}
