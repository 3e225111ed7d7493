// Package mail sends e-mails through the owner's mail server. They wait in memory, so that no page waits for that
// server, and a few are tried again. When the process ends, all that wait are tried once more in five seconds; what
// is left then is lost, and people ask again.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"
)

// Message is an e-mail in plain text to one person.
type Message struct {
	To, Subject, Body string
}

// ErrFull means that too many e-mails wait already.
var ErrFull = errors.New("mail: too many e-mails are waiting")

const (
	maxWaiting = 200
	sendTime   = 30 * time.Second // for one try
	workTime   = 5 * time.Second  // for finding out what to send
	endTime    = 5 * time.Second  // for all that wait when the process ends
)

// pauses are the times between the tries to send an e-mail. A link in it is good for an hour.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// Mailer has what waits to be sent.
type Mailer struct {
	server *url.URL
	from   string
	log    *slog.Logger
	places chan struct{} // one is taken for each that waits
	jobs   chan func(ctx context.Context) (Message, error)
	send   func(ctx context.Context, m Message) error
}

// New returns a Mailer for a server, as CheckServer takes it. Nothing is sent until Run.
func New(server *url.URL, from string, log *slog.Logger) *Mailer {
	m := &Mailer{
		server: server, from: from, log: log,
		places: make(chan struct{}, maxWaiting),
		jobs:   make(chan func(ctx context.Context) (Message, error), maxWaiting),
	}
	m.send = m.deliver
	return m
}

// Later sends what find returns, some time later; nothing if that is an error, which find has dealt with. It
// returns ErrFull at once where too many wait.
func (m *Mailer) Later(find func(ctx context.Context) (Message, error)) error {
	select {
	case m.places <- struct{}{}:
		m.jobs <- find // has as many places
		return nil
	default:
		return ErrFull
	}
}

// Waiting returns the number of e-mails that have not been sent yet, including the one that is being sent.
func (m *Mailer) Waiting() int { return len(m.places) }

// waiting is an e-mail whose first try has failed.
type waiting struct {
	message Message
	due     time.Time
	tries   int
}

// Run sends what waits until the context ends, and then what waits still, for at most endTime. One is tried at a
// time, new ones first.
func (m *Mailer) Run(ctx context.Context) {
	var again []waiting
	for ctx.Err() == nil {
		next := time.Hour
		for _, w := range again {
			next = min(next, time.Until(w.due))
		}
		timer := time.NewTimer(max(next, 0))
		select {
		case <-ctx.Done():
			timer.Stop()
		case find := <-m.jobs:
			timer.Stop()
			if message, ok := m.found(context.WithoutCancel(ctx), find); !ok {
				<-m.places
			} else if w, failed := m.try(ctx, waiting{message: message}); failed {
				again = append(again, w)
			}
		case <-timer.C:
			again = m.retry(ctx, again)
		}
	}
	m.finish(ctx, again)
}

// finish tries everything that waits for the last time.
func (m *Mailer) finish(ctx context.Context, again []waiting) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	lost := 0
	last := func(message Message, ok bool) {
		if ok && m.send(ctx, message) != nil || !ok && ctx.Err() != nil {
			lost++
		}
		<-m.places
	}
	for more := true; more; {
		select {
		case find := <-m.jobs:
			last(m.found(ctx, find))
		default:
			more = false
		}
	}
	for _, w := range again {
		last(w.message, true)
	}
	if lost > 0 {
		m.log.Error("e-mails could not be sent before the end", "count", lost)
	}
}

// found asks what to send.
func (m *Mailer) found(ctx context.Context, find func(ctx context.Context) (Message, error)) (Message, bool) {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	message, err := find(ctx)
	return message, err == nil
}

// retry tries the first that is due, so that new ones need not wait for all of them, and returns those that
// still wait.
func (m *Mailer) retry(ctx context.Context, list []waiting) (left []waiting) {
	tried := false
	for _, w := range list {
		if tried || time.Now().Before(w.due) {
			left = append(left, w)
			continue
		}
		tried = true
		if w, failed := m.try(ctx, w); failed {
			left = append(left, w)
		}
	}
	return left
}

// try sends an e-mail, and reports whether it has to be tried again.
func (m *Mailer) try(ctx context.Context, w waiting) (later waiting, failed bool) {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(endTime, cancel) }) // the end lets it finish, so that it is not sent twice
	defer stop()
	err := m.send(sending, w.message)
	var refused *Refused
	final := w.tries >= len(pauses) || errors.As(err, &refused) && !refused.Temporary
	switch {
	case err == nil:
		m.log.Debug("an e-mail was sent")
	case final:
		m.log.Error("an e-mail could not be sent", "error", err)
	default:
		m.log.Warn("an e-mail has to wait", "error", err)
		w.due, w.tries = time.Now().Add(pauses[w.tries]), w.tries+1
		return w, true
	}
	<-m.places
	return w, false
}
