package bus

import "context"

// CheckRedis reports why the Redis at an address is of no use as a bus: it must answer, and let us publish and subscribe
// to our channels. What it sends goes to a channel that nobody else listens to.
func CheckRedis(ctx context.Context, at string) error {
	return once(at, func(a address, client conn) error {
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
		_, err := subscription.ReceiveMessage(ctx)
		return err
	})
}
