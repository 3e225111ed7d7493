package abuse

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"parley/e2e/rig"
)

// signInsAtOnce signs in with the right password, at the same moment as everybody else, three times in all.
func signInsAtOnce(ctx context.Context, t *attempt) {
	end, _ := ctx.Deadline()
	third := time.Until(end) / 3
	form := url.Values{"username": {t.name}, "password": {rig.Password}}.Encode()
	for range 3 {
		next := time.After(third)
		t.signInOnce(ctx, form)
		select {
		case <-ctx.Done():
			return
		case <-next:
		}
	}
}

func (t *attempt) signInOnce(ctx context.Context, form string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := t.ask(ctx, "POST", "/sign-in", "Content-Type: application/x-www-form-urlencoded", fmt.Sprint("Content-Length: ", len(form)))
	if err == nil {
		defer func() { _ = c.Close() }()
		_, err = c.Write([]byte(form))
	}
	if err != nil {
		t.count(0, err)
		return
	}
	t.answered(ctx, c)
}
