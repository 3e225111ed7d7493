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
	for _, c := range []struct{ key, body, recording string }{
		{"a", text, "receipt.html"},
		{"c", strings.Repeat("long", 2000), "refusal.html"},
	} {
		frame, err := json.Marshal(map[string]any{"key": strings.Repeat(c.key, 32), "body": c.body})
		if err != nil {
			return err
		}
		if err := wsutil.WriteClientText(conn, frame); err != nil {
			return err
		}
		response, err := wsutil.ReadServerText(conn)
		if err != nil {
			return err
		}
		recordings[c.recording] = string(response)
	}
	return nil
}
