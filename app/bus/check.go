package bus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9/logging"
)

// CheckRedis reports why the Redis at an address is of no use as a bus: it must answer, and let us publish and subscribe
// to our channels. What it sends goes to a channel that nobody else listens to.
func CheckRedis(ctx context.Context, address string) (err error) {
	logging.Disable()
	defer func() {
		if p := recover(); p != nil { // the client panics at some replies that it does not expect
			err = fmt.Errorf("bus: an answer that Redis does not give: %v", p)
		}
	}()
	a, err := parseAddress(address)
	if err != nil {
		return fmt.Errorf("the address %w", err)
	}
	client, err := a.connect(defaultIntervals())
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	channel := a.channel() + ":check"
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
	_, err = subscription.ReceiveMessage(ctx)
	return err
}
