package faults

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// followWaitingPage follows a room by long polling: each page arrives as soon as there is something new.
func (v *viewer) followWaitingPage(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		var err error
		if at, _, _ := v.state(); at == (cursor{}) {
			if err = v.load(ctx); err == nil {
				v.record(connected, cursor{}, "")
			}
		} else {
			err = v.waitOnce(ctx, at)
		}
		if err == errOver {
			return
		}
		if err == nil {
			pause = firstPause
			continue
		}
		sleep(ctx, pause)
		pause = min(pause*2, maxPause)
	}
}

// waitOnce gets one page and records the new entries on it. An entry up to the page's cursor that is not
// shown is not recorded, so that the check finds it missing.
func (v *viewer) waitOnce(ctx context.Context, at cursor) error {
	ctx, cancel := context.WithTimeout(ctx, silenceLimit)
	defer cancel()
	v.count()
	status, body, _, err := v.user.request(ctx, http.MethodGet, fmt.Sprintf("/rooms/%d/wait?after=%s", v.room, at), nil)
	if err != nil {
		return err
	}
	found := cursorPattern.FindStringSubmatch(body)
	switch {
	case status == http.StatusNotFound:
		v.record(closed, cursor{}, "")
		return errOver
	case status == http.StatusSeeOther:
		v.record(signedOut, cursor{}, "")
		return errOver
	case status != http.StatusOK || found == nil:
		return fmt.Errorf("waiting: %d", status)
	}
	to := parseCursor(found[1] + "-" + found[2])
	if to.Epoch != at.Epoch || to.Seq > at.Seq+40 { // more than a page shows
		v.record(resetSent, cursor{}, "")
		v.record(loaded, to, "")
		return nil
	}
	for seq := at.Seq + 1; seq <= to.Seq; seq++ {
		if strings.Contains(body, fmt.Sprintf(`id="m-%d"`, seq)) {
			v.record(entry, cursor{to.Epoch, seq}, "")
		}
	}
	return nil
}
