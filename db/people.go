package db

import (
	"context"
	"strings"
)

// PeopleFilter chooses accounts for an administrator.
type PeopleFilter struct {
	Text      string // a part of the username or of the display name; "" for all
	Suspended bool   // only those who are
	Admins    bool   // only those who are
	After     string // the username after which the list begins
}

// People lists accounts by their usernames.
func (d *DB) People(ctx context.Context, f PeopleFilter, limit int) ([]User, error) {
	query := d.in(ctx).Where("username > ? AND is_deleted = ?", f.After, false).Order("username").Limit(limit)
	if f.Text != "" {
		part := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(f.Text) + "%"
		// The collation is binary, and display names are as people write them.
		query = query.Where("(username LIKE ? ESCAPE '!' OR LOWER(display_name) LIKE ? ESCAPE '!')", strings.ToLower(part), strings.ToLower(part))
	}
	if f.Suspended {
		query = query.Where("is_suspended = ?", true)
	}
	if f.Admins {
		query = query.Where("is_admin = ?", true)
	}
	return all[User](query)
}

// Census is the number of accounts.
type Census struct{ Accounts, Admins, Suspended int }

// CountPeople counts the accounts.
func (d *DB) CountPeople(ctx context.Context) (Census, error) {
	var c Census
	err := d.in(ctx).Raw("SELECT COUNT(*) AS accounts, COALESCE(SUM(is_admin), 0) AS admins, COALESCE(SUM(is_suspended), 0) AS suspended FROM users WHERE is_deleted = ?", false).Scan(&c).Error
	return c, translate(err)
}

// HasOtherAdmin reports whether somebody else can run the server, and means to stay.
func (d *DB) HasOtherAdmin(ctx context.Context, user uint64) (bool, error) {
	var ids []uint64
	err := d.in(ctx).Model(&User{}).Where("is_admin = ? AND is_suspended = ? AND delete_at IS NULL AND id <> ?", true, false, user).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err)
}

// AdminIDs lists who runs the server.
func (d *DB) AdminIDs(ctx context.Context) (ids []uint64, err error) {
	err = d.in(ctx).Model(&User{}).Where("is_admin = ? AND is_suspended = ?", true, false).Pluck("id", &ids).Error
	return ids, translate(err)
}

// SetAdmin makes somebody an administrator or not, and reports whether that changed anything.
func (d *DB) SetAdmin(ctx context.Context, user uint64, admin bool) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET is_admin = ? WHERE id = ? AND is_admin <> ?", admin, user, admin)
	return n > 0, err
}

// SetSuspended suspends somebody or not, and reports whether that changed anything.
func (d *DB) SetSuspended(ctx context.Context, user uint64, suspended bool) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET is_suspended = ? WHERE id = ? AND is_suspended <> ?", suspended, user, suspended)
	return n > 0, err
}
