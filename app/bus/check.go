package bus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// CheckRedis reports why the Redis server at a url is of no use as a bus: it must answer, and let us publish and subscribe
// to our channels. What it sends goes to a channel that nobody else listens to.
func CheckRedis(ctx context.Context, url string) (err error) {
	logging.Disable()
	defer func() {
		if p := recover(); p != nil { // the client panics at some replies that it does not expect
			err = fmt.Errorf("bus: an answer that Redis does not give: %v", p)
		}
	}()
	options, err := redisOptions(url, defaultIntervals())
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	channel := channelOf(options) + ":check"
	subscription := client.Subscribe(ctx, channel)
	defer func() { _ = subscription.Close() }()
	if _, err := subscription.Receive(ctx); err != nil {
		return err
	}
	if err := client.Publish(ctx, channel, "check").Err(); err != nil {
		return err
	}
	_, err = subscription.ReceiveMessage(ctx)
	return err
}
