package chat

import "parley/db"

// How fast one person may send posts over sockets, with those that are refused or sent again: T30 in
// docs/threats.md.
const (
	attemptsPerSecond = 2 * postsPerSecond
	attemptsAtOnce    = 3 * postsAtOnce
)

// CheckPace counts a post from a socket, and returns ErrTooFast if there are too many. It asks no
// database: a socket can send posts faster than a database could tell that they are repeated or too fast.
func (c *Chat) CheckPace(me db.User) error {
	if !c.attemptLimit.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	return nil
}
