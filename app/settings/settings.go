// Package settings holds what administrators decide about the whole server. It is in the database, and every
// process reads it again when what it knows is a second old, so that a change takes effect everywhere in two
// seconds without a signal that could get lost. What a variable of the environment says comes first, and cannot
// be changed by anybody else.
package settings

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"parley/db"
)

const (
	freshness = time.Second            // how long what was read counts
	patience  = 500 * time.Millisecond // with the database, while what was known before can go on
	waitTime  = 100 * time.Millisecond // of a request for that: it may have waited for the same database already
)

// Store reads and writes the settings of a server.
type Store struct {
	store   *db.DB
	fixed   map[string]string
	reading sync.Mutex
	known   atomic.Pointer[known]
}

type known struct {
	values Values
	at     time.Time
}

// New returns the settings in a database, but for those that are fixed by their names.
func New(store *db.DB, fixed map[string]string) *Store {
	return &Store{store: store, fixed: fixed}
}

// IsFixed reports whether the environment decides a setting.
func (s *Store) IsFixed(name string) bool { return s.fixed[name] != "" }

// Get returns the settings as they were within the last second. While the database is away, what was known
// before goes on; without anything known, it is the defaults.
func (s *Store) Get(ctx context.Context) Values {
	old := s.known.Load()
	if old != nil && time.Since(old.at) < freshness {
		return old.values
	}
	if old == nil {
		s.reading.Lock()
		defer s.reading.Unlock()
		return s.read(ctx)
	}
	if !s.reading.TryLock() {
		return old.values // somebody is reading them
	}
	done := make(chan Values, 1)
	go func() {
		defer s.reading.Unlock()
		done <- s.read(context.WithoutCancel(ctx))
	}()
	select {
	case values := <-done:
		return values
	case <-time.After(waitTime):
		return old.values
	}
}

// read reads the settings, unless somebody has just done so. The caller holds the lock.
func (s *Store) read(ctx context.Context) Values {
	old := s.known.Load()
	if old != nil && time.Since(old.at) < freshness {
		return old.values
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	decided, err := s.store.Settings(ctx)
	at := time.Now()
	switch {
	case err == nil:
		old = &known{valuesOf(decided, s.fixed), at}
	case old != nil:
		old = &known{old.values, at}
	default:
		return valuesOf(s.fixed)
	}
	s.known.Store(old)
	return old.values
}

// Change stores values by the names of their settings, all or none, and records that actor changed them. It returns
// *Invalid for the first that cannot be, in the order of the settings; those that are as before are no change.
func (s *Store) Change(ctx context.Context, actor uint64, changes map[string]string, now time.Time) error {
	for _, one := range all {
		given, ok := changes[one.name]
		if !ok {
			continue
		}
		if s.IsFixed(one.name) {
			return &Invalid{Setting: one.name, Reason: ErrFixed}
		}
		if err := Check(one.name, given); err != nil {
			return err
		}
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	err := s.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.Lock(ctx, "settings"); err != nil {
			return err
		}
		decided, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		for _, one := range all {
			given, ok := changes[one.name]
			before, had := decided[one.name]
			if !had {
				before = one.fallback
			}
			if !ok || given == before {
				continue
			}
			if err := tx.SetSetting(ctx, one.name, given); err != nil {
				return err
			}
			if err := tx.AddAudit(ctx, &db.AuditEntry{At: now, ActorID: actor, Action: db.AuditSetting, Detail: one.name}); err != nil {
				return err
			}
		}
		return nil
	})
	s.known.Store(nil) // what is read next is new, here at least
	return err
}
