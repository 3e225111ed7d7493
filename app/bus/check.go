package bus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode"

	"github.com/redis/go-redis/v9"
)

// CheckRedis reports why the Redis at an address is of no use as a bus: it must answer, and let us publish and subscribe
// to our channels. What it sends goes to a channel that nobody else listens to.
func CheckRedis(ctx context.Context, at string) error {
	return once(at, func(a address, client conn) error {
		err := tryChannel(ctx, client, a.channel()+":check")
		var answer redis.Error
		if err == nil || errors.As(err, &answer) || a.kind != single || a.tls {
			return err
		}
		if said := greeting(ctx, a.hosts[0]); said != "" {
			return fmt.Errorf("%w; it says: %s", err, said)
		}
		return err
	})
}

func tryChannel(ctx context.Context, client conn, channel string) error {
	subscription := client.Subscribe(ctx)
	defer func() { _ = subscription.Close() }()
	if err := client.subscribe(ctx, subscription, channel); err != nil {
		return err
	}
	if _, err := subscription.Receive(ctx); err != nil {
		return err
	}
	if err := client.publish(ctx, client, channel, "check"); err != nil {
		return err
	}
	_, err := subscription.ReceiveMessage(ctx)
	return err
}

const (
	greetingTime  = time.Second
	greetingBytes = 1000
)

// greeting returns the first sentence of what a Redis says before it is asked anything, which is why it lets nobody in: it
// is in protected mode, or has too many clients. It hangs up then, and a client that writes first sees only that.
func greeting(ctx context.Context, host string) string {
	ctx, cancel := context.WithTimeout(ctx, greetingTime)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return ""
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetReadDeadline(time.Now().Add(greetingTime))
	line, _ := bufio.NewReader(io.LimitReader(connection, greetingBytes)).ReadString('\n')
	line, isError := strings.CutPrefix(line, "-")
	if !isError {
		return ""
	}
	sentence, _, _ := strings.Cut(strings.TrimSpace(line), ". ")
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, sentence)
}
