package faults

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// beatTag ends each piece of a streamed page, and says up to where the page has come.
var beatTag = regexp.MustCompile(`<a class="beat" [^>]*href="/rooms/\d+/live\?after=(\d+-\d+)"[^>]*>$`)

// runDocument follows a room as a browser without scripts does: one document that never ends, and
// that is asked for again, from where it was, when it ends all the same.
func (v *viewer) runDocument(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		heard, err := v.document(ctx)
		if ctx.Err() != nil || err == errOver {
			return
		}
		if heard {
			pause = firstPause
		}
		sleep(ctx, pause)
		pause = min(pause*2, hurry)
	}
}

// document reads one connection until it ends.
func (v *viewer) document(ctx context.Context) (heard bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(connectLimit, cancel)
	defer watchdog.Stop()
	address := fmt.Sprintf("http://%s/rooms/%d/live", host, v.room)
	if at, _, _ := v.state(); at != (cursor{}) {
		address += "?after=" + at.String()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, err
	}
	r.Header.Set("Cookie", v.who.cookie)
	v.count()
	resp, err := v.who.client.Do(r)
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNotFound {
		v.saw(closed, cursor{}, "")
		return false, errOver
	}
	if resp.StatusCode != http.StatusOK {
		return false, fmt.Errorf("document: %d", resp.StatusCode)
	}
	in := bufio.NewReader(resp.Body)
	var piece strings.Builder
	for {
		watchdog.Reset(silence)
		part, err := in.ReadString('>')
		piece.WriteString(part)
		if err != nil {
			break
		}
		if strings.HasPrefix(part[max(0, strings.LastIndexByte(part, '<')):], `<a class="beat" `) {
			if found := beatTag.FindStringSubmatch(part); found != nil {
				v.cameTo(parseCursor(found[1]), piece.String(), !heard)
				heard = true
				piece.Reset()
			}
		}
	}
	return heard, v.lastWords(piece.String(), heard)
}

// cameTo notes how far the document has come, and what it showed on the way. It goes on from where it
// was, or begins anew, which is a page that was loaded again. An entry that is counted and not shown
// is not noted, so that it is missed.
func (v *viewer) cameTo(c cursor, piece string, first bool) {
	at, _, _ := v.state()
	switch {
	case !first && c != at:
		if strings.Contains(piece, fmt.Sprintf(`id="m-%d"`, c.Seq)) {
			v.saw(entry, c, "")
		}
		return
	case !first:
		v.saw(heartbeat, c, "")
		return
	case at != (cursor{}) && c != at:
		v.saw(resetting, cursor{}, "")
	}
	if c != at {
		v.saw(loaded, c, "")
	}
	v.saw(connected, cursor{}, "")
}

// lastWords reads what a document says when it ends by itself; one that was cut says nothing.
func (v *viewer) lastWords(text string, heard bool) error {
	switch {
	case strings.Contains(text, `href="/sign-in`):
		v.saw(signedOut, cursor{}, "")
		return errOver
	case heard && strings.Contains(text, `role="alert"`):
		v.saw(closed, cursor{}, "")
		return errOver
	case heard && strings.Contains(text, `http-equiv="refresh"`):
		v.saw(resetting, cursor{}, "")
		v.forget()
	}
	v.saw(lost, cursor{}, "")
	return nil
}

// forget makes the next document begin at the end of the log.
func (v *viewer) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at = cursor{}
}
