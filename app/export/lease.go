// Package export lets people download their own data: who may begin, the archive that it is written to, and the
// shape of its JSON (docs/export.md). What is in it comes from app/chat, and its pages from views.
package export

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"parley/db"
)

// Why an export cannot begin, or ends.
var (
	ErrRunning = errors.New("export: another export of this person is running")
	ErrTooMany = errors.New("export: too many exports today")
	ErrBusy    = errors.New("export: other people's exports are running")
	ErrLost    = errors.New("export: another export of this person has begun")
)

const (
	perDay     = 10               // of one person; some of them break off
	atOnce     = 2                // in one process, because each reads all that a person may see
	leaseTime  = 90 * time.Second // after which the export of a process that died is no longer in the way
	renewTime  = 20 * time.Second
	leaseQuery = 5 * time.Second // for one query about the lease
)

// Exports says who may export, one at a time for each person, over all processes.
type Exports struct {
	store  *db.DB
	now    func() time.Time
	limits bool
	slots  chan struct{}
}

// New returns the Exports of this process. There must be only one, because it counts those that run.
func New(store *db.DB, now func() time.Time, limits bool) *Exports {
	return &Exports{store: store.WithPriority(db.Low), now: now, limits: limits, slots: make(chan struct{}, atOnce)}
}

// Lease is the right to export until End. Only one goroutine may use it at a time.
type Lease struct {
	exports *Exports
	user    uint64
	token   string
	renewed time.Time
	ended   bool
}

// Begin gives a person the right to export. It returns ErrRunning, ErrTooMany or ErrBusy if they cannot.
func (e *Exports) Begin(ctx context.Context, user uint64) (*Lease, error) {
	select {
	case e.slots <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	l := &Lease{exports: e, user: user, token: rand.Text()}
	err := e.take(ctx, l)
	if err != nil {
		<-e.slots
		return nil, err
	}
	return l, nil
}

func (e *Exports) take(ctx context.Context, l *Lease) error {
	now := e.utc()
	return e.store.Tx(ctx, func(tx *db.DB) error {
		taken, err := tx.TakeExport(ctx, l.user, l.token, now, now.Add(leaseTime))
		if err != nil {
			return err
		}
		if !taken {
			return ErrRunning
		}
		l.renewed = now
		if !e.limits {
			return nil
		}
		n, err := tx.CountUp(ctx, fmt.Sprintf("export/%d", l.user), 24*time.Hour, now)
		if err == nil && n > perDay {
			return ErrTooMany
		}
		return err
	})
}

// Renew keeps the right, and returns ErrLost if it has gone to another export. It is to be called often.
func (l *Lease) Renew(ctx context.Context) error {
	now := l.exports.utc()
	if now.Sub(l.renewed) < renewTime {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, leaseQuery)
	defer cancel()
	kept, err := l.exports.store.RenewExport(ctx, l.user, l.token, now.Add(leaseTime))
	if err == nil && !kept {
		return ErrLost
	}
	l.renewed = now
	return err
}

// End gives the right back. Calling it again does nothing.
func (l *Lease) End() error {
	if l.ended {
		return nil
	}
	l.ended = true
	defer func() { <-l.exports.slots }()
	ctx, cancel := context.WithTimeout(context.Background(), leaseQuery)
	defer cancel()
	return l.exports.store.EndExport(ctx, l.user, l.token)
}

func (e *Exports) utc() time.Time { return e.now().UTC().Truncate(time.Microsecond) }
