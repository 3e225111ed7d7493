package faults

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// runWaiting follows a room by pages that come as soon as something is new.
func (v *viewer) runWaiting(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		var err error
		if at, _, _ := v.state(); at == (cursor{}) {
			if err = v.load(ctx); err == nil {
				v.saw(connected, cursor{}, "")
			}
		} else {
			err = v.await(ctx, at)
		}
		if err == errOver {
			return
		}
		if err == nil {
			pause = firstPause
			continue
		}
		sleep(ctx, pause)
		pause = min(pause*2, hurry)
	}
}

// await gets one page and notes what is new on it. What the page says it has come to and does not
// show is not noted, so that it is missed.
func (v *viewer) await(ctx context.Context, at cursor) error {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	v.count()
	status, body, _, err := v.who.request(ctx, http.MethodGet, fmt.Sprintf("/rooms/%d/wait?after=%s", v.room, at), nil)
	if err != nil {
		return err
	}
	found := dataCursor.FindStringSubmatch(body)
	switch {
	case status == http.StatusNotFound:
		v.saw(closed, cursor{}, "")
		return errOver
	case status == http.StatusSeeOther:
		v.saw(signedOut, cursor{}, "")
		return errOver
	case status != http.StatusOK || found == nil:
		return fmt.Errorf("waiting: %d", status)
	}
	to := parseCursor(found[1] + "-" + found[2])
	if to.Epoch != at.Epoch || to.Seq > at.Seq+40 { // a page has only so many
		v.saw(resetting, cursor{}, "")
		v.saw(loaded, to, "")
		return nil
	}
	for seq := at.Seq + 1; seq <= to.Seq; seq++ {
		if strings.Contains(body, fmt.Sprintf(`id="m-%d"`, seq)) {
			v.saw(entry, cursor{to.Epoch, seq}, "")
		}
	}
	return nil
}
