package edge

import (
	"os"
	"testing"
	"time"
)

func TestManual(t *testing.T) {
	if os.Getenv("EDGE_MANUAL") == "" { return }
	out := ""
	for _, p := range proxies {
		b := startBehind(t, p, func(s string) string { return s })
		out += p.sample + "|" + b.setup.secure + "|" + b.parley.Dir + "/log\n"
	}
	os.WriteFile("/tmp/edge-ports", []byte(out), 0o600)
	for range 900 { if _, err := os.Stat("/tmp/edge-stop"); err == nil { return }; time.Sleep(200*time.Millisecond) }
}
