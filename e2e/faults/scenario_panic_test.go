package faults

import (
	"time"
)

// panics runs processes that panic now and then: where a stream begins, in a socket, in the reader of a
// room, and during rendering.
func panics(r *run) error {
	binary, err := r.builder.build("panics", false, panicking()...)
	if err != nil {
		return err
	}
	if err := r.useOwnDeployment(binary, 6, settings{}, settings{}); err != nil {
		return err
	}
	l := r.startLoad(r.label, r.seed, loadConfig{rooms: r.rooms, pages: 3, rate: 20})
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(15 * time.Second)
	if _, err := r.finish(l, 20*time.Second); err != nil {
		return err
	}
	n := 0
	for _, p := range r.processes {
		n += int(p.metric("parley_stream_panics_total"))
		r.expect("the processes survive", p.Running())
	}
	r.figure("%d panics in streams and readers", n)
	r.expect("there were panics", n > 0)
	return nil
}

// panicking changes the program so that it panics now and then.
func panicking() (changes []change) {
	for _, c := range []struct{ file, at, once string }{
		{"app/web/source.go", "epoch, entries, err := s.chat.After(", "30"},
		{"app/web/source.go", "lists, err := s.chat.Lists(ctx, users)", "30"},
		{"app/web/variant.go", "e, ok := e.VisibleTo(", "30"},
		{"app/web/socket.go", "draft, err := parseDraft(message)", "20"},
		{"app/web/stream.go", "text := c.Get(\"Last-Event-ID\")", "5"},
	} {
		changes = append(changes, change{c.file, c.at, "if rand.IntN(" + c.once + ") == 0 { panic(\"on purpose\") }\n\t" + c.at})
	}
	for _, file := range []string{"app/web/source.go", "app/web/variant.go", "app/web/socket.go", "app/web/stream.go"} {
		changes = append(changes, change{file, "import (\n", "import (\n\t\"math/rand/v2\"\n"})
	}
	return changes
}
