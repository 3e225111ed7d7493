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

// beatPattern is the link that ends each chunk of a streamed page. It has the cursor that the page has reached.
var beatPattern = regexp.MustCompile(`<a class="beat" [^>]*href="/rooms/\d+/live\?after=(\d+-\d+)"[^>]*>$`)

// followStreamedPage follows a room like a browser without scripts: in a document that never ends, and that
// is requested again from its cursor when it does.
func (v *viewer) followStreamedPage(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		received, err := v.readDocument(ctx)
		if ctx.Err() != nil || err == errOver {
			return
		}
		if received {
			pause = firstPause
		}
		sleep(ctx, pause)
		pause = min(pause*2, maxPause)
	}
}

// readDocument reads one connection until it ends.
func (v *viewer) readDocument(ctx context.Context) (received bool, err error) {
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
	r.Header.Set("Cookie", v.user.cookie)
	v.count()
	resp, err := v.user.client.Do(r)
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNotFound {
		v.record(closed, cursor{}, "")
		return false, errOver
	}
	if resp.StatusCode != http.StatusOK {
		return false, fmt.Errorf("document: %d", resp.StatusCode)
	}
	in := bufio.NewReader(resp.Body)
	var chunk strings.Builder
	for {
		watchdog.Reset(silenceLimit)
		part, err := in.ReadString('>')
		chunk.WriteString(part)
		if err != nil {
			break
		}
		if strings.HasPrefix(part[max(0, strings.LastIndexByte(part, '<')):], `<a class="beat" `) {
			if found := beatPattern.FindStringSubmatch(part); found != nil {
				v.reached(parseCursor(found[1]), chunk.String(), !received)
				received = true
				chunk.Reset()
			}
		}
	}
	return received, v.handleEnd(chunk.String(), received)
}

// reached records the cursor of the document, and the entry shown since the last one. A document continues
// from the viewer's cursor; one that does not counts as a reload. An entry that was not shown is not
// recorded, so that the check finds it missing.
func (v *viewer) reached(c cursor, chunk string, first bool) {
	at, _, _ := v.state()
	switch {
	case !first && c != at:
		if strings.Contains(chunk, fmt.Sprintf(`id="m-%d"`, c.Seq)) {
			v.record(entry, c, "")
		}
		return
	case !first:
		v.record(heartbeat, c, "")
		return
	case at != (cursor{}) && c != at:
		v.record(resetSent, cursor{}, "")
	}
	if c != at {
		v.record(loaded, c, "")
	}
	v.record(connected, cursor{}, "")
}

// handleEnd records why a document ended. One that was cut off does not say.
func (v *viewer) handleEnd(text string, received bool) error {
	switch {
	case strings.Contains(text, `href="/sign-in`):
		v.record(signedOut, cursor{}, "")
		return errOver
	case received && strings.Contains(text, `role="alert"`):
		v.record(closed, cursor{}, "")
		return errOver
	case received && strings.Contains(text, `http-equiv="refresh"`):
		v.record(resetSent, cursor{}, "")
		v.forget()
	}
	v.record(disconnected, cursor{}, "")
	return nil
}

// forget makes the next document start at the end of the log.
func (v *viewer) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cursor = cursor{}
}
