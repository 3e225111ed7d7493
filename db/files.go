package db

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

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
