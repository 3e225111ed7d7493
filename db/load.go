package db

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"time"
)

// ErrNotEmpty means that a database has accounts, and would be replaced.
var ErrNotEmpty = errors.New("db: the database has accounts")

// ErrServed means that a server is running on the database.
var ErrServed = errors.New("db: a server is running on the database")

// restoring is the prefix of the tables, or the suffix of the file, that a backup is loaded into.
const restoring = "restoring_"

// Restore replaces a database by what fill loads. Until that is complete it leaves the old one as it is; then it puts the
// new one in its place at once. It makes a database where there is none. It returns ErrServed while a server is running or,
// on SQLite, another restoration, ErrRestoring while that is on MySQL, ErrNotEmpty if there are accounts that would be lost, unless replace is set,
// and ErrForeign if there are tables of another program, even then.
func Restore(ctx context.Context, text string, replace bool, fill func(l *Loader) error) error {
	a, err := parseAddress(text)
	switch {
	case err != nil:
		return fmt.Errorf("the database address %w", err)
	case a.mysql != nil:
		return restoreMySQL(ctx, a, replace, fill)
	}
	return restoreSQLite(ctx, a.file, replace, fill)
}

// restoreSQLite fills a file beside the old one, whose lock it holds.
func restoreSQLite(ctx context.Context, path string, replace bool, fill func(l *Loader) error) (err error) {
	_, missing := os.Stat(path)
	f, path, err := openFile(path, false)
	if err != nil {
		return err
	}
	release, err := lockFile(path+".lock", f)
	if errors.Is(err, ErrInUse) {
		err = ErrServed
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	defer func() {
		if err != nil && missing != nil { // it was only created to be locked
			err = errors.Join(err, removeSQLite(path))
		}
	}()
	defer func() { _ = release() }()
	if err := leaveSQLite(ctx, path, replace); err != nil {
		return err
	}
	fresh := restoringPath(path)
	if err := removeSQLite(fresh); err != nil { // of an interrupted restore
		return err
	}
	if err := fillSQLite(ctx, fresh, fill); err != nil {
		return errors.Join(err, removeSQLite(fresh))
	}
	if err := sameOwner(path, fresh); err != nil {
		return err
	}
	for _, suffix := range []string{"-wal", "-shm"} { // which belong to the old file, and would destroy the new one
		if err := removeIfThere(path + suffix); err != nil {
			return err
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	missing = nil // what is there now is the backup
	return errors.Join(removeSQLite(fresh), syncFolder(path))
}

// leaveSQLite checks that a file may be replaced, and merges its log into it, so that it would still be whole if it is
// not replaced after all.
func leaveSQLite(ctx context.Context, path string, replace bool) error {
	d, err := openPools(path)
	if err != nil {
		if replace { // a damaged file is one of the reasons to restore a backup
			return nil
		}
		return err
	}
	foreign := d.CheckTables(ctx)
	empty, err := d.hasNobody(ctx)
	pool, _ := d.gorm.DB()
	closed := errors.Join(pool.Close(), d.checkpoints.Close())
	switch {
	case errors.Is(foreign, ErrForeign):
		return foreign
	case replace:
		return nil
	case err != nil:
		return errors.Join(err, closed)
	case !empty:
		return ErrNotEmpty
	}
	return closed
}

// hasNobody reports whether there are no accounts, or no tables.
func (d *DB) hasNobody(ctx context.Context) (bool, error) {
	var tables int // GORM's HasTable takes an error for a no
	err := d.in(ctx).Raw("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'users'").Scan(&tables).Error
	if err != nil || tables == 0 {
		return err == nil, translate(err)
	}
	return d.IsEmpty(ctx)
}

func fillSQLite(ctx context.Context, path string, fill func(l *Loader) error) error {
	d, err := openSQLite(path, false)
	if err != nil {
		return err
	}
	err = d.fill(ctx, "", fill)
	if err == nil {
		err = d.Migrate(ctx)
	}
	if err == nil {
		err = d.TruncateLog(ctx)
	}
	return errors.Join(err, d.Close())
}

// restoreMySQL fills tables beside the old ones, and renames them all in one statement.
func restoreMySQL(ctx context.Context, a address, replace bool, fill func(l *Loader) error) error {
	d, err := openMySQL(a)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	err = d.withNamedLock(ctx, "restore", 0, func(bool) error { return d.restoreTables(ctx, a, replace, fill) })
	if errors.Is(err, errNamedLock) {
		err = ErrRestoring
	}
	return err
}

func (d *DB) restoreTables(ctx context.Context, a address, replace bool, fill func(l *Loader) error) error {
	if err := d.mayBeReplaced(ctx, replace); err != nil {
		return err
	}
	c, err := a.driverConfig()
	if err != nil {
		return err
	}
	c.ReadTimeout = 0
	beside, err := openServer(c, 2, restoring)
	if err != nil {
		return err
	}
	defer func() { _ = beside.Close() }()
	if err := beside.dropTables(ctx, restoring); err != nil { // of an interrupted restore
		return err
	}
	if err := beside.fill(ctx, restoring, fill); err != nil {
		return errors.Join(err, beside.dropTables(context.WithoutCancel(ctx), restoring))
	}
	if err := d.mayBeReplaced(ctx, replace); err != nil {
		return errors.Join(err, beside.dropTables(context.WithoutCancel(ctx), restoring))
	}
	if err := beside.renameTables(ctx); err != nil {
		return err
	}
	return errors.Join(beside.dropTables(ctx, replaced), d.Migrate(ctx))
}

// mayBeReplaced returns ErrForeign, ErrServed or ErrNotEmpty if the existing tables must stay.
func (d *DB) mayBeReplaced(ctx context.Context, replace bool) error {
	if err := d.CheckTables(ctx); err != nil {
		return err
	}
	there, err := d.oursWith(ctx, "")
	if err != nil || !slices.Contains(there, "users") {
		return err
	}
	if slices.Contains(there, "processes") {
		running, err := d.Processes(ctx)
		if err != nil {
			return err
		}
		if running > 0 {
			return ErrServed
		}
	}
	empty, err := d.IsEmpty(ctx)
	if err == nil && !empty && !replace {
		err = ErrNotEmpty
	}
	return err
}

// replaced is the prefix of tables that others have replaced.
const replaced = "replaced_"

// tablesWith lists the tables with a prefix, without it.
func (d *DB) tablesWith(ctx context.Context, prefix string) (names []string, err error) {
	err = d.in(ctx).Raw("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, ?) = ? ORDER BY TABLE_NAME", len(prefix), prefix).Scan(&names).Error
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, prefix)
	}
	return names, translate(err)
}

// dropTables removes our tables with a prefix.
func (d *DB) dropTables(ctx context.Context, prefix string) error {
	names, err := d.oursWith(ctx, prefix)
	for _, name := range names {
		err = errors.Join(err, d.exec(ctx, "DROP TABLE "+prefix+name))
	}
	return err
}

// renameTables puts all restored tables in the places of the old ones.
func (d *DB) renameTables(ctx context.Context) error {
	if err := d.dropTables(ctx, replaced); err != nil {
		return err
	}
	fresh, err := d.oursWith(ctx, restoring)
	if err != nil {
		return err
	}
	old, err := d.tablesWith(ctx, "")
	if err != nil {
		return err
	}
	var steps []string
	for _, name := range fresh {
		if slices.Contains(old, name) {
			steps = append(steps, name+" TO "+replaced+name)
		}
		steps = append(steps, restoring+name+" TO "+name)
	}
	return d.exec(ctx, "RENAME TABLE "+strings.Join(steps, ", "))
}

// Loader fills the tables of a database that is being restored.
type Loader struct {
	d     *DB
	known map[string]Table // by the names that they will have
	now   time.Time
}

// fill creates the tables and calls fill with their loader.
func (d *DB) fill(ctx context.Context, prefix string, fill func(l *Loader) error) error {
	if err := d.createTables(ctx); err != nil {
		return translate(err)
	}
	tables, err := d.Tables()
	if err != nil {
		return err
	}
	l := &Loader{d: d, known: map[string]Table{}, now: time.Now()}
	for _, t := range tables {
		l.known[strings.TrimPrefix(t.Name, prefix)] = t
	}
	return fill(l)
}

// Tables returns the existing tables by their names.
func (l *Loader) Tables() map[string]Table { return l.known }

// These bound the rows of one transaction, and of one statement by the values that SQLite takes.
const (
	loadedRows   = 500
	loadedValues = 5000
	loadedBytes  = 1 << 20
)

// Load inserts rows into a table, of which there may be many. Each row has the values of the columns, in their order; what
// is not among the columns gets its default. The rooms get new epochs, greater than those in the backup and in the database before,
// so that pages that are open load again.
func (l *Loader) Load(ctx context.Context, t Table, rows iter.Seq2[[]any, error]) (n int, err error) {
	to, ok := l.known[t.Name]
	if !ok {
		return 0, fmt.Errorf("db: there is no table %s", t.Name)
	}
	into := "INSERT INTO " + to.Name + " (" + t.names() + ") VALUES "
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(t.Columns)), ", ") + ")"
	epoch := -1
	for i, c := range t.Columns {
		if t.Name == "rooms" && c.Name == "epoch" {
			epoch = i
		}
	}
	most := max(1, min(loadedRows, loadedValues/len(t.Columns)))
	var values []any
	count, size := 0, 0
	flush := func() error {
		if count == 0 {
			return nil
		}
		err := l.d.exec(ctx, into+strings.TrimSuffix(strings.Repeat(row+", ", count), ", "), values...)
		values, count, size = values[:0], 0, 0
		return err
	}
	for cells, problem := range rows {
		if problem != nil {
			return n, problem
		}
		for i, v := range cells {
			if was, is := v.(uint64); is && i == epoch {
				v = max(was+1, uint64(l.now.Unix()))
			}
			switch v := v.(type) {
			case []byte:
				size += len(v)
			case string:
				size += len(v)
			}
			values = append(values, v)
		}
		n++
		if count++; count == most || size > loadedBytes {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}
