package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"parley/e2e/rig"
)

// stream is a page's server-sent events.
type stream struct {
	io.Closer
	lines *bufio.Scanner
}

func follow(ctx context.Context, u *rig.User, path string) (*stream, error) {
	resp, err := u.Do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &stream{resp.Body, lines}, nil
}

// next returns the data of the next event that has one text in it, and not another one if it is given.
func (s *stream) next(with, without string) (string, error) {
	var data []string
	for s.lines.Scan() {
		line := s.lines.Text()
		if value, ok := strings.CutPrefix(line, "data: "); ok {
			data = append(data, value)
		}
		if line != "" {
			continue
		}
		if all := strings.Join(data, "\n"); strings.Contains(all, with) && (without == "" || !strings.Contains(all, without)) {
			return all, nil
		}
		data = nil
	}
	return "", fmt.Errorf("the stream ended without %s: %w", with, s.lines.Err())
}

// overSocket posts three messages over a room's socket: one that is accepted, a reply, and one that is too
// long.
func overSocket(ctx context.Context, p *rig.Parley, u *rig.User, room string, recordings map[string]string) error {
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Cookie": {u.Cookie()}, "Origin": {"http://" + p.Addr}}}
	conn, early, _, err := dialer.Dial(ctx, "ws://"+p.Addr+room+"/socket")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if early != nil {
		ws.PutReader(early)
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		message   map[string]any
		responses []string // the names of the recordings, "" for one that is not needed
	}{
		{map[string]any{"key": strings.Repeat("a", 32), "body": text}, []string{"receipt.html"}},
		{map[string]any{"key": strings.Repeat("b", 32), "body": text, "reply_to": "2"}, []string{"replied.html", ""}},
		{map[string]any{"key": strings.Repeat("c", 32), "body": strings.Repeat("long", 2000)}, []string{"refusal.html"}},
	} {
		frame, err := json.Marshal(c.message)
		if err != nil {
			return err
		}
		if err := wsutil.WriteClientText(conn, frame); err != nil {
			return err
		}
		for _, name := range c.responses {
			response, err := wsutil.ReadServerText(conn)
			if err != nil {
				return err
			}
			if name != "" {
				recordings[name] = string(response)
			}
		}
	}
	return nil
}
