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

// redisProcess returns the number of the process of the server at url.
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
	t.Fatal("the server does not tell its process")
	return 0
}

// command sends a command to the server at url and returns the beginning of the answer.
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

func send(t *testing.T, process int, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(process, signal); err != nil {
		t.Fatal(err)
	}
}

func TestAFrozenServer(t *testing.T) {
	url := rig.Redis(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	hears, far := listenTo(here), listenTo(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	process := redisProcess(t, url)
	far.forget()

	stop := ringsAway(here)
	send(t, process, syscall.SIGSTOP)
	defer func() { _ = syscall.Kill(process, syscall.SIGCONT) }()
	frozen := time.Now()
	rig.Eventually(t, "down is told", func() bool { return hears.heard(bus.Event{Kind: bus.EventDown}) && !here.Up() })
	// 0.6 s in this time, and then as much again for a machine that has other things to do.
	if took := time.Since(frozen); took > 1200*time.Millisecond {
		t.Errorf("noticed after %v", took)
	}
	rig.Eventually(t, "down is told there", func() bool { return far.heard(bus.Event{Kind: bus.EventDown}) })
	if p99 := stop(); p99 > time.Millisecond {
		t.Errorf("ringing took %v", p99)
	}
	here.Publish(oneOfEach[2])
	if !hears.heard(rang(oneOfEach[2])) {
		t.Error("this process must hear itself while the server is frozen")
	}
	rig.Eventually(t, "the other process is not heard", func() bool { return here.Peers() == 1 })

	far.forget()
	send(t, process, syscall.SIGCONT)
	rig.Eventually(t, "both recovered", func() bool {
		return here.Up() && there.Up() && far.heard(bus.Event{Kind: bus.EventRecovered})
	})
	here.Publish(oneOfEach[3])
	rig.Eventually(t, "heard there", func() bool { return far.heard(rang(oneOfEach[3])) })
}

func TestAServerThatIsKilledAndReplaced(t *testing.T) {
	first := rig.Redis(t)
	w := newWire(t, first)
	here, there := newFastRedis(t, w.url()), newFastRedis(t, w.url())
	far := listenTo(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })

	send(t, redisProcess(t, first), syscall.SIGKILL)
	stop := ringsAway(here)
	rig.Eventually(t, "both are down", func() bool { return !here.Up() && !there.Up() })
	if p99 := stop(); p99 > time.Millisecond {
		t.Errorf("ringing took %v", p99)
	}

	far.forget()
	w.server = rig.Redis(t)
	w.mend()
	rig.Eventually(t, "both recovered", func() bool {
		return here.Up() && there.Up() && far.heard(bus.Event{Kind: bus.EventRecovered})
	})
	here.Publish(oneOfEach[0])
	rig.Eventually(t, "heard there", func() bool { return far.heard(rang(oneOfEach[0])) })
}

func TestAServerThatComesLate(t *testing.T) {
	w := newWire(t, rig.Redis(t))
	w.cut()
	var log diary
	b := newLoggedRedis(t, w.url(), &log)
	e := listenTo(b)
	rig.Eventually(t, "given up", func() bool { return log.says("the bus is down") })
	w.mend()
	rig.Eventually(t, "the bus is up", b.Up)
	if !e.heard(bus.Event{Kind: bus.EventRecovered}) {
		t.Error("came up without a word")
	}
}

// A connection that breaks and comes back leaves the bus up, but not without a sweep: what was rung
// in between is gone.
func TestConnectionsThatAreReset(t *testing.T) {
	w := newWire(t, rig.Redis(t))
	here, there := newFastRedis(t, w.url()), newFastRedis(t, w.server)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	e := listenTo(here)
	for n := range uint64(5) {
		e.forget()
		w.reset()
		rig.Eventually(t, "a sweep is asked for", func() bool { return e.heard(bus.Event{Kind: bus.EventMissed}) })
		late := bus.Signal{Kind: bus.UserChanged, User: n}
		there.Publish(late)
		rig.Eventually(t, "heard again", func() bool { return e.heard(rang(late)) })
	}
	rig.Eventually(t, "the bus is up", here.Up)
}

func TestAHostileServerOrNeighbour(t *testing.T) {
	url := rig.Redis(t)
	b := newFastRedis(t, url)
	e := listenTo(b)
	rig.Eventually(t, "the bus is up", b.Up)
	for _, payload := range []string{
		"", "\x00", "m", "m|1|2", "m|1|2|03", "h|1", "<script>", strings.Repeat("m|", 1<<16), "h|1|18446744073709551615",
	} {
		command(t, url, "PUBLISH", "parley:0", payload)
	}
	command(t, url, "PUBLISH", "parley:0", "u|77")
	rig.Eventually(t, "what comes after is heard", func() bool { return e.heard(rang(bus.Signal{Kind: bus.UserChanged, User: 77})) })
	for _, event := range e.everything() {
		if event.Kind == bus.EventSignal && event.Signal.User != 77 {
			t.Errorf("heard %+v", event)
		}
	}
	command(t, url, "PUBLISH", "parley:0", "l|1")
	rig.Eventually(t, "a sweep", func() bool { return e.heard(bus.Event{Kind: bus.EventMissed}) })
}

func TestAServerThatLies(t *testing.T) {
	url := rig.Redis(t)
	// Answers that no Redis gives: for some of them the client panics.
	for _, answer := range []string{"*1\r\n:5\r\n", "*3\r\n+message\r\n:1\r\n:2\r\n", "*0\r\n", "+\r\n", "$-1\r\n", "%1\r\n", "nonsense\r\n"} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			t.Parallel()
			w := newWire(t, url)
			w.lead(newLiar(t, answer))
			var log diary
			b := newLoggedRedis(t, w.url(), &log)
			rig.Eventually(t, "given up", func() bool { return log.says("the bus is down") })
			w.cut()
			w.mend()
			rig.Eventually(t, "the bus is up", b.Up)
		})
	}
}
