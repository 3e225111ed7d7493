package bus_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/app/bus"
	"parley/e2e/rig"
)

// redisProcess returns the process id of the server at url.
func redisProcess(t *testing.T, url string) int {
	t.Helper()
	for line := range strings.Lines(command(t, url, "INFO", "server")) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); ok {
			process, err := strconv.Atoi(text)
			if err != nil || process <= 1 {
				t.Fatalf("no process: %q", text)
			}
			return process
		}
	}
	t.Fatal("the server does not report its process id")
	return 0
}

// command sends a command to the server at url and returns the start of its reply.
func command(t *testing.T, url string, words ...string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "redis://"), "/0"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	text := fmt.Sprintf("*%d\r\n", len(words))
	for _, word := range words {
		text += fmt.Sprintf("$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 16<<10)
	n, err := bufio.NewReader(conn).Read(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer[:n])
}

func sendSignal(t *testing.T, process int, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(process, signal); err != nil {
		t.Fatal(err)
	}
}

func TestAFrozenServer(t *testing.T) {
	url := rig.Redis(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	local, far := newRecorder(here), newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	process := redisProcess(t, url)
	far.reset()

	stop := publishWithoutPause(here)
	sendSignal(t, process, syscall.SIGSTOP)
	defer func() { _ = syscall.Kill(process, syscall.SIGCONT) }()
	frozen := time.Now()
	rig.Eventually(t, "the bus is reported down", func() bool { return local.has(bus.Event{Kind: bus.EventDown}) && !here.Up() })
	// It should be 0.6 s with these intervals.
	if took := time.Since(frozen); took > rig.Limit(1200*time.Millisecond) {
		t.Errorf("noticed after %v", took)
	}
	rig.Eventually(t, "the other bus is reported down", func() bool { return far.has(bus.Event{Kind: bus.EventDown}) })
	if p99 := stop(); p99 > rig.Limit(time.Millisecond) {
		t.Errorf("publishing took %v", p99)
	}
	here.Publish(oneOfEach[2])
	if !local.has(signalEvent(oneOfEach[2])) {
		t.Error("this process must get its own signals while the server is frozen")
	}
	rig.Eventually(t, "the other process is no longer counted", func() bool { return here.Peers() == 1 })

	far.reset()
	sendSignal(t, process, syscall.SIGCONT)
	rig.Eventually(t, "both recovered", func() bool {
		return here.Up() && there.Up() && far.has(bus.Event{Kind: bus.EventRecovered})
	})
	here.Publish(oneOfEach[3])
	rig.Eventually(t, "received there", func() bool { return far.has(signalEvent(oneOfEach[3])) })
}

func TestServerIsKilledAndReplaced(t *testing.T) {
	first := rig.Redis(t)
	w := newProxy(t, first)
	here, there := newFastRedis(t, w.url()), newFastRedis(t, w.url())
	far := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })

	sendSignal(t, redisProcess(t, first), syscall.SIGKILL)
	stop := publishWithoutPause(here)
	rig.Eventually(t, "both are down", func() bool { return !here.Up() && !there.Up() })
	if p99 := stop(); p99 > rig.Limit(time.Millisecond) {
		t.Errorf("publishing took %v", p99)
	}

	far.reset()
	w.server = rig.Redis(t)
	w.restore()
	rig.Eventually(t, "both recovered", func() bool {
		return here.Up() && there.Up() && far.has(bus.Event{Kind: bus.EventRecovered})
	})
	here.Publish(oneOfEach[0])
	rig.Eventually(t, "received there", func() bool { return far.has(signalEvent(oneOfEach[0])) })
}

func TestServerStartsLate(t *testing.T) {
	w := newProxy(t, rig.Redis(t))
	w.cut()
	var log logBuffer
	b := newLoggedRedis(t, w.url(), &log)
	e := newRecorder(b)
	rig.Eventually(t, "the bus is reported down", func() bool { return log.contains("the bus is down") })
	w.restore()
	rig.Eventually(t, "the bus is up", b.Up)
	if !e.has(bus.Event{Kind: bus.EventRecovered}) {
		t.Error("came up without an event")
	}
}

// A connection that breaks and is replaced leaves the bus up, but what was published in between is lost,
// so listeners must look everywhere.
func TestConnectionsAreReset(t *testing.T) {
	w := newProxy(t, rig.Redis(t))
	here, there := newFastRedis(t, w.url()), newFastRedis(t, w.server)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	e := newRecorder(here)
	for n := range uint64(5) {
		e.reset()
		w.reset()
		rig.Eventually(t, "the loss is reported", func() bool { return e.has(bus.Event{Kind: bus.EventMissed}) })
		late := bus.Signal{Kind: bus.UserChanged, User: n}
		there.Publish(late)
		rig.Eventually(t, "received again", func() bool { return e.has(signalEvent(late)) })
	}
	rig.Eventually(t, "the bus is up", here.Up)
}

func TestAHostileRedisServerOrClient(t *testing.T) {
	url := rig.Redis(t)
	b := newFastRedis(t, url)
	e := newRecorder(b)
	rig.Eventually(t, "the bus is up", b.Up)
	for _, payload := range []string{
		"", "\x00", "m", "m|1|2", "m|1|2|03", "h|1", "<script>", strings.Repeat("m|", 1<<16), "h|1|18446744073709551615",
	} {
		command(t, url, "PUBLISH", "parley:0", payload)
	}
	command(t, url, "PUBLISH", "parley:0", "u|77")
	rig.Eventually(t, "what comes after is received", func() bool { return e.has(signalEvent(bus.Signal{Kind: bus.UserChanged, User: 77})) })
	for _, event := range e.all() {
		if event.Kind == bus.EventSignal && event.Signal.User != 77 {
			t.Errorf("received %+v", event)
		}
	}
	command(t, url, "PUBLISH", "parley:0", "l|1")
	rig.Eventually(t, "the loss is reported", func() bool { return e.has(bus.Event{Kind: bus.EventMissed}) })
}

func TestAServerThatRepliesWithNonsense(t *testing.T) {
	url := rig.Redis(t)
	// No Redis replies like this, and the client panics at some of these replies.
	for _, answer := range []string{"*1\r\n:5\r\n", "*3\r\n+message\r\n:1\r\n:2\r\n", "*0\r\n", "+\r\n", "$-1\r\n", "%1\r\n", "nonsense\r\n"} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			t.Parallel()
			w := newProxy(t, url)
			w.redirect(newLyingServer(t, answer))
			var log logBuffer
			b := newLoggedRedis(t, w.url(), &log)
			rig.Eventually(t, "the bus is reported down", func() bool { return log.contains("the bus is down") })
			w.cut()
			w.restore()
			rig.Eventually(t, "the bus is up", b.Up)
		})
	}
}
