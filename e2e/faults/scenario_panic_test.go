package faults

import (
	"time"
)

// panics runs processes that panic now and then: where a stream begins, in a socket, in the reader of a
// room, and during rendering.
func panics(r *run) error {
	sometimes := func(once string) string { return "if rand.IntN(" + once + ") == 0 { panic(\"on purpose\") }\n\t" }
	binary, err := r.builder.build("panics", false,
		change{"app/web/lists.go", "import (\n", "import (\n\t\"math/rand/v2\"\n"},
		change{"app/web/lists.go", "epoch, entries, err := s.chat.After(", sometimes("30") + "epoch, entries, err := s.chat.After("},
		change{"app/web/variant.go", "import (\n", "import (\n\t\"math/rand/v2\"\n"},
		change{"app/web/variant.go", "v := parseVariant(text)", sometimes("30") + "v := parseVariant(text)"},
		change{"app/web/lists.go", "me, err := s.accounts.User(ctx, user)", sometimes("30") + "me, err := s.accounts.User(ctx, user)"},
		change{"app/web/socket.go", "import (\n", "import (\n\t\"math/rand/v2\"\n"},
		change{"app/web/socket.go", "draft, err := parseDraft(message)", sometimes("20") + "draft, err := parseDraft(message)"},
		change{"app/web/stream.go", "import (\n", "import (\n\t\"math/rand/v2\"\n"},
		change{"app/web/stream.go", "text := c.Get(\"Last-Event-ID\")", sometimes("5") + "text := c.Get(\"Last-Event-ID\")"},
	)
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
