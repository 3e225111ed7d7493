package cert

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// lookInterval is the shortest time between two checks of the files.
const lookInterval = 10 * time.Second

var errNoFile = errors.New("not a regular file")

// Files is a certificate and its key in two files, which may be replaced while the server runs.
type Files struct {
	certPath, keyPath string
	log               *slog.Logger
	now               func() time.Time
	current           atomic.Pointer[tls.Certificate]

	looking sync.Mutex // by one handshake at a time; the others take what is there
	looked  time.Time
	seen    stamps // of the files when they were last read
}

// stamps are what changes when the two files are replaced.
type stamps [2]fs.FileInfo

// same reports whether the files are those of before. Another file may have the size and the time of the one before it: keys
// are all of one size, and some tools that copy files keep their times.
func (s stamps) same(before stamps) bool {
	for i := range s {
		if before[i] == nil || !os.SameFile(s[i], before[i]) || s[i].Size() != before[i].Size() || !s[i].ModTime().Equal(before[i].ModTime()) {
			return false
		}
	}
	return true
}

// Open returns the certificate in two files, or why it cannot be used.
func Open(certPath, keyPath string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{certPath: certPath, keyPath: keyPath, log: log, now: now, looked: now()}
	seen, err := f.stamps()
	if err != nil {
		return nil, err
	}
	f.seen = seen
	c, err := f.read()
	if err != nil {
		return nil, err
	}
	f.current.Store(c)
	return f, nil
}

// Current returns the certificate as it was last read.
func (f *Files) Current() *tls.Certificate { return f.current.Load() }

// Certificate is a Source. It looks at the files first, unless that was done lately.
func (f *Files) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.look()
	return f.current.Load(), nil
}

// look reads the files if they have changed. If they cannot be used, the certificate before them stays.
func (f *Files) look() {
	if !f.looking.TryLock() {
		return
	}
	defer f.looking.Unlock()
	now := f.now()
	if now.Sub(f.looked) < lookInterval {
		return
	}
	f.looked = now
	seen, err := f.stamps()
	if err == nil && seen.same(f.seen) {
		return
	}
	f.seen = seen
	var c *tls.Certificate
	if err == nil {
		c, err = f.read()
	}
	if err != nil {
		if errors.As(err, new(*fs.PathError)) { // a change of the owner or the mode alone does not change the stamps
			f.seen = stamps{}
		}
		f.log.Error("the certificate cannot be read again, so the one before it stays", "error", err)
		return
	}
	f.current.Store(c)
	f.log.Info("the certificate was read again", "until", c.Leaf.NotAfter)
}

func (f *Files) stamps() (list stamps, err error) {
	for i, path := range []string{f.certPath, f.keyPath} {
		if list[i], err = os.Stat(path); err != nil {
			return stamps{}, err
		}
		if !list[i].Mode().IsRegular() { // nobody may ever write to a named pipe
			return stamps{}, &fs.PathError{Op: "read", Path: path, Err: errNoFile}
		}
	}
	return list, nil
}

func (f *Files) read() (*tls.Certificate, error) {
	cert, err := os.ReadFile(f.certPath)
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(f.keyPath)
	if err != nil {
		return nil, err
	}
	return parse(cert, key)
}
