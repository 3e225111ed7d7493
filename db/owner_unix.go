//go:build unix

package db

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// sameOwner gives a new file, and the lock file of the one that it will replace, to the owner of the folder: an
// administrator may restore a backup as root, and the server runs as somebody else. Nobody but root can do so.
func sameOwner(path, fresh string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	uid, gid := int(owner.Uid), int(owner.Gid)
	return errors.Join(os.Chown(fresh, uid, gid), os.Chown(path+".lock", uid, gid))
}
