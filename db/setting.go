package db

import (
	"context"
	"strings"

	"gorm.io/gorm/clause"
)

// Setting is one thing that administrators decide about the server, as text.
type Setting struct {
	Name  string `gorm:"primaryKey;size:64"`
	Value string `gorm:"type:text;not null"`
}

// lockPrefix begins the names of rows that hold nothing: they are there to be locked.
const lockPrefix = "lock/"

// Settings returns what was decided, by name.
func (d *DB) Settings(ctx context.Context) (map[string]string, error) {
	rows, err := all[Setting](d.in(ctx))
	found := make(map[string]string, len(rows))
	for _, s := range rows {
		if !strings.HasPrefix(s.Name, lockPrefix) {
			found[s.Name] = s.Value
		}
	}
	return found, err
}

// SetSetting stores one decision.
func (d *DB) SetSetting(ctx context.Context, name, value string) error {
	return d.write(ctx, func(tx *DB) error {
		return tx.in(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&Setting{Name: name, Value: value}).Error
	})
}

// Lock makes the rest of a transaction wait for all others that lock the same name, on either database. It must
// be the first statement.
func (d *DB) Lock(ctx context.Context, name string) error {
	return d.SetSetting(ctx, lockPrefix+name, "")
}
