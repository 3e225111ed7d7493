package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/libtnb/sqlite"
)

// sqliteFiles are what follows the database's name in those of the files beside it.
var sqliteFiles = []string{"", "-wal", "-shm", ".lock"}

// openSQLite uses libtnb/sqlite, which is GORM's side of modernc.org/sqlite and pure Go. It took the place of
// glebarez/sqlite, a fork of the same driver that compiles a statement each time it is used: with statements kept
// (sqliteConnector) the room list took 0.35 ms instead of 1.15, and a room page 0.85 instead of 2.23.
//
// Measured beside ncruces/go-sqlite3 v0.37.0 with gormlite v0.24.0 and the same pragmas, before that, on two busy cores
// (medians of five): 927 transactions of an update and an insert per second against 938, at 315 µs of CPU against 302.
// Writes limit SQLite here and are equal.
func openSQLite(path string, existing bool) (*DB, error) {
	f, path, err := openFile(path, existing)
	if err != nil {
		return nil, err
	}
	release, err := lockFile(path+".lock", f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if existing {
		err = checkCopy(path)
	}
	var d *DB
	var warnings []string
	if err == nil {
		warnings = tightenModes(path) // first, because SQLite gives new files the mode of the old
		d, err = openPools(path)
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	d.warnings = warnings
	pools := d.checkpoints
	d.release = func() error { return errors.Join(pools.Close(), release()) }
	return d, nil
}

// openPools opens the connections to a file that is locked.
func openPools(path string) (*DB, error) {
	// secure_delete overwrites deleted rows with zeros; otherwise their bytes stay in the file. With _texttotime, a text that
	// somebody has written would be a time if it looks like one.
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=journal_size_limit(4194304)&_txlock=immediate" +
		"&_time_format=sqlite&_timezone=UTC&_inttotime=1&_pragma=busy_timeout"
	checkpoints, err := sql.Open("sqlite", dsn+"(0)")
	if err != nil {
		return nil, err
	}
	checkpoints.SetMaxIdleConns(0) // a connection that is used every some seconds need not hold memory
	pool := sql.OpenDB(&sqliteConnector{checkpoints.Driver(), dsn + "(5000)"})
	d, err := open(sqlite.New(sqlite.Config{Conn: pool}), max(4, runtime.NumCPU()), "")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the SQLite file %s%s: %w", path, sqliteHint(err), err), pool.Close(), checkpoints.Close())
	}
	d.sqlite, d.file, d.writer, d.checkpoints = true, path, &writer{}, checkpoints
	return d, nil
}

// sqliteHint returns what SQLite's messages leave out.
func sqliteHint(err error) string {
	switch code, _ := sqliteCode(err); code {
	case sqliteCannotOpen, sqliteReadOnly, sqlitePermission:
		return " cannot be used: Parley must be able to write it, and other files in its folder"
	case sqliteCorrupt:
		return " is damaged: restore a copy of it"
	case sqliteNoDatabase:
		return " is not a database"
	}
	return ""
}

// openFile creates the file if there is none and may be none, readable to nobody else whatever the umask, and returns
// its path without symbolic links, after which SQLite names the files beside it. SQLite would open a
// file that cannot be written all the same, and fail at the first write.
func openFile(path string, existing bool) (f *os.File, resolved string, err error) {
	flags := os.O_RDWR
	if !existing {
		flags |= os.O_CREATE
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, "", fmt.Errorf("the folder of the SQLite file: %w", err)
		}
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, "", fmt.Errorf("the SQLite file %s is a folder: name a file in it", path)
	} else if err == nil && !info.Mode().IsRegular() {
		return nil, "", fmt.Errorf("the SQLite file %s is not an ordinary file", path)
	}
	f, err = os.OpenFile(path, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("%w %s", ErrNoFile, path)
	}
	if err != nil {
		return nil, "", fmt.Errorf("the SQLite file must be one that Parley can write: %w", err)
	}
	if resolved, err = filepath.EvalSymlinks(path); err != nil {
		return nil, "", errors.Join(fmt.Errorf("the SQLite file: %w", err), f.Close())
	}
	return f, resolved, nil
}

// tightenModes takes away from others what an earlier version, a copy or a wide umask has given them:
// the file has everybody's messages in it. It returns a sentence for each file where that failed.
func tightenModes(path string) (warnings []string) {
	for _, suffix := range sqliteFiles {
		info, err := os.Stat(path + suffix)
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(path+suffix, 0o600)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			warnings = append(warnings, fmt.Sprintf("other users of this machine may read %s%s: %v", path, suffix, err))
		}
	}
	return warnings
}

// TruncateLog empties SQLite's write-ahead log. What was deleted or changed stays readable there until
// something else is written over it, and on a quiet server that may be never. It returns ErrUnavailable
// if somebody has been reading all the time, and has to be called again then.
func (d *DB) TruncateLog(ctx context.Context) error {
	if d.file == "" || !hasLog(d.file) {
		return nil
	}
	var err error
	for range 20 {
		// Most of the work is done while others write. What is left takes the writer some milliseconds.
		if _, err = d.checkpoint(ctx, "PASSIVE"); err != nil {
			break
		}
		done, failed := d.truncateBriefly(ctx)
		if done || failed != nil {
			return translate(failed)
		}
		select {
		case <-time.After(250 * time.Millisecond):
		case <-ctx.Done():
			return translate(ctx.Err())
		}
		err = fmt.Errorf("%w: readers keep SQLite's write-ahead log in use", ErrUnavailable)
	}
	return translate(err)
}

// hasLog reports whether there is something in the write-ahead log of a file.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// truncateBriefly keeps other writers out for 15 ms at most, and reports whether the log is empty. As
// soon as everything is in the main file, those who begin to read do not use the log any more.
func (d *DB) truncateBriefly(ctx context.Context) (done bool, err error) {
	leave, err := d.WithPriority(Idle).enterWriter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	for end := time.Now().Add(15 * time.Millisecond); err == nil && !done && time.Now().Before(end); {
		if done, err = d.checkpoint(ctx, "TRUNCATE"); !done {
			time.Sleep(time.Millisecond)
		}
	}
	return done, err
}

// checkpoint copies the log into the main file as far as the readers allow, without waiting for them.
func (d *DB) checkpoint(ctx context.Context, mode string) (done bool, err error) {
	var busy, frames, copied int
	err = d.checkpoints.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &copied)
	if isContention(err) {
		return false, nil
	}
	return busy == 0, err
}
