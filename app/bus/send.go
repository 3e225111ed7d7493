package bus

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9/logging"
)

// Send publishes signals over the Redis at an address, for a command that is no process of the deployment and listens to
// nothing. It returns an error unless Redis took all of them.
func Send(ctx context.Context, at string, signals ...Signal) error {
	return once(at, func(a address, client conn) error {
		for _, s := range signals {
			if err := client.publish(ctx, client, a.channelOf(s), s.Encode()); err != nil {
				return err
			}
		}
		return nil
	})
}

// channelOf returns the channel on which the processes of a deployment hear a signal.
func (a address) channelOf(s Signal) string {
	if a.kind == cluster {
		return a.bucketChannel(bucketOf(s))
	}
	return a.channel()
}

func (a address) bucketChannel(n uint64) string { return a.channel() + ":" + strconv.FormatUint(n, 10) }

// once connects to the Redis at an address for one errand.
func once(at string, do func(a address, client conn) error) (err error) {
	logging.Disable()
	defer func() {
		if p := recover(); p != nil { // the client panics at some replies that it does not expect
			err = fmt.Errorf("bus: an answer that Redis does not give: %v", p)
		}
	}()
	a, err := parseAddress(at)
	if err != nil {
		return fmt.Errorf("the address %w", err)
	}
	client, err := a.connect(defaultIntervals())
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	return do(a, client)
}
