package db

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// MayCreate reports why a SQLite file, and folders that are missing on the way, cannot be made by this user. It knows
// nothing about other addresses.
func MayCreate(text string) error {
	a, err := parseAddress(text)
	if err != nil || a.mysql != nil {
		return err
	}
	dir, err := filepath.Abs(filepath.Dir(a.file))
	if err != nil {
		return err
	}
	for {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.CreateTemp(dir, ".parley-check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// removeSQLite removes a SQLite file and those beside it.
func removeSQLite(path string) (err error) {
	for _, suffix := range sqliteFiles {
		err = errors.Join(err, removeIfThere(path+suffix))
	}
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder makes a new name of a file survive a power cut. Not every system can.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync()
	return dir.Close()
}
