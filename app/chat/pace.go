package chat

import "parley/db"

// How fast one person may send posts over sockets, with those that are refused or sent again: T30 in
// docs/threats.md.
const (
	attemptsPerSecond = 2 * postsPerSecond
	attemptsAtOnce    = 3 * postsAtOnce
)

// CheckPace counts a post that a socket brings, and returns ErrTooFast if it is one of too many. It asks no
// database: a socket brings posts faster than that could say that they were sent before, or are too fast.
func (c *Chat) CheckPace(me db.User) error {
	if !c.attemptLimit.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	return nil
}
