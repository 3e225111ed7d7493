package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"parley/db"
)

// DeviceTime is how long a link can sign in another device.
const DeviceTime = 5 * time.Minute

// StartDevice makes a link that signs another device of the same person in, in place of an earlier one. Token is
// that of the session.
func (a *Accounts) StartDevice(ctx context.Context, s db.Session, token string) (link uint64, err error) {
	l := db.DeviceLink{Salt: rand.Text(), UserID: s.UserID, SessionID: s.ID, CreatedAt: a.now(), ExpiresAt: a.now().Add(DeviceTime)}
	l.TokenHash = hashToken(tokenOf(token, "device", l.Salt))
	err = a.store.ReplaceDeviceLink(ctx, &l)
	return l.ID, err
}

// Device returns a link that this session has made, and its token until a device has asked; ErrNoLink if it has
// expired or the device is in, db.ErrNotFound if another session has made it.
func (a *Accounts) Device(ctx context.Context, s db.Session, session string, link uint64) (l db.DeviceLink, token string, err error) {
	l, err = a.store.DeviceLinkByID(ctx, link, s.ID)
	if err == nil && !a.now().Before(l.ExpiresAt) {
		return l, "", ErrNoLink
	}
	if err == nil && l.ClaimHash == "" {
		token = tokenOf(session, "device", l.Salt)
	}
	return l, token, err
}

// DeviceLink returns whom a link that no device has used signs in, or ErrNoLink or *Throttled.
func (a *Accounts) DeviceLink(ctx context.Context, from netip.Addr, token string) (l db.DeviceLink, u db.User, err error) {
	err = a.lookUpLink(ctx, from, token, func() (found bool, err error) {
		l, u, err = a.store.DeviceLinkByHash(ctx, hashToken(token))
		if errors.Is(err, db.ErrNotFound) {
			return false, nil
		}
		return l.ClaimHash == "" && a.now().Before(l.ExpiresAt), err
	})
	return l, u, err
}

// AskDevice asks for a device to be let in by a link. It returns a token for the device, which is good for
// nothing until the other one has confirmed. Of several that ask at once one gets it, the others ErrNoLink.
func (a *Accounts) AskDevice(ctx context.Context, from netip.Addr, token, userAgent string) (claim string, err error) {
	l, _, err := a.DeviceLink(ctx, from, token)
	if err != nil {
		return "", err
	}
	if claim, err = newToken(); err != nil {
		return "", err
	}
	first, err := a.store.ClaimDeviceLink(ctx, l.ID, hashToken(claim), cleanUserAgent(userAgent))
	if err == nil && !first {
		err = ErrNoLink
	}
	return claim, err
}

// AwaitDevice returns the link for which a device has this token, or ErrNoLink or *Throttled.
func (a *Accounts) AwaitDevice(ctx context.Context, from netip.Addr, claim string) (l db.DeviceLink, u db.User, err error) {
	err = a.lookUpLink(ctx, from, claim, func() (found bool, err error) {
		l, u, err = a.store.DeviceLinkByClaim(ctx, hashToken(claim))
		if errors.Is(err, db.ErrNotFound) {
			return false, nil
		}
		if err != nil || !a.now().Before(l.ExpiresAt) || u.IsSuspended || a.isGone(u) {
			return false, err
		}
		// Ending the session that made the link also ends what it let in.
		alive, err := a.AliveSessions(ctx, []uint64{l.SessionID})
		return alive[l.SessionID], err
	})
	return l, u, err
}

// ConfirmDevice lets in the device that asks, or returns ErrNoLink if there is none. Calling it again is not an error.
func (a *Accounts) ConfirmDevice(ctx context.Context, s db.Session, link uint64) error {
	l, _, err := a.Device(ctx, s, "", link)
	if err != nil {
		return err
	}
	confirmed, err := a.store.ConfirmDeviceLink(ctx, link, s.ID)
	if err == nil && !confirmed && !l.Confirmed {
		err = ErrNoLink
	}
	return err
}

// RefuseDevice ends a link. The device that asks is not let in.
func (a *Accounts) RefuseDevice(ctx context.Context, s db.Session, link uint64) error {
	if _, err := a.store.DeviceLinkByID(ctx, link, s.ID); err != nil {
		return err
	}
	return a.store.EndDeviceLink(ctx, link)
}

// EnterDevice returns whom to sign in on a device that was confirmed, once; ErrNoLink otherwise.
func (a *Accounts) EnterDevice(ctx context.Context, from netip.Addr, claim string) (db.User, error) {
	l, u, err := a.AwaitDevice(ctx, from, claim)
	if err != nil {
		return u, err
	}
	used, err := a.store.UseDeviceLink(ctx, l.ID)
	if err == nil && !used {
		err = ErrNoLink
	}
	return u, err
}

// DeviceNumber returns the number that both devices show, so that nobody confirms a device other than their own.
func DeviceNumber(l db.DeviceLink) string {
	n, _ := strconv.ParseUint(l.ClaimHash[:min(8, len(l.ClaimHash))], 16, 64)
	return fmt.Sprintf("%04d", n%10_000)
}
