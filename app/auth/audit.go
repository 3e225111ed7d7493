package auth

import (
	"context"
	"errors"

	"parley/db"
)

// AuditLog is a part of the log of what administrators and moderators did, newest first, and the people it names.
type AuditLog struct {
	Entries []db.AuditEntry
	Users   map[uint64]db.User
	Rooms   map[uint64]db.Room // without those that are deleted
}

// AuditLog returns the newest entries before an id; 0 begins at the end.
func (a *Accounts) AuditLog(ctx context.Context, before uint64, limit int) (log AuditLog, err error) {
	if log.Entries, err = a.store.Audit(ctx, before, limit); err != nil {
		return log, err
	}
	var ids, rooms []uint64
	for _, e := range log.Entries {
		ids = append(ids, e.ActorID, e.UserID)
		if e.RoomID != 0 {
			rooms = append(rooms, e.RoomID)
		}
	}
	if log.Users, err = a.store.UsersByID(ctx, ids); err != nil {
		return log, err
	}
	log.Rooms, err = a.store.RoomsByID(ctx, rooms)
	return log, err
}

// People lists accounts for an administrator, and counts them all.
func (a *Accounts) People(ctx context.Context, f db.PeopleFilter, limit int) (db.Census, []db.User, error) {
	census, err := a.store.CountPeople(ctx)
	if err != nil {
		return census, nil, err
	}
	people, err := a.store.People(ctx, f, limit)
	return census, people, err
}

// UserNamed returns an account for an administrator, or ErrNoSuchUser.
func (a *Accounts) UserNamed(ctx context.Context, username string) (db.User, error) {
	name, problem := checkUsername(username)
	if problem != "" {
		return db.User{}, ErrNoSuchUser
	}
	u, err := a.store.UserByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		err = ErrNoSuchUser
	}
	return u, err
}
