package bus_test

import (
	"testing"

	"parley/app/bus"
	"parley/e2e/rig"
)

// TestCommandsAreHeard sends signals from outside of a deployment, whose processes hear them on one channel or on several.
func TestCommandsAreHeard(t *testing.T) {
	for name, url := range map[string]string{"single": rig.Redis(t), "cluster": redisCluster(t)} {
		t.Run(name, func(t *testing.T) {
			there := newFastRedis(t, url)
			e := newRecorder(there)
			rig.Eventually(t, "the process is up", there.Up)
			if err := bus.Send(t.Context(), url, oneOfEach...); err != nil {
				t.Fatal(err)
			}
			for _, s := range oneOfEach {
				rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(s)) })
			}
		})
	}
	if err := bus.Send(t.Context(), "redis://127.0.0.1:1/0", oneOfEach...); err == nil {
		t.Error("sent to nobody")
	}
	if err := bus.Send(t.Context(), "127.0.0.1", oneOfEach...); err == nil {
		t.Error("sent to what is no address")
	}
}
