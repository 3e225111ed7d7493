package cert

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// How often to ask again for a certificate that was refused: four times in the first hour, because Let's Encrypt allows
// five, and then once an hour.
const (
	firstPause  = time.Minute
	maxPause    = time.Hour
	pauseFactor = 4
)

// askTime is how long an authority may take.
const askTime = 5 * time.Minute

// AutoOptions are what Auto gets, and from where.
type AutoOptions struct {
	Host      string // the name that the certificate is for
	Directory string // the authority's address
	Email     string // where it writes about certificates; may be empty
	Dir       string // the folder for the account and the certificate, with their keys
	Log       *slog.Logger
	Now       func() time.Time
}

// Auto is a certificate from an authority, which is renewed when two thirds of its time are over.
type Auto struct {
	options    AutoOptions
	client     *acme.Client
	store      autocert.DirCache
	current    atomic.Pointer[tls.Certificate]
	challenges challenges
	failures   int
}

// NewAuto returns the certificate that is in the folder, if there is one; Keep gets it otherwise. It makes the folder,
// and a key for an account.
func NewAuto(ctx context.Context, o AutoOptions) (*Auto, error) {
	if err := makePrivate(o.Dir); err != nil {
		return nil, err
	}
	a := &Auto{options: o, store: autocert.DirCache(o.Dir)}
	key, err := a.accountKey(ctx)
	if err != nil {
		return nil, err
	}
	a.client = &acme.Client{Key: key, DirectoryURL: o.Directory, UserAgent: "parley"}
	if c, err := a.stored(ctx); err == nil && Trouble(c, o.Host, o.Now()) == nil {
		a.current.Store(c)
	}
	return a, nil
}

// errOpenDir means that others could read the keys.
var errOpenDir = errors.New("cert: the folder of the certificates is open to other users")

// makePrivate makes a folder that only this user may open, or checks that it is one.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return CheckDir(dir)
}

// CheckDir returns why keys must not be kept in a folder, or nil. Windows has no modes to look at.
func CheckDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%w: chmod 700 %s", errOpenDir, dir)
	}
	return nil
}

// Current returns the certificate, or nil while there is none.
func (a *Auto) Current() *tls.Certificate { return a.current.Load() }

// Certificate is a Source. It waits for nothing.
func (a *Auto) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if c := a.current.Load(); c != nil {
		return c, nil
	}
	return nil, errNotYet
}

// Keep gets and renews the certificate until the context ends.
func (a *Auto) Keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(a.step(ctx)):
		}
	}
}

// step gets the certificate if it is time for that, and returns how long there is nothing to do.
func (a *Auto) step(ctx context.Context) time.Duration {
	if wait := a.renewIn(); wait > 0 {
		return wait
	}
	ask, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	c, err := a.obtain(ask)
	if err == nil {
		a.failures = 0
		a.current.Store(c)
		a.options.Log.Info("got a certificate", "host", a.options.Host, "until", c.Leaf.NotAfter)
		return max(a.renewIn(), time.Second)
	}
	if ctx.Err() != nil {
		return 0
	}
	pause := a.pause(err)
	a.failures++
	until := "none"
	if c := a.current.Load(); c != nil {
		until = c.Leaf.NotAfter.UTC().Format(time.RFC3339)
	}
	a.options.Log.Error("there is no new certificate", "host", a.options.Host, "error", explained(err), "current_until", until, "again_in", pause.String())
	return pause
}

// renewIn returns the time until the certificate should be renewed or looked at again, at most maxPause.
func (a *Auto) renewIn() time.Duration {
	c := a.current.Load()
	if c == nil {
		return 0
	}
	life := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore)
	return min(max(c.Leaf.NotAfter.Add(-life/3).Sub(a.options.Now()), 0), maxPause)
}

// pause returns when to ask again after a failure.
func (a *Auto) pause(err error) time.Duration {
	pause := firstPause
	for range a.failures {
		pause = min(pauseFactor*pause, maxPause)
	}
	if wait, limited := acme.RateLimit(err); limited {
		pause = max(pause, min(wait, 24*time.Hour))
	}
	return pause
}

// Terms asks the authority for the address of its terms of service, which shows that it can be reached.
func Terms(ctx context.Context, directory string) (string, error) {
	d, err := (&acme.Client{DirectoryURL: directory, UserAgent: "parley"}).Discover(ctx)
	return d.Terms, err
}

// Stored returns the certificate for a host in a folder.
func Stored(ctx context.Context, dir, host string) (*tls.Certificate, error) {
	return (&Auto{options: AutoOptions{Host: host}, store: autocert.DirCache(dir)}).stored(ctx)
}

func (a *Auto) stored(ctx context.Context) (*tls.Certificate, error) {
	both, err := a.store.Get(ctx, a.options.Host+".pem")
	if err != nil {
		return nil, err
	}
	return parse(both, both)
}

// accountKey returns the key of the account in the folder, which is made if there is none.
func (a *Auto) accountKey(ctx context.Context) (*ecdsa.PrivateKey, error) {
	const name = "account.pem"
	text, err := a.store.Get(ctx, name)
	if err == nil {
		return decodeKey(text)
	}
	if !errors.Is(err, autocert.ErrCacheMiss) {
		return nil, err
	}
	key, text, err := newKey()
	if err != nil {
		return nil, err
	}
	return key, a.store.Put(ctx, name, text)
}
