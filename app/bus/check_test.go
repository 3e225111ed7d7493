package bus_test

import (
	"net"
	"strings"
	"testing"

	"parley/app/bus"
)

// TestCheckSaysWhatRedisSays connects to what sends one line to whoever comes, and hangs up, as Redis does.
func TestCheckSaysWhatRedisSays(t *testing.T) {
	for line, want := range map[string]string{
		"-DENIED Redis is running in protected mode because no password is set. In this mode, and so on.\r\n": "it says: DENIED Redis is running in protected mode because no password is set",
		"-ERR max number of \x1b[31mclients reached\r\n":                                                      "it says: ERR max number of ?[31mclients reached",
		"SSH-2.0-OpenSSH_9.2\r\n": "",
		"":                        "",
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = connection.Write([]byte(line))
				_ = connection.Close()
			}
		}()
		err = bus.CheckRedis(t.Context(), "redis://"+listener.Addr().String())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "it says") != (want != "") {
			t.Errorf("%q: %v", line, err)
		}
		_ = listener.Close()
	}
}
