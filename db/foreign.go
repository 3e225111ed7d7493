package db

import (
	"context"
	"errors"
	"slices"
)

// ErrForeign means that a database has tables of another program. Ours would be mixed up with those that have the same
// names, and a backup would take the place of a whole SQLite file.
var ErrForeign = errors.New("the database has tables of another program; Parley needs one of its own")

// CheckTables returns ErrForeign if the tables in the database are not ours. A database without any is nobody's. A MySQL
// database may have others beside ours, as long as none has the name of one of ours.
func (d *DB) CheckTables(ctx context.Context) error {
	// Another process may be creating the tables now: users is the first, so it is looked for after the others.
	there, err := d.foundTables(ctx)
	if err != nil || len(there) == 0 {
		return err
	}
	of := "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' AND COLUMN_NAME"
	if d.sqlite {
		of = "pragma_table_info('users') WHERE name"
	}
	var columns int // those that every version has had
	if err := d.in(ctx).Raw("SELECT COUNT(*) FROM " + of + " IN ('username', 'display_name', 'password_hash')").Scan(&columns).Error; err != nil {
		return translate(err)
	}
	if columns < 3 {
		return ErrForeign
	}
	return nil
}

// foundTables lists the tables that have the names of ours, and on SQLite all that there are.
func (d *DB) foundTables(ctx context.Context) (names []string, err error) {
	if d.sqlite {
		err = d.in(ctx).Raw("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").Scan(&names).Error
		return names, translate(err)
	}
	return d.oursWith(ctx, "")
}

// oursWith lists the tables that have a prefix and then the name of one of ours, without the prefix. Others may have such
// a prefix, too.
func (d *DB) oursWith(ctx context.Context, prefix string) (names []string, err error) {
	ours, err := d.tableNames()
	if err != nil {
		return nil, err
	}
	there, err := d.tablesWith(ctx, prefix)
	return slices.DeleteFunc(there, func(name string) bool { return !slices.Contains(ours, name) }), err
}
